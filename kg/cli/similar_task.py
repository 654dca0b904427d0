"""What is wished of `kg similar` → an index, an answer, and files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kg.cli.shared import Messages
from kg.cli.similar_wishes import Wishes
from kg.errors import QueryError

if TYPE_CHECKING:
    from kg.similar.among import Among
    from kg.similar.answers.answers import Answer
    from kg.similar.answers.listings import Listing
    from kg.similar.index import Index
    from kg.similar.network.network import Network
    from kg.similar.profile import Profile
    from kg.similar.score import Scorer

_NEAREST = 10  # of each, in a network


@dataclass(frozen=True)
class Source:
    """Where the profiles come from: what --on says, and how patient to be with a store."""

    on: str | None
    timeout: float
    out: Messages

    def index(self, among: Among) -> Index:
        """Return the index of what is compared."""
        index = among.open(self.on, self.timeout, self.out.say)
        self.out.say(f"{len(index)} {among.kind}s", 2)
        return index


@dataclass(frozen=True)
class Task:
    """What is wished of one index. What takes long is done once, and only when it is needed."""

    wishes: Wishes
    among: Among
    scorer: Scorer

    @classmethod
    def of(cls, wishes: Wishes, source: Source) -> Task:
        """Return the task; facets and names of files are looked at before the graph is read."""
        from kg.similar.among import AMONG
        from kg.similar.score import Scorer

        among = AMONG[wishes.among]
        described = tuple(among.check(name).name for name, _ in wishes.like)
        # what a description leaves open is no lack of likeness: the facets that it names are those that count
        weights = among.weights(wishes.weights, wishes.only or (() if wishes.names else described))
        if wishes.graph:
            from kg.similar.network.files.formats import check_suffix

            check_suffix(wishes.graph)
        if wishes.plots:
            from kg.similar.draw.sheet import require

            require()
        return cls(wishes, among, Scorer(source.index(among), weights))

    def answer(self) -> Answer:
        """Return what goes to stdout."""
        from kg.similar.answers.answers import comparison, most_alike, ranking
        from kg.similar.pairs.nearest import nearest
        from kg.vocabulary.load import bundled_lexicon

        wishes, kind, index = self.wishes, self.among.kind, self.scorer.index
        if wishes.shown:
            return self._gaps() if wishes.shown == "gaps" else self._of_network()
        places = [self.among.find(name, index, bundled_lexicon) for name in wishes.names]
        profiles = [self._described] if wishes.like else []
        profiles += [index.profile(at) for at in places]
        if not profiles:
            # there are no more neighbours than that
            return most_alike(self.scorer, kind, nearest(self.scorer, min(wishes.k, len(index))), wishes.k)
        if len(profiles) == 1:
            return ranking(self.scorer, kind, profiles[0], wishes.k)
        return comparison(self.scorer, kind, profiles[0], places[-1])

    def write(self, out: Messages) -> None:
        """Write the files that are wished."""
        if self.wishes.save:
            from kg.similar.storage.file import save

            save(self.scorer.index, self.wishes.save)
            out.say(f"wrote {self.wishes.save}")
        if self.wishes.graph:
            from kg.similar.network.files.formats import write_graph

            write_graph(self._network.graph(), self.wishes.graph)
            out.say(f"wrote {self.wishes.graph}")
        if self.wishes.plots:
            from kg.similar.draw.folder import draw_all

            for path in draw_all(self.scorer.index.collection(), self.scorer, self.wishes.plots):
                out.say(f"wrote {path}")

    def _of_network(self) -> Listing:
        from kg.similar.answers import listings

        lists = {
            "communities": listings.list_communities,
            "bridges": listings.list_bridges,
            "central": listings.list_central,
        }
        return lists[self.wishes.shown](self._network, self.wishes.k)

    def _gaps(self) -> Listing:
        from kg.similar.answers.listings import list_gaps
        from kg.similar.gaps.gaps import gaps

        index = self.scorer.index
        return list_gaps(index, gaps(index, self.wishes.k, self._within() if self.wishes.like else {}))

    def _within(self) -> Mapping[str, str]:
        """Return the concepts that --like names, one for each facet."""
        within = {}
        for facet, value in self._described.values.items():
            if len(value) > 1:
                raise QueryError(
                    "gaps are looked for within one of these at a time", where="--like", raw=facet
                )
            within[facet] = value[0][0]
        return within

    @cached_property
    def _described(self) -> Profile:
        from kg.similar.like import hypothetical
        from kg.vocabulary.load import bundled_lexicon

        return hypothetical(self.wishes.like, self.scorer.index, bundled_lexicon)

    @cached_property
    def _network(self) -> Network:
        from kg.similar.network.network import Network
        from kg.similar.pairs.nearest import nearest

        return Network.of(self.scorer, nearest(self.scorer, _NEAREST), self.among.facet or "trial")
