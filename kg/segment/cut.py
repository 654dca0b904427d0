"""One row without borders → its cells, each with a confidence and a reason.

The row is a chain of words, a cut is a path through the states (words used, columns filled). All paths are
weighed at once: the best one is the cut, and the share of all weight that runs through a cell is its confidence
(forward–backward over a semi-Markov chain; Sarawagi & Cohen, 2004).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kg.cells.read import CellReader
from kg.model import State
from kg.segment.score import ABSENT, Seams, kind, score, understood

_NOTHING = float("-inf")


@dataclass(frozen=True, slots=True)
class _Search:
    """How wide to look: paths that stand `beam` behind the best one of as many columns are given up; `patient`
    tries every length of a cell, even when it has long not been readable."""

    beam: float
    patient: bool


# most rows are read completely on the narrow way; the wide one is for rows with words that no vocabulary knows
_NARROW, _WIDE = _Search(4.5, patient=False), _Search(9.0, patient=True)


@dataclass(frozen=True, slots=True)
class Cut:
    """A row cut into cells: their texts, how sure each is (0 to 1), why, and how many columns could not read theirs."""

    cells: tuple[str, ...]
    confidence: tuple[float, ...]
    reasons: tuple[str, ...]
    misfits: int
    score: float


@dataclass(slots=True)
class _Stage:
    """The states in which the same number of columns is filled, by the number of words used."""

    total: dict[int, float] = field(default_factory=dict)
    best: dict[int, float] = field(default_factory=dict)
    came: dict[int, int] = field(default_factory=dict)
    edges: list[tuple[int, int, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What cutting a text came to: the best cut, if any, and how well the text fits as a row that breaks off."""

    cut: Cut | None
    torn: float


def cut(text: str, keys: Sequence[str], reader: CellReader) -> Cut | None:
    """Cut `text` into one cell for each of `keys`, in this order; None when no cut uses every word."""
    return attempt(text, keys, reader).cut


def quick_cut(text: str, keys: Sequence[str], reader: CellReader) -> Cut | None:
    """Like `cut`, but give up early on a row that has words which its columns cannot read."""
    return _attempt(text, keys, reader, _NARROW).cut


def attempt(text: str, keys: Sequence[str], reader: CellReader) -> Attempt:
    """Cut `text` as `cut` does, and weigh it also as the beginning of a row."""
    narrow = _attempt(text, keys, reader, _NARROW)
    return narrow if narrow.cut and not narrow.cut.misfits else _attempt(text, keys, reader, _WIDE)


def _attempt(text: str, keys: Sequence[str], reader: CellReader, search: _Search) -> Attempt:
    tokens = text.split()
    stages = _forward(tokens, keys, reader, search)
    torn = max(stage.best.get(len(tokens), _NOTHING) for stage in stages[:-1])
    found = _best_path(tokens, keys, stages, reader) if len(tokens) in stages[-1].total else None
    return Attempt(found, torn)


def _best_path(tokens: list[str], keys: Sequence[str], stages: list[_Stage], reader: CellReader) -> Cut:
    ends = [len(tokens)]
    for stage in reversed(stages[1:]):
        ends.append(stage.came[ends[-1]])
    ends.reverse()
    pieces = [*pairwise(ends)]
    cells = tuple(" ".join(tokens[a:b]) for a, b in pieces)
    misfits = sum(not fits(key, cell, reader) for key, cell in zip(keys, cells, strict=True))
    reasons = tuple(_reason(key, cell, reader) for key, cell in zip(keys, cells, strict=True))
    return Cut(cells, _shares(stages, pieces), reasons, misfits, stages[-1].best[len(tokens)])


def _forward(tokens: list[str], keys: Sequence[str], reader: CellReader, search: _Search) -> list[_Stage]:
    room, seams = _room(keys), Seams(tokens)
    stages = [_Stage({0: 0.0}, {0: 0.0})]
    for number, key in enumerate(keys):
        here, then = stages[-1], _Stage()
        last = number == len(keys) - 1
        scorer = _Scorer(key, tokens, seams, reader, math.inf if search.patient else kind(key).patience)
        for start in _kept(here, search.beam):
            ends = _ends(len(tokens), start, kind(key).longest, room[number + 1], last)
            _extend(here, then, start, scorer.pieces(start, ends))
        stages.append(then)
    return stages


