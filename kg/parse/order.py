"""Columns whose rows do not fit → the same columns in the order that the cells have, when one fits clearly better."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.cells.read import CellReader
from kg.model import Column, Finding, Line, Severity
from kg.parse.looks import ROW_NUMBERS
from kg.segment.cut import quick_cut
from kg.segment.habits import NO_HABITS, Habits, first_habits
from kg.segment.orders import likely_orders
from kg.vocabulary.text import squeeze

_SAMPLE = 6  # lines
_LEAST = 4  # lines that must be read completely in the new order
_LONGEST = 1500  # characters of a line
_CHECKED = 4  # orders that are compared, of those found


def cells_order(
    lines: Sequence[Line], columns: tuple[Column, ...], reader: CellReader, habits: Habits = NO_HABITS
) -> tuple[Column, ...]:
    """Return `columns` in another order, if the first rows are only then read completely.

    One of them moved or two exchanged are tried first, then any order. Rows that fit the header's own order, or that
    fit several others equally well, leave it as it is.
    """
    texts = [text for line in lines[:_SAMPLE] if len(text := squeeze(line.text)) <= _LONGEST]
    if (
        len(texts) < _LEAST
        or len(columns) < 3
        or any(_score(text, columns, reader) for text in texts[:_LEAST])
    ):
        return columns
    near = _clear([(_total(texts, order, reader), order) for order in _orders(columns)])
    return near or _any_order(texts, columns, reader, habits) or columns


def _any_order(
    texts: Sequence[str], columns: tuple[Column, ...], reader: CellReader, habits: Habits
) -> tuple[Column, ...]:
    """Return the columns in whatever order most rows are read, empty when none is clear."""
    keys = [column.key for column in columns]
    ways: list[tuple[float, tuple[Column, ...]]] = []
    first = (
        (0,) if columns[0].rule == ROW_NUMBERS else range(len(columns))
    )  # these begin the rows as they stand
    found = [order for order in likely_orders(texts, keys, reader, habits) if order[0] in first]
    for order in found[:_CHECKED]:
        then = tuple(columns[at] for at in order)
        ways.append((_total(texts, then, reader, _reordered(habits, order)), then))
    return _clear(ways)


def _reordered(habits: Habits, order: Sequence[int]) -> Habits:
    return replace(
        habits, looks={new: habits.looks[old] for new, old in enumerate(order) if old in habits.looks}
    )


def _clear(ways: Sequence[tuple[float, tuple[Column, ...]]]) -> tuple[Column, ...]:
    """Return the order that fits best; empty when none fits, or another one as well."""
    best = sorted((way for way in ways if way[0]), key=lambda way: -way[0])
    if not best or (len(best) > 1 and best[1][0] >= best[0][0]):
        return ()
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


def _total(
    texts: Sequence[str], columns: Sequence[Column], reader: CellReader, habits: Habits = NO_HABITS
) -> float:
    """Return how well the lines fit this order, 0 when too few of them are read completely."""
    total, missed = 0.0, 0
    for text in texts:
        score = _score(text, columns, reader, habits)
        missed += not score
        if missed > len(texts) - _LEAST:
            return 0.0
        total += score
    return total


def _score(text: str, columns: Sequence[Column], reader: CellReader, habits: Habits = NO_HABITS) -> float:
    keys = [column.key for column in columns]
    found = quick_cut(text, keys, reader, first_habits(keys, habits))
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
