"""One row whose columns stand in an unknown order → the orders in which every word of it is read.

A path through the states (words used, columns used) may take any column next that it has not taken yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.cells.read import CellReader
from kg.segment.chain import Chain
from kg.segment.habits import Habits, first_habits
from kg.segment.own import is_own
from kg.segment.score import kind
from kg.segment.search import read_pieces

Order = tuple[int, ...]
"""The numbers of the header's columns in the order that the cells of a row have."""

_BEAM, _BEHIND = 120, 12.0  # states kept at a word, and how far they may stand behind the best one there
_EACH = 2  # orders kept in a state
_MOST_WORDS, _MOST_COLUMNS = 70, 16
_LONGEST_OWN = 8  # words of a column of its own


class Piece(NamedTuple):
    """A column that can take the words up to `end`, and how well they fit it."""

    column: int
    end: int
    weight: float


_Ways = list[tuple[float, Order]]  # the best first
_States = dict[int, _Ways]  # by the columns used, a bit for each


def likely_orders(
    texts: Sequence[str], keys: Sequence[str], reader: CellReader, habits: Habits
) -> tuple[Order, ...]:
    """Return the orders of the columns in which rows are read completely, those of most rows first.

    Columns that nothing tells apart keep the header's order among themselves.
    """
    if len(keys) > _MOST_COLUMNS:
        return ()
    found: Counter[Order] = Counter()
    for text in texts:
        found.update(order for _, order in _orders_of(text, keys, reader, habits))
    return tuple(order for order, _ in found.most_common())


def _orders_of(text: str, keys: Sequence[str], reader: CellReader, habits: Habits) -> _Ways:
    chain = Chain(text)
    count, every = len(chain), (1 << len(keys)) - 1
    if not len(keys) <= count <= _MOST_WORDS:
        return []
    twins = _twins(keys, habits)
    states: list[_States] = [{} for _ in range(count + 1)]
    states[0][0] = [(0.0, ())]
    for at in range(count):
        if states[at]:
            pieces = list(_pieces(chain, at, keys, reader, habits))
            for used, ways in _kept(states[at]):
                _lead_on(states, used, ways, [one for one in pieces if _is_next(one.column, used, twins)])
            states[at] = {}
    return states[count].get(every, [])


def _twins(keys: Sequence[str], habits: Habits) -> list[int]:
    """Return for each column the columns before it, as bits, that nothing tells apart from it."""
    looks = [(key, habits.looks.get(at) if is_own(key) else None) for at, key in enumerate(keys)]
    return [sum(1 << a for a in range(at) if looks[a] == look) for at, look in enumerate(looks)]


def _is_next(column: int, used: int, twins: Sequence[int]) -> bool:
    return not used >> column & 1 and used & twins[column] == twins[column]


def _pieces(
    chain: Chain, start: int, keys: Sequence[str], reader: CellReader, habits: Habits
) -> Iterator[Piece]:
    """Yield the pieces that begin at a word and that a column reads completely; each is read once for a row."""
    known = first_habits(keys, habits)
    for column, key in enumerate(keys):
        longest = _LONGEST_OWN if is_own(key) else kind(key).longest
        ends = range(start + 1, min(len(chain), start + longest) + 1)
        for end, weight in read_pieces(chain, start, ends, (key, reader, known.usual.get(column))):
            yield Piece(column, end, weight)


def _kept(states: _States) -> list[tuple[int, _Ways]]:
    ranked = sorted(states.items(), key=lambda one: -one[1][0][0])[:_BEAM]
    limit = ranked[0][1][0][0] - _BEHIND
    return [one for one in ranked if one[1][0][0] >= limit]


def _lead_on(states: list[_States], used: int, ways: _Ways, pieces: Sequence[Piece]) -> None:
    for column, end, weight in pieces:
        there = states[end].setdefault(used | 1 << column, [])
        if len(there) == _EACH and there[-1][0] >= ways[0][0] + weight:
            continue
        there += [(score + weight, (*order, column)) for score, order in ways]
        there.sort(key=lambda way: -way[0])
        _drop_repeated(there)


def _drop_repeated(ways: _Ways) -> None:
    """Keep the best ways of different orders."""
    best: dict[Order, float] = {}
    for score, order in ways:
        best.setdefault(order, score)
    ways[:] = [(score, order) for order, score in best.items()][:_EACH]
