"""A table whose borders are lost → its columns and its rows, cut by what the cells look like."""

from __future__ import annotations

from collections.abc import Sequence

from kg.cells.read import CellReader, Overrides
from kg.columns.cuts import header_cuts
from kg.columns.understand import dose_header, is_numbering, understand
from kg.model import Column, Finding, Quarantined, Severity, Table
from kg.parse.row import Raw
from kg.segment.cut import Cut
from kg.segment.rows import Group, group_rows, sample_score
from kg.vocabulary.lexicon import Lexicon

_SURE = 0.8  # a cut less sure than this is worth a warning


def cut_rows(table: Table, columns: Sequence[Column], reader: CellReader) -> list[Raw | Quarantined]:
    """Return the rows of a table without borders, cut into cells or quarantined."""
    groups = group_rows(table.lines, [column.key for column in columns], reader)
    return [_from_group(table, number, group, columns) for number, group in enumerate(groups, 1)]


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


def _from_group(table: Table, number: int, group: Group, columns: Sequence[Column]) -> Raw | Quarantined:
    lines = (group.first_line, group.last_line)
    if group.cut is not None:
        found = group.cut
        doubts = _doubts(found, columns)
        return Raw(table.source, number, lines, found.cells, found.confidence, found.reasons, doubts)
    finding = Finding(
        Severity.VIOLATION,
        "row-uncut",
        "row",
        "the words of the row do not fill the columns " + ", ".join(column.header for column in columns),
        raw=group.text,
        hint="complete the row, or write a mark such as N.A. where a cell is empty",
    )
    return Quarantined(table.source, number, lines, group.text, finding)


def _doubts(cut: Cut, columns: Sequence[Column]) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for column, cell, sure in zip(columns, cut.cells, cut.confidence, strict=True):
        if cell and sure >= _SURE:
            continue
        code, what = ("cut-uncertain", f"the cell was cut with confidence {sure:.2f}")
        if not cell:
            code, what = "cell-absent", "the row has no words for this column; it is taken as empty"
        hint = "compare with the source; a table with borders (CSV, HTML) needs no cutting"
        found.append(Finding(Severity.WARNING, code, column.name, f"{what}: {cell!r}", cell, hint))
    return tuple(found)
