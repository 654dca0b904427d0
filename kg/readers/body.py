"""The rows under a head → data rows, with sections, merged and left out cells filled in, and the rest told apart.

Everything here runs over the rows from the first to the last and keeps none of them, so that the rows of a file of
any size can be read again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property
from typing import NamedTuple

from kg.errors import shorten
from kg.model import Finding, Line, Row, Severity
from kg.readers.grid import GridRow
from kg.readers.heads import Head, filled
from kg.readers.numbered import has_number
from kg.readers.surroundings import (
    find_label,
    is_navigation,
    left_out,
    looks_like_legend,
    looks_like_note,
)
from kg.vocabulary.text import fold

SECTION = "section"  # the header of the column that section rows become
_LONGEST_SECTION = 200  # characters; what is longer is a note
_MOST_WAITING = 1000  # rows of one cell in a row; more are no sections of anything
_MOST_NAMED = 20  # lines that one finding names


class Kind(Enum):
    """What a row under a head is."""

    ROW = auto()
    SECTION = auto()
    LEGEND = auto()
    REPEATED = auto()
    PAGE = auto()
    AFTER = auto()


class Sorted(NamedTuple):
    """Rows of one kind; several only when they are sections one directly under the other."""

    kind: Kind
    rows: tuple[GridRow, ...]


@dataclass(frozen=True)
class Frame:
    """What must be known of a table before its rows can be told apart: its head and the words of its caption."""

    head: Head
    known: frozenset[str] = frozenset()

    @cached_property
    def width(self) -> int:
        """The number of columns that the head has."""
        return len(self.head.cells)

    @cached_property
    def heads(self) -> dict[str, set[tuple[str, ...]]]:
        """The rows of the head as they may be printed again, by their first cell."""
        found: dict[str, set[tuple[str, ...]]] = {}
        for level in (*self.head.levels, self.head.cells):
            found.setdefault(level[0], set()).add(_trimmed(level))
        return found

    def repeats(self, row: GridRow) -> bool:
        """Whether a row is a row of the head printed again."""
        heads = self.heads.get(row.cells[0])
        return heads is not None and _trimmed(row.cells) in heads


def sort_rows(rows: Iterable[GridRow], frame: Frame) -> Iterator[Sorted]:
    """Yield the rows under a head with their kinds, in their order, blank ones left out.

    A row with one cell is a section when rows follow it, and a note of the legend when none does.
    """
    waiting: list[GridRow] = []
    for row in rows:
        if not any(row.cells):
            continue
        if frame.repeats(row):
            yield from _above_rows(waiting, frame)
            yield Sorted(Kind.REPEATED, (row,))
        elif _is_lone(row, frame.width) and len(waiting) < _MOST_WAITING:
            waiting.append(row)
            continue
        else:
            yield from _above_rows(waiting, frame)
            yield Sorted(Kind.ROW, (row,))
        waiting = []
    yield from _behind_rows(waiting, frame)


def _is_lone(row: GridRow, width: int) -> bool:
    """Whether a row says one thing only: in its first cell, across all its columns, or again in each cell."""
    places = filled(row)
    text = row.cells[places[0]]
    if row.down or sum(map(str.isalpha, text)) < 2 or has_number(text):
        return False
    if len(places) == 1:
        alone = len(row.cells) == 1 or len(row.across) >= len(row.cells) - 1
        return alone or (width > 2 and places[0] == 0)
    return len(places) > 2 and len(places) >= width - 1 and len({row.cells[p] for p in places}) == 1


def _above_rows(waiting: Sequence[GridRow], frame: Frame) -> Iterator[Sorted]:
    """Yield rows of one cell that stand above other rows: sections, or what a page break has left there."""
    sections: list[GridRow] = []
    for row in waiting:
        kind = _kind(row, frame)
        if kind is Kind.SECTION:
            sections.append(row)
        else:
            yield Sorted(kind, (row,))
    if sections:
        yield Sorted(Kind.SECTION, tuple(sections))


def _kind(row: GridRow, frame: Frame) -> Kind:
    text = _text(row)
    if is_navigation(text) or find_label(text) or fold(text) in frame.known:
        return Kind.PAGE
    if _explains(text) or len(text) > _LONGEST_SECTION:
        return Kind.LEGEND
    return Kind.SECTION


def _behind_rows(waiting: Sequence[GridRow], frame: Frame) -> Iterator[Sorted]:
    """Yield rows of one cell with no row under them: the legend, then, behind a gap, text that is none of it."""
    explained, last = False, 0
    for row in waiting:
        kind = _kind(row, frame)
        if kind is not Kind.PAGE:
            apart = explained and len(row.cells) == 1 and row.first_line > last + 1
            kind = Kind.AFTER if apart and kind is Kind.SECTION else Kind.LEGEND
            explained = explained or _explains(_text(row))
        if kind is Kind.LEGEND:
            last = row.last_line
        yield Sorted(kind, (row,))


def _explains(text: str) -> bool:
    return looks_like_legend(text) or looks_like_note(text)


def _text(row: GridRow) -> str:
    return next(filter(None, row.cells))


def _trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    end = max((position for position, cell in enumerate(cells, 1) if cell), default=0)
    return tuple(cells[:end])


@dataclass(slots=True)
class Survey:
    """What one pass over the rows under a head has shown; the lists hold what the table says about itself."""

    rows: int = 0
    groups: int = 0
    sections: bool = False
    used: set[int] = field(default_factory=set)
    blanks: dict[int, int] = field(default_factory=dict)
    opened: bool = False  # whether the row above has something to take its place in the first column
    filled_in: int = 0
    filled_lines: list[int] = field(default_factory=list)
    legend: list[str] = field(default_factory=list)
    remarks: list[Finding] = field(default_factory=list)
    after: list[GridRow] = field(default_factory=list)

    def mostly_blank(self, position: int) -> bool:
        """Whether blanks are the rule in a column, so that one of them does not mean "as above"."""
        return 4 * self.blanks.get(position, 0) > 3 * self.rows

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be said about the rows."""
        found = list(self.remarks)
        if self.filled_in:
            found.append(_filled_in(self.filled_in, self.filled_lines))
        if self.after:
            found.append(_after(self.after[0], self.after[-1]))
        return tuple(found)


