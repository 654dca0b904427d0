"""A row of a table with borders → its cells, one a column, also where the row has fewer or more than the header.

Cells are missing at the front where a cell of the row above spans this row too, at the end where nobody wrote them; there
are too many where the separator stands inside a cell. The readers of cells decide between these; where none is clearly
better the row is quarantined.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.cells.read import CellReader
from kg.columns.evidence import grade
from kg.columns.names import SECTION
from kg.model import Column, Finding, Quarantined, Row, Severity, State
from kg.parse.row import Raw

_MOST_MISSING = 0.5  # share of the columns that may be missing
_MOST_EXTRA = 3
_CLEAR, _CLEAR_JOINED = 1.0, 0.5  # by so much must the best way be better than the next one
_JOINT = ", "  # the separator that most often stands inside a cell
_LEAST = 0.3  # mean grade of a cell under the column that it is given to
_DOUBT = "compare with the source, and write every cell of the row"


class _Way(NamedTuple):
    """One way to give the cells of a row to the columns: how, the cells, the positions filled from above."""

    how: str
    cells: tuple[str, ...]
    inherited: tuple[int, ...] = ()


class Aligner:
    """Gives the cells of the rows of one table to its columns, row after row.

    `lost` says that the spans of cells over several rows are seen by blanks only, and not marked by the source.
    """

    def __init__(self, columns: Sequence[Column], reader: CellReader, *, lost: bool = False) -> None:
        self._lost = lost
        self._columns = columns
        self._reader = reader
        self._above: tuple[str, ...] = ()

    def align(self, source: str, number: int, row: Row) -> Raw | Quarantined:
        """Return the row with a cell for each column, or quarantined with its text."""
        if len(row.cells) == len(self._columns):
            self._above = row.cells
            return self._whole(source, number, row)
        ranked = sorted(
            ((self._score(way), way) for way in self._ways(row.cells)), key=lambda one: one[0], reverse=True
        )
        lines = (row.first_line, row.last_line)
        if not ranked or not self._is_sure([score for score, _ in ranked], len(row.cells)):
            return _away(source, number, row, len(self._columns))
        way = ranked[0][1]
        self._above = way.cells
        second = ranked[1][1] if len(ranked) > 1 else None
        doubt = _aligned(row, way, second)
        own = way.inherited
        return Raw(source, number, lines, way.cells, findings=(doubt,), inherited=own, restored=own)

    def _whole(self, source: str, number: int, row: Row) -> Raw:
        restored = (
            tuple(at for at in row.inherited if self._columns[at].header != SECTION) if self._lost else ()
        )
        lines = (row.first_line, row.last_line)
        return Raw(source, number, lines, row.cells, inherited=row.inherited, restored=restored)

    def _is_sure(self, scores: Sequence[float], cells: int) -> bool:
        least = _CLEAR if cells < len(self._columns) else _CLEAR_JOINED
        clear = len(scores) == 1 or scores[0] - scores[1] >= least
        return clear and scores[0] >= _LEAST * cells

    def _ways(self, cells: Sequence[str]) -> Iterator[_Way]:
        width, own = len(self._columns), len(cells)
        missing = width - own
        if 0 < missing <= _MOST_MISSING * width:
            blanks = ("",) * missing
            yield _Way("the last cells are missing", (*cells, *blanks))
            if self._above:
                yield from self._below(tuple(cells), missing)
        elif 0 < -missing <= _MOST_EXTRA:
            for at in range(width):
                joined = _JOINT.join(filter(None, cells[at : at + 1 - missing]))
                yield _Way("a cell holds the separator", (*cells[:at], joined, *cells[at + 1 - missing :]))

    def _below(self, cells: tuple[str, ...], missing: int) -> Iterator[_Way]:
        """Yield the ways in which the row above spans this one: its first cells, and some at the end are missing."""
        for shared in range(1, missing + 1):
            filled = (*self._above[:shared], *cells, *("",) * (missing - shared))
            how = "the first cells are those of the row above"
            yield _Way(how, filled, tuple(range(shared)))

    def _score(self, way: _Way) -> float:
        return sum(
            self._grade(column, text)
            for at, (column, text) in enumerate(zip(self._columns, way.cells, strict=True))
            if text and at not in way.inherited
        )

    def _grade(self, column: Column, text: str) -> float:
        if self._reader.read("", text).state is State.EMPTY or not column.keys:
            return 0.0
        return max(grade(key, text, self._reader) for key in column.keys)


def _aligned(row: Row, way: _Way, second: _Way | None) -> Finding:
    message = f"the row has {len(row.cells)} cells, the header has {len(way.cells)}: {way.how}"
    if second is not None:
        message += f"; read as {' | '.join(way.cells)}, not as {' | '.join(second.cells)}"
    return Finding(Severity.WARNING, "row-aligned", "row", message, raw=" | ".join(row.cells), hint=_DOUBT)


def _away(source: str, number: int, row: Row, width: int) -> Quarantined:
    finding = Finding(
        Severity.VIOLATION,
        "row-width",
        "row",
        f"the row has {len(row.cells)} cells, the header has {width}",
        raw=" | ".join(row.cells),
        hint="quote cells that hold the separator, and leave no cell of the row out",
    )
    return Quarantined(source, number, (row.first_line, row.last_line), " | ".join(row.cells), finding)
