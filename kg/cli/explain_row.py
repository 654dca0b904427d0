"""Single rows of parsed tables → all that is known of each: its cells with state and rule, its outcome, its doubts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.cli.explain import notes, page_width, wrapped
from kg.cli.explain_outcome import explain_outcome
from kg.cli.marks import Line
from kg.cli.shared import place
from kg.cli.tables import readable
from kg.model import Cell, Parsed, Part, Quarantined, Record, State
from kg.vocabulary.text import squeeze


def explain_rows(tables: Sequence[Parsed]) -> Iterator[Line]:
    """Yield the explanation of every row of the tables of one source, named by its table where there are several."""
    first = True
    for number, parsed in enumerate(tables, 1):
        which = f", table {number} of {len(tables)}" if len(tables) > 1 else ""
        if which and parsed.table.label:
            which += f" ({parsed.table.label})"
        rows: list[Record | Quarantined] = [*parsed.records, *parsed.quarantined]
        for row in sorted(rows, key=lambda one: one.row):
            if not first:
                yield Line("")
            first = False
            yield from _row(row, f"{parsed.table.source}{which}, row {row.row}, {place(row.lines)}")


def _row(row: Record | Quarantined, head: str) -> Iterator[Line]:
    yield Line(head)
    yield Line("=" * min(len(head), page_width()))
    yield from _quarantined(row) if isinstance(row, Quarantined) else _record(row)


def _quarantined(row: Quarantined) -> Iterator[Line]:
    finding = row.finding
    yield from _wrapped(
        "", f"This row is quarantined, it could not be read: {finding.message} ({finding.code})"
    )
    if finding.hint:
        yield from _wrapped("hint: ", finding.hint)
    yield from _titled("Its text", _wrapped("  ", squeeze(row.text)))


def _record(record: Record) -> Iterator[Line]:
    yield from _titled("Cells: column, state, rule; text; what was read", _cells(record))
    found = [line for note in notes(record) for line in _wrapped("  - ", note)]
    if found:
        yield from _titled("Notes", found)
    if record.outcome:
        yield from _titled("Outcome", explain_outcome(record.outcome))


def _titled(title: str, lines: Iterator[Line] | Sequence[Line]) -> Iterator[Line]:
    yield Line("")
    yield Line(title)
    yield from lines


def _cells(record: Record) -> Iterator[Line]:
    values = readable(record)
    for cell in record.cells:
        yield from _cell(cell, values)
    keys = {key for cell in record.cells for key in cell.keys}
    for key, value in values.items():
        if key not in keys and value:
            yield from _wrapped("  ", f"{key}, without a column of its own")
            yield from _wrapped("      = ", value)


def _cell(cell: Cell, values: dict[str, str]) -> Iterator[Line]:
    name = "+".join(cell.keys)
    under = f', under "{cell.header}"' if cell.header.casefold() != name else ""
    sure = f"; {cell.reason} ({cell.confidence:.2f})" if round(cell.confidence, 2) < 1 else ""
    yield from _wrapped("  ", f"{name}{under}: {_became(cell)}{sure}")
    if "outcome" in cell.keys and not cell.parts and cell.state is not State.EMPTY:
        yield Line("      see Outcome below")
    else:
        yield from _wrapped("      ", squeeze(cell.text) or "(blank)")
    for part in cell.parts:
        said = f'"{squeeze(part.text)}", {_became(part)}' if part.text else "nothing"
        yield from _wrapped("      ", f"{part.key}: {said}")
        yield from _value(part.key, part.text, values)
    if not cell.parts:
        yield from _value(cell.column, cell.text, values)


def _value(key: str, text: str, values: dict[str, str]) -> Iterator[Line]:
    if values.get(key, "") not in ("", squeeze(text)):
        yield from _wrapped("      = ", values[key])


def _became(one: Cell | Part) -> str:
    return f"{one.state} by {one.rule}" if one.rule else str(one.state)


def _wrapped(lead: str, text: str) -> Iterator[Line]:
    yield from map(Line, wrapped(lead, text))