@dataclass(frozen=True, slots=True)
class _Scorer:
    """Scores the pieces of one row for one column, and knows when longer ones are not worth trying."""

    key: str
    tokens: list[str]
    seams: Seams
    reader: CellReader
    patience: float

    def pieces(self, start: int, ends: Iterable[int]) -> Iterator[tuple[int, float]]:
        """Yield the end and the score of each piece that begins at `start`."""
        look, vain = kind(self.key), 0
        for end in ends:
            if end == start:
                yield end, ABSENT
            elif look.free:
                yield end, look.unread * (end - start) + self.seams.price(look, start, end)
            else:
                text = " ".join(self.tokens[start:end])
                weight = score(self.key, text, end - start, self.reader) + self.seams.price(look, start, end)
                yield end, weight
                vain = vain + 1 if weight < 0 else 0
                if vain >= self.patience:
                    return


def _room(keys: Sequence[str]) -> list[int]:
    """Return, for each number of columns filled, how many words the columns still to come can take at most."""
    room = [0]
    for key in reversed(keys):
        room.append(room[-1] + kind(key).longest)
    return room[::-1]


def _ends(count: int, start: int, longest: int, room: int, last: bool) -> Iterator[int]:
    if last:
        if start < count <= start + longest:
            yield count
        return
    yield from range(max(start, count - room), min(count, start + longest) + 1)


def _kept(stage: _Stage, beam: float) -> list[int]:
    if not stage.best:
        return []
    limit = max(stage.best.values()) - beam
    return sorted(end for end, value in stage.best.items() if value >= limit)


def _extend(here: _Stage, then: _Stage, start: int, pieces: Iterable[tuple[int, float]]) -> None:
    for end, weight in pieces:
        then.edges.append((start, end, weight))
        value = here.best[start] + weight
        if value > then.best.get(end, _NOTHING):
            then.best[end] = value
            then.came[end] = start
        then.total[end] = _log_add(then.total.get(end, _NOTHING), here.total[start] + weight)


def _shares(stages: list[_Stage], pieces: list[tuple[int, int]]) -> tuple[float, ...]:
    """Return, for each cell of the best cut, the share of the weight of all cuts that has the very same cell."""
    final = pieces[-1][1]
    whole = stages[-1].total[final]
    after = {final: 0.0}
    shares: list[float] = []
    for number in range(len(stages) - 1, 0, -1):
        before: dict[int, float] = {}
        for start, end, weight in stages[number].edges:
            if end in after:
                before[start] = _log_add(before.get(start, _NOTHING), weight + after[end])
                if (start, end) == pieces[number - 1]:
                    through = stages[number - 1].total[start] + weight + after[end]
                    shares.append(round(min(1.0, math.exp(through - whole)), 3))
        after = before
    return tuple(reversed(shares))


def _log_add(a: float, b: float) -> float:
    if a == _NOTHING:
        return b
    high, low = max(a, b), min(a, b)
    return high + math.log1p(math.exp(low - high))


def fits(key: str, cell: str, reader: CellReader) -> bool:
    """Whether a column can read the whole of a cell; free text always, an absent cell never."""
    if kind(key).free:
        return bool(cell)
    reading = reader.read(key, cell)
    return bool(cell) and (reading.state is State.EMPTY or understood(reading))


def _reason(key: str, cell: str, reader: CellReader) -> str:
    if not cell:
        return "no word of the row fits this column"
    reading = reader.read(key, cell)
    if kind(key).free:
        return "free text between its neighbours"
    if reading.state is State.EMPTY:
        return "reads as not given"
    if understood(reading):
        return f"all of it reads as {reading.rule}"
    unread = "; ".join(cell[s.start : s.end] for s in reading.unread) or cell
    return f"best place, though not read: {unread}"
