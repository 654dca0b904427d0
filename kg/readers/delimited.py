"""Text with tabs, semicolons or commas between its cells → tables with rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from kg.model import Table
from kg.readers.document import Document
from kg.readers.grid import Grid, GridRow
from kg.readers.header import NO_SCORE, Score, best_header, is_markup, score_cells
from kg.readers.regions import bounded, grids_of
from kg.readers.separated import RawRow, join_broken, split_rows
from kg.readers.streamed import MOST_AT_ONCE, streamed_table
from kg.readers.surroundings import find_label
from kg.readers.tabulate import candidate, is_of_trials, tables_of
from kg.vocabulary.lexicon import Lexicon

_DELIMITERS = "\t;,"  # of two that name equally many columns, the one that prose has less often
# by which spreadsheet programs tell each other the delimiter
_DIRECTIVE = re.compile(r"sep=.", re.IGNORECASE)
_PREAMBLE = 500  # lines on which the header is looked for
_SAMPLE = 2**18  # characters of which a table without a full head is known


@dataclass(frozen=True, slots=True)
class Layout:
    """The delimiter, and where the header begins: its offset and its 1-based line."""

    delimiter: str
    offset: int = 0
    line: int = 1


@dataclass(frozen=True, slots=True)
class DelimitedReader:
    """Comma, semicolon or tab separated values, with or without quotes, title lines and a legend."""

    name: str = "comma, semicolon or tab separated values"

    def fits(self, document: Document, lexicon: Lexicon) -> bool:
        """Return whether a row, cut at one of the delimiters, is a header, or the first column holds headers."""
        return not is_markup(document.head) and _layout_of(document, lexicon) is not None

    def read(self, document: Document, lexicon: Lexicon) -> Sequence[Table]:
        """Return the tables of trials of the document; one above `MOST_AT_ONCE` bytes is one table."""
        layout = _layout_of(document, lexicon)
        assert layout is not None, "read() is only called for a text that fits()"  # noqa: S101
        if document.source.size > MOST_AT_ONCE:
            return (streamed_table(document, layout.delimiter, lexicon),)
        rows = list(bounded(_rows(document.text, layout), document.name))
        return tables_of(document, grids_of([rows], self.name, lexicon), lexicon)


def _layout_of(document: Document, lexicon: Lexicon) -> Layout | None:
    return _layout(_text(document), lexicon) or _headless_layout(document, lexicon)


def _text(document: Document) -> str:
    """Return the text, or of a large source its beginning up to the end of a line."""
    if document.source.size <= MOST_AT_ONCE:
        return document.text
    return document.head[: document.head.rfind("\n") + 1].replace("\r\n", "\n").replace("\r", "\n")


def _rows(text: str, layout: Layout) -> Iterator[RawRow]:
    """Yield the rows of the whole text; above the header, quotes do not matter for it."""
    above = split_rows(text[: layout.offset], layout.delimiter)
    yield from (row for row in above if not _DIRECTIVE.fullmatch(row.text))
    rows = list(split_rows(text, layout.delimiter, layout.offset, layout.line))
    if layout.delimiter == "\t":  # only a browser's copy breaks rows at the paragraphs in its cells
        yield from join_broken(rows, len(rows[0].cells))
    else:
        yield from rows


def _layout(text: str, lexicon: Lexicon) -> Layout | None:
    """Return the delimiter whose best header names most columns, and where that header is."""
    starts = list(_line_starts(text))
    found = []
    for rank, delimiter in enumerate(_DELIMITERS):
        scores = [_score(text, start, delimiter, lexicon) for start in starts]
        best = best_header(enumerate(scores))
        if best is not None:
            found.append((scores[best].columns, -rank, Layout(delimiter, starts[best], best + 1)))
    return max(found, key=lambda item: item[:2])[2] if found else None


def _headless_layout(document: Document, lexicon: Lexicon) -> Layout | None:
    """Return the layout of a table that no row of three known headers opens; a large file must have such a row."""
    if document.source.size > MOST_AT_ONCE:
        return None
    return next((Layout(d) for d in _DELIMITERS if _is_headless_table(document.text, d, lexicon)), None)


def _is_headless_table(text: str, delimiter: str, lexicon: Lexicon) -> bool:
    """Whether the rows look like a table that no row of three known headers opens.

    That is a table whose headers stand in its first column, or one with two known headers over registration numbers.
    """
    rows = [row for row in islice(split_rows(text[:_SAMPLE], delimiter), 1000) if row.filled]
    wide = [row for row in rows if len(row.cells) > 1 and not _may_be_prose(row, delimiter)]
    widths = [len(row.cells) for row in wide]
    common = max(widths, key=widths.count, default=0)
    least = 1 if delimiter == "\t" else 4
    if len(wide) < 2 or 5 * widths.count(common) < least * len(rows):
        return False
    grid = Grid(tuple(GridRow(row.first_line, row.last_line, row.cells) for row in wide), "")
    return is_of_trials(candidate(grid, lexicon))


def _line_starts(text: str) -> Iterator[int]:
    start = 0
    for _ in range(_PREAMBLE):
        yield start
        start = text.find("\n", start) + 1
        if not start:
            return


def _score(text: str, start: int, delimiter: str, lexicon: Lexicon) -> Score:
    """Return how much the row that begins at `start` looks like a header; its own quotes may span lines."""
    rows = split_rows(text, delimiter, start)
    header = next(rows, None)
    score = score_cells(header.cells, lexicon) if header else NO_SCORE
    if not header or not score.is_header or _is_piped(header, score, lexicon):
        return NO_SCORE
    if _may_be_prose(header, delimiter):
        return score if _has_rows_like(header, islice(rows, _PREAMBLE)) else NO_SCORE
    return score


def _is_piped(header: RawRow, score: Score, lexicon: Lexicon) -> bool:
    """Whether the row names more columns when it is cut at pipes."""
    pieces = header.text.split("|")
    return len(pieces) > 2 and score_cells(pieces, lexicon).columns > score.columns


def _may_be_prose(row: RawRow, delimiter: str) -> bool:
    """Whether every delimiter has a blank behind it, as in a sentence that lists columns."""
    return delimiter != "\t" and row.text.count(delimiter) == row.text.count(f"{delimiter} ")


def _has_rows_like(header: RawRow, rows: Iterable[RawRow]) -> bool:
    """Whether most rows have as many cells as `header`, which is no caption either."""
    widths = [len(row.cells) for row in rows if row.filled]
    return not find_label(header.text) and 2 * widths.count(len(header.cells)) >= len(widths)
