"""Links between trials → how central each trial is among the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from kg.similar.network.links import Link
from kg.similar.profile import UNIT

EXACT = 1_000  # up to so many trials betweenness is computed from every one of them
PIVOTS = 200  # above, from so many
_FAR = UNIT**4  # further than any way leads
_DIGITS = 6
_Ends = list[
    list[tuple[int, int]]
]  # by position: the others that it is linked with, and how long the link is


@dataclass(frozen=True, slots=True)
class Centrality:
    """How central one is: `strength` is the sum of the scores of its links (millionths), `betweenness` the share
    (0 to 1) of the shortest ways between two others that lead over it."""

    strength: int
    betweenness: float


def find_centralities(size: int, links: Sequence[Link]) -> tuple[Centrality, ...]:
    """Return the centrality of each of `size` trials, by position.

    A link is as long as its score is small (1/score). Above `EXACT` trials betweenness is an estimate from the ways
    that begin at `PIVOTS` of them, evenly spread over all by IRI (after Brandes and Pich 2007,
    doi:10.1142/S0218127407018403).
    """
    strengths = [0] * size
    for link in links:
        strengths[link.first] += link.score
        strengths[link.second] += link.score
    betweenness = _betweenness(_ends(size, links))
    return tuple(Centrality(*pair) for pair in zip(strengths, betweenness, strict=True))


def _ends(size: int, links: Sequence[Link]) -> _Ends:
    ends: _Ends = [[] for _ in range(size)]
    for link in links:
        # whole numbers, so that two ways of one length are seen to be so
        length = UNIT * UNIT // link.score
        ends[link.first].append((link.second, length))
        ends[link.second].append((link.first, length))
    return ends


def _betweenness(ends: _Ends) -> list[float]:
    size = len(ends)
    count = size if size <= EXACT else PIVOTS
    pivots = [place * size // count for place in range(count)]
    total = [0.0] * size
    for pivot in pivots:
        _add_passing(pivot, ends, total)
    others = [count] * size
    for pivot in pivots:
        others[pivot] -= 1
    return [
        round(passing / max(n * (size - 2), 1), _DIGITS) for passing, n in zip(total, others, strict=True)
    ]


def _add_passing(source: int, ends: _Ends, total: list[float]) -> None:
    """Add to each how much of the shortest ways from `source` leads over it.

    After Brandes 2001, doi:10.1080/0022250X.2001.9990249.
    """
    order, before, ways = _shortest(source, ends)
    passing = [0.0] * len(ends)
    for at in reversed(order[1:]):
        share = (1 + passing[at]) / ways[at]
        for one in before[at]:
            passing[one] += ways[one] * share
        total[at] += passing[at]


def _shortest(source: int, ends: _Ends) -> tuple[list[int], list[list[int]], list[int]]:
    """Return who can be reached, the nearest first, and of each who comes just before on the shortest ways to it, and
    how many of these there are."""
    size = len(ends)
    order: list[int] = []
    before: list[list[int]] = [[] for _ in ends]
    ways, lengths = [0] * size, [_FAR] * size
    ways[source], lengths[source] = 1, 0
    heap = [source]  # length × size + position: one number is compared faster than two
    while heap:
        length, at = divmod(heappop(heap), size)
        if length > lengths[at]:
            continue
        order.append(at)
        ways[at] += sum([ways[one] for one in before[at]])
        for other, step in ends[at]:
            if length + step < lengths[other]:
                lengths[other], before[other] = length + step, [at]
                heappush(heap, (length + step) * size + other)
            elif length + step == lengths[other]:
                before[other].append(at)
    return order, before, ways
