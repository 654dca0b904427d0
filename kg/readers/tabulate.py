"""Grids → the tables of trials among them, with header, rows, section rows and legend told apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

from kg.model import Row, Table
from kg.readers.document import Document
from kg.readers.grid import Grid
from kg.readers.header import best_header, no_table, score_cells
from kg.readers.surroundings import read_preamble
from kg.vocabulary.lexicon import Lexicon

_HEAD = 30  # rows among which the header is looked for


def tables_of(document: Document, grids: Sequence[Grid], lexicon: Lexicon) -> tuple[Table, ...]:
    """Return the tables of trials among `grids`, in their order, at least one.

    Raises SourceError when none of them is one, naming the headers that were seen.
    """
    tables = tuple(_tables(document, grids, lexicon))
    if not tables:
        raise no_table(document.name, sorted({grid.layout for grid in grids}), lexicon)
    return tables


def _tables(document: Document, grids: Sequence[Grid], lexicon: Lexicon) -> Iterator[Table]:
    for grid in grids:
        at = best_header((i, score_cells(row.cells, lexicon)) for i, row in enumerate(grid.rows[:_HEAD]))
        if at is not None and grid.rows[at + 1 :]:
            yield _table(document, grid, at)


def _table(document: Document, grid: Grid, at: int) -> Table:
    above = read_preamble(grid.before)
    rows = grid.rows[at + 1 :]
    return Table(
        source=document.name,
        sha256=sha256(document.data).hexdigest(),
        header=grid.rows[at].cells,
        header_number=grid.rows[at].first_line,
        rows=tuple(Row(row.first_line, row.last_line, row.cells) for row in rows if any(row.cells)),
        label=grid.label or above.label,
        caption=grid.caption or above.caption,
        title=grid.title or above.title,
        doi=grid.doi or above.doi,
        legend=grid.legend,
        findings=(*grid.findings, *above.findings),
        layout=grid.layout,
        works=grid.works,
    )
