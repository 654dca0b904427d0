"""Cells in rows and columns, as every layout with borders gives them: the common form between reader and table."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model import Finding, Work


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of a grid: its lines in the source (or the row number of a sheet) and its cells, white space folded.

    A cell that spans columns or rows stands once, at its first place; the other places hold "" and are named in
    `across` (continues the cell at the left) or `down` (continues the cell above). `header` says that the source's
    own mark-up calls the whole row a header.
    """

    first_line: int
    last_line: int
    cells: tuple[str, ...]
    header: bool = False
    across: tuple[int, ...] = ()
    down: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """One grid of a source with what its layout knows about it; empty strings where it does not say.

    `place` names it in messages ("table 2 of the page", "sheet 'Trials'"). `before` and `after` are the texts around
    it, from which label, caption and legend are read when the layout does not mark them.
    """

    rows: tuple[GridRow, ...]
    layout: str
    place: str = ""
    label: str = ""
    caption: str = ""
    title: str = ""
    doi: str = ""
    legend: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    works: tuple[Work, ...] = ()
    findings: tuple[Finding, ...] = ()
