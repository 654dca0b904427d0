"""Scores of columns under keys → each key to at most one column, so that the sum of scores is greatest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Scores = Sequence[Mapping[str, int]]
"""For each column the keys that it may have, with a score above 0."""


def assign(scores: Scores, keys: Sequence[str]) -> dict[int, str]:
    """Return column → key for the best assignment; of equal ones that with the earlier columns and keys.

    It is the Hungarian method with a place of its own for every key that no column is to have, so that nothing is
    assigned that has no score. The work is the number of keys squared times the number of columns.
    """
    width = len(scores)
    gains = [[scores[at].get(key, 0) for at in range(width)] + [0] * len(keys) for key in keys]
    matched = _hungarian([[-gain for gain in row] for row in gains])
    return {
        at: keys[row] for row, at in sorted(matched.items(), key=lambda one: one[1]) if gains[row][at] > 0
    }


def _hungarian(costs: Sequence[Sequence[int]]) -> dict[int, int]:
    """Return row → column of least cost; there are at least as many columns as rows."""
    columns = len(costs[0]) if costs else 0
    owner = [-1] * (columns + 1)  # the row that has the column; the last column is where a new row starts
    price_of_row, price_of_column = [0] * len(costs), [0] * (columns + 1)
    for row in range(len(costs)):
        owner[columns] = row
        path = _cheapest_path(costs, owner, price_of_row, price_of_column)
        at = path[-1]
        for before in reversed(path[:-1]):
            owner[at], at = owner[before], before
    return {row: at for at, row in enumerate(owner[:columns]) if row >= 0}


def _cheapest_path(
    costs: Sequence[Sequence[int]], owner: Sequence[int], rows: list[int], columns: list[int]
) -> list[int]:
    """Return the columns from the new row's place to a free one along the cheapest swaps; prices are updated."""
    last = len(columns) - 1
    least: list[float] = [float("inf")] * last
    came = [last] * last
    done: list[int] = [last]
    left = list(range(last))
    at = last
    while owner[at] >= 0:
        row = owner[at]
        for one in left:
            cost = costs[row][one] - rows[row] - columns[one]
            if cost < least[one]:
                least[one], came[one] = cost, at
        nearest = min(left, key=lambda one: least[one])
        _reprice(int(least[nearest]), done, left, owner, (rows, columns, least))
        left.remove(nearest)
        done.append(nearest)
        at = nearest
    return _way(at, came, last)


def _reprice(
    step: int,
    done: Sequence[int],
    left: Sequence[int],
    owner: Sequence[int],
    prices: tuple[list[int], list[int], list[float]],
) -> None:
    rows, columns, least = prices
    for one in done:
        rows[owner[one]] += step
        columns[one] -= step
    for one in left:
        least[one] -= step


def _way(at: int, came: Sequence[int], start: int) -> list[int]:
    way = [at]
    while way[-1] != start:
        way.append(came[way[-1]])
    return way[::-1]
