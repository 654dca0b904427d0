"""Lines cut into cells, and headings between them → the rows of a table, each under its heading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from kg.cells.read import CellReader
from kg.errors import shorten
from kg.model import Column, Finding, Quarantined, Severity, Table
from kg.parse.row import Raw
from kg.segment.score import understood

_SURE = 0.8  # a cut less sure than this is worth a warning
SECTION = "section"
_HINT = "compare with the source; a table with borders (CSV, HTML) needs no cutting"


@dataclass(frozen=True, slots=True)
class Item:
    """Lines of a table without borders: a "row" with its cells, a "heading" over rows, "prose", or "other".

    `absent` are the columns for which the lines have no words, `inherited` those of which the row above has them.
    """

    what: str
    first_line: int
    last_line: int
    text: str
    cells: tuple[str, ...] = ()
    confidence: tuple[float, ...] = ()
    reasons: tuple[str, ...] = ()
    absent: tuple[int, ...] = ()
    inherited: tuple[int, ...] = ()


class Uncut(NamedTuple):
    """What became of a table without borders: its columns, the reader of its cells, its rows, what is doubtful."""

    columns: tuple[Column, ...]
    reader: CellReader
    raws: list[Raw | Quarantined]
    findings: tuple[Finding, ...] = ()


def with_sections(
    table: Table, items: Sequence[Item], columns: tuple[Column, ...], reader: CellReader
) -> Uncut:
    """Return the rows of a table; its headings become a column of their own, the first one.

    What stands behind the last row belongs to the page, and is a finding.
    """
    last = max((n for n, item in enumerate(items, 1) if item.what in ("row", "other")), default=len(items))
    items, after = items[:last], items[last:]
    findings = tuple(_left_out(item) for item in after)
    headings = [item.text for item in items if item.what == "heading"]
    raws = list(_raws(table, items, columns, bool(headings)))
    if headings:
        columns = (_section(headings, columns, reader), *columns)
    return Uncut(columns, reader, raws, findings)


def _raws(
    table: Table, items: Sequence[Item], columns: Sequence[Column], sections: bool
) -> Iterator[Raw | Quarantined]:
    heading, number = "", 0
    for item in items:
        if item.what == "heading":
            heading = item.text
            continue
        number += 1
        lines = (item.first_line, item.last_line)
        if item.what != "row":
            yield Quarantined(table.source, number, lines, item.text, _uncut(item, columns))
            continue
        raw = Raw(
            table.source, number, lines, item.cells, item.confidence, item.reasons, _doubts(item, columns)
        )
        yield _under(raw, heading) if sections else raw


def _under(raw: Raw, heading: str) -> Raw:
    reason = "stands in a heading above the row" if heading else "no heading stands above the row"
    return replace(
        raw,
        cells=(heading, *raw.cells),
        confidence=(0.9 if heading else 1.0, *raw.confidence),
        reasons=(reason, *raw.reasons),
    )


def _section(headings: Sequence[str], columns: Sequence[Column], reader: CellReader) -> Column:
    """Return the column of the headings: the disease, if no other column is and most of them read as one."""
    diseases = sum(understood(reader.read("disease", text)) for text in headings)
    if 2 * diseases > len(headings) and not any(column.key == "disease" for column in columns):
        return Column("disease", SECTION, "cells.disease", round(diseases / len(headings), 2))
    return Column("", SECTION, "section", 1.0)


def _uncut(item: Item, columns: Sequence[Column]) -> Finding:
    return Finding(
        Severity.VIOLATION,
        "row-uncut",
        "row",
        "the words of the row do not fill the columns " + ", ".join(column.header for column in columns),
        raw=item.text,
        hint="complete the row, or write a mark such as N.A. where a cell is empty",
    )


def _doubts(item: Item, columns: Sequence[Column]) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for at, (column, cell, sure) in enumerate(zip(columns, item.cells, item.confidence, strict=True)):
        if at in item.inherited:
            message = f"the row has no words for this column; {cell!r} is that of the row above"
            found.append(Finding(Severity.INFO, "cell-inherited", column.name, message, cell))
        elif at in item.absent:
            message = f"the row has no words for this column; it is taken as empty: {cell!r}"
            found.append(Finding(Severity.WARNING, "cell-absent", column.name, message, cell, _HINT))
        elif sure < _SURE:
            message = f"the cell was cut with confidence {sure:.2f}: {cell!r}"
            found.append(Finding(Severity.WARNING, "cut-uncertain", column.name, message, cell, _HINT))
    return tuple(found)


def _left_out(item: Item) -> Finding:
    if item.first_line == item.last_line:
        place = f"line {item.first_line}"
    else:
        place = f"lines {item.first_line} to {item.last_line}"
    message = f"{place}, after the last row, {'is' if place[4] == ' ' else 'are'} no row and no legend"
    hint = "complete it if it is a row, else remove it"
    return Finding(Severity.WARNING, "text-after-table", "table", message, shorten(item.text), hint)
