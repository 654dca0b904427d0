"""Text with delimiters and quotes → rows of cells with the lines that they stand on.

The format is RFC 4180 with any one-character delimiter. The csv module is not used because its limit on the
size of a cell is a setting of the whole process, and because it drops unbalanced quotes without a word.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from kg.vocabulary.text import squeeze

_MAY_QUOTE = ('"', " ")
_MOST_PIECES = 20
LONGEST_ROW = 2 * 2**20  # characters of a row of a text that comes in pieces


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: its 1-based lines, its cells with white space folded, and its text.

    `stray_quote` says that a cell begins with a quote that does not end it, `joined` that the row was broken
    over several lines without quotes.
    """

    first_line: int
    last_line: int
    cells: tuple[str, ...]
    text: str
    stray_quote: bool = False
    joined: bool = False

    @property
    def filled(self) -> tuple[str, ...]:
        """The cells that are not blank."""
        return tuple(filter(None, self.cells))


def split_rows(text: str, delimiter: str, start: int = 0, line: int = 1) -> Iterator[RawRow]:
    """Yield the rows of `text` from offset `start`, where line number `line` begins; lines end in "\\n".

    A cell that begins with a quote ends at the quote before a delimiter or a line's end, may hold both, and
    has its quotes doubled. A quote that is never closed like that is part of the text.
    """
    return (row for _, row in _split(text, delimiter, start, line))


def stream_rows(pieces: Iterable[str], delimiter: str, line: int = 1) -> Iterator[RawRow]:
    """Yield the rows of a text that comes in pieces, of which no more than needed are in memory.

    A quote is taken as text when it is not closed within `LONGEST_ROW` characters.
    """
    text = ""
    for piece in pieces:
        text += piece
        at = 0
        for end, row in _split(text, delimiter, 0, line) if len(text) > LONGEST_ROW else ():
            if len(text) - at < LONGEST_ROW:  # the row may go on in the next piece
                break
            yield row
            at, line = end, row.last_line + 1
        text = text[at:]
    yield from split_rows(text, delimiter, 0, line)


def _split(text: str, delimiter: str, start: int, line: int) -> Iterator[tuple[int, RawRow]]:
    """Yield each row and the offset behind it."""
    quoted = _quoted_cell(delimiter)
    while start < len(text):
        end = _line_end(text, start)
        whole = text[start:end]
        if '"' in whole:
            cells, end, stray = _cells(text, start, delimiter, quoted)
            whole = text[start:end]
        else:
            cells, stray = whole.split(delimiter), False
        last = line + whole.count("\n")
        yield end + 1, RawRow(line, last, tuple([squeeze(cell) for cell in cells]), whole, stray)
        start, line = end + 1, last + 1


def join_broken(rows: Iterable[RawRow], width: int) -> Iterator[RawRow]:
    """Yield the rows of a browser's copy, with those put together that a paragraph inside a cell has broken.

    The pieces of such a row have together exactly `width` cells, the broken one counted once, and between
    the first and the last piece stand only lone cells. Everything else comes through as it is.
    """
    source = iter(rows)
    ahead = deque(islice(source, _MOST_PIECES))
    while ahead:
        end = _broken_end(ahead, width)
        yield ahead[0] if end is None else _joined([ahead[at] for at in range(end)])
        for _ in range(end or 1):
            ahead.popleft()
        ahead.extend(islice(source, _MOST_PIECES - len(ahead)))


def _broken_end(rows: Sequence[RawRow], width: int) -> int | None:
    """Return the number of pieces that the first of `rows` is broken into, or None when it is not broken."""
    cells = len(rows[0].cells)
    if not 1 < cells < width:
        return None
    for at in range(1, len(rows)):
        more = len(rows[at].cells) - 1
        if more:
            return at + 1 if cells + more == width else None
    return None


def _joined(pieces: Sequence[RawRow]) -> RawRow:
    cells = pieces[0].cells
    for piece in pieces[1:]:
        cells = (*cells[:-1], squeeze(f"{cells[-1]} {piece.cells[0]}"), *piece.cells[1:])
    stray = any(piece.stray_quote for piece in pieces)
    text = "\n".join(piece.text for piece in pieces)
    return RawRow(pieces[0].first_line, pieces[-1].last_line, cells, text, stray, joined=True)


def _quoted_cell(delimiter: str) -> re.Pattern[str]:
    # possessive, so that a quote that never closes costs one pass and not one for every doubled quote
    return re.compile(rf' *"([^"]*+(?:""[^"]*+)*+)" *(?={re.escape(delimiter)}|\n|\Z)')


def _cells(text: str, at: int, delimiter: str, quoted: re.Pattern[str]) -> tuple[list[str], int, bool]:
    """Return the cells of the row that begins at `at`, where it ends, and whether a quote was left open."""
    cells: list[str] = []
    stray = False
    line_end = _line_end(text, at)
    while True:
        match = quoted.match(text, at) if text.startswith(_MAY_QUOTE, at) else None
        if match:
            cells.append(match[1].replace('""', '"'))
            end = match.end()
            line_end = line_end if end <= line_end else _line_end(text, end)
        else:
            end = text.find(delimiter, at, line_end)
            end = line_end if end < 0 else end
            cells.append(text[at:end])
            stray = stray or cells[-1].lstrip(" ").startswith('"')
        if not text.startswith(delimiter, end):
            return cells, end, stray
        at = end + 1


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
