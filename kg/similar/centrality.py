"""Links between trials → how central each trial is among the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx

from kg.similar.links import Link
from kg.similar.profile import UNIT

EXACT = 1_000  # up to so many trials betweenness is computed from every one of them
PIVOTS = 200  # above, from so many
_SEED = 1
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Centrality:
    """How central one is: `strength` is the sum of the scores of its links (millionths), `betweenness` the share (0 to 1)
    of the shortest ways between two others that lead over it."""

    strength: int
    betweenness: float


def find_centralities(size: int, links: Sequence[Link]) -> tuple[Centrality, ...]:
    """Return the centrality of each of `size` trials, by position.

    A link is as long as its score is small (1/score). Betweenness is that of Brandes 2001; above `EXACT` trials it is
    an estimate from `PIVOTS` of them, drawn with a fixed seed (Brandes and Pich 2007).
    """
    strengths = [0] * size
    for link in links:
        strengths[link.first] += link.score
        strengths[link.second] += link.score
    betweenness = _betweenness(size, links)
    return tuple(
        Centrality(strength, round(betweenness[position], _DIGITS))
        for position, strength in enumerate(strengths)
    )


def _betweenness(size: int, links: Sequence[Link]) -> dict[int, float]:
    graph = nx.Graph()
    graph.add_nodes_from(range(size))
    # whole numbers as lengths, so that two ways of one length are seen to be so
    graph.add_weighted_edges_from((link.first, link.second, UNIT * UNIT // link.score) for link in links)
    pivots = PIVOTS if size > EXACT else None
    found: dict[int, float] = nx.betweenness_centrality(graph, k=pivots, weight="weight", seed=_SEED)
    return found
