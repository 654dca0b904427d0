"""The rows of a grid → its head: one row of header cells, or several levels of them put together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from kg.readers.grid import GridRow
from kg.readers.header import LEAST_COLUMNS, columns_named, others_named
from kg.readers.numbered import are_values
from kg.vocabulary.lexicon import Lexicon

_NUMBER = "trial_number"
_MOST_HEADS = 60  # that are compared
_MOST_LEVELS = 4
_LONGEST_END = 25  # characters of the end of a header that stands on a row of its own
_VALUE = re.compile(r"\d|[A-Z]{3}")  # as in a dose or in the number of a registry
_POWER = re.compile(r"[×x*]\s*10\s?\^?[0-9⁰¹²³⁴-⁹]{0,2}(?![0-9])")
_LONGEST_PART = 60  # characters of a header under a common one; what is longer is a row


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a grid: its rows are `[first, end)`, `levels` their cells, `cells` one header for each column.

    `names` are the keys of the columns that the vocabulary knows, `others` how many more it knows that the record has no
    key for; `line` is the source's line of the first row.
    """

    first: int
    end: int
    cells: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]
    others: int
    line: int

    @property
    def sure(self) -> bool:
        """Whether enough columns are known to call it the head of a table of trials."""
        return len(self.names) >= LEAST_COLUMNS or (len(self.names) > 1 and self.known > LEAST_COLUMNS)

    @property
    def known(self) -> int:
        """The number of different columns that the vocabulary knows."""
        return len(self.names) + self.others


def find_head(rows: Sequence[GridRow], lexicon: Lexicon) -> Head | None:
    """Return the rows among the first ones that name most columns, or None when none names two.

    One of the two may be a column that the record has no key for, beside the trial's number: "NCT number, Title".
    Levels that belong together are one head; of equals the one with more levels, then the first, is taken.
    """
    heads = (_head(rows, at, end, lexicon) for at, end in islice(_candidates(rows), _MOST_HEADS))
    found = [head for head in heads if len(head.names) > 1 or (head.known > 1 and _NUMBER in head.names)]
    return max(
        found, key=lambda head: (len(head.names), head.others, len(head.levels), -head.first), default=None
    )


def spans_all(row: GridRow) -> bool:
    """Whether a row has one filled cell and that one is the only one of the row, or covers all others."""
    return len(filled(row)) == 1 and len(row.across) >= len(row.cells) - 1


def filled(row: GridRow) -> tuple[int, ...]:
    """Return the positions of the cells that are not blank."""
    return tuple(position for position, cell in enumerate(row.cells) if cell)


def _candidates(rows: Sequence[GridRow]) -> Iterator[tuple[int, int]]:
    """Yield the bounds of rows that may be a head; lines of one cell above it are none, nor are rows of values."""
    for at, row in enumerate(rows):
        if len(filled(row)) < 2 or are_values(row.cells):
            continue
        yield at, at + 1
        end = _marked_end(rows, at)
        if end > at + 1:
            yield at, end
        elif _goes_on(rows, at):
            yield at, at + 2


def _goes_on(rows: Sequence[GridRow], at: int) -> bool:
    """Whether the row below row `at` is a second level of its headers, and no row of values."""
    if at + 1 >= len(rows) or are_values(rows[at + 1].cells):
        return False
    return _is_group_of(rows[at], rows[at + 1]) or _ends_in(rows, at)


def _ends_in(rows: Sequence[GridRow], at: int) -> bool:
    """Whether the row below row `at` only ends some of its headers: "Number" over "of patients", "Dose" over "cells/kg".

    It is a row of few and short cells, none of them in the first column or without a header above it.
    """
    if at + 2 >= len(rows) or filled(rows[at + 2])[:1] != (0,):
        return False
    top, below = rows[at : at + 2]
    ends = filled(below)
    under = [below.cells[p] for p in ends]
    if not ends or not ends[0] or 2 * len(ends) > len(top.cells) or not top.cells[0] or top.across:
        return False
    short = all(len(text) <= _LONGEST_END and not _VALUE.search(_POWER.sub("", text)) for text in under)
    return short and all(p < len(top.cells) and top.cells[p] for p in ends) and not below.down


