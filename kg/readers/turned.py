"""A grid whose headers stand in its first column → the same grid turned, one row for each of its columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.readers.grid import GridRow
from kg.readers.header import LEAST_COLUMNS, columns_named, others_named
from kg.readers.heads import Head, filled, spans_all
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.text import squeeze

_FIRST_ROWS = 200  # among which the headers are looked for; one record of a registry has up to a hundred
_WIDEST = 200  # columns, each of which would be a row


def is_turned(rows: Sequence[GridRow], head: Head | None, lexicon: Lexicon) -> bool:
    """Whether the first column names more columns of a table of trials than any row does.

    A row that would do as a head must be beaten clearly, since a column of diseases can hold a header's word.
    """
    across = len(head.names) if head else 0
    wide = max((len(row.cells) for row in rows), default=0)
    if not 2 <= wide <= _WIDEST or (wide > 2 and len(rows) > 10 * _FIRST_ROWS):
        return False
    down = len(columns_named((row.cells[0] for row in rows[:_FIRST_ROWS] if len(filled(row)) > 1), lexicon))
    enough = 2 * across if head and head.sure else across + 1
    return down >= max(LEAST_COLUMNS, enough)


def turn(rows: Sequence[GridRow]) -> tuple[GridRow, ...]:
    """Return the rows as columns. Two columns are keys and values, and their first key opens each record.

    What spans all columns, or has a name and no value at all, is left out: see `without_values`.
    """
    kept = [_without_colon(row) for row in rows if not _is_bare(row)]
    width = max(len(row.cells) for row in kept)
    if width == 2:
        return tuple(_records(kept))
    first, last = kept[0].first_line, kept[-1].last_line
    return tuple(
        GridRow(
            first,
            last,
            tuple(row.cells[p] if p < len(row.cells) else "" for row in kept),
            across=tuple(at for at, row in enumerate(kept) if p in row.down),
            down=tuple(at for at, row in enumerate(kept) if p in row.across),
        )
        for p in range(width)
    )


def without_values(rows: Sequence[GridRow]) -> tuple[GridRow, ...]:
    """Return the rows that `turn` leaves out although they say something."""
    return tuple(row for row in rows if _is_bare(row) and filled(row))


def without_corner(rows: tuple[GridRow, ...], lexicon: Lexicon) -> tuple[GridRow, ...]:
    """Return turned rows without a word in the corner that only announces the headers below it: "Parameters", "Item".

    What stands beside it are the names of the trials, which are no outcomes and do not number anything.
    """
    corner = rows[0].cells[:1] if rows else ()
    if columns_named(corner, lexicon) != ("outcome",) and others_named(corner, lexicon) != (
        "running-number",
    ):
        return rows
    return (replace(rows[0], cells=("", *rows[0].cells[1:])), *rows[1:])


def _without_colon(row: GridRow) -> GridRow:
    return replace(row, cells=(row.cells[0].rstrip(" :"), *row.cells[1:]))


def _is_bare(row: GridRow) -> bool:
    return spans_all(row) or (len(filled(row)) < 2 and not any(row.cells[1:]))


def _records(rows: Sequence[GridRow]) -> Iterator[GridRow]:
    """Yield the keys, then the values of each record; a key that a record has twice has both values."""
    records = list(_split(rows))
    keys = tuple(dict.fromkeys(row.cells[0] for row in rows))
    yield GridRow(rows[0].first_line, rows[0].last_line, keys)
    for record in records:
        values: dict[str, list[str]] = {}
        for row in record:
            values.setdefault(row.cells[0], []).append(row.cells[1])
        cells = (squeeze(" ; ".join(filter(None, values.get(key, ())))) for key in keys)
        yield GridRow(record[0].first_line, record[-1].last_line, tuple(cells))


def _split(rows: Sequence[GridRow]) -> Iterator[list[GridRow]]:
    start = 0
    for at in range(1, len(rows)):
        if rows[at].cells[0] == rows[0].cells[0]:
            yield list(rows[start:at])
            start = at
    yield list(rows[start:])
