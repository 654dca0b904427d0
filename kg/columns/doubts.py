"""Columns whose cells say something else than their headers → the findings about them."""

from __future__ import annotations

from collections.abc import Sequence

from kg.columns.evidence import Cells
from kg.columns.names import Named
from kg.columns.words import plain, why_text
from kg.model import Column, Finding, Severity

_HINT = "compare with the source; --column HEADER=MEANING says what a column means"


def contradiction(named: Named, column: Column) -> Finding:
    """Return the warning that the cells of a column are clearly something else than its header says.

    It is only a remark when the header is so general ("No.") that it hardly says anything.
    """
    meant = ", ".join(map(plain, column.keys))
    message = f"the header {named.header!r} names {plain(named.key)}, but its cells read as {meant} and are taken as that"
    severity = Severity.INFO if named.loose else Severity.WARNING
    return Finding(severity, "column-contradicts-header", "table", message, raw=named.header, hint=_HINT)


def kept_as_text(named: Named, column: Column, cells: Cells) -> Finding:
    """Return the remark that a general header is not borne out by the cells, which are kept as text."""
    message = f"the header {named.header!r} may name {plain(named.key)}, but {why_text(cells)}; kept as text"
    return Finding(Severity.INFO, "column-kept-as-text", "table", message, raw=column.header, hint=_HINT)


def told_by_cells(named: Named, column: Column) -> Finding:
    """Return the remark that a header is not known and the cells alone say what the column is."""
    meant = ", ".join(map(plain, column.keys))
    message = f"the header {named.header!r} does not say so, but the cells of the column read as {meant}"
    return Finding(Severity.INFO, "column-from-cells", "table", message, raw=column.header, hint=_HINT)


def out_of_order(named: Sequence[Named], columns: Sequence[Column]) -> Finding:
    """Return the warning that the headers stand in another order than the cells, and how they were put right."""
    pairs = [
        f"{one.header!r} over {plain(column.key) if column.key else column.header!r}"
        for one, column in zip(named, columns, strict=True)
        if one.header != column.header
    ]
    message = f"the header's order is not that of the cells: {', '.join(pairs)}; the cells decide"
    raw = " | ".join(one.header for one in named)
    return Finding(Severity.WARNING, "header-order", "table", message, raw=raw, hint=_HINT)
