"""A table whose cells stand one on a line → its columns and its rows, by what the cells look like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.cells.read import CellReader, Overrides
from kg.columns.understand import dose_header, understand
from kg.model import Column, Line, Table
from kg.parse.looks import habits_of, search_keys
from kg.parse.uncut import Item, Uncut, with_sections
from kg.segment.lines import LineRow, rows_of_lines
from kg.segment.score import understood
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.text import squeeze

_SAMPLE_ROWS = 8
_MOST_FURTHER = 8  # header cells that no vocabulary knows, at the end of the header
_LONGEST = 60  # characters of such a header
_NAMES = ("disease", "cell_source", "route", "donor", "phase")


def cut_lines(table: Table, lexicon: Lexicon, overrides: Overrides) -> Uncut:
    """Return the rows of a table whose lines are cells; its header may go on for some lines that nobody knows."""
    ways = [_way(table, count, lexicon, overrides) for count in _further(table.lines, lexicon)]
    columns, reader, used = ways[0]
    if len(ways) > 1:
        columns, reader, used = max(ways, key=lambda way: _sample_score(table.lines, way))
    rows = rows_of_lines(
        table.lines[used:], search_keys(columns), reader, habits_of(columns, reader.lexicon)
    ).rows
    return with_sections(table, [_item(row) for row in rows], columns, reader)


_Way = tuple[tuple[Column, ...], CellReader, int]


def _way(table: Table, used: int, lexicon: Lexicon, overrides: Overrides) -> _Way:
    header = [*table.header, *(squeeze(line.text) for line in table.lines[:used])]
    columns = understand(header, lexicon)
    return columns, CellReader(lexicon, overrides, dose_header(columns)), used


def _further(lines: Sequence[Line], lexicon: Lexicon) -> Iterator[int]:
    """Yield how many of the first lines may still be headers: none, or those up to the first that is a cell."""
    yield 0
    reader = CellReader(lexicon)
    for count, line in enumerate(lines[:_MOST_FURTHER], 1):
        text = squeeze(line.text)
        if not text or len(text) > _LONGEST or sum(map(str.isdigit, text)) > 2:
            return
        if lexicon.find("mark", text) or any(understood(reader.read(key, text)) for key in _NAMES):
            return
        yield count


def _sample_score(lines: Sequence[Line], way: _Way) -> float:
    columns, reader, used = way
    last = _MOST_FURTHER + _SAMPLE_ROWS * (len(columns) + 2)
    return rows_of_lines(
        lines[used:last], search_keys(columns), reader, habits_of(columns, reader.lexicon)
    ).score


def _item(row: LineRow) -> Item:
    first, last = row.lines[0].number, row.lines[-1].number
    text = " | ".join(squeeze(line.text) for line in row.lines)
    item = Item(row.what, first, last, text)
    if row.what != "row":
        return item
    reasons = tuple("the line of this column" if cell else "an empty line" for cell in row.cells)
    reasons = tuple(
        reason if cell or sure else "no line of the row is left for this column"
        for reason, cell, sure in zip(reasons, row.cells, row.confidence, strict=True)
    )
    absent = tuple(
        at
        for at, (cell, sure) in enumerate(zip(row.cells, row.confidence, strict=True))
        if not (cell or sure)
    )
    return replace(item, cells=row.cells, confidence=row.confidence, reasons=reasons, absent=absent)
