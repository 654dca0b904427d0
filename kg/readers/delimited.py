"""Text with tabs, semicolons or commas between its cells → tables with rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice

from kg.errors import shorten
from kg.model import Finding, Line, Row, Severity, Table
from kg.readers.document import Document
from kg.readers.header import NO_SCORE, Score, best_header, is_markup, no_rows, score_cells
from kg.readers.separated import RawRow, join_broken, split_rows
from kg.readers.surroundings import (
    find_label,
    is_navigation,
    left_out,
    looks_like_legend,
    looks_like_note,
    read_preamble,
)
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.text import squeeze

_DELIMITERS = "\t;,"  # of two that name equally many columns, the one that prose has less often
_DIRECTIVE = re.compile(
    r"sep=.", re.IGNORECASE
)  # by which spreadsheet programs tell each other the delimiter
_PREAMBLE = 100  # lines on which the header is looked for


@dataclass(frozen=True, slots=True)
class DelimitedReader:
    """Comma, semicolon or tab separated values, with or without quotes, title lines and a legend."""

    name: str = "comma, semicolon or tab separated values"

    def fits(self, document: Document, lexicon: Lexicon) -> bool:
        """Return whether a row, cut at one of the delimiters, is a header."""
        if is_markup(document.head):
            return False
        text = document.text
        starts = list(_line_starts(text))
        return any(_score(text, start, d, lexicon).is_header for d in _DELIMITERS for start in starts)

    def read(self, document: Document, lexicon: Lexicon) -> Sequence[Table]:
        """Return the one table of the document."""
        source, text = document.source, document.text
        layout = _layout(text, lexicon)
        assert layout is not None, "read() is only called for a text that fits()"  # noqa: S101
        header, *rows = _rows(text, layout)
        body = _body(rows, header)
        if not body.rows:
            raise no_rows(source.name, header.text, header.first_line)
        preamble = read_preamble(
            [_flat(line, layout.delimiter) for line in text[: layout.offset].split("\n")]
        )
        table = Table(
            source=source.name,
            sha256=sha256(source.data).hexdigest(),
            header=header.cells,
            header_number=header.first_line,
            rows=body.rows,
            label=preamble.label,
            caption=preamble.caption,
            title=preamble.title,
            doi=preamble.doi,
            legend="\n".join(body.legend),
            findings=(*preamble.findings, *body.findings),
        )
        return (table,)


@dataclass(frozen=True, slots=True)
class _Layout:
    """The delimiter, and where the header begins: its offset and its 1-based line."""

    delimiter: str
    offset: int
    line: int


@dataclass(frozen=True, slots=True)
class _Body:
    rows: tuple[Row, ...]
    legend: tuple[str, ...]
    findings: tuple[Finding, ...]


def _layout(text: str, lexicon: Lexicon) -> _Layout | None:
    """Return the delimiter whose best header names most columns, and where that header is."""
    starts = list(_line_starts(text))
    found = []
    for rank, delimiter in enumerate(_DELIMITERS):
        scores = [_score(text, start, delimiter, lexicon) for start in starts]
        best = best_header(enumerate(scores))
        if best is not None:
            found.append((scores[best].columns, -rank, _Layout(delimiter, starts[best], best + 1)))
    return max(found, key=lambda item: item[:2])[2] if found else None


def _rows(text: str, layout: _Layout) -> Sequence[RawRow]:
    """Return the header and the rows under it, without the columns at the right that hold nothing at all."""
    rows = list(split_rows(text, layout.delimiter, layout.offset, layout.line))
    if layout.delimiter == "\t":  # only a browser's copy breaks rows at the paragraphs in its cells
        rows = [rows[0], *join_broken(rows[1:], len(rows[0].cells))]
    width = max(_filled_width(row.cells) for row in rows)
    if _filled_width(rows[0].cells) == width < len(rows[0].cells):
        rows = [replace(row, cells=row.cells[:width]) for row in rows]
    return rows


def _filled_width(cells: Sequence[str]) -> int:
    return max((position for position, cell in enumerate(cells, 1) if cell), default=0)


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
    if header and score.is_header and _may_be_prose(header, delimiter):
        return score if _has_rows_like(header, islice(rows, _PREAMBLE)) else NO_SCORE
    return score


def _may_be_prose(row: RawRow, delimiter: str) -> bool:
    """Whether every delimiter has a blank behind it, as in a sentence that lists columns."""
    return delimiter != "\t" and row.text.count(delimiter) == row.text.count(f"{delimiter} ")


def _has_rows_like(header: RawRow, rows: Iterable[RawRow]) -> bool:
    """Whether most rows have as many cells as `header`, which is no caption either."""
    widths = [len(row.cells) for row in rows if row.filled]
    return not find_label(header.text) and 2 * widths.count(len(header.cells)) >= len(widths)


def _flat(line: str, delimiter: str) -> str:
    """Return a line before the header as text: a lone cell unquoted, a key and its value with a colon."""
    if _DIRECTIVE.fullmatch(line):
        return ""
    cells = [cell for row in split_rows(line, delimiter) for cell in row.filled]
    if len(cells) == 2 and cells[0].rstrip(":").isalpha():
        return f"{cells[0].rstrip(':')}: {cells[1]}"
    return cells[0] if len(cells) == 1 else line.strip(f" {delimiter}")


def _body(raw: Sequence[RawRow], header: RawRow) -> _Body:
    """Sort the rows under a header: rows as they are, legend lines, and what to say about the table."""
    rows: list[Row] = []
    legend: list[str] = []
    findings: list[Finding] = []
    for row in raw:
        filled = row.filled
        if not filled:
            continue
        if row.cells == header.cells:
            findings.append(_repeated(row))
        elif len(filled) > 1 and len(row.cells) == len(header.cells):
            rows.append(_row(row))
            findings.extend(_remarks(row))
        elif _is_legend(row):
            legend.append(_legend_text(row))
        elif len(filled) == 1 and is_navigation(filled[0]):
            findings.append(left_out([Line(row.first_line, row.text)]))
        else:
            rows.append(_row(row))
            findings.extend(_remarks(row))
    return _Body(tuple(rows), tuple(legend), tuple(findings))


def _row(row: RawRow) -> Row:
    return Row(row.first_line, row.last_line, row.cells)


def _is_legend(row: RawRow) -> bool:
    """Whether a row that is not shaped like the header is worded like a legend or like a footnote."""
    text = _legend_text(row)
    return looks_like_legend(text) or (len(row.filled) == 1 and looks_like_note(text))


def _legend_text(row: RawRow) -> str:
    return row.filled[0] if len(row.filled) == 1 else squeeze(row.text)


def _repeated(row: RawRow) -> Finding:
    message = f"line {row.first_line} repeats the table's head and was left out"
    return Finding(Severity.INFO, "header-repeated", "table", message, raw=shorten(row.text))


def _remarks(row: RawRow) -> Iterator[Finding]:
    if row.stray_quote:
        yield Finding(
            Severity.WARNING,
            "quote-unclosed",
            "table",
            f"line {row.first_line}: a quote begins a cell and does not end it; it was read as text",
            raw=shorten(row.text),
            hint="double the quotes inside a quoted cell",
        )
    if row.joined:
        yield Finding(
            Severity.INFO,
            "row-joined",
            "table",
            f"lines {row.first_line} to {row.last_line} were read as one row that a paragraph broke",
            raw=shorten(row.text),
            hint="if they are several rows, give each of them all its cells",
        )
