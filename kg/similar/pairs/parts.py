"""A scorer's facets → tables of what each pair of values contributes where these are few, bounds where they are many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kg.similar.columns.column import Codes, Column, Floats
from kg.similar.columns.concepts import ConceptColumn
from kg.similar.pairs.closed import Closed
from kg.similar.pairs.ranked import Places
from kg.similar.profile import UNIT
from kg.similar.score import Scorer

TABLED = 4096  # distinct values up to which all pairs of them are put into a table
_ROUNDED = 2  # parts of UNIT by which a bound may be too low for its rounding


@dataclass(frozen=True, eq=False)
class Part:
    """One facet of the groups that are compared: `codes` by group, and `scale`, what a likeness of 1 contributes.

    `table` has the contribution of every pair of values where these are few, `closed` finds those of single pairs of
    many sets of concepts. Of many amounts a block's are worked out with `column`.
    """

    codes: Places
    column: Column
    scale: float
    table: Codes | None = None
    closed: Closed | None = None

    def exact(self, queries: Places) -> Codes:
        """Return what each value (row) contributes to the score of each query (column), a group."""
        wanted, at = np.unique(self.codes[queries], return_inverse=True)
        rows = self.table[wanted] if self.table is not None else rows_of(self, wanted)
        return np.ascontiguousarray(rows.T).take(at, axis=1)

    def bound(self, closed: Closed, queries: Places) -> tuple[Places, Codes]:
        """Return a code for each group, and what each such code can contribute to the score of each query at most."""
        bound = closed.bound(self.codes[queries]) * self.scale + _ROUNDED
        return closed.pattern[self.codes], bound.astype(np.int32)

    def whole(self, likeness: Floats) -> Codes:
        """Return likenesses as contributions, in parts of UNIT, rounded as every score is."""
        return np.rint(likeness * self.scale).astype(np.int32)


def parts_of(scorer: Scorer, groups: Places) -> tuple[Part, ...]:
    """Return the facets that count, each for the groups whose first members are `groups`."""
    index = scorer.index
    parts = (
        Part(index.codes[facet][groups].astype(np.int64), index.columns[facet], share * UNIT)
        for facet, share in scorer.weights.shares.items()
    )
    return tuple(_prepared(part) for part in parts)


def rows_of(part: Part, codes: Places) -> Codes:
    """Return what each of some values (rows) and every value of the column (columns) contribute to a score."""
    rows = np.zeros((len(codes), part.column.size + 1), np.int32)
    for row, code in zip(rows, codes.tolist(), strict=True):
        if code < part.column.size:
            row[:] = part.whole(part.column.row(part.column.value(code)))
    return rows


def _prepared(part: Part) -> Part:
    column = part.column
    if column.size <= TABLED:
        table = rows_of(part, np.arange(column.size + 1))
        return Part(part.codes, column, part.scale, table)
    if isinstance(column, ConceptColumn):
        return Part(part.codes, column, part.scale, None, Closed.of(column))
    return part
