"""A table whose borders are lost → its columns and its rows, cut by what the cells look like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from kg.cells.read import CellReader, Overrides
from kg.columns.cuts import header_cuts
from kg.columns.understand import dose_header, is_numbering, understand
from kg.model import Column, Table
from kg.parse.looks import habits_of, search_keys
from kg.parse.onecell import cut_lines
from kg.parse.order import cells_order, order_finding
from kg.parse.uncut import Item, Uncut, with_sections
from kg.readers.glued import glued_edges, loosened
from kg.segment.chain import seem_glued
from kg.segment.grouping import Group
from kg.segment.habits import Habits
from kg.segment.rows import group_rows, grouped_score, sample_score
from kg.vocabulary.lexicon import Lexicon

_GLUED = 2  # blanks that a header lacks, before the cells are taken to lack them too
_SHORT = 1000  # characters of a line that is tried inside its words
_FEWER, _FEW = 3, 12  # lines by which ways to read the header are compared
_BROKEN, _MANY = 12.0, 20  # a score a line that rows never have; lines of which rows are made then
_CLEAR = 10.0  # by which the best way must fit better, for few lines to be enough


def cut_table(table: Table, lexicon: Lexicon, overrides: Overrides) -> Uncut:
    """Return the columns of a table without borders, and its rows cut into cells or quarantined.

    A table that already has header cells has one cell on each of its lines; else a line is a row, mostly.
    """
    if table.header:
        return cut_lines(table, lexicon, overrides)
    named, reader, joined = best_columns(table, lexicon, overrides)
    columns = named if joined else cells_order(table.lines, named, reader, habits_of(named, lexicon))
    habits = replace(habits_of(columns, lexicon), inside=joined, joined=joined)
    groups = group_rows(table.lines, search_keys(columns), reader, habits)
    cut = with_sections(table, list(_items(groups)), columns, reader)
    return cut._replace(findings=(*order_finding(named, columns), *cut.findings))


class _Way(NamedTuple):
    """One way to read a table without borders: its columns, the reader of its cells, and whether these are joined."""

    columns: tuple[Column, ...]
    reader: CellReader
    joined: bool


def best_columns(table: Table, lexicon: Lexicon, overrides: Overrides) -> _Way:
    """Return the reading of an uncut header under which the first rows fit best; the first of equals.

    A reading that knows all its columns is better than one with a column of free text, which would fit any row.
    Cells that have grown together are looked for where the header has, or numbers have grown to their neighbours.
    """
    numbered = is_numbering([line.text.split(maxsplit=1)[0] for line in table.lines if line.text.strip()])
    cuts = header_cuts(loosened(table.header_line, lexicon), lexicon)
    found = [understand(header, lexicon, numbered=numbered) for header in cuts]
    fewest = min(_unknown(columns) for columns in found)
    ways = [
        _Way(columns, CellReader(lexicon, overrides, dose_header(columns)), joined)
        for joined in _may_be_joined(table, lexicon)
        for columns in found
        if _unknown(columns) == fewest
    ]
    return ways[0] if len(ways) == 1 else _best_way(table, ways)


def _best_way(table: Table, ways: Sequence[_Way]) -> _Way:
    """Return the way that fits best; few lines tell mostly, and each line is slow under a wrong header."""
    for count in (_FEWER, _FEW):
        fits = [_fit(table, way, count) for way in ways]
        best = max(fits)
        if best > -_CLEAR and sum(best - fit < _CLEAR for fit in fits) == 1:
            break  # a line that is no row costs more than that
    short = all(len(line.text) <= _SHORT for line in table.lines[:_MANY])
    if short and not any(way.joined for way in ways) and best < -_BROKEN * min(_FEW, len(table.lines)):
        fits = [_fit_of_rows(table, way) for way in ways]
        best = max(fits)
    return ways[fits.index(best)]


def _fit_of_rows(table: Table, way: _Way) -> float:
    """Return how well a way fits rows that stand on several lines each, as they do when hardly any line is a row."""
    habits = Habits(inside=way.joined, joined=way.joined)
    return grouped_score(table.lines[:_MANY], search_keys(way.columns), way.reader, habits)


def _may_be_joined(table: Table, lexicon: Lexicon) -> tuple[bool, ...]:
    if glued_edges(table.header_line, lexicon) >= _GLUED:
        return (True,)
    return (False, True) if seem_glued([line.text for line in table.lines[:_FEW]]) else (False,)


def _fit(table: Table, way: _Way, count: int) -> float:
    habits = Habits(inside=way.joined, joined=way.joined)
    short = way.joined
    lines = [line for line in table.lines[: 2 * _FEW] if not short or len(line.text) <= _SHORT]
    return sample_score(lines[:count], search_keys(way.columns), way.reader, habits)


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
