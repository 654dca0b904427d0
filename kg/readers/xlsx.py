"""A spreadsheet (XLSX, XLSM) → one grid a sheet, and from these the tables of trials.

Formulas count by the value that was saved with them; macros, links to other files and pictures are not looked at.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.errors import SourceError
from kg.model import Finding, Severity, Table
from kg.readers.archive import Archive, is_zip, member_names
from kg.readers.document import Document
from kg.readers.grid import Grid, GridRow
from kg.readers.regions import pieces_of
from kg.readers.separated import RawRow
from kg.readers.sheets import Area, Place, Sheet, SheetCells, Workbook, is_workbook
from kg.readers.surroundings import find_doi
from kg.readers.tabulate import flat, tables_of
from kg.vocabulary.lexicon import Lexicon

_LAYOUT = "spreadsheet (XLSX)"
_MOST_PLACES = 5_000_000  # places of a sheet's rows and columns, also empty ones
_SHOWN = 5  # cells that a remark names


class XlsxReader:
    """Sheets of a workbook, each a table or several."""

    name = _LAYOUT

    def fits(self, document: Document, lexicon: Lexicon) -> bool:  # noqa: ARG002
        """Return whether the source is an archive with a workbook in it."""
        return is_zip(document.source.start(4)) and any(map(is_workbook, member_names(document.data)))

    def read(self, document: Document, lexicon: Lexicon) -> Sequence[Table]:
        """Return the tables of trials in all sheets; raises SourceError when there is none, or for damage."""
        workbook = Workbook(Archive(document.name, document.data))
        grids = [
            part
            for sheet in workbook.sheets
            if (grid := _grid(document, sheet, workbook.read(sheet)))
            for part in _parts(grid, lexicon)
        ]
        if not grids:
            raise SourceError("no sheet of the spreadsheet has a cell with text", where=document.name)
        return tables_of(document, grids, lexicon)


def _grid(document: Document, sheet: Sheet, cells: SheetCells) -> Grid | None:
    if not cells.texts:
        return None
    rows = sorted(cells.texts)
    columns = sorted({column for row in cells.texts.values() for column in row})
    width = columns[-1] - columns[0] + 1
    place = f"sheet {sheet.name!r}"
    if width * len(rows) > _MOST_PLACES:
        raise SourceError(
            f"its cells lie in {len(rows)} rows and {width} columns, as far as {place_name(rows[-1], columns[-1])}",
            where=f"{document.name}, {place}",
            allowed=f"{_MOST_PLACES} places",
            hint="delete what stands far from the table, or save the sheet as CSV (UTF-8)",
        )
    across, down = _spans(document, cells.merged, rows, (columns[0], columns[-1]))
    grid_rows = []
    last = rows[0] - 1
    for row in rows:
        if row > last + 1:  # a gap may part two tables
            grid_rows.append(GridRow(last + 1, row - 1, ("",) * width))
        texts = cells.texts[row]
        shown = tuple(texts.get(column, "") for column in range(columns[0], columns[-1] + 1))
        grid_rows.append(
            GridRow(row, row, shown, across=tuple(across.get(row, ())), down=tuple(down.get(row, ())))
        )
        last = row
    return Grid(tuple(grid_rows), _LAYOUT, place, findings=tuple(_remarks(place, sheet, cells)))


def _parts(grid: Grid, lexicon: Lexicon) -> Iterator[Grid]:
    """Yield a grid for each table of a sheet; the DOI above the first one holds for all of them."""
    raw = [RawRow(row.first_line, row.last_line, row.cells, "\t".join(row.cells)) for row in grid.rows]
    pieces = list(pieces_of(raw, lexicon))
    at = 0
    doi = ""
    for number, piece in enumerate(pieces, 1):
        rows = _narrowed(grid.rows[at : at + len(piece)])
        at += len(piece)
        place = f"{grid.place}, table {number} of {len(pieces)}" if len(pieces) > 1 else grid.place
        yield replace(grid, rows=rows, place=place, doi=doi, findings=grid.findings if number == 1 else ())
        doi = doi or find_doi([flat(row.cells) for row in rows if sum(map(bool, row.cells)) == 1])[0]


def _narrowed(rows: Sequence[GridRow]) -> tuple[GridRow, ...]:
    """Return the rows without the columns at the right that are blank in all of them."""
    width = max((at for row in rows for at, cell in enumerate(row.cells, 1) if cell), default=0)
    return tuple(
        replace(
            row,
            cells=row.cells[:width],
            across=tuple(at for at in row.across if at < width),
            down=tuple(at for at in row.down if at < width),
        )
        for row in rows
    )


def _spans(
    document: Document, areas: Sequence[Area], rows: Sequence[int], edges: tuple[int, int]
) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Return, by row, the positions that continue the cell at the left, and those that continue the one above."""
    across: dict[int, list[int]] = {}
    down: dict[int, list[int]] = {}
    covered = 0
    for top, left, bottom, right in areas:
        first, end = max(left, edges[0]) - edges[0], min(right, edges[1]) - edges[0] + 1
        inside = rows[bisect_left(rows, top) : bisect_right(rows, bottom)]
        covered += len(inside) * max(0, end - first)
        if covered > _MOST_PLACES:
            raise SourceError("its merged cells cover each other again and again", where=document.name)
        for row in inside:
            found, start = (across, first + 1) if row == top else (down, first)
            found.setdefault(row, []).extend(range(start, end))
    return across, down


def _remarks(place: str, sheet: Sheet, cells: SheetCells) -> Iterator[Finding]:
    hidden = ["the whole sheet"] if sheet.hidden else []
    rows = [f"row {row}" for row in cells.hidden_rows if row in cells.texts]
    used = {column for row in cells.texts.values() for column in row}
    columns = [f"column {column_name(column)}" for column in cells.hidden_columns if column in used]
    hidden += rows + columns
    if hidden:
        message = f"{place}: {_listed(hidden)}, hidden by the program, was read too"
        yield Finding(
            Severity.INFO, "hidden-cells", "table", message, hint="delete what the table does not have"
        )
    if cells.not_computed:
        names = [place_name(*at) for at in cells.not_computed]
        message = f"{place}: the formula has no saved value in {_listed(names)}; taken as empty"
        hint = "open the file in a spreadsheet program, and save it"
        yield Finding(Severity.WARNING, "formula-without-value", "table", message, hint=hint)
    if cells.short_dates:
        yield _short_dates(place, cells.short_dates)


def _short_dates(place: str, dates: Sequence[tuple[Place, str]]) -> Finding:
    names = [f"{place_name(*at)} {text!r}" for at, text in dates]
    message = f"{place}: {_listed(names)} is a date; the program makes such dates of texts like 1-2 or 3/5"
    hint = "compare with the source; format the column as text before typing such values"
    return Finding(Severity.WARNING, "date-by-program", "table", message, raw=dates[0][1], hint=hint)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def place_name(row: int, column: int) -> str:
    """Return the name of a cell as the program shows it: row 7, column 28 is "AB7"."""
    return f"{column_name(column)}{row}"


def column_name(number: int) -> str:
    """Return the letters of a column's number from 1 on."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
