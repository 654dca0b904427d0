"""A table whose borders are lost → its columns and its rows, cut by what the cells look like."""

from __future__ import annotations

from collections.abc import Sequence

from kg.cells.read import CellReader, Overrides
from kg.columns.cuts import header_cuts
from kg.columns.understand import dose_header, is_numbering, understand
from kg.model import Column, Table
from kg.parse.onecell import cut_lines
from kg.parse.uncut import Item, Uncut, with_sections
from kg.segment.rows import Group, group_rows, sample_score
from kg.vocabulary.lexicon import Lexicon


def cut_table(table: Table, lexicon: Lexicon, overrides: Overrides) -> Uncut:
    """Return the columns of a table without borders, and its rows cut into cells or quarantined.

    A table that already has header cells has one cell on each of its lines; else a line is a row, mostly.
    """
    if table.header:
        return cut_lines(table, lexicon, overrides)
    columns, reader = best_columns(table, lexicon, overrides)
    groups = group_rows(table.lines, [column.key for column in columns], reader)
    return with_sections(table, [_item(group) for group in groups], columns, reader)


def best_columns(
    table: Table, lexicon: Lexicon, overrides: Overrides
) -> tuple[tuple[Column, ...], CellReader]:
    """Return the reading of an uncut header under which the first rows fit best; the first of equals.

    A reading that knows all its columns is better than one with a column of free text, which would fit any row.
    """
    numbered = is_numbering([line.text.split(maxsplit=1)[0] for line in table.lines if line.text.strip()])
    cuts = header_cuts(table.header_line, lexicon)
    ways = [understand(header, lexicon, numbered=numbered) for header in cuts]
    fewest = min(_unknown(columns) for columns in ways)
    readers = [
        (columns, CellReader(lexicon, overrides, dose_header(columns)))
        for columns in ways
        if _unknown(columns) == fewest
    ]
    if len(readers) == 1:
        return readers[0]
    return max(readers, key=lambda way: sample_score(table.lines, [c.key for c in way[0]], way[1]))


def _unknown(columns: Sequence[Column]) -> int:
    return sum(not column.key for column in columns)


def _item(group: Group) -> Item:
    if group.cut is None:
        return Item("other", group.first_line, group.last_line, group.text)
    found = group.cut
    absent = tuple(at for at, cell in enumerate(found.cells) if not cell)
    place = (group.first_line, group.last_line)
    return Item("row", *place, group.text, found.cells, found.confidence, found.reasons, absent)
