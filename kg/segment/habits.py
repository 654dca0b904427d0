"""The rows of a table that were cut already → what is usual in this table, which helps to cut the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kg.segment.own import Look, Usual, is_own, look_of

_NAMES = ("disease", "cell_source", "donor", "product", "route")
_INSIDE = -1.5  # the price of an edge inside a word, where words mostly stand apart
_BETWEEN = -0.7  # the price of an edge between words, where cells mostly are grown together


@dataclass(frozen=True, slots=True)
class Habits:
    """What is usual in a table: `looks` are those of its columns by their place, as their headers tell; `kinds` the
    looks that a column may have whose header tells nothing; `usual` what is known of each column.

    `inside` says that a cell may end inside a word; `joined` that it mostly does, since no blank was between cells.
    """

    looks: Mapping[int, Look] = field(default_factory=dict)
    kinds: tuple[Look, ...] = ()
    usual: Mapping[int, Usual] = field(default_factory=dict)
    inside: bool = False
    joined: bool = False

    def edge(self, glued: bool) -> float:
        """Return the price of a cell that begins here, grown to the word before it or not."""
        if glued:
            return 0.0 if self.joined else _INSIDE
        return _BETWEEN if self.joined else 0.0

    def behind(self, columns: int) -> Habits:
        """Return the habits of the same table without its first columns."""
        usual = {at - columns: one for at, one in self.usual.items() if at >= columns}
        return replace(self, usual=usual)


NO_HABITS = Habits()


def first_habits(keys: Sequence[str], habits: Habits) -> Habits:
    """Return what is known of the columns before any row is cut: how the cells of such headers look."""
    known = {at: Usual((), look) for at, look in habits.looks.items() if is_own(keys[at])}
    return replace(habits, usual=known)


def learn(
    rows: Sequence[Sequence[str]], keys: Sequence[str], habits: Habits, *, names: bool = False
) -> Habits:
    """Return what the rows tell of the columns of their own: what these repeat, and how their cells look.

    `names` asks also what the columns of names repeat.
    """
    found: dict[int, Usual] = {}
    for at, key in enumerate(keys):
        if names and key in _NAMES:
            found[at] = Usual(row[at] for row in rows)
        elif is_own(key):
            cells = [row[at] for row in rows]
            found[at] = Usual(cells, habits.looks.get(at) or look_of(cells, habits.kinds))
    return replace(habits, usual=found)
