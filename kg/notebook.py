"""A graph → which of its trials are alike: rows that a data frame takes as they are, and a networkx graph.

import kg, pandas
alike = kg.similarity()                                    # the last build in output/, else the bundled table
pandas.DataFrame(alike.neighbours("NCT02336230"))
alike.graph()
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.build.store import open_store
from kg.similar.among import AMONG, Among
from kg.similar.like import hypothetical
from kg.similar.pairs.nearest import nearest
from kg.similar.profile import UNIT, Profile
from kg.similar.score import Neighbour, Scorer
from kg.vocabulary.load import bundled_lexicon

if TYPE_CHECKING:
    import networkx as nx

    from kg.stores.base import Answers

Row = dict[str, str | float]


def similarity(
    on: str | Answers | None = None,
    *,
    among: str = "trials",
    weights: Mapping[str, float] | None = None,
    only: Sequence[str] = (),
) -> Similarity:
    """Return what can be asked of the trials in `on`: a graph file, the URL of a triple store, or a store that is open.

    None stands for the last build in output/, else the bundled table. `among` is "trials", "diseases" or "cell_sources";
    `weights` and `only` choose the facets that count. Raises KgError.
    """
    kind = AMONG[among]
    chosen = kind.weights(weights or {}, only)
    if on is None or isinstance(on, str):
        with closing(open_store(on)) as store:
            index = kind.index(store)
    else:
        index = kind.index(on)
    return Similarity(Scorer(index, chosen), kind)


@dataclass(frozen=True)
class Similarity:
    """Answers as rows: a score from 0 to below 1, and under the name of each facet what it contributes to it."""

    scorer: Scorer
    among: Among

    def neighbours(self, name: str, k: int = 10) -> list[Row]:
        """Return a row for each of the `k` most like the one named, best first."""
        index = self.scorer.index
        return self._nearest(index.profile(index.find(name)), k)

    def like(self, described: Mapping[str, str], k: int = 10) -> list[Row]:
        """Return a row for each of the `k` most like a trial with these facets, best first."""
        return self._nearest(hypothetical([*described.items()], self.scorer.index, bundled_lexicon), k)

    def compare(self, name: str, other: str) -> Row:
        """Return the row of one pair."""
        index = self.scorer.index
        profile = index.profile(index.find(name))
        return self._row(profile, self.scorer.compare(profile, index.find(other)))

    def table(self, k: int = 10) -> list[Row]:
        """Return a row for each one and each of its `k` nearest, by IRI and then best first."""
        index = self.scorer.index
        rows: list[Row] = []
        for at, positions in enumerate(nearest(self.scorer, k).positions.tolist()):
            profile = index.profile(at)
            found = (self.scorer.compare(profile, other) for other in positions if other >= 0)
            rows.extend(self._row(profile, one) for one in found)
        return rows

    def graph(self, k: int = 10) -> nx.Graph:
        """Return the network of all, their concepts, and the `k` nearest of each, with communities and centralities."""
        from kg.similar.network.network import Network

        return Network.of(self.scorer, nearest(self.scorer, k), self.among.facet or "trial").graph()

    def _nearest(self, profile: Profile, k: int) -> list[Row]:
        return [self._row(profile, found) for found in self.scorer.neighbours(profile, k)]

    def _row(self, profile: Profile, found: Neighbour) -> Row:
        index = self.scorer.index
        contributions = {facet: part / UNIT for facet, part in found.contributions.items()}
        return {
            "this": profile.name,
            "other": index.names[found.position],
            "label": index.labels[found.position],
            "score": found.score / UNIT,
            **contributions,
            "iri": index.iris[found.position],
        }
