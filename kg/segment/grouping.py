"""Lines of a table without borders → the grouping into rows with the greatest sum of scores.

A line that no group can use costs so much that it is left alone only when nothing else works, or when it begins as a
row does and must be one that breaks off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kg.cells.read import CellReader
from kg.model import Line
from kg.segment.cut import Attempt, Cut, attempt
from kg.segment.habits import Habits
from kg.segment.score import breaks_off
from kg.segment.whole import LIKELY, good, reads_as_heading, short_cut
from kg.vocabulary.text import squeeze

_MOST_LINES, _FEW_LINES = 12, 3
_LEFT_OVER = -20.0
_BROKEN_OFF = 5.0  # the price of taking a line for the beginning of a row that breaks off
_ROW_BEGINS = 12.0  # a line that begins so well is no continuation of another
_HEADING = -1.0  # the price of a line that is a heading over rows
_LONGEST_GLUED = 1000  # characters of a row that is searched for cells grown together
_VAIN = 8  # rows that were searched so and are none, before the others are not


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one row, `text` joined by blanks, and the cut; `cut` is None when the lines make no row.

    `heading` says that they stand over the rows that follow.
    """

    first_line: int
    last_line: int
    text: str
    cut: Cut | None
    heading: bool = False


class Grouping:
    """The grouping of all lines with the greatest sum of scores."""

    def __init__(
        self, lines: Sequence[Line], keys: Sequence[str], reader: CellReader, habits: Habits
    ) -> None:
        self._lines, self._keys, self._reader, self._habits = lines, keys, reader, habits
        self._alone = [self._attempt(n, n + 1) for n in range(len(lines))]
        self._vain = 0
        self._short = [self._shortened(n) for n in range(len(lines))]

    def groups(self) -> Iterator[Group]:
        """Yield the groups of the best grouping, in order; every line stands in exactly one of them."""
        best: list[tuple[float, int, Cut | None]] = [(0.0, 0, None)]
        for end in range(1, len(self._lines) + 1):
            options = ((best[start][0] + score, start, found) for score, start, found in self._options(end))
            best.append(max(options, key=lambda option: option[0]))
        steps: list[tuple[int, int, Cut | None]] = []
        end = len(self._lines)
        while end:
            _, start, found = best[end]
            steps.append((start, end, found))
            end = start
        for start, end, found in reversed(steps):
            part, text = self._lines[start:end], self._text(start, end)
            heading = found is None and end == start + 1 and self._may_head(start)
            if found is None and not heading:
                found = self._inside_words(text)
            yield Group(part[0].number, part[-1].number, text, found, heading)

    def _options(self, end: int) -> Iterator[tuple[float, int, Cut | None]]:
        """Yield the ways in which a group can end here: its score, where it starts, its cut."""
        alone = self._alone[end - 1]
        if alone.cut is None:
            left = max(_LEFT_OVER, alone.begins - _BROKEN_OFF)
            yield max(left, _HEADING) if self._may_head(end - 1) else left, end - 1, None
        else:
            yield alone.cut.score, end - 1, self._perhaps_longer(end - 1, alone.cut)
        if short := self._short[end - 1]:
            yield short.score, end - 1, short
        good = alone.cut is not None
        for start in range(end - 2, max(0, end - _MOST_LINES) - 1, -1):
            if self._alone[start + 1].begins >= _ROW_BEGINS and start + 1 < end - good:
                return
            if self._alone[start].cut is not None:
                if good:
                    return  # two lines that are rows alone are not one row
                good = True
            found = self._joined(start, end)
            if found is not None:
                yield found.score, start, found

    def _shortened(self, at: int) -> Cut | None:
        """Return the cut of a line that lacks its first cells, which the row above it may share with it."""
        alone = self._alone[at].cut
        if at == 0 or (alone is not None and alone.misfits == 0):
            return None
        return short_cut(self._text(at, at + 1), self._keys, self._reader, self._habits)

    def _may_head(self, at: int) -> bool:
        """Whether a line can be a heading: it is no row, does not begin as one, and a row comes next."""
        if self._alone[at].cut is not None or self._short[at] is not None or at + 1 == len(self._lines):
            return False
        if self._alone[at + 1].cut is None and self._short[at + 1] is None:
            return False
        return reads_as_heading(self._text(at, at + 1), self._keys, self._reader)

    def _inside_words(self, text: str) -> Cut | None:
        """Return the cut of lines of which some words may be cells grown together."""
        if self._habits.inside or len(text) > _LONGEST_GLUED or self._vain >= _VAIN:
            return None
        found = attempt(text, self._keys, self._reader, replace(self._habits, inside=True)).cut
        if found is not None and good(found, self._keys, self._reader):
            return found
        self._vain += 1
        return None

    def _perhaps_longer(self, at: int, alone: Cut) -> Cut:
        """Return the cut of a line, unsure where the words of the line before could be its beginning."""
        if at == 0 or self._alone[at - 1].cut is not None:
            return alone
        joined = self._attempt(at - 1, at + 1).cut
        if joined is None or _unless_worse(joined, alone) is None:
            return alone
        return _unsure(alone, joined)

    def _joined(self, start: int, end: int) -> Cut | None:
        """Return the cut of several lines; None when a line of them is better off alone."""
        found = self._attempt(start, end).cut
        for at in range(start, end):
            alone = self._alone[at].cut
            if found is not None and alone is not None:
                found = (
                    _unless_worse(found, alone) if self._may_begin_before(at, start, found, alone) else None
                )
        return found

    def _may_begin_before(self, at: int, start: int, joined: Cut, alone: Cut) -> bool:
        """Whether a row may begin in a line before it, which mostly is a heading or the rest of another row."""
        if at == start or joined.misfits < alone.misfits:
            return True
        return breaks_off(self._text(at - 1, at))

    def _attempt(self, start: int, end: int) -> Attempt:
        thorough = end - start <= _FEW_LINES
        text = self._text(start, end)
        found = attempt(text, self._keys, self._reader, self._habits, thorough=thorough)
        whole = found.cut is not None and good(found.cut, self._keys, self._reader)
        return found if whole else Attempt(None, found.begins)

    def _text(self, start: int, end: int) -> str:
        return squeeze(" ".join(line.text for line in self._lines[start:end]))


def _unless_worse(joined: Cut, alone: Cut) -> Cut | None:
    """Return the cut of several lines, None when one of them is better off alone; unsure when it could be."""
    if joined.misfits > alone.misfits or joined.score < alone.score:
        return None
    return _unsure(joined, alone)


def _unsure(found: Cut, other: Cut) -> Cut:
    """Return the cut, hardly more sure than not where the other one has another cell."""
    pairs = zip(found.cells, other.cells, found.confidence, strict=True)
    sure = tuple(sure if a == b else min(sure, LIKELY) for a, b, sure in pairs)
    return replace(found, confidence=sure, doubted=True)
