"""What the program works with: frozen records of a table, its rows and cells, and what was read of them.

Nothing here knows a file format, RDF or a command. Raw text always stands beside what was made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from kg.triples import Block as Block
from kg.triples import Literal as Literal
from kg.triples import Node as Node
from kg.vocabulary.lexicon import Concept

T = TypeVar("T")


class Severity(StrEnum):
    """How bad a finding is: `violation` breaks the meaning, `warning` is doubtful, `info` is a remark."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


class State(StrEnum):
    """What became of a cell, as the ledger counts it."""

    MAPPED = "mapped"
    TEXT = "kept as text"
    EMPTY = "empty"
    UNRECOGNISED = "unrecognised"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Finding:
    """Anything doubtful: how bad, a stable code in kebab-case, column, what is the matter, raw text, hint.

    `column` is a column's key ("dose"), "row" for the whole row, or "table" for the whole table.
    """

    severity: Severity
    code: str
    column: str
    message: str
    raw: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `[start, end)` of a cell's verbatim text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What a reader of cells made of one cell text.

    `rule` names the rule that fired; `spans` are the characters that the value rests on; `unread` are the
    characters that the reader could make nothing of. A reading is complete when `unread` is empty.
    """

    value: T
    state: State
    rule: str
    spans: tuple[Span, ...] = ()
    unread: tuple[Span, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every character was understood."""
        return not self.unread and self.state is not State.UNRECOGNISED


# ---------------------------------------------------------------- tables, as the readers make them


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a source: its 1-based number and its verbatim text."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row as the source has it: verbatim texts of its cells, white space folded, and its lines."""

    first_line: int
    last_line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One source table. Either `rows` are cut into cells, or `lines` still lack their borders (`bordered`).

    `source` is the file's name (or the table's own name), `label` e.g. "Table 2", `doi` without a resolver,
    `header` the header cells, or one uncut header line in `header_line` when the borders are lost.
    """

    source: str
    sha256: str
    header: tuple[str, ...] = ()
    header_line: str = ""
    header_number: int = 0
    rows: tuple[Row, ...] = ()
    lines: tuple[Line, ...] = ()
    bordered: bool = True
    label: str = ""
    caption: str = ""
    title: str = ""
    doi: str = ""
    legend: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of a table means: `key` is a key of the record ("dose") or "" for a column of its own.

    `header` is its header as written; `rule` and `confidence` (0 to 1) say why it is thought to mean that.
    """

    key: str
    header: str
    rule: str
    confidence: float

    @property
    def name(self) -> str:
        """The name under which the record keeps this column's cells."""
        return self.key or self.header


# ---------------------------------------------------------------- what a cell can mean


@dataclass(frozen=True, slots=True)
class Dose:
    """Amount of one administration: `low` to `high` (equal for a single value) in `unit`, a concept or None.

    `status` is "exact", "restored" or "ambiguous"; `verbatim` the words it rests on; `route` the
    route that this dose goes with when the row pairs several doses with several routes.
    """

    low: Decimal
    high: Decimal
    unit: Concept | None
    status: str
    verbatim: str
    span: Span
    route: Concept | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Doses that a patient receives, least and most (None: open or not known), and the time between them.

    `interval` is an ISO 8601 duration ("P2W"), `interval_days` the same in days where that is exact.
    """

    minimum: int | None = None
    maximum: int | None = None
    median: Decimal | None = None
    interval: str = ""
    interval_days: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """One registration number as written, its registry (None when none has such numbers), its validity.

    `valid` says that the number has its registry's own format, nothing else.
    """

    number: str
    registry: Concept | None
    valid: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Phase:
    """Phases of one cell: single concepts of the scheme (I, II) and the normalised label ("Ib/IIa" or "")."""

    phases: tuple[Concept, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Mentions:
    """Concepts named in a cell, in the order of the text, each once; `operator` is "and", "or" or ""."""

    concepts: tuple[Concept, ...] = ()
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome cell: verbatim text and the concept of its status (reported, not public)."""

    verbatim: str
    status: Concept


# ---------------------------------------------------------------- the record


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

    def cell(self, column: str) -> Cell | None:
        """Return the cell of a column by its key or header, or None."""
        return next((c for c in self.cells if c.column == column), None)

    def text(self, column: str) -> str:
        """Return the verbatim text of a column, "" when the source has no such column."""
        cell = self.cell(column)
        return cell.text if cell else ""


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
    """A table and all that was read of it: `columns` in the table's order, records and quarantine by row."""

    table: Table
    columns: tuple[Column, ...]
    records: tuple[Record, ...]
    quarantined: tuple[Quarantined, ...] = ()
    legend: tuple[LegendEntry, ...] = ()
    findings: tuple[Finding, ...] = ()
