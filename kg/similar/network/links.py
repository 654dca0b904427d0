"""The nearest of each trial → links: every pair of neighbours once, with what each facet adds to its score."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from kg.similar.columns.column import Codes, Whole
from kg.similar.score import Scorer


class Pairs(Protocol):
    """What `kg.similar.pairs.nearest.nearest` returns: for each trial a row with the positions of its nearest."""

    @property
    def positions(self) -> Codes:
        """The positions, trials × k; -1 where there are fewer than k."""


@dataclass(frozen=True, slots=True)
class Link:
    """Two that are alike, by position, `first` < `second`.

    `contributions` by facet has no zeros; they sum to `score` (millionths).
    """

    first: int
    second: int
    score: int
    contributions: Mapping[str, int]


def find_links(scorer: Scorer, nearest: Pairs) -> tuple[Link, ...]:
    """Return a link for each pair of which at least one is among the nearest of the other, ordered by position.

    Pairs that nothing makes alike are left out.
    """
    firsts, seconds = _pairs(nearest.positions)
    starts = np.flatnonzero(np.diff(firsts, prepend=-1))
    groups = np.split(seconds, starts[1:]) if len(firsts) else []
    return tuple(
        link
        for first, others in zip(firsts[starts].tolist(), groups, strict=True)
        for link in _links(scorer, first, others)
        if link.score > 0
    )


def _pairs(positions: Codes) -> tuple[Whole, Whole]:
    """Return the lower and the higher position of each pair, each pair once, ordered."""
    size, k = positions.shape
    own = np.repeat(np.arange(size, dtype=np.int64), k)
    other = positions.astype(np.int64).ravel()
    real = (other >= 0) & (other != own)
    low, high = np.minimum(own, other)[real], np.maximum(own, other)[real]
    first, second = np.divmod(np.unique(low * size + high), max(size, 1))
    return first, second


def _links(scorer: Scorer, first: int, others: Whole) -> Iterator[Link]:
    index = scorer.index
    tables = scorer.tables(index.profile(first))
    parts = {facet: table[index.codes[facet][others]].tolist() for facet, table in tables.items()}
    for place, second in enumerate(others.tolist()):
        contributions = {facet: values[place] for facet, values in parts.items() if values[place]}
        yield Link(first, second, sum(contributions.values()), contributions)
