"""Rows cut from the lines of a text → grids: one for each table, with the lines above its head as its surroundings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from kg.errors import SourceError, shorten
from kg.model import Finding, Severity
from kg.readers.grid import Grid, GridRow
from kg.readers.header import LEAST_COLUMNS, columns_named
from kg.readers.heads import Head, find_head
from kg.readers.numbered import are_values
from kg.readers.separated import RawRow
from kg.readers.surroundings import Preamble, find_label, looks_like_legend, looks_like_note, read_preamble
from kg.readers.tabulate import flat
from kg.readers.turned import is_turned
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.text import squeeze

MOST_CELL = 2**20  # characters
MOST_COLUMNS = 10_000
_LIST = re.compile(r"[,;](?= )")
_SENTENCE = 5  # words


def grids_of(parts: Iterable[Sequence[RawRow]], layout: str, lexicon: Lexicon) -> tuple[Grid, ...]:
    """Return the grids in the parts of a text: a label such as "Table 2" or another head begins the next one.

    What stands above the first one, the page's title and DOI, holds for those below it too.
    """
    pieces = [piece for part in _with_rows(parts) for piece in pieces_of(part, lexicon)]
    grids = [_grid(piece, layout, lexicon) for piece in pieces]
    page = read_preamble(grids[0].before) if grids else Preamble()
    return tuple(_on_page(grid, page, number, len(grids)) for number, grid in enumerate(grids, 1))


def pieces_of(rows: Sequence[RawRow], lexicon: Lexicon) -> Iterator[Sequence[RawRow]]:
    """Yield the rows of each table among `rows`, with those above its head; all of them belong to one."""
    for labelled in _labelled(rows):
        yield from _headed(labelled, lexicon)


def head_of(rows: Sequence[RawRow], lexicon: Lexicon) -> tuple[Head, Grid] | None:
    """Return the head among the first rows of a text, and a grid with nothing but the texts above it; None without."""
    head = find_head([GridRow(row.first_line, row.last_line, row.cells) for row in rows], lexicon)
    return (head, Grid((), "", before=tuple(text_of(row) for row in rows[: head.first]))) if head else None


def bounded(rows: Iterable[RawRow], name: str) -> Iterator[RawRow]:
    """Yield the rows; raise SourceError at one with a cell or a number of cells that no table has."""
    for row in rows:
        if len(row.cells) > MOST_COLUMNS:
            raise SourceError(
                f"a row has {len(row.cells)} cells",
                where=f"{name}, line {row.first_line}",
                raw=row.text[:200],
                allowed=f"up to {MOST_COLUMNS} columns",
            )
        if len(row.text) > MOST_CELL and max(map(len, row.cells)) > MOST_CELL:
            raise SourceError(
                f"a cell has {max(map(len, row.cells))} characters",
                where=f"{name}, line {row.first_line}",
                raw=row.text[:200],
                allowed=f"up to {MOST_CELL} characters",
                hint="perhaps a quote is never closed",
            )
        yield row


def grid_row(row: RawRow, width: int) -> GridRow:
    """Return a row of a grid; what is not shaped like its head of `width` cells and reads as a note is one cell."""
    cells = row.cells
    if len(row.filled) > 1 and len(cells) != width and _is_note(row):
        cells = (squeeze(row.text),)
    return GridRow(row.first_line, row.last_line, cells)


def text_of(row: RawRow) -> str:
    """Return a row above a head as text: a lone cell unquoted, a key and its value with a colon, a sentence whole."""
    words = row.filled
    pair = len(words) == 2 and words[0].rstrip(":").isalpha()
    sentence = len(words) > 1 and len(_LIST.split(squeeze(row.text))) == len(row.cells)
    return squeeze(row.text) if sentence and not pair else flat(row.cells)


def remarks(row: RawRow) -> Iterator[Finding]:
    """Yield what was doubtful about cutting a row."""
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


def _with_rows(parts: Iterable[Sequence[RawRow]]) -> Iterator[list[RawRow]]:
    """Yield the parts that have rows, those without any, such as prose, before the next one or behind the last."""
    held: list[RawRow] = []
    found: list[RawRow] = []
    for part in parts:
        if sum(len(row.filled) > 1 for row in part) < 2:  # a sentence with a pipe in it is no table
            held.extend(part)
            continue
        if found:
            yield found
        found, held = [*held, *part], []
    if found or held:
        yield [*found, *held]


def _is_note(row: RawRow) -> bool:
    text = squeeze(row.text)
    if looks_like_legend(text) or looks_like_note(text):
        return True
    # a sentence without quotes in a file whose delimiter is a comma or a semicolon
    pieces = _LIST.split(text)
    return (
        len(pieces) == len(row.cells) and text.endswith(".") and len(text.split()) >= _SENTENCE * len(pieces)
    )


def _is_label(row: RawRow) -> bool:
    words = row.filled
    if not words or not find_label(words[0]):
        return False
    return len(words) < 3 or len(_LIST.split(row.text)) == len(row.cells)


def _labelled(rows: Sequence[RawRow]) -> Iterator[Sequence[RawRow]]:
    """Yield the rows from one label to the next; a label without rows of its own begins nothing."""
    starts, label, since = [0], "", 0
    for at, row in enumerate(rows):
        if not _is_label(row):
            continue
        # a page's title, DOI and other keys with values may stand above the first label
        above = _has_rows(rows, since, 2 if label else 3)
        if above and find_label(row.filled[0]) != label and _has_rows(rows, at + 1):
            starts.append(at)
        label, since = find_label(row.filled[0]), at + 1
    return (rows[a:b] for a, b in pairwise([*starts, len(rows)]))


def _has_rows(rows: Sequence[RawRow], start: int, cells: int = 2) -> bool:
    """Whether two rows with so many cells stand between `start` and the next label."""
    count = 0
    for at in range(start, len(rows)):
        if count > 1 or _is_label(rows[at]):
            break
        count += len(rows[at].filled) >= cells
    return count > 1


def _headed(rows: Sequence[RawRow], lexicon: Lexicon) -> Iterator[Sequence[RawRow]]:
    """Yield the rows from one head to the next other one, which stands behind a blank line."""
    heads: set[tuple[str, ...]] = set()
    starts = [0]
    for at, row in enumerate(rows):
        if len(row.filled) < LEAST_COLUMNS or (heads and (not _opens(rows, at) or are_values(row.cells))):
            continue
        if len(columns_named(row.cells, lexicon)) >= LEAST_COLUMNS and row.cells not in heads:
            if heads:
                starts.append(_paragraph(rows, at))
            heads.add(row.cells)
    return (rows[a:b] for a, b in pairwise([*starts, len(rows)]))


def _opens(rows: Sequence[RawRow], at: int) -> bool:
    """Whether a blank line stands above a row, or above the lines of one cell right above it."""
    start = _paragraph(rows, at)
    return start > 0 and (
        not rows[start - 1].filled or rows[start].first_line > rows[start - 1].last_line + 1
    )


def _paragraph(rows: Sequence[RawRow], at: int) -> int:
    while at and len(rows[at - 1].filled) == 1 and rows[at - 1].last_line + 1 == rows[at].first_line:
        at -= 1
    return at


def _grid(rows: Sequence[RawRow], layout: str, lexicon: Lexicon) -> Grid:
    plain = [GridRow(row.first_line, row.last_line, row.cells) for row in rows]
    head = find_head(plain, lexicon)
    if is_turned(plain, head, lexicon):
        head = None
    first = head.first if head else _first_of_several(rows)
    width = _width(rows, head)
    return Grid(
        rows=tuple(grid_row(row, width) for row in rows[first:]),
        layout=layout,
        before=tuple(text_of(row) for row in rows[:first]),
        findings=tuple(remark for row in rows[first:] for remark in remarks(row)),
    )


def _first_of_several(rows: Sequence[RawRow]) -> int:
    return next((at for at, row in enumerate(rows) if len(row.filled) > 1 and not _is_label(row)), len(rows))


def _width(rows: Sequence[RawRow], head: Head | None) -> int:
    return len(head.cells) if head else max((len(row.cells) for row in rows), default=0)


def _on_page(grid: Grid, page: Preamble, number: int, count: int) -> Grid:
    place = f"table {number} of {count}" if count > 1 else ""
    if number == 1:
        return replace(grid, place=place)
    own = read_preamble(grid.before)
    return replace(grid, place=place, title=own.title or page.title, doi=own.doi or page.doi)
