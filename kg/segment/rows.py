"""Lines of a table without borders → rows: a line, or several that make sense only together.

A row is good when its typed columns can read their pieces. Lines are grouped by the grouping with the greatest
sum of scores; a line that no group can use costs so much that it is left alone only when nothing else works,
or when it begins as a row does and must be one that breaks off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kg.cells.read import CellReader
from kg.model import Line, State
from kg.segment.cut import Attempt, Cut, attempt, fits, quick_cut
from kg.segment.score import breaks_off, kind
from kg.vocabulary.text import squeeze

_MOST_LINES, _FEW_LINES = 12, 3
_LIKELY = 0.5
_SENTENCE = 3  # words of free text that make a row with an absent cell credible
_LEFT_OVER = -20.0
_BROKEN_OFF = 5.0  # the price of taking a line for the beginning of a row that breaks off
_SAMPLE, _MISFIT, _SAMPLE_MISS = 12, 2.0, 20.0
_ROW_BEGINS = 12.0  # a line that begins so well is no continuation of another
_USUAL = 3.0  # what a column mostly adds to a row's score


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one row, `text` joined by blanks, and the cut; `cut` is None when the lines make no row."""

    first_line: int
    last_line: int
    text: str
    cut: Cut | None


def group_rows(lines: Sequence[Line], keys: Sequence[str], reader: CellReader) -> tuple[Group, ...]:
    """Return the rows of a table, in order; every line stands in exactly one group."""
    return tuple(_Grouping(lines, keys, reader).groups())


def sample_score(lines: Sequence[Line], keys: Sequence[str], reader: CellReader) -> float:
    """Return how well the first rows fit these columns, compared with what so many columns mostly come to."""
    texts = [squeeze(line.text) for line in lines[:_SAMPLE]]
    found = [quick_cut(text, keys, reader) for text in texts]
    if not any(found):
        found = [attempt(text, keys, reader).cut for text in texts]
    usual = _USUAL * len(keys)
    return sum(one.score - usual - _MISFIT * one.misfits if one else -_SAMPLE_MISS for one in found)


class _Grouping:
    """The grouping of all lines with the greatest sum of scores."""

    def __init__(self, lines: Sequence[Line], keys: Sequence[str], reader: CellReader) -> None:
        self._lines = lines
        self._keys = keys
        self._reader = reader
        self._alone = [self._attempt(n, n + 1) for n in range(len(lines))]

    def groups(self) -> Iterator[Group]:
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
            part = self._lines[start:end]
            yield Group(part[0].number, part[-1].number, self._text(start, end), found)

    def _options(self, end: int) -> Iterator[tuple[float, int, Cut | None]]:
        """Yield the ways in which a group can end here: its score, where it starts, its cut."""
        alone = self._alone[end - 1]
        if alone.cut is None:
            yield max(_LEFT_OVER, alone.begins - _BROKEN_OFF), end - 1, None
        else:
            yield alone.cut.score, end - 1, self._perhaps_longer(end - 1, alone.cut)
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
        found = attempt(self._text(start, end), self._keys, self._reader, thorough=thorough)
        good = found.cut is not None and _good(found.cut, self._keys, self._reader)
        return found if good else Attempt(None, found.begins)

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
    return replace(found, confidence=tuple(sure if a == b else min(sure, _LIKELY) for a, b, sure in pairs))


def _good(found: Cut, keys: Sequence[str], reader: CellReader) -> bool:
    """Whether a cut is good enough to be a row.

    The last column must be read, since that is where a row that was cut off shows; a cell that more likely
    than not belongs elsewhere is not good enough either.
    """
    if not _ends_well(found, keys, reader) or min(found.confidence) < _LIKELY:
        return False
    typed = sum(not kind(key).free for key in keys)
    return found.score > 0 and found.misfits <= typed // 3


def _ends_well(found: Cut, keys: Sequence[str], reader: CellReader) -> bool:
    """Whether the row is whole: it may lack one cell, but then the cells at its end must leave no doubt."""
    if not fits(keys[-1], found.cells[-1], reader):
        return False
    if len(keys) > 1 and kind(keys[-2]).free and breaks_off(found.cells[-2]):
        return False
    absent = [at for at, cell in enumerate(found.cells) if not cell]
    if not absent:
        return True
    behind = " ".join(found.cells[absent[0] + 1 :])
    texts = [cell for key, cell in zip(keys, found.cells, strict=True) if kind(key).free]
    told = all(len(text.split()) >= _SENTENCE for text in texts)
    sure = all(found.cells[-2:]) and reader.read(keys[-1], found.cells[-1]).state is not State.EMPTY
    return len(absent) == 1 and told and sure and not fits(keys[absent[0]], behind, reader)
