"""Links between trials → communities: groups that are more alike inside than outside, and what their members share."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import networkx as nx

from kg.similar.facets import FACETS
from kg.similar.index import Index
from kg.similar.network.links import Link
from kg.similar.terms import Terms

_SEED = 1  # any number will do; a fixed one makes the same communities of the same links
_SHOWN = 6  # concepts that describe a community
_IN_TITLE = 3
_LEAST = 0.25  # of the members, and two of them, have what is called shared
_TELLING = 0.1  # bits; what tells less is shared hardly more than by all
_DIGITS = 9  # of an amount of information that are compared: the last ones differ between machines
Stated = tuple[str, str]  # facet, concept


@dataclass(frozen=True, slots=True)
class Shared:
    """A concept that members of a community state more often than all do: `inside` of `members`, `overall` of `of`.

    Stating what is narrower counts too. At least two and a quarter of the members have it.
    `information` is share inside × log2(share inside / share overall), in bits: what is shared by many here and
    rare elsewhere comes first. What tells less than a tenth of a bit is left out.
    """

    facet: str
    concept: str
    label: str
    inside: int
    members: int
    overall: int
    of: int
    information: float

    def __str__(self) -> str:
        return f"{self.label} ({self.inside} of {self.members}; in all {self.overall} of {self.of})"


@dataclass(frozen=True, slots=True)
class Community:
    """One group: its number from 1, its members by position, and what they share, the most telling first.

    `title` says the latter in a few words; one that shares nothing special is called after its first member.
    """

    number: int
    title: str
    members: tuple[int, ...]
    shared: tuple[Shared, ...]


def find_communities(index: Index, links: Iterable[Link]) -> tuple[Community, ...]:
    """Return the communities, the largest first, of the same size by the first IRI; everyone is in exactly one.

    By the method of Louvain (Blondel et al. 2008, J. Stat. Mech. P10008) on the scores, with a fixed seed. A trial
    without any link is a community of its own.
    """
    groups = sorted(_louvain(len(index), links), key=lambda members: (-len(members), members))
    stated = [_stated(index, position) for position in range(len(index))]
    overall = Counter(pair for pairs in stated for pair in pairs)
    return tuple(
        _describe(number, members, index, (stated, overall)) for number, members in enumerate(groups, start=1)
    )


def _louvain(size: int, links: Iterable[Link]) -> list[tuple[int, ...]]:
    # whole numbers as nodes and weights: sets of them have one order whatever the hash seed, sums of them no rounding
    graph = nx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_weighted_edges_from((link.first, link.second, link.score) for link in links)
    return [tuple(sorted(group)) for group in nx.community.louvain_communities(graph, seed=_SEED)]


def _stated(index: Index, position: int) -> frozenset[Stated]:
    """Return what one states, and all that is broader."""
    values = index.profile(position).values
    return frozenset(
        (facet.name, broad)
        for facet in FACETS
        if facet.kind == "concepts"
        for value in values.get(facet.name, ())
        for broad in index.terms.closure(value[0])
    )


def _describe(
    number: int,
    members: tuple[int, ...],
    index: Index,
    counted: tuple[Sequence[frozenset[Stated]], Counter[Stated]],
) -> Community:
    stated, overall = counted
    inside = Counter(pair for member in members for pair in stated[member])
    found = (
        Shared(
            facet,
            concept,
            index.terms.label(concept),
            count,
            len(members),
            overall[facet, concept],
            len(stated),
            _information(count / len(members), overall[facet, concept] / len(stated)),
        )
        for (facet, concept), count in inside.items()
        if count > 1 and count >= _LEAST * len(members)
    )
    shared = tuple(islice(_telling(found, index.terms), _SHOWN))
    return Community(
        number, _title(shared) or index.labels[members[0]] or index.names[members[0]], members, shared
    )


def _title(shared: Sequence[Shared]) -> str:
    """Return what names a community: what its trials are about, else what else they share, a registry for example."""
    weights = {facet.name: facet.weight for facet in FACETS}
    named = [one for one in shared if weights[one.facet] >= 1] or shared
    return ", ".join(one.label for one in named[:_IN_TITLE])


def _information(inside: float, overall: float) -> float:
    return round(inside * math.log2(inside / overall), _DIGITS)


def _telling(found: Iterable[Shared], terms: Terms) -> Iterator[Shared]:
    """Yield what is shared more than overall, the most telling first; of broader and narrower concepts one."""
    told: list[str] = []
    # of two that tell the same, the narrower says more: it has more above it
    for one in sorted(
        found, key=lambda s: (-s.information, -len(terms.closure(s.concept)), s.facet, s.concept)
    ):
        if one.information >= _TELLING and not any(_kin(one.concept, other, terms) for other in told):
            told.append(one.concept)
            yield one


def _kin(one: str, other: str, terms: Terms) -> bool:
    return one in terms.closure(other) or other in terms.closure(one)