def _marked_end(rows: Sequence[GridRow], at: int) -> int:
    """Return the end of the rows from `at` on that the mark-up calls headers; a whole grid of them is not believed."""
    end = at
    while end < len(rows) and rows[end].header and not spans_all(rows[end]):
        end += 1
    return end if end - at <= _MOST_LEVELS and end < len(rows) else at


def _is_group_of(top: GridRow, below: GridRow) -> bool:
    """Whether the cells of `below` divide those of `top`: "Dose" over "Cells/kg" and "Interval".

    Each cell below stands under a header that spans several of them (by mark-up, by blanks behind it or because it is
    repeated) or is that header again, and at least one header is divided. A row that only adds brackets, "(n)", is
    the second level too, and so is a whole row of headers under a row with a few.
    """
    if any(len(cell) > _LONGEST_PART for cell in (*top.cells, *below.cells)) or not filled(below):
        return False
    over, under = _spread(top, below), _padded(below, len(top.cells))
    if all(_is_bracket(under[p]) and over[p] for p in filled(below)):
        return True
    divided = {p for p in _grouped(over) if under[p]}
    if _is_sparse(top, below):
        return True
    fits = all(p in divided or under[p] in ("", over[p]) for p in range(len(under)) if p not in below.down)
    covered = all(over[p] or not under[p] for p in range(len(under)))
    return fits and covered and any(over[p] != under[p] for p in divided)


def _is_sparse(top: GridRow, below: GridRow) -> bool:
    """Whether `top` has two cells or more with blanks between them, and `below` has all of its own."""
    over, under = filled(top), filled(below)
    apart = any(b > a + 1 for a, b in pairwise(over))
    return apart and 2 * len(over) <= len(under) == len(below.cells) >= len(top.cells)


def _grouped(over: Sequence[str]) -> Iterator[int]:
    for position, text in enumerate(over):
        if text and text in (*over[max(0, position - 1) : position], *over[position + 1 : position + 2]):
            yield position


def _spread(top: GridRow, below: GridRow) -> list[str]:
    """Return the cells of `top`, each also over the blank places at its right that `below` fills side by side.

    Over a whole row of headers nothing says where the last one ends: if more blanks follow it than follow another one,
    it is only taken for its own column.
    """
    under = _padded(below, len(top.cells))
    cells = _padded(top, len(below.cells))
    last = _last_place(top, len(cells)) if _is_sparse(top, below) else len(cells)
    for p in range(1, len(cells)):
        blank = not cells[p] and p <= last and under[p] and under[p - 1] and under[p - 1] != cells[p - 1]
        # mark-up that says how far one cell reaches says so for all cells of the row
        if p in top.across or (blank and not top.across):
            cells[p] = cells[p - 1]
    return cells


def _last_place(top: GridRow, width: int) -> int:
    """Return the last column that the headers of a sparse row are surely for."""
    places = filled(top)
    spans = [b - a for a, b in pairwise(places)]
    return width if width - places[-1] <= min(spans) else places[-1]


def _padded(row: GridRow, width: int) -> list[str]:
    return [*row.cells, *[""] * (width - len(row.cells))]


def _is_bracket(text: str) -> bool:
    return text.startswith(("(", "[")) and text.endswith((")", "]"))


def _head(rows: Sequence[GridRow], at: int, end: int, lexicon: Lexicon) -> Head:
    levels = rows[at:end]
    cells = _joined(levels)
    named = [columns_named(texts, lexicon) for texts in (cells, *(row.cells for row in levels))]
    names = tuple(dict.fromkeys(name for keys in named for name in keys))
    others = max(len(others_named(texts, lexicon)) for texts in (cells, levels[-1].cells))
    return Head(at, end, cells, tuple(row.cells for row in levels), names, others, rows[at].first_line)


def _joined(levels: Sequence[GridRow]) -> tuple[str, ...]:
    """Return one header for each column: its words on all levels, from the top down, each once."""
    width = max(len(row.cells) for row in levels)
    spread = [_spread(a, b) for a, b in pairwise(levels)] + [_own(levels[-1])]
    parts = [[row[p] for row in spread if p < len(row) and row[p]] for p in range(width)]
    return tuple(" ".join(dict.fromkeys(texts)) for texts in parts)


def _own(row: GridRow) -> list[str]:
    """Return the cells of the lowest level; one that spans columns names each of them."""
    cells = list(row.cells)
    for position in row.across:
        cells[position] = cells[position] or cells[position - 1]
    return cells
