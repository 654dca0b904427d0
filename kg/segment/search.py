"""The words of one row and its columns → all cuts worth weighing, with the best one and the share of each cell.

The row is a chain of words, a cut is a path through the states (words used, columns filled). All paths are
weighed at once: the best one is the cut, and the share of all weight that runs through a cell is its confidence
(forward–backward over a semi-Markov chain; Sarawagi & Cohen, 2004).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from kg.cells.read import CellReader
from kg.segment.chain import Chain
from kg.segment.habits import NO_HABITS, Habits
from kg.segment.own import Usual
from kg.segment.score import ABSENT, Kind, Seams, kind, score

_KNOWN = 0.7  # the price of a known word in a name that as a whole is not known
_PIECES = 3  # into which a word is cut, where cells may end inside words
_AMOUNT = re.compile(r"[(\[]\d")
_NOTHING = float("-inf")


@dataclass(frozen=True, slots=True)
class Search:
    """How wide to look.

    Paths that stand `beam` behind the best one of as many columns are given up. `strict` takes only cells that
    their columns read completely, `names` beside them also names that no vocabulary knows, without reading
    them; `patient` tries every length of a cell, even when it has long been unreadable.
    """

    beam: float
    strict: bool = False
    names: bool = False
    patient: bool = False


@dataclass(slots=True)
class Stage:
    """The states in which the same number of columns is filled, by the number of words used."""

    total: dict[int, float] = field(default_factory=dict)
    best: dict[int, float] = field(default_factory=dict)
    came: dict[int, int] = field(default_factory=dict)
    edges: list[tuple[int, int, float]] = field(default_factory=list)

    @property
    def top(self) -> float:
        """The score of the best path up to here, minus infinity when there is none."""
        return max(self.best.values(), default=_NOTHING)

    def add(self, before: Stage, start: int, end: int, weight: float) -> None:
        """Lead the paths that reached `start` on to `end`."""
        self.edges.append((start, end, weight))
        value = before.best[start] + weight
        if value > self.best.get(end, _NOTHING):
            self.best[end] = value
            self.came[end] = start
        self.total[end] = _log_add(self.total.get(end, _NOTHING), before.total[start] + weight)


def forward(
    chain: Chain, keys: Sequence[str], reader: CellReader, search: Search, habits: Habits = NO_HABITS
) -> list[Stage]:
    """Return the stages of all paths: the first before any column, then one behind each column."""
    longest = [kind(key).longest * (_PIECES if habits.inside else 1) for key in keys]
    room, seams = _room(longest), Seams(chain)
    row = _Row(chain, reader, search, habits, "frequency" not in keys)
    stages = [Stage({0: 0.0}, {0: 0.0})]
    for number, key in enumerate(keys):
        here, then = stages[-1], Stage()
        last = number == len(keys) - 1
        scorer = _Scorer(key, seams, row, habits.usual.get(number))
        for start in _kept(here, search.beam):
            ends = _ends(len(chain), start, longest[number], room[number + 1], last)
            for end, weight in scorer.pieces(start, ends):
                then.add(here, start, end, weight)
        stages.append(then)
    return stages


def read_pieces(
    chain: Chain, start: int, ends: Iterable[int], column: tuple[str, CellReader, Usual | None]
) -> Iterator[tuple[int, float]]:
    """Yield the end and the score of each piece that begins at `start` and that the column reads completely."""
    key, reader, usual = column
    row = _Row(chain, reader, Search(0.0, strict=True), NO_HABITS, mixed=True)
    yield from _Scorer(key, Seams(chain), row, usual).pieces(start, ends)


def best_path(stages: Sequence[Stage], count: int) -> list[tuple[int, int]]:
    """Return the pieces of the best path that uses all `count` words, one for each column."""
    ends = [count]
    for stage in reversed(stages[1:]):
        ends.append(stage.came[ends[-1]])
    return [*pairwise(reversed(ends))]


def shares(stages: Sequence[Stage], pieces: Sequence[tuple[int, int]]) -> tuple[float, ...]:
    """Return, for each piece of a path, the share of the weight of all paths that has the very same piece."""
    final = pieces[-1][1]
    whole = stages[-1].total[final]
    after = {final: 0.0}
    found: list[float] = []
    for number in range(len(stages) - 1, 0, -1):
        before: dict[int, float] = {}
        for start, end, weight in stages[number].edges:
            if end in after:
                before[start] = _log_add(before.get(start, _NOTHING), weight + after[end])
                if (start, end) == pieces[number - 1]:
                    through = stages[number - 1].total[start] + weight + after[end]
                    found.append(round(min(1.0, math.exp(through - whole)), 3))
        after = before
    return tuple(reversed(found))


@dataclass(frozen=True, slots=True)
class _Row:
    """One row, and how to look for its cells; `mixed` says that a dose may say how often, for want of a column."""

    chain: Chain
    reader: CellReader
    search: Search
    habits: Habits
    mixed: bool = False


@dataclass(frozen=True, slots=True)
class _Scorer:
    """Scores the pieces of one row for one column, and knows when longer ones are not worth trying.

    `usual` is what the table tells of the column.
    """

    key: str
    seams: Seams
    row: _Row
    usual: Usual | None

    def pieces(self, start: int, ends: Iterable[int]) -> Iterator[tuple[int, float]]:
        """Yield the end and the score of each piece that begins at `start`."""
        look, row = kind(self.key), self.row
        edge = row.habits.edge(row.chain.glued[start]) if 0 < start < len(row.chain) else 0.0
        found = self._free(look, start, ends) if look.free else self._typed(look, start, ends)
        if self.usual is None and not edge:
            return found
        return self._weighed(found, start, edge)

    def _weighed(
        self, found: Iterable[tuple[int, float]], start: int, edge: float
    ) -> Iterator[tuple[int, float]]:
        """Yield the pieces with what speaks for them in this table."""
        for end, weight in found:
            if end > start and self.usual is not None:
                weight += self.usual.gain(self.row.chain.piece(start, end))
            yield end, weight + edge

    def _free(self, look: Kind, start: int, ends: Iterable[int]) -> Iterator[tuple[int, float]]:
        for end in ends:
            if end > start:
                yield end, look.unread * (end - start) + self.seams.price(look, start, end)
            elif not self.row.search.strict:
                yield end, ABSENT

    def _typed(self, look: Kind, start: int, ends: Iterable[int]) -> Iterator[tuple[int, float]]:
        if not self.row.search.strict:
            yield from self._any(look, start, ends)
            return
        every = [end for end in ends if end > start]
        stop, read = self._stop(look, start), set()
        for end, weight in self._any(
            look, start, (end for end in every if self._may_be_whole(start, end, stop))
        ):
            if weight > 0:
                read.add(end)
                yield end, weight
        if self.row.search.names and look.name:
            for end in every:
                if end not in read:
                    yield end, self._unknown_name(look, start, end)

    def _any(self, look: Kind, start: int, ends: Iterable[int]) -> Iterator[tuple[int, float]]:
        search = self.row.search
        whole = search.strict and not search.names  # no other search tries again what this one gives up
        vain, patient = 0, search.patient or self.row.habits.inside or whole
        for end in ends:
            if end == start:
                yield end, ABSENT
                continue
            text = self.row.chain.piece(start, end)
            fit = score(self.key, text, text.count(" ") + 1, self.row.reader)
            yield end, fit + self.seams.price(look, start, end)
            vain = 0 if fit > 0 else vain + 1
            if vain >= look.patience and not patient:
                return

    def _may_be_whole(self, start: int, end: int, stop: int) -> bool:
        return end <= stop and self.seams.whole(start, end)

    def _unknown_name(self, look: Kind, start: int, end: int) -> float:
        """Return the score of a name that is not read: the words that the column may have cost less."""
        known = sum(self.row.reader.admits(self.key, token) for token in self.row.chain.tokens[start:end])
        unknown = max(1, end - start - known)
        return look.base + look.unread * unknown - _KNOWN * known + self.seams.price(look, start, end)

    def _stop(self, look: Kind, start: int) -> int:
        """Return where the first word stands that no cell of this column can have; what is in brackets may be."""
        chain, inside = self.row.chain, self.row.habits.inside
        limit = min(len(chain), start + look.longest * (_PIECES if inside else 1))
        for at in range(start, limit):
            if self.seams.bracketed(at) or self.row.reader.admits(self.key, chain.tokens[at]):
                continue
            if not (
                self._labels_amount(at)
                or self._says_how_often(at)
                or (inside and self._admits_with_neighbours(at))
            ):
                return at
        return limit

    def _labels_amount(self, at: int) -> bool:
        """Whether a word of a dose names what the amount in the brackets behind it is of: "IV (10–50 M)"."""
        behind = self.row.chain.tokens[at + 1 : at + 2]
        return self.key == "dose" and bool(behind) and _AMOUNT.match(behind[0]) is not None

    def _says_how_often(self, at: int) -> bool:
        """Whether a word behind a dose may say how often it is given."""
        mixed = self.row.mixed and self.key == "dose"
        return mixed and self.row.reader.admits("frequency", self.row.chain.tokens[at])

    def _admits_with_neighbours(self, at: int) -> bool:
        """Whether a column may have a word of which a piece stands here: with the piece before it or behind it."""
        chain = self.row.chain
        around = [(at - 1, at + 1)] if chain.glued[at] else []
        if at + 1 < len(chain) and chain.glued[at + 1]:
            around += [(at, at + 2), *((a, at + 2) for a, _ in around)]
        return any(self.row.reader.admits(self.key, chain.piece(a, b)) for a, b in around)


def _room(longest: Sequence[int]) -> list[int]:
    """Return, for each number of columns filled, how many words the columns still to come can take at most."""
    return [*accumulate(reversed(longest), initial=0)][::-1]


def _ends(count: int, start: int, longest: int, room: int, last: bool) -> Iterator[int]:
    if last:
        if start < count <= start + longest:
            yield count
        return
    yield from range(max(start, count - room), min(count, start + longest) + 1)


def _kept(stage: Stage, beam: float) -> list[int]:
    limit = stage.top - beam
    return sorted(end for end, value in stage.best.items() if value >= limit)


def _log_add(a: float, b: float) -> float:
    if a == _NOTHING:
        return b
    high, low = max(a, b), min(a, b)
    return high + math.log1p(math.exp(low - high))
