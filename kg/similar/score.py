"""An index and weights → scores of a profile with all others, each the sum of what its facets contribute."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.similar.columns.column import Codes
from kg.similar.index import Index
from kg.similar.profile import UNIT, Profile
from kg.similar.weights import Weights


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A profile of the index and how alike it is: `score` in parts of UNIT, the sum of `contributions` by facet.

    Every facet that counts has a contribution, 0 where one of the two lacks it.
    """

    position: int
    score: int
    contributions: Mapping[str, int]


class Scorer:
    """Compares profiles with those of an index, by the facets that count."""

    def __init__(self, index: Index, weights: Weights | None = None) -> None:
        self.index = index
        self.weights = weights or Weights.of()

    def tables(self, profile: Profile) -> Mapping[str, Codes]:
        """Return by facet what each distinct value of its column contributes; the last is that of "not stated", 0."""
        tables = {}
        for facet, share in self.weights.shares.items():
            column = self.index.columns[facet]
            if facet in profile.values:
                tables[facet] = np.rint(column.row(profile.values[facet]) * (share * UNIT)).astype(np.int32)
            else:
                tables[facet] = np.zeros(column.size + 1, np.int32)
        return tables

    def scores(self, profile: Profile) -> NDArray[np.int32]:
        """Return the score of `profile` with every profile of the index."""
        return self._sum(self.tables(profile))

    def neighbours(self, profile: Profile, k: int, *, without: Collection[int] = ()) -> tuple[Neighbour, ...]:
        """Return the `k` profiles most like `profile`, best first, of equal scores that with the lesser IRI first.

        The profile itself and those at the positions `without` are left out, and those that share nothing.
        """
        tables = self.tables(profile)
        scores = self._sum(tables)
        itself = self.index.place(profile.iri)
        scores[[*without, *([] if itself is None else [itself])]] = 0
        return tuple(self._neighbour(tables, at) for at in best(scores, k))

    def compare(self, profile: Profile, position: int) -> Neighbour:
        """Return how alike `profile` is to the one at `position`."""
        return self._neighbour(self.tables(profile), position)

    def most(self, profile: Profile) -> Mapping[str, int]:
        """Return what each facet would contribute to the score of `profile` with its twin: the most that it can.

        It is below the facet's share by as much as its value is common.
        """
        columns, values = self.index.columns, profile.values
        return {
            facet: round(columns[facet].own(values[facet]) * share * UNIT) if facet in values else 0
            for facet, share in self.weights.shares.items()
        }

    def _sum(self, tables: Mapping[str, Codes]) -> NDArray[np.int32]:
        scores = np.zeros(len(self.index), np.int32)
        for facet, table in tables.items():
            if table.any():
                scores += table[self.index.codes[facet]]
        return scores

    def _neighbour(self, tables: Mapping[str, Codes], position: int) -> Neighbour:
        parts = {facet: int(table[self.index.codes[facet][position]]) for facet, table in tables.items()}
        return Neighbour(int(position), sum(parts.values()), parts)


def best(scores: NDArray[np.int32], k: int) -> NDArray[np.int64]:
    """Return the places of the `k` highest scores above 0, highest first, of equal ones the first."""
    kept = min(k, len(scores))
    if kept <= 0:
        return np.zeros(0, np.int64)
    least = max(int(np.partition(scores, -kept)[-kept]), 1)
    above = np.flatnonzero(scores > least)
    level = np.flatnonzero(scores == least)[: kept - len(above)]
    found = np.concatenate([above, level])
    return found[np.lexsort((found, -scores[found]))]