def survey(rows: Iterable[GridRow], frame: Frame) -> Survey:
    """Return what the rows under a head are like; reads all of them once."""
    found = Survey()
    for kind, some in sort_rows(rows, frame):
        if kind is Kind.ROW:
            _count(some[0], found)
        elif kind is Kind.SECTION:
            found.sections, found.opened = True, False
            found.groups += len(some) > 1
        elif kind is Kind.LEGEND:
            found.legend.append(_text(some[0]))
        elif kind is Kind.AFTER:
            found.after = [*found.after[:1], *some]
        else:
            found.remarks.append(_remark(kind, some[0]))
    return found


def _count(row: GridRow, found: Survey) -> None:
    found.rows += 1
    places = filled(row)
    found.used.update(places)
    if not places[0] or 0 in row.down:
        found.opened = True
        return
    for position in range(places[0]):
        found.blanks[position] = found.blanks.get(position, 0) + 1
    if found.opened:
        found.filled_in += 1
        found.filled_lines.extend([row.first_line] if found.filled_in <= _MOST_NAMED else ())


def _remark(kind: Kind, row: GridRow) -> Finding:
    if kind is Kind.PAGE:
        return left_out([Line(row.first_line, _text(row))])
    message = f"line {row.first_line} repeats the table's head and was left out"
    return Finding(Severity.INFO, "header-repeated", "table", message, raw=shorten(" | ".join(row.cells)))


def _filled_in(count: int, lines: Sequence[int]) -> Finding:
    named = ", ".join(map(str, lines)) + (", …" if count > len(lines) else "")
    message = f"blank cells at the beginning of a row were read as those of the row above: line {named}"
    hint = "write a mark such as N.A. where nothing is known"
    return Finding(Severity.INFO, "cell-inherited", "table", message, hint=hint)


def _after(first: GridRow, last: GridRow) -> Finding:
    return Finding(
        Severity.WARNING,
        "text-after-table",
        "table",
        f"lines {first.first_line} to {last.last_line}, after the legend, were not read as rows",
        raw=shorten(_text(first)),
        hint="move them above the legend if they are rows, else remove them",
    )


def data_rows(rows: Iterable[GridRow], frame: Frame, found: Survey) -> Iterator[Row]:
    """Yield the data rows: section in front, merged cells and blanks at the beginning filled from the row above.

    A section replaces the one above it. Of two sections one directly under the other the upper one holds on beyond the
    next section only if the table has several such pairs; one pair alone does not say how far it reaches.
    """
    sections: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    for kind, some in sort_rows(rows, frame):
        if kind is Kind.SECTION:
            texts = tuple(map(_text, some))
            nested = found.groups > 1 and len(texts) == 1 and len(sections) > 1
            sections = (*sections[:-1], *texts) if nested else texts
            above = ()
        elif kind is Kind.ROW:
            cells, inherited = _complete(some[0], above, found)
            above = cells
            if found.sections:
                cells = ("; ".join(sections), *cells)
                inherited = (*([0] if sections else []), *(position + 1 for position in inherited))
            yield Row(some[0].first_line, some[0].last_line, cells, inherited)


def _complete(row: GridRow, above: Sequence[str], found: Survey) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the cells of a row and the positions of those that were taken from the row above."""
    if row.cells[0] and not row.down:
        return row.cells, ()
    cells = list(row.cells)
    first = next(p for p, cell in enumerate(cells) if cell)
    lost = range(first) if above and above[0] and 0 not in row.down else ()
    wanted = [p for p in lost if p == 0 or not found.mostly_blank(p)]
    inherited = tuple(p for p in sorted({*row.down, *wanted}) if p < len(above) and above[p] and not cells[p])
    for position in inherited:
        cells[position] = above[position]
    return tuple(cells), inherited
