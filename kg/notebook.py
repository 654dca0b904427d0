"""A graph → which of its trials are alike: rows that a data frame takes as they are, and a networkx graph.

import kg, pandas
alike = kg.similarity()                                    # the last build in output/, else the bundled table
pandas.DataFrame(alike.neighbours("NCT02336230"))
alike.graph()
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import QueryError
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
    on: str | Path | Answers | None = None,
    *,
    among: str = "trials",
    weights: Mapping[str, float] | None = None,
    only: Sequence[str] = (),
) -> Similarity:
    """Return what can be asked of the trials in `on`: a graph file, an index file, the URL of a triple store, or a store.

    None stands for the last build in output/, else the bundled table. `among` is "trials", "diseases" or "cell_sources";
    `weights` and `only` choose the facets that count. Raises KgError.
    """
    if among not in AMONG:
        raise QueryError("this cannot be compared", raw=among, allowed=", ".join(AMONG))
    kind = AMONG[among]
    chosen = kind.weights(weights or {}, only)
    place = str(on) if isinstance(on, Path) else on
    index = kind.open(place) if place is None or isinstance(place, str) else kind.index(place)
    return Similarity(Scorer(index, chosen), kind)


@dataclass(frozen=True)
class Similarity:
    """Answers as rows: a score from 0 to below 1, and under the name of each facet what it contributes to it."""

    scorer: Scorer
    among: Among

    def neighbours(self, name: str, k: int = 10) -> list[Row]:
        """Return a row for each of the `k` most like the one named, best first."""
        index = self.scorer.index
        profile = index.profile(index.find(name))
        return [self._row(profile, found) for found in self.scorer.neighbours(profile, k)]

    def like(self, described: Mapping[str, str], k: int = 10) -> list[Row]:
        """Return a row for each of the `k` most like a trial with these facets, which alone count; best first."""
        profile = hypothetical([*described.items()], self.scorer.index, bundled_lexicon)
        scorer = Scorer(self.scorer.index, self.scorer.weights.within(profile.values))
        return [self._row(profile, found) for found in scorer.neighbours(profile, k)]

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
        from kg.similar.network.network import network

        return network(self.scorer, nearest(self.scorer, k), self.among.facet or "trial")

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
