"""Lines that hold one cell each → rows: the best way to give the lines to the columns, round after round.

A path goes through the states (lines used, columns filled); a cell takes one line, sometimes several, and a line
between two rows can be a heading. All paths are weighed at once: the best one gives the rows, and the share of
all weight that runs through a cell is its confidence.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.cells.read import CellReader
from kg.model import Line
from kg.segment.habits import NO_HABITS, Habits, first_habits, learn
from kg.segment.own import is_own
from kg.segment.score import breaks_off, kind, score, understood
from kg.vocabulary.text import squeeze

_BEAM = 18.0
_ABSENT = -5.0  # a cell that left no line
_MOST_ABSENT = 2
_MORE = -2.0  # each further line of a cell
_NEW = -3.0  # more, when it begins as a cell of its own does and no vocabulary says that it is none
_MOST_LINES, _MOST_FREE_LINES = 3, 6
_GIVEN_UP = -3.0  # a line of white space that is no empty cell; at the end of a row it says nothing
_EMPTY = 1.5
_KNOWN_HEADING, _HEADING, _PROSE = -2.0, -4.0, -6.0
_BREAKS_OFF = -8.0
_OWN = 0.5
_LONG, _LENGTHY = 60, -0.02  # characters of a cell of its own kind, and the price of each one more
_LONGEST_HEADING = 80  # characters
_LOWEST = float("-inf")


@dataclass(frozen=True, slots=True)
class LineRow:
    """Lines of one row and its cells, "" where no line is left for one; or a heading, or lines that make no row.

    `what` is "row", "heading", "prose" or "other", the last for lines that begin as a row does and break off.
    """

    what: str
    lines: tuple[Line, ...]
    cells: tuple[str, ...] = ()
    confidence: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """All lines as rows, headings and others, in their order, and how well they fit the columns."""

    rows: tuple[LineRow, ...]
    score: float


@dataclass(frozen=True, slots=True)
class _Step:
    """One edge of a path: what it does ("cell", "skip", "end", "heading", "prose"), where it leads, its weight."""

    what: str
    to: tuple[int, int]
    weight: float
    column: int = -1


@dataclass(slots=True)
class _State:
    best: float = _LOWEST
    total: float = _LOWEST
    came: tuple[tuple[int, int], _Step] | None = None
    steps: list[_Step] = field(default_factory=list)
    after: float = _LOWEST


def rows_of_lines(
    lines: Sequence[Line], keys: Sequence[str], reader: CellReader, habits: Habits = NO_HABITS
) -> Rows:
    """Return the rows of a table with a column for each of `keys`; the table's repetitions are learned on the way."""
    first = _Lattice(lines, keys, reader, first_habits(keys, habits)).rows()
    if not any(map(is_own, keys)):
        return first
    cells = [row.cells for row in first.rows if row.what == "row"]
    return _Lattice(lines, keys, reader, learn(cells, keys, habits)).rows()


