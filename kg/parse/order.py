"""Columns whose rows do not fit → the same columns in the order that the cells have, when one fits clearly better."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.cells.read import CellReader
from kg.model import Column, Finding, Line, Severity
from kg.segment.cut import quick_cut
from kg.vocabulary.text import squeeze

_SAMPLE = 6  # lines
_LEAST = 4  # lines that must be read completely in the new order
_LONGEST = 1500  # characters of a line


def cells_order(lines: Sequence[Line], columns: tuple[Column, ...], reader: CellReader) -> tuple[Column, ...]:
    """Return `columns` with one of them moved or two exchanged, if the first rows are only then read completely.

    Rows that fit the header's own order, or that fit several others equally well, leave it as it is.
    """
    texts = [text for line in lines[:_SAMPLE] if len(text := squeeze(line.text)) <= _LONGEST]
    if (
        len(texts) < _LEAST
        or len(columns) < 3
        or any(_score(text, columns, reader) for text in texts[:_LEAST])
    ):
        return columns
    best: list[tuple[float, tuple[Column, ...]]] = []
    for order in _orders(columns):
        score = _total(texts, order, reader)
        if score:
            best.append((score, order))
    best.sort(key=lambda way: -way[0])
    if not best or (len(best) > 1 and best[1][0] >= best[0][0]):
        return columns
    return best[0][1]


def order_finding(before: Sequence[Column], after: Sequence[Column]) -> tuple[Finding, ...]:
    """Return the warning that the header names the columns in another order than the cells have; none if it does not."""
    if [column.header for column in before] == [column.header for column in after]:
        return ()
    order = ", ".join(column.header for column in after)
    message = f"the header's order does not fit the rows; the cells were read as {order}"
    raw = " ".join(column.header for column in before)
    hint = "compare a row with the source, and put the header's words into the order of the cells"
    return (Finding(Severity.WARNING, "header-out-of-order", "table", message, raw, hint),)


def _total(texts: Sequence[str], columns: Sequence[Column], reader: CellReader) -> float:
    """Return how well the lines fit this order, 0 when too few of them are read completely."""
    total, missed = 0.0, 0
    for text in texts:
        score = _score(text, columns, reader)
        missed += not score
        if missed > len(texts) - _LEAST:
            return 0.0
        total += score
    return total


def _score(text: str, columns: Sequence[Column], reader: CellReader) -> float:
    found = quick_cut(text, [column.key for column in columns], reader)
    return found.score if found is not None and not found.misfits else 0.0


def _orders(columns: tuple[Column, ...]) -> Iterator[tuple[Column, ...]]:
    """Yield every order that has two columns exchanged, or one moved to another place."""
    count = len(columns)
    for a in range(count):
        for b in range(a + 1, count):
            way = list(columns)
            way[a], way[b] = way[b], way[a]
            yield tuple(way)
    for a in range(count):
        for b in range(count):
            if abs(a - b) > 1:
                way = [*columns[:a], *columns[a + 1 :]]
                way.insert(b, columns[a])
                yield tuple(way)
