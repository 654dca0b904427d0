"""A table → how to read it: columns, reader of cells, legend, findings; from its head and a sample of its rows.

The rows are then read one by one, so that a table of any length needs no more memory than a short one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from kg.cells.legend import check_legend, legend_forms, read_legend
from kg.cells.read import CellReader
from kg.columns.understand import Understood, dose_header, understand_cells
from kg.errors import shorten
from kg.model import Column, Finding, LegendEntry, Quarantined, Record, Settings, Severity, Table
from kg.parse.align import Aligner
from kg.parse.borderless import cut_table
from kg.parse.context import TableContext
from kg.parse.corrections import corrected
from kg.parse.row import Raw, assemble
from kg.vocabulary.lexicon import Lexicon

SAMPLE = 200
"""Rows from which the meaning of the columns is taken."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How one table is read, and what is doubtful about the whole of it.

    `raws` are its rows when cutting them was the only way to know the columns, else None.
    """

    table: Table
    columns: tuple[Column, ...]
    reader: CellReader
    settings: Settings
    legend: tuple[LegendEntry, ...] = ()
    findings: tuple[Finding, ...] = ()
    raws: tuple[Raw | Quarantined, ...] | None = None

    def read(self) -> Iterator[Record | Quarantined]:
        """Yield what became of each row, in the table's order; may be asked for more than once."""
        table = self.table
        context = TableContext(table.caption, table.title, self.settings.facts.get("disease", ""))
        for raw in self._raws():
            done = corrected(raw, self.table, self.columns, self.settings.corrections)
            yield assemble(done, self.columns, self.reader, context) if isinstance(done, Raw) else done

    def _raws(self) -> Iterator[Raw | Quarantined]:
        if self.raws is not None:
            yield from self.raws
            return
        lost = any(finding.code == "cell-inherited" for finding in self.table.findings)
        aligner = Aligner(self.columns, self.reader, lost=lost)
        for number, row in enumerate(self.table.rows, 1):
            yield aligner.align(self.table.source, number, row)


def plan_table(table: Table, lexicon: Lexicon, settings: Settings | None = None) -> Plan:
    """Return how `table` is read; the first rows are looked at, and the lines of a table without borders are cut."""
    settings = settings or Settings()
    table = _with_facts(table, settings)
    legend = read_legend(table.legend)
    overrides = legend_forms(legend, lexicon)
    raws: tuple[Raw | Quarantined, ...] | None = None
    doubts: tuple[Finding, ...] = ()
    first = CellReader(lexicon, overrides)
    if table.bordered:
        understood = _understood(table, first, settings)
    else:
        cut = cut_table(table, lexicon, overrides)
        raws, doubts = tuple(cut.raws), cut.findings
        sample = [raw.cells for raw in raws[:SAMPLE] if isinstance(raw, Raw)]
        headed = replace(table, header=tuple(column.header for column in cut.columns))
        understood = understand_cells(headed, sample, cut.reader, settings.columns)
        if not sample and not settings.columns:
            understood = Understood(cut.columns)
    headers = {key: column.header for column in understood.columns for key in column.keys}
    reader = CellReader(lexicon, overrides, dose_header(understood.columns), headers)
    found = (*doubts, *understood.findings, *_unknown(understood.columns), *_of_legend(legend, lexicon))
    return Plan(table, understood.columns, reader, settings, legend, found, raws)


def _understood(table: Table, reader: CellReader, settings: Settings) -> Understood:
    """Return what the columns mean; rows of another width than the header speak too, once they are aligned."""
    rows = list(islice(table.rows, SAMPLE))
    whole = [row.cells for row in rows if len(row.cells) == len(table.header)]
    understood = understand_cells(table, whole, reader, settings.columns)
    if len(whole) == len(rows):
        return understood
    aligner = Aligner(understood.columns, reader)
    aligned = [aligner.align(table.source, 0, row) for row in rows]
    sample = [raw.cells for raw in aligned if isinstance(raw, Raw)]
    return understand_cells(table, sample, reader, settings.columns)


def _with_facts(table: Table, settings: Settings) -> Table:
    """Return the table with what the user says of it in place of what the source does not say."""
    facts = settings.facts
    return replace(
        table,
        label=facts.get("label", table.label),
        caption=facts.get("caption", table.caption),
        title=facts.get("title", table.title),
        doi=facts.get("doi", table.doi),
        legend=facts.get("legend", table.legend),
    )


def _unknown(columns: Sequence[Column]) -> tuple[Finding, ...]:
    """Return one remark on all columns that the record has no place for; a registry's export has dozens of them."""
    headers = [shorten(column.header) for column in columns if not column.keys]
    if not headers:
        return ()
    message = f"kept as text under their own headers: {', '.join(map(repr, headers))}"
    return (Finding(Severity.INFO, "column-unknown", "table", message, raw=" | ".join(headers)),)


def _of_legend(legend: Sequence[LegendEntry], lexicon: Lexicon) -> tuple[Finding, ...]:
    return tuple(replace(finding, column="table") for finding in check_legend(legend, lexicon))
