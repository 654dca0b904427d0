"""Runs and hits in flat arrays → the entries of many runs at once, the best hits of each query."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Found:
    """Hits in flat arrays: a query's number, a candidate, its score."""

    query: Places
    candidate: Places
    score: Places

    @classmethod
    def none(cls) -> Found:
        """Return no hits."""
        empty = np.zeros(0, np.int64)
        return cls(empty, empty, empty)

    @property
    def rank(self) -> Places:
        """Return the place of each hit among those of its query; hits are ordered by query."""
        return np.arange(len(self.query)) - np.searchsorted(self.query, self.query)

    def where(self, chosen: NDArray[np.bool_] | Places) -> Found:
        """Return the hits of a mask or of places."""
        return Found(self.query[chosen], self.candidate[chosen], self.score[chosen])

    def join(self, other: Found) -> Found:
        """Return the hits of both."""
        pairs = zip(self._columns(), other._columns(), strict=True)
        return Found(*(np.concatenate(pair) for pair in pairs))

    def _columns(self) -> tuple[Places, Places, Places]:
        return self.query, self.candidate, self.score


def best_of_each(hits: Found, most: int) -> Found:
    """Return up to `most` hits a query, ordered by query, then best first, of equal scores the lesser candidate first."""
    ranked = hits.where(np.lexsort((hits.candidate, -hits.score, hits.query)))
    return ranked.where(ranked.rank < most)


def runs(starts: Places, sizes: Places) -> Places:
    """Return the places of runs that begin at `starts` and have `sizes`, one run after the other."""
    ends = np.cumsum(sizes)
    places: Places = np.arange(int(sizes.sum())) + np.repeat(starts - (ends - sizes), sizes)
    return places
