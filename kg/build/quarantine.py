"""Quarantined rows → quarantine.csv for a person to complete; the completed file → corrections for the next build."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kg.errors import SourceError
from kg.model import Correction, Parsed
from kg.readers.base import Source
from kg.readers.decode import decode
from kg.readers.separated import RawRow, split_rows
from kg.records import CELL_KEYS, csv_line, harmless

_PLACE = ("source", "table", "row", "lines", "reason", "hint", "text")
_DELIMITERS = ",;\t"  # spreadsheet programs save with what their country uses
_HEAD = 4096


def write_quarantine(tables: Sequence[Parsed]) -> Iterator[str]:
    """Yield quarantine.csv: its header, then one line a row, the cells of its table's columns blank at the end.

    A person fills in the cells and names the file beside the source in the next build.
    """
    waiting = [parsed for parsed in tables if parsed.quarantined]
    names = _columns(waiting or tables)
    for line in ((*_PLACE, *names), *(line for parsed in waiting for line in _lines(parsed, len(names)))):
        yield csv_line(map(harmless, line))


def is_quarantine(source: Source) -> bool:
    """Return whether `source` is a quarantine.csv, by its header."""
    return _delimiter(source.start(_HEAD).decode("utf-8-sig", "replace")) is not None


def read_quarantine(source: Source) -> tuple[Correction, ...]:
    """Return the rows of a quarantine.csv in which a person filled in cells.

    Raises SourceError naming the line when a line cannot be of such a file.
    """
    text = decode(source).text
    header, *rows = split_rows(text, _delimiter(text) or ",")
    found = (_correction(row, header.cells, source) for row in rows if row.filled)
    return tuple(one for one in found if any(one.cells.values()))


def _columns(tables: Iterable[Parsed]) -> tuple[str, ...]:
    names = dict.fromkeys(column.name for parsed in tables for column in parsed.columns)
    return (*(key for key in CELL_KEYS if key in names), *(name for name in names if name not in CELL_KEYS))


def _lines(parsed: Parsed, width: int) -> Iterator[tuple[str, ...]]:
    for row in parsed.quarantined:
        lines = f"{row.lines[0]}-{row.lines[1]}"
        place = (row.source, parsed.table.label, str(row.row), lines)
        yield (*place, row.finding.message, row.finding.hint, row.text, *([""] * width))


def _delimiter(text: str) -> str | None:
    line = text.split("\n", 1)[0].replace('"', "").strip()
    return next((mark for mark in _DELIMITERS if line.split(mark)[: len(_PLACE)] == list(_PLACE)), None)


def _correction(row: RawRow, header: Sequence[str], origin: Source) -> Correction:
    # cells at the end may be missing: some programs leave out what is blank
    values = {name: _plain(cell) for name, cell in zip(header, row.cells, strict=False)}
    if len(row.cells) > len(header) or not values.get("row", "").isdecimal():
        raise SourceError(
            "the line is no row of a quarantine file",
            where=f"{origin.name}, line {row.first_line}",
            raw=row.text,
            allowed=f"{len(header)} cells under the header, a number under 'row'",
            hint="complete the cells at the end of a line and leave the others as they are",
        )
    return Correction(
        source=values.get("source", ""),
        table=values.get("table", ""),
        row=int(values["row"]),
        text=values.get("text", ""),
        cells=_own(values),
        origin=origin.name,
        sha256=origin.sha256,
    )


def _own(values: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in values.items() if name not in _PLACE}


def _plain(cell: str) -> str:
    """Return a cell without the apostrophe that kept a spreadsheet from running it."""
    return cell[1:] if cell.startswith("'") and harmless(cell[1:]) == cell else cell
