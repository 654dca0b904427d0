"""Facets with few values → as few columns as possible, of the combinations of values that there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from kg.similar.columns.column import Codes
from kg.similar.pairs.parts import Part
from kg.similar.pairs.ranked import Places

_MOST = (
    1024  # combinations in a column: a table of them and a block of queries stays in the processor's cache
)


@dataclass(frozen=True, eq=False)
class Merged:
    """Some facets as one column: `codes` has each group's combination, `values` the codes in each facet of these."""

    codes: Places
    values: Mapping[Part, Places]

    @classmethod
    def single(cls, part: Part) -> Merged:
        """Return one facet as a column."""
        return cls(part.codes, {part: np.arange(part.column.size + 1)})

    @property
    def size(self) -> int:
        """Return the number of combinations."""
        return len(next(iter(self.values.values())))

    def join(self, other: Merged) -> Merged:
        """Return the facets of both as one column."""
        both, codes = np.unique(self.codes * other.size + other.codes, return_inverse=True)
        mine, others = np.divmod(both, other.size)
        values = {part: codes[mine] for part, codes in self.values.items()}
        return Merged(codes, {**values, **{part: codes[others] for part, codes in other.values.items()}})

    def table(self, exact: Mapping[Part, Codes]) -> Codes:
        """Return what each combination (row) contributes to each query (column), from what each facet's values do."""
        tables = [exact[part].take(codes, axis=0) for part, codes in self.values.items()]
        for table in tables[1:]:
            tables[0] += table
        return tables[0]


def merge(parts: Iterable[Part]) -> tuple[Merged, ...]:
    """Return facets as columns, joined from the smallest on as long as there are few combinations."""
    left = [Merged.single(part) for part in parts]
    done: list[Merged] = []
    while left:
        left.sort(key=lambda one: one.size, reverse=True)
        smallest = left.pop()
        joined = smallest.join(left[-1]) if left and smallest.size <= _MOST else None
        if joined and joined.size <= _MOST:
            left[-1] = joined
        else:
            done.append(smallest)
    return tuple(done)
