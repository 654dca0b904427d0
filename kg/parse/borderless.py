"""A table whose borders are lost → its columns and its rows, cut by what the cells look like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.cells.read import CellReader, Overrides
from kg.columns.cuts import header_cuts
from kg.columns.understand import dose_header, is_numbering, understand
from kg.model import Column, Table
from kg.parse.looks import habits_of, search_keys
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
    groups = group_rows(table.lines, search_keys(columns), reader, habits_of(columns, lexicon))
    return with_sections(table, list(_items(groups)), columns, reader)


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


def _items(groups: Sequence[Group]) -> Iterator[Item]:
    """Yield what each group of lines is; a row that lacks its first cells has those of the row above it."""
    above: tuple[str, ...] = ()
    for group in groups:
        if group.cut is None:
            what = "heading" if group.heading else "other"
            yield Item(what, group.first_line, group.last_line, group.text)
            continue
        found = group.cut
        shared = range(found.shared if above else 0)
        cells = above[: len(shared)] + found.cells[len(shared) :]
        absent = tuple(at for at, cell in enumerate(found.cells) if not cell and at not in shared)
        place = (group.first_line, group.last_line, group.text)
        yield Item("row", *place, cells, found.confidence, found.reasons, absent, tuple(shared))
        above = cells
