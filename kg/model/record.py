"""A row after parsing, with all that is known of its cells, and the table that it stands in."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.model.findings import Finding, Span, State
from kg.model.outcome import Outcome
from kg.model.table import Column, Settings, Table
from kg.model.values import Dose, Mentions, Phase, Registration, Schedule
from kg.vocabulary.lexicon import Concept


@dataclass(frozen=True, slots=True)
class Part:
    """What a cell that holds several things at once says of one of them: `text` are the words for it, stretches
    that do not touch joined by " ; ", `spans` their places in the cell's text."""

    key: str
    text: str
    state: State
    rule: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """A value that has no column of its own: where it was found, "caption" or "title" of the table or the header of
    another column of the row, and the words there. `given` says that the place is the
    table's one column on what the patients get, such as a registry's "Intervention", so that its words are as good as
    a cell."""

    key: str
    place: str
    text: str
    given: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row with everything that the ledger says of it.

    `column` is the record's key or, for a column of its own, the header; `confidence` is that of the cut
    (1 when the source has borders) and `reason` says why the cell was cut there.
    """

    column: str
    header: str
    text: str
    state: State
    rule: str
    spans: tuple[Span, ...] = ()
    confidence: float = 1.0
    reason: str = ""
    parts: tuple[Part, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The record's keys that this cell fills; the header stands here for a column of its own."""
        return tuple(dict.fromkeys(part.key for part in self.parts)) or (self.column,)


@dataclass(frozen=True, slots=True)
class Record:
    """One row after parsing. None stands for a column that the source does not have; see `kg parse`."""

    source: str
    row: int
    lines: tuple[int, int]
    cells: tuple[Cell, ...]
    diseases: Mentions | None = None
    cell_sources: Mentions | None = None
    donor: Concept | None = None
    product: Concept | None = None
    routes: Mentions | None = None
    doses: tuple[Dose, ...] | None = None
    schedule: Schedule | None = None
    patients: int | None = None
    registrations: tuple[Registration, ...] | None = None
    phase: Phase | None = None
    references: tuple[str, ...] | None = None
    outcome: Outcome | None = None
    findings: tuple[Finding, ...] = ()
    context: tuple[Context, ...] = ()

    def cell(self, column: str) -> Cell | None:
        """Return the cell of a column by its key or header, also when it holds other things too, or None."""
        return next((c for c in self.cells if c.column == column or column in c.keys), None)

    def text(self, column: str) -> str:
        """Return the verbatim text of a column or of the part of a cell, "" when the source has neither."""
        cell = self.cell(column)
        if cell is None:
            return ""
        return next((part.text for part in cell.parts if part.key == column), cell.text)

    def state(self, column: str) -> State | None:
        """Return what became of a column's cell, or of the part of a cell; None when the source has neither."""
        cell = self.cell(column)
        if cell is None:
            return None
        return next((part.state for part in cell.parts if part.key == column), cell.state)

    def context_of(self, key: str) -> Context | None:
        """Return where a value without a column was found, None for any other."""
        return next((context for context in self.context if context.key == key), None)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row that could not be read: its place, its verbatim text and why."""

    source: str
    row: int
    lines: tuple[int, int]
    text: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One abbreviation of a table's legend and the words that it stands for."""

    form: str
    expansion: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """A table and all that was read of it: `columns` in the table's order, records and quarantine by row, and what
    the user said about it."""

    table: Table
    columns: tuple[Column, ...]
    records: tuple[Record, ...]
    quarantined: tuple[Quarantined, ...] = ()
    legend: tuple[LegendEntry, ...] = ()
    findings: tuple[Finding, ...] = ()
    settings: Settings = field(default_factory=Settings)
