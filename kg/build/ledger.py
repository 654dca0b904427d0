"""Parsed tables → the ledger: one line a cell, what became of it, by which rule, from which characters.

Every cell stands here once, those of quarantined rows too, so that the states of a table add up to its rows
times its columns. A cell that holds several things is one cell too: its column is "dose+route", and it is mapped when
one of them is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from kg.model import Parsed, State
from kg.records import csv_line, harmless

HEADER = (
    "source",
    "table",
    "row",
    "lines",
    "column",
    "header",
    "state",
    "rule",
    "spans",
    "confidence",
    "reason",
    "text",
)


def ledger_rows(tables: Iterable[Parsed]) -> Iterator[tuple[str, ...]]:
    """Yield one row a cell in the order of the tables, `HEADER` names its fields.

    `spans` are the characters of `text` that the value rests on, "0-15 20-24"; `text` of a quarantined row is
    the whole row and stands with its first cell only.
    """
    for parsed in tables:
        yield from sorted(_of_table(parsed), key=lambda row: int(row[2]))


def write_ledger(tables: Iterable[Parsed]) -> Iterator[str]:
    """Yield the ledger as CSV (RFC 4180, but with line feeds alone), the header first.

    A field that a spreadsheet would run as a formula has an apostrophe in front, which `spans` do not count.
    """
    for row in (HEADER, *ledger_rows(tables)):
        yield csv_line(map(harmless, row))


def count_states(tables: Sequence[Parsed]) -> dict[str, int]:
    """Return how many cells each state has, every state named, in the model's order."""
    counts = Counter(row[6] for row in ledger_rows(tables))
    return {state.value: counts.get(state.value, 0) for state in State}


def _of_table(parsed: Parsed) -> Iterator[tuple[str, ...]]:
    label = parsed.table.label
    for record in parsed.records:
        lines = f"{record.lines[0]}-{record.lines[1]}"
        for cell in record.cells:
            spans = " ".join(f"{span.start}-{span.end}" for span in cell.spans)
            place = (record.source, label, str(record.row), lines, "+".join(cell.keys), cell.header)
            yield (*place, cell.state.value, cell.rule, spans, f"{cell.confidence:g}", cell.reason, cell.text)
    for row in parsed.quarantined:
        lines = f"{row.lines[0]}-{row.lines[1]}"
        for at, column in enumerate(parsed.columns):
            name = "+".join(column.keys) or column.name
            place = (row.source, label, str(row.row), lines, name, column.header)
            text = "" if at else row.text
            yield (*place, State.QUARANTINED.value, row.finding.code, "", "0", row.finding.message, text)
