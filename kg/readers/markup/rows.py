"""A table's rows in HTML's, JATS's or CALS's words → rows of cells with their spans and texts."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.readers.markup.pieces import read_pieces, settle_blanks
from kg.readers.markup.spans import SpanCell, SpanRow, span
from kg.readers.markup.walk import Dialect, local_name, pieces_of
from kg.vocabulary.lexicon import Lexicon

if TYPE_CHECKING:
    from lxml.etree import _Element

# the order in which parts are shown: a foot may be written before the body
_GROUPS = {"thead": 0, "tbody": 1, "tr": 1, "row": 1, "tgroup": 1, "tfoot": 2}
_ROWS = frozenset({"tr", "row"})
_CELLS = frozenset({"td", "th", "entry", "entrytbl"})


@dataclass(frozen=True, slots=True)
class _RowElement:
    element: _Element
    group: int
    head: bool
    columns: dict[str, int]


def read_rows(
    table: _Element, dialect: Dialect, marks: Collection[str], lexicon: Lexicon
) -> tuple[list[SpanRow], list[str]]:
    """Return the rows of a table that are shown, and the footnote marks that were left out of its cells."""
    rows: list[SpanRow] = []
    dropped: list[str] = []
    for row in _row_elements(table):
        if dialect.skips(row.element, local_name(row.element)):
            continue
        cells = [c for c in row.element if local_name(c) in _CELLS and not dialect.skips(c, local_name(c))]
        header = row.head or _is_header(cells)
        known = lexicon if header or not rows else None
        made: list[SpanCell] = []
        for cell in cells:
            text, left_out = read_pieces(pieces_of(cell, dialect), marks)
            made.append(_spanning(cell, settle_blanks(text, known), row.columns))
            dropped += left_out
        rows.append(SpanRow(*_lines(row.element), tuple(made), row.group, header))
    return rows, dropped


def _row_elements(table: _Element) -> Iterator[_RowElement]:
    """Yield the rows of the table itself, not of tables in its cells: heads, bodies, feet."""
    parts = [part for part in table if local_name(part) in _GROUPS]
    for wanted in range(3):
        for number, part in enumerate(parts):
            name = local_name(part)
            if _GROUPS[name] != wanted:
                continue
            if name == "tgroup":
                columns = _columns(part)
                yield from (
                    _RowElement(r.element, number * 1000 + r.group, r.head, columns)
                    for r in _row_elements(part)
                )
            elif name in _ROWS:
                yield _RowElement(part, -1, False, {})  # rows without a group of their own share one
            else:
                rows = (row for row in part if local_name(row) in _ROWS)
                yield from (_RowElement(row, number, name == "thead", {}) for row in rows)


def _columns(tgroup: _Element) -> dict[str, int]:
    """Return the places of a CALS group's columns by their names."""
    columns: dict[str, int] = {}
    at = 0
    for spec in tgroup:
        if local_name(spec) == "colspec":
            at = span(spec.get("colnum")) - 1 if spec.get("colnum") else at
            columns[spec.get("colname") or f"c{at + 1}"] = at
            at += 1
    return columns


def _spanning(cell: _Element, text: str, columns: dict[str, int]) -> SpanCell:
    if local_name(cell) in ("td", "th"):
        return SpanCell(text, span(cell.get("colspan")), span(cell.get("rowspan"), tall=True))
    first = columns.get(cell.get("namest") or cell.get("colname") or "")
    last = columns.get(cell.get("nameend") or "")
    across = last - first + 1 if first is not None and last is not None and last >= first else 1
    more = cell.get("morerows")
    return SpanCell(text, across, span(more, tall=True) + 1 if more and more.strip() != "0" else 1, first)


def _is_header(cells: list[_Element]) -> bool:
    """Whether all cells of a row are header cells of columns; a single one is the title of a section."""
    heads = [c for c in cells if local_name(c) == "th" and c.get("scope") not in ("row", "rowgroup")]
    return len(cells) > 1 and len(heads) == len(cells)


def _lines(row: _Element) -> tuple[int, int]:
    lines = [line for line in (getattr(element, "sourceline", None) for element in row.iter("*")) if line]
    return (min(lines), max(lines)) if lines else (0, 0)
