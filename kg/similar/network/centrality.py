"""Links between trials → how central each trial is among the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx

from kg.similar.network.links import Link
from kg.similar.profile import UNIT

EXACT = 500  # up to so many trials betweenness is computed from every one of them
PIVOTS = 100  # above, from so many
_SEED = 7  # of the choice of pivots: any will do, if it stays the same
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Centrality:
    """How central one is: `strength` is the sum of the scores of its links (millionths), `betweenness` the share
    (0 to 1) of the shortest ways between two others that lead over it."""

    strength: int
    betweenness: float


def find_centralities(size: int, links: Sequence[Link]) -> tuple[Centrality, ...]:
    """Return the centrality of each of `size` trials, by position.

    A link is as long as its score is small (1/score). Above `EXACT` trials betweenness is an estimate from the ways
    that begin at `PIVOTS` of them (Brandes and Pich 2007, doi:10.1142/S0218127407018403).
    """
    graph = nx.Graph()
    graph.add_nodes_from(range(size))
    # whole numbers, so that two ways of one length are seen to be so
    graph.add_weighted_edges_from(
        ((link.first, link.second, UNIT * UNIT // link.score) for link in links), "length"
    )
    pivots = None if size <= EXACT else PIVOTS
    betweenness = nx.betweenness_centrality(graph, k=pivots, weight="length", seed=_SEED)
    strengths = [0] * size
    for link in links:
        strengths[link.first] += link.score
        strengths[link.second] += link.score
    return tuple(Centrality(strengths[at], round(betweenness[at], _DIGITS)) for at in range(size))
