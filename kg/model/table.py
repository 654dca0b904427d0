"""A source table as the readers make it: rows and cells, columns, and what a user says about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from kg.model.findings import Finding


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a source: its 1-based number and its verbatim text."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row as the source has it: verbatim texts of its cells, white space folded, and its lines.

    `inherited` are the positions of the cells whose text stands elsewhere and holds for this row too: in a
    section row above it, or in a cell that spans several rows.
    """

    first_line: int
    last_line: int
    cells: tuple[str, ...]
    inherited: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """One work of a source's own reference list: the key by which cells cite it ("68"), its DOI and PMID, its words."""

    key: str
    doi: str = ""
    pmid: str = ""
    text: str = ""


class Rows(Protocol):
    """Rows that can be read more than once without all of them being in memory."""

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows from the first one on."""


@dataclass(frozen=True, slots=True)
class Table:
    """One source table. Either `rows` are cut into cells, or `lines` still lack their borders (`bordered`).

    `source` is the file's name (or the table's own name), `label` e.g. "Table 2", `doi` without a resolver,
    `header` the header cells, or one uncut header line in `header_line` when the borders are lost. `layout` is
    the name of the layout it was read as, `works` the reference list that came with it. `rows` may be read more
    than once; those of a large file come from the file each time.
    """

    source: str
    sha256: str
    header: tuple[str, ...] = ()
    header_line: str = ""
    header_number: int = 0
    rows: Sequence[Row] | Rows = ()
    lines: tuple[Line, ...] = ()
    bordered: bool = True
    label: str = ""
    caption: str = ""
    title: str = ""
    doi: str = ""
    legend: str = ""
    findings: tuple[Finding, ...] = ()
    layout: str = ""
    works: tuple[Work, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of a table means: `key` is a key of the record ("dose") or "" for a column of its own.

    `header` is its header as written; `rule` and `confidence` (0 to 1) say why it is thought to mean that, and
    `evidence` in words what speaks for it. A column whose cells hold several things at once has no `key` but
    `parts`, the keys of these things ("dose", "route").
    """

    key: str
    header: str
    rule: str
    confidence: float
    parts: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name under which the record keeps this column's cells."""
        return self.key or self.header

    @property
    def keys(self) -> tuple[str, ...]:
        """The record's keys that this column's cells fill: one, several, or none."""
        return (self.key,) if self.key else self.parts


@dataclass(frozen=True, slots=True)
class Choice:
    """A user's word on one column: in the table with this label ("": every table), the column with this number
    (from 1) or header, means `keys`; no keys: it is kept as text."""

    column: str
    keys: tuple[str, ...]
    table: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Correction:
    """A quarantined row as a person completed it: source, table's label, number and verbatim text of the row, and its
    cells by the name of their column (`Column.name`); `origin` and `sha256` are the file that says so."""

    source: str
    table: str
    row: int
    text: str
    cells: Mapping[str, str]
    origin: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can tell the parser about a source: what columns mean, and what the source does not say itself.

    `facts` maps "label", "caption", "title", "doi", "legend", "disease" or "license" to text; `origin` names the
    file and `sha256` is its checksum; `corrections` complete rows that were quarantined before.
    """

    columns: tuple[Choice, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""
    corrections: tuple[Correction, ...] = ()
    sha256: str = ""
