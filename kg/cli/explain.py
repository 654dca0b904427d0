"""Parsed tables → text that says how each was read: layout, columns with the evidence for them, rows with their doubts."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kg.cli.shared import place
from kg.errors import shorten

if TYPE_CHECKING:
    from kg.model import Cell, Column, Finding, Parsed, Quarantined, Record

_WIDTH = 98
_NARROWEST = 40
_HEADER = 36  # characters of a header that are shown in a line
_MEANING = 26
_SURE = 0.95
_OWN_PLACE = "the source has borders"  # a cell that nobody had to look for
_FACTS = ("table", "caption", "title", "doi", "legend")


def explain(tables: Sequence[Parsed]) -> Iterator[str]:
    """Yield the lines of the explanation of all tables of one source, without newlines."""
    for number, parsed in enumerate(tables, 1):
        if number > 1:
            yield ""
        yield from _explain(parsed, f", table {number} of {len(tables)}" if len(tables) > 1 else "")


def _explain(parsed: Parsed, which: str) -> Iterator[str]:
    table = parsed.table
    head = f"{table.source}{which}: {table.layout or 'table'}"
    yield head
    yield "=" * min(len(head), page_width())
    for name, text in _facts(parsed):
        yield from wrapped(f"{name:<9}", text)
    yield from wrapped(f"{'rows':<9}", _counts(parsed))
    yield ""
    yield "Columns: number, header, meaning, confidence, rule"
    for at, column in enumerate(parsed.columns, 1):
        yield from _column(at, column)
    yield from _section("About the whole table", _about(parsed))
    yield ""
    yield "Rows: number, place, lowest confidence of a cell"
    rows: list[Record | Quarantined] = [*parsed.records, *parsed.quarantined]
    for row in sorted(rows, key=lambda one: one.row):
        yield from _row(row, cut=not table.bordered)


def _facts(parsed: Parsed) -> Iterator[tuple[str, str]]:
    table = parsed.table
    legend = "; ".join(f"{entry.form} = {entry.expansion}" for entry in parsed.legend)
    texts = (table.label, table.caption, table.title, table.doi, legend)
    said = list(zip(_FACTS, texts, strict=True))
    yield from ((name, text) for name, text in said if text)
    missing = ", ".join(name for name, text in said if not text)
    if missing:
        yield "not said", missing.replace("table", "label")
    if parsed.settings.origin:
        yield "settings", f"from {parsed.settings.origin}"


def _counts(parsed: Parsed) -> str:
    away = f", {len(parsed.quarantined)} quarantined" if parsed.quarantined else ""
    return f"{len(parsed.records)} read{away}"


def _column(number: int, column: Column) -> Iterator[str]:
    meaning = " + ".join(column.keys) or "kept as text"
    if len(column.parts) == 1:
        meaning += " and other words"
    header = shorten(column.header, _HEADER)
    yield (
        f"{number:>4}  {header:<{_HEADER}}  {meaning:<{_MEANING}}  {column.confidence:.2f}  {column.rule}"
    ).rstrip()
    if column.evidence:
        yield from wrapped(" " * 6, "; ".join(column.evidence))


def _about(parsed: Parsed) -> Iterator[str]:
    yield from map(_finding, (*parsed.table.findings, *parsed.findings))


def _finding(finding: Finding, *, column: bool = False) -> str:
    where = f" in {finding.column}" if column and finding.column not in ("row", "table") else ""
    return f"{finding.severity} {finding.code}{where}: {finding.message}"


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield ""
        yield title
        for line in found:
            yield from wrapped("  - ", line)


def _row(row: Record | Quarantined, *, cut: bool) -> Iterator[str]:
    from kg.model import Quarantined
    from kg.records import CELL_KEYS

    where = f"{row.row:>4}  {place(row.lines)}"
    if isinstance(row, Quarantined):
        yield f"{where}: quarantined"
        yield from wrapped(" " * 6, f"{row.finding.code}: {row.finding.message}: {shorten(row.text)}")
        return
    sure = min((cell.confidence for cell in row.cells), default=1.0)
    yield f"{where}: {sure:.2f}"
    # a registry has dozens of columns that nobody asked for, many of them blank
    shown = [cell for cell in row.cells if cell.text or cell.parts or cell.column in CELL_KEYS]
    yield from wrapped(" " * 6, " | ".join(f"{_name(cell)}: {_text(cell)}" for cell in shown))
    for note in (*_places(row, cut=cut), *_parts(row), *notes(row)):
        yield from wrapped(" " * 6 + "- ", note)


def _name(cell: Cell) -> str:
    return "+".join(cell.keys) if cell.parts else shorten(cell.column, _HEADER)


def _text(cell: Cell) -> str:
    return shorten(cell.text, 60) or "(blank)"


def _places(record: Record, *, cut: bool) -> Iterator[str]:
    """Yield why cells stand where they do; of cells that were cut out of a line only those that are not quite sure."""
    for cell in record.cells:
        if cell.confidence < _SURE or (not cut and cell.reason not in ("", _OWN_PLACE)):
            yield f"{_name(cell)}: {cell.reason} ({cell.confidence:.2f})"


def _parts(record: Record) -> Iterator[str]:
    for cell in record.cells:
        if cell.parts:
            said = "; ".join(f"{part.key} {part.text!r}" for part in cell.parts if part.text)
            yield f"{shorten(cell.header, _HEADER)} says: {said or 'nothing that is looked for in it'}"


def notes(record: Record) -> Iterator[str]:
    """Yield what was taken from elsewhere than a column, and what is doubtful."""
    for one in record.context:
        yield f"{one.key} from {one.place}: {shorten(one.text)!r}"
    seen = {f"{one.key}-from-context" for one in record.context}
    for finding in record.findings:
        if finding.code not in seen:
            yield _finding(finding, column=True)


def page_width() -> int:
    """Return how many columns a line may have: those of the terminal, within what is good to read."""
    return max(_NARROWEST, min(_WIDTH, shutil.get_terminal_size((_WIDTH, 24)).columns))


def wrapped(lead: str, text: str) -> Iterator[str]:
    """Yield `text` behind `lead`, wrapped to the page's width, further lines under its beginning."""
    yield from textwrap.wrap(
        text,
        page_width(),
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=True,
        break_on_hyphens=False,
    ) or [lead.rstrip()]
