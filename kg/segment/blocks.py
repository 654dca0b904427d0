"""Lines parted where rows surely begin or end → rows: a part is one row, mostly, and may have headings at its other end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.cells.read import CellReader
from kg.model import Line
from kg.segment.anchors import Edges
from kg.segment.cut import Cut, attempt
from kg.segment.grouping import Group, Grouping
from kg.segment.habits import Habits
from kg.segment.score import breaks_off, kind, understood
from kg.segment.whole import good, reads_as_heading, short_cut
from kg.vocabulary.text import squeeze

_MOST_LINES, _FEW_LINES = 40, 6
_MOST_HEADINGS = 2  # lines between two rows
_FEW_SEVERAL = 0.15  # of the parts
_CLEARLY = 1.0  # by which a row must be better without a line that may be a heading


class Blocks:
    """The parts of the lines of one table, each with what it holds."""

    def __init__(
        self, lines: Sequence[Line], keys: Sequence[str], reader: CellReader, habits: Habits
    ) -> None:
        self._lines, self._keys, self._reader, self._habits = lines, keys, reader, habits
        self._texts = [squeeze(line.text) for line in lines]
        self._sections = False

    def groups(self, found: Edges) -> Iterator[Group]:
        """Yield what each part holds, in order; every line stands in exactly one group."""
        first = found.blocks[0]
        self._sections = found.begins and first[0] > 0 and self._is_heading(first[0] - 1, other=True)
        if found.begins and first[0]:
            yield from self._before(0, first[0])
        for start, end in found.blocks:
            yield from self._block(start, end, begins=found.begins)

    def tells(self, found: Edges) -> bool:
        """Return whether the parts seem to be rows: few of them have a row inside."""
        several = sum(self._has_rows_inside(a, b, begins=found.begins) for a, b in found.blocks)
        return several <= _FEW_SEVERAL * len(found.blocks)

    def _before(self, start: int, end: int) -> Iterator[Group]:
        for at in range(start, end):
            yield self._group(at, at + 1, heading=self._is_heading(at, other=True))

    def _block(self, start: int, end: int, *, begins: bool) -> Iterator[Group]:
        if end - start > _MOST_LINES or self._has_rows_inside(start, end, begins=begins):
            yield from self._any(start, end)
            return
        first, last, found = self._row(start, end, begins=begins)
        if found is None:
            yield from self._any(start, end)
            return
        yield from (self._group(at, at + 1, heading=True) for at in range(start, first))
        yield self._group(first, last, found)
        yield from (self._group(at, at + 1, heading=True) for at in range(last, end))

    def _row(self, start: int, end: int, *, begins: bool) -> tuple[int, int, Cut | None]:
        """Return the lines of the part that are its row, and the cut; the others are headings."""
        best = (start, end, self._cut(start, end))
        for count in range(1, min(_MOST_HEADINGS, end - start - 1) + 1):
            at = end - count if begins else start + count - 1
            if not self._is_heading(at):
                break
            first, last = (start, at) if begins else (at + 1, end)
            found = self._cut(first, last)
            if found is not None and (self._free_end(begins) or self._better(found, best[2])):
                best = (first, last, found)
        return self._perhaps_short(*best)

    def _perhaps_short(self, first: int, last: int, found: Cut | None) -> tuple[int, int, Cut | None]:
        """Return the lines of a row and its cut, which may leave the first cells to the row above."""
        if not first or (found is not None and not found.misfits):
            return first, last, found
        short = short_cut(self._text(first, last), self._keys, self._reader, self._habits)
        better = short is not None and (found is None or short.score > found.score)
        return first, last, short if better else found

    def _free_end(self, begins: bool) -> bool:
        """Whether the last column takes any text, so that a heading behind a row would never disturb it."""
        return begins and self._sections and kind(self._keys[-1]).free

    def _better(self, found: Cut, whole: Cut | None) -> bool:
        return whole is None or (found.misfits <= whole.misfits and found.score > whole.score + _CLEARLY)

    def _has_rows_inside(self, start: int, end: int, *, begins: bool) -> bool:
        """Whether a line of the part is a row alone, other than the one that gives the part its edge."""
        if end - start == 1:
            return False
        inner = range(start + 1, end) if begins else range(start, end - 1)
        for at in inner:
            alone = None if at and breaks_off(self._texts[at - 1]) else self._cut(at, at + 1)
            if alone is not None and not alone.misfits:
                return True
        return False

    def _any(self, start: int, end: int) -> Iterator[Group]:
        yield from Grouping(self._lines[start:end], self._keys, self._reader, self._habits).groups()

    def _cut(self, start: int, end: int) -> Cut | None:
        thorough = end - start <= _FEW_LINES
        found = attempt(self._text(start, end), self._keys, self._reader, self._habits, thorough=thorough).cut
        return found if found is not None and good(found, self._keys, self._reader) else None

    def _is_heading(self, at: int, *, other: bool = False) -> bool:
        """Whether a line can be a heading; the words of a disease only tell where others stand over rows, too."""
        text = self._texts[at]
        if (at and breaks_off(self._texts[at - 1])) or text[:1].islower():
            return False
        if not reads_as_heading(text, self._keys, self._reader):
            return False
        return other or self._sections or understood(self._reader.read("disease", text))

    def _group(self, start: int, end: int, found: Cut | None = None, *, heading: bool = False) -> Group:
        first, last = self._lines[start].number, self._lines[end - 1].number
        return Group(first, last, self._text(start, end), found, heading)

    def _text(self, start: int, end: int) -> str:
        return self._texts[start] if end == start + 1 else " ".join(self._texts[start:end])
