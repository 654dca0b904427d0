"""A large file of separated values → one table whose rows come from the file each time they are read.

The file is read once from end to end before that, for its checksum, its encoding, the legend under the rows and what
its columns are like. No more than some megabytes of it are in memory at any time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from kg.errors import SourceError
from kg.model import Finding, Row, Table
from kg.readers.body import Frame, Survey, data_rows, survey
from kg.readers.document import Document
from kg.readers.grid import GridRow
from kg.readers.header import no_rows, no_table
from kg.readers.heads import Head
from kg.readers.pieces import Decoder, decoder_of
from kg.readers.regions import bounded, grid_row, head_of, remarks
from kg.readers.separated import LONGEST_ROW, RawRow, join_broken, stream_rows
from kg.readers.tabulate import above_head, frame_of, framed, shaped
from kg.vocabulary.lexicon import Lexicon

MOST_AT_ONCE = 8 * 2**20  # bytes; what is larger is read row by row
_FIRST_ROWS = 600  # among which the head is looked for
_MOST_REMARKS = 1000


@dataclass(frozen=True, slots=True)
class RowFile:
    """The rows of a file from the top, cut at a delimiter, each time they are asked for; `width` mends broken rows."""

    document: Document
    decoder: Decoder
    delimiter: str
    width: int = 0

    def __iter__(self) -> Iterator[RawRow]:
        rows = stream_rows(self.decoder.pieces(self.document.source), self.delimiter)
        if self.width and self.delimiter == "\t":
            rows = join_broken(rows, self.width)
        for row in bounded(rows, self.document.name):
            if len(row.text) >= LONGEST_ROW:
                raise _long_row(self.document.name, row)
            yield row


@dataclass(frozen=True, slots=True)
class BodyOfFile:
    """The rows of a file under its head, as rows of a grid."""

    file: RowFile
    head: Head

    def __iter__(self) -> Iterator[GridRow]:
        rows = islice(self.file, self.head.end, None)
        return (grid_row(row, len(self.head.cells)) for row in rows)


@dataclass(frozen=True, slots=True)
class RowsOfFile:
    """The data rows of a file: `model.Rows`, read from the file each time they are iterated over."""

    body: BodyOfFile
    frame: Frame
    found: Survey

    def __iter__(self) -> Iterator[Row]:
        return shaped(data_rows(self.body, self.frame, self.found), self.frame, self.found)


def streamed_table(document: Document, delimiter: str, lexicon: Lexicon) -> Table:
    """Return the one table of a document that is too large to be read at once.

    Raises SourceError for a head without rows, and for bytes that are no text, wherever they are in the file.
    """
    decoder, doubts = decoder_of(document.source)
    file = RowFile(document, decoder, delimiter)
    first = list(islice(file, _FIRST_ROWS))
    found_head = head_of(first, lexicon)
    if found_head is None:  # a quote above the head goes on below it
        raise no_table(document.name, ["separated values"], lexicon)
    head, grid = found_head
    file = replace(file, width=len(head.cells))
    above = above_head(grid, head)
    frame = frame_of(head, above)
    body = BodyOfFile(file, head)
    said: list[Finding] = []
    found = survey(_noted(body, said), frame)
    if not found.rows:
        raise no_rows(document.name, " | ".join(head.cells), head.line)
    table = framed(document, frame, found, above)
    findings = (*doubts, *said, *table.findings)
    return replace(table, rows=RowsOfFile(body, frame, found), findings=findings)


def _noted(body: BodyOfFile, said: list[Finding]) -> Iterator[GridRow]:
    """Yield the rows of the body, and put what is doubtful about cutting them, up to a limit, into `said`."""
    width = len(body.head.cells)
    for row in islice(body.file, body.head.end, None):
        if (row.stray_quote or row.joined) and len(said) < _MOST_REMARKS:
            said.extend(remarks(row))
        yield grid_row(row, width)


def _long_row(name: str, row: RawRow) -> SourceError:
    return SourceError(
        "a row is too long",
        where=f"{name}, line {row.first_line}",
        raw=row.text[:200],
        allowed=f"up to {LONGEST_ROW // 2**20} million characters in a row",
        hint="perhaps its lines do not end",
    )