class _Lattice:
    """All paths through the lines of one table."""

    def __init__(
        self, lines: Sequence[Line], keys: Sequence[str], reader: CellReader, habits: Habits
    ) -> None:
        self._lines, self._keys, self._reader, self._usual = lines, keys, reader, habits.usual
        self._texts = [squeeze(line.text) for line in lines]
        self._states: list[dict[int, _State]] = [{} for _ in range(len(lines) + 1)]

    def rows(self) -> Rows:
        """Return the best path as rows."""
        self._states[0][0] = _State(0.0, 0.0)
        for at in range(len(self._lines)):
            self._leave(at)
        self._end_rows(len(self._lines))
        final = self._states[-1][0]
        self._backward()
        return Rows(tuple(self._path(final)), final.best)

    def _leave(self, at: int) -> None:
        """Lead the paths on that have used the lines before `at`, but those far behind the best one."""
        self._end_rows(at)
        here = self._states[at]
        if not here:
            return
        least = max(state.best for state in here.values()) - _BEAM
        for column in sorted(here):
            if here[column].best >= least:
                for step in self._steps(at, column):
                    self._follow((at, column), here[column], step)

    def _end_rows(self, at: int) -> None:
        """Let the rows end here that have all their cells, and those that lack some."""
        here = self._states[at]
        for column in sorted(here, reverse=True):
            if column:
                missing = len(self._keys) - column
                price = _ABSENT * missing + (_BREAKS_OFF if missing > _MOST_ABSENT else 0.0)
                self._follow((at, column), here[column], _Step("end", (at, 0), price))

    def _follow(self, place: tuple[int, int], state: _State, step: _Step) -> None:
        state.steps.append(step)
        at, column = step.to
        target = self._states[at].setdefault(column, _State())
        value = state.best + step.weight
        if value > target.best:
            target.best, target.came = value, (place, step)
        target.total = _log_add(target.total, state.total + step.weight)

    def _steps(self, at: int, column: int) -> Iterator[_Step]:
        text = self._texts[at]
        if not text:
            between = column == 0 or self._lines[at].text
            yield _Step("skip", (at + 1, column), _GIVEN_UP / 3 if between else _GIVEN_UP)
        elif column == 0:
            yield self._between(at, text)
        for end in range(column, min(len(self._keys), column + _MOST_ABSENT + 1)):
            price = _ABSENT * (end - column)
            yield from self._cells(at, end, price)

    def _between(self, at: int, text: str) -> _Step:
        """Return the step over a line that is no cell: a heading, or words of the page."""
        if understood(self._reader.read("disease", text)):
            return _Step("heading", (at + 1, 0), _KNOWN_HEADING)
        if len(text) <= _LONGEST_HEADING and not any(map(str.isdigit, text)):
            return _Step("heading", (at + 1, 0), _HEADING)
        return _Step("prose", (at + 1, 0), _PROSE)

    def _cells(self, at: int, column: int, price: float) -> Iterator[_Step]:
        """Yield the cells of one column that begin at a line; after absent cells only the line itself."""
        own = is_own(self._keys[column])
        free = kind(self._keys[column]).free and not own
        most = 1 if price else _MOST_FREE_LINES if free else _MOST_LINES
        for count in range(1, min(most, len(self._lines) - at) + 1):
            if count > 1 and not self._texts[at + count - 1]:
                return
            if own and count > 1 and self._begins(at + count - 1):
                price += _NEW
            weight = price + _MORE * (count - 1) + self._fit(column, self._text(at, at + count))
            yield _Step("cell", (at + count, column + 1), weight, column)

    def _begins(self, at: int) -> bool:
        """Whether a line begins as a cell does, and the line before it does not go on."""
        return not (self._texts[at][0].islower() or breaks_off(self._texts[at - 1]))

    def _fit(self, column: int, text: str) -> float:
        key = self._keys[column]
        if not text:
            return _EMPTY
        if not is_own(key):
            look = kind(key)
            return 0.0 if look.free else score(key, text, text.count(" ") + 1, self._reader)
        usual = self._usual.get(column)
        gain = usual.gain(text) if usual is not None else 0.0
        return gain + (_OWN if len(text) <= _LONG else _LENGTHY * (len(text) - _LONG))

    def _text(self, start: int, end: int) -> str:
        return self._texts[start] if end == start + 1 else " ".join(self._texts[start:end])

    def _backward(self) -> None:
        """Weigh for each state all paths from it to the end."""
        self._states[-1][0].after = 0.0
        for at in range(len(self._lines), -1, -1):
            here = self._states[at]
            for column in sorted(here):
                state = here[column]
                for step in state.steps:
                    then = self._states[step.to[0]][step.to[1]].after
                    if then > _LOWEST:
                        state.after = _log_add(state.after, step.weight + then)

    def _path(self, final: _State) -> Iterator[LineRow]:
        steps: list[tuple[tuple[int, int], _Step]] = []
        state = final
        while state.came is not None:
            steps.append(state.came)
            at, column = state.came[0]
            state = self._states[at][column]
        cells = [""] * len(self._keys)
        sure, start = [0.0] * len(self._keys), 0
        for (at, column), step in reversed(steps):
            if step.what == "cell":
                start = at if not any(cells) and not any(sure) else start
                cells[step.column] = self._text(at, step.to[0])
                sure[step.column] = self._share(at, column, step)
            elif step.what == "end":
                lines = tuple(line for line in self._lines[start:at] if line.text.strip())
                broken = step.weight <= _BREAKS_OFF
                yield LineRow("other" if broken else "row", lines, tuple(cells), tuple(sure))
                cells, sure = [""] * len(self._keys), [0.0] * len(self._keys)
            elif step.what != "skip":
                yield LineRow(step.what, (self._lines[at],))

    def _share(self, at: int, column: int, step: _Step) -> float:
        """Return the share of the weight of all paths that have this very cell."""
        state, then = self._states[at][column], self._states[step.to[0]][step.to[1]]
        whole = self._states[-1][0].total
        return round(min(1.0, math.exp(state.total + step.weight + then.after - whole)), 3)


def _log_add(a: float, b: float) -> float:
    if a == _LOWEST:
        return b
    high, low = max(a, b), min(a, b)
    return high + math.log1p(math.exp(low - high))
