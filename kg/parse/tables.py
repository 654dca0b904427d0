"""Tables → records: understands columns, cuts rows that lost their borders, reads every cell, joins what belongs together.

A row that cannot be read is quarantined with its text and the reason; it is never dropped and never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.cells.legend import check_legend, legend_forms, read_legend
from kg.cells.read import CellReader
from kg.columns.understand import dose_header, is_numbering, understand
from kg.model import Column, Finding, LegendEntry, Parsed, Quarantined, Record, Row, Settings, Severity, Table
from kg.parse.borderless import cut_table
from kg.parse.corrections import corrected
from kg.parse.row import Raw, assemble
from kg.readers.base import Source
from kg.readers.choose import read_tables
from kg.vocabulary.lexicon import Lexicon


def parse_source(source: Source, lexicon: Lexicon, settings: Settings = Settings()) -> tuple[Parsed, ...]:  # noqa: B008
    """Return every table of a source, parsed; raises SourceError when there is none."""
    return tuple(parse_table(table, lexicon, settings) for table in read_tables(source, lexicon))


def parse_table(table: Table, lexicon: Lexicon, settings: Settings = Settings()) -> Parsed:  # noqa: B008
    """Return the records of a table, its quarantined rows, its columns and what is doubtful about the whole."""
    legend = read_legend(table.legend)
    overrides = legend_forms(legend, lexicon)
    raws: list[Raw | Quarantined]
    doubts: tuple[Finding, ...] = ()
    if table.bordered:
        numbered = is_numbering([row.cells[0] for row in table.rows if row.cells])
        columns = understand(table.header, lexicon, numbered=numbered)
        reader = CellReader(lexicon, overrides, dose_header(columns))
        raws = [_whole(table, number, row, columns) for number, row in enumerate(table.rows, 1)]
    else:
        columns, reader, raws, doubts = cut_table(table, lexicon, overrides)
    raws = [corrected(raw, table, columns, settings.corrections) for raw in raws]
    context = " ".join((table.title, table.caption))
    read = [assemble(raw, columns, reader, context) if isinstance(raw, Raw) else raw for raw in raws]
    return Parsed(
        table=table,
        columns=columns,
        records=tuple(item for item in read if isinstance(item, Record)),
        quarantined=tuple(item for item in read if isinstance(item, Quarantined)),
        legend=legend,
        findings=(*doubts, *_column_findings(columns), *_legend_findings(legend, lexicon)),
    )


def _whole(table: Table, number: int, row: Row, columns: Sequence[Column]) -> Raw | Quarantined:
    lines = (row.first_line, row.last_line)
    if len(row.cells) == len(columns):
        return Raw(table.source, number, lines, row.cells)
    finding = Finding(
        Severity.VIOLATION,
        "row-width",
        "row",
        f"the row has {len(row.cells)} cells, the header has {len(columns)}",
        raw=" | ".join(row.cells),
        hint="quote cells that hold the separator, and leave no cell of the row out",
    )
    return Quarantined(table.source, number, lines, " | ".join(row.cells), finding)


def _column_findings(columns: Sequence[Column]) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            Severity.INFO,
            "column-unknown",
            "table",
            f"the column {column.header!r} is not one the model has a place for; its cells are kept as text",
            raw=column.header,
        )
        for column in columns
        if not column.key
    )


def _legend_findings(legend: Sequence[LegendEntry], lexicon: Lexicon) -> tuple[Finding, ...]:
    return tuple(replace(finding, column="table") for finding in check_legend(legend, lexicon))
