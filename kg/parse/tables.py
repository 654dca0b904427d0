"""Tables → records: understands columns, cuts rows that lost their borders, reads every cell, joins what belongs together.

A row that cannot be read is quarantined with its text and the reason; it is never dropped and never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.cells.legend import check_legend, legend_forms, read_legend
from kg.cells.read import CellReader, Overrides
from kg.columns import header_cuts, is_numbering, understand
from kg.model import Column, Finding, LegendEntry, Parsed, Quarantined, Record, Row, Severity, Table
from kg.parse.row import Raw, assemble
from kg.readers.base import Source
from kg.readers.choose import read_tables
from kg.segment.cut import Cut
from kg.segment.rows import Group, group_rows, sample_score
from kg.vocabulary.lexicon import Lexicon

_SURE = 0.8  # a cut less sure than this is worth a warning


def parse_source(source: Source, lexicon: Lexicon) -> tuple[Parsed, ...]:
    """Return every table of a source, parsed; raises SourceError when there is none."""
    return tuple(parse_table(table, lexicon) for table in read_tables(source, lexicon))


def parse_table(table: Table, lexicon: Lexicon) -> Parsed:
    """Return the records of a table, its quarantined rows, its columns and what is doubtful about the whole."""
    legend = read_legend(table.legend)
    overrides = legend_forms(legend, lexicon)
    raws: list[Raw | Quarantined]
    if table.bordered:
        numbered = is_numbering([row.cells[0] for row in table.rows if row.cells])
        columns = understand(table.header, lexicon, numbered=numbered)
        reader = CellReader(lexicon, overrides, _dose_header(columns))
        raws = [_whole(table, number, row, columns) for number, row in enumerate(table.rows, 1)]
    else:
        columns, reader = _best_columns(table, lexicon, overrides)
        groups = group_rows(table.lines, [column.key for column in columns], reader)
        raws = [_from_group(table, number, group, columns) for number, group in enumerate(groups, 1)]
    context = " ".join((table.title, table.caption))
    read = [assemble(raw, columns, reader, context) if isinstance(raw, Raw) else raw for raw in raws]
    return Parsed(
        table=table,
        columns=columns,
        records=tuple(item for item in read if isinstance(item, Record)),
        quarantined=tuple(item for item in read if isinstance(item, Quarantined)),
        legend=legend,
        findings=(*_column_findings(columns), *_legend_findings(legend, lexicon)),
    )


def _best_columns(
    table: Table, lexicon: Lexicon, overrides: Overrides
) -> tuple[tuple[Column, ...], CellReader]:
    """Return the reading of an uncut header under which the first rows fit best; the first of equals.

    A reading that knows all its columns is better than one with a column of free text, which would fit any row.
    """
    numbered = is_numbering([line.text.split(maxsplit=1)[0] for line in table.lines if line.text.strip()])
    cuts = header_cuts(table.header_line, lexicon)
    ways = [understand(header, lexicon, numbered=numbered) for header in cuts]
    fewest = min(_unknown(columns) for columns in ways)
    readers = [
        (columns, CellReader(lexicon, overrides, _dose_header(columns)))
        for columns in ways
        if _unknown(columns) == fewest
    ]
    if len(readers) == 1:
        return readers[0]
    return max(readers, key=lambda way: sample_score(table.lines, [c.key for c in way[0]], way[1]))


def _unknown(columns: Sequence[Column]) -> int:
    return sum(not column.key for column in columns)


def _dose_header(columns: Sequence[Column]) -> str:
    return next((column.header for column in columns if column.key == "dose"), "")


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


def _from_group(table: Table, number: int, group: Group, columns: Sequence[Column]) -> Raw | Quarantined:
    lines = (group.first_line, group.last_line)
    if group.cut is not None:
        found = group.cut
        doubts = _doubts(found, columns)
        return Raw(table.source, number, lines, found.cells, found.confidence, found.reasons, doubts)
    finding = Finding(
        Severity.VIOLATION,
        "row-uncut",
        "row",
        "the words of the row do not fill the columns " + ", ".join(column.header for column in columns),
        raw=group.text,
        hint="complete the row, or write a mark such as N.A. where a cell is empty",
    )
    return Quarantined(table.source, number, lines, group.text, finding)


def _doubts(cut: Cut, columns: Sequence[Column]) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for column, cell, sure in zip(columns, cut.cells, cut.confidence, strict=True):
        if cell and sure >= _SURE:
            continue
        code, what = ("cut-uncertain", f"the cell was cut with confidence {sure:.2f}")
        if not cell:
            code, what = "cell-absent", "the row has no words for this column; it is taken as empty"
        hint = "compare with the source; a table with borders (CSV, HTML) needs no cutting"
        found.append(Finding(Severity.WARNING, code, column.name, f"{what}: {cell!r}", cell, hint))
    return tuple(found)


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
