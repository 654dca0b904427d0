"""A quarantined row and what a person made of it → the row, to be read like any other."""

from __future__ import annotations

from collections.abc import Sequence

from kg.model import Column, Correction, Finding, Quarantined, Severity, Table
from kg.parse.row import Raw
from kg.vocabulary.text import alike, squeeze


def corrected(
    row: Raw | Quarantined, table: Table, columns: Sequence[Column], corrections: Sequence[Correction]
) -> Raw | Quarantined:
    """Return `row` with the cells that a person gave it, or unchanged when nobody did.

    Place and words of the row must be those that were corrected, so that a correction never lands on another row.
    """
    if not isinstance(row, Quarantined):
        return row
    found = next((c for c in corrections if _is_of(c, row, table)), None)
    if found is None:
        return row
    cells = tuple(squeeze(found.cells.get(column.name, "")) for column in columns)
    message = f"the row could not be read ({row.finding.message}); its cells were completed by a person in {found.origin}"
    done = Finding(Severity.INFO, "row-completed", "row", message, raw=row.text)
    reasons = (f"completed in {found.origin}",) * len(cells)
    return Raw(row.source, row.row, row.lines, cells, (1.0,) * len(cells), reasons, (done,))


def _is_of(correction: Correction, row: Quarantined, table: Table) -> bool:
    place = (correction.source, correction.table, correction.row)
    return place == (row.source, table.label, row.row) and alike(correction.text) == alike(row.text)
