"""Lines of a table without borders → rows: a line, or several that make sense only together.

A row is good when its typed columns can read their pieces. Lines are grouped by the grouping with the greatest
sum of scores; a line that no group can use costs so much that it is left alone only when nothing else works.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.cells.read import CellReader
from kg.model import Line, State
from kg.segment.cut import Attempt, Cut, attempt, fits, quick_cut
from kg.segment.score import kind
from kg.vocabulary.text import squeeze

_MOST_LINES = 12
_LIKELY = 0.5
_LEFT_OVER = -20.0
_BROKEN_OFF = 5.0  # the price of taking a line for the beginning of a row that breaks off
_CLEAR = 1  # a row with more misfits may also be a part of one
_SAMPLE, _MISFIT, _SAMPLE_MISS = 3, 2.0, 20.0


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one row, `text` joined by blanks, and the cut; `cut` is None when the lines make no row."""

    first_line: int
    last_line: int
    text: str
    cut: Cut | None


def group_rows(lines: Sequence[Line], keys: Sequence[str], reader: CellReader) -> tuple[Group, ...]:
    """Return the rows of a table, in order; every line stands in exactly one group."""
    alone = [_attempt(squeeze(line.text), keys, reader) for line in lines]
    groups: list[Group] = []
    at = 0
    while at < len(lines):
        end = _stretch(alone, at)
        groups.extend(_best_grouping(lines[at:end], alone[at:end], keys, reader))
        at = end
    return tuple(groups)


def sample_score(lines: Sequence[Line], keys: Sequence[str], reader: CellReader) -> float:
    """Return how well the first rows fit these columns: the sum of their scores, misfits counted against."""
    found = (quick_cut(squeeze(line.text), keys, reader) for line in lines[:_SAMPLE])
    return sum(one.score - _MISFIT * one.misfits if one else -_SAMPLE_MISS for one in found)


def _stretch(alone: Sequence[Attempt], at: int) -> int:
    """Return the end of the lines to be grouped together: one clear row and all other lines up to the next."""
    end = at + 1
    while end < len(alone) and not _clear(alone[end].cut):
        end += 1
    return end


def _clear(found: Cut | None) -> bool:
    return found is not None and found.misfits <= _CLEAR and all(found.cells)


def _best_grouping(
    lines: Sequence[Line], alone: Sequence[Attempt], keys: Sequence[str], reader: CellReader
) -> list[Group]:
    best: list[tuple[float, int, Cut | None]] = [(0.0, 0, None)]
    for end in range(1, len(lines) + 1):
        price = max(_LEFT_OVER, alone[end - 1].torn - _BROKEN_OFF)
        options: list[tuple[float, int, Cut | None]] = []
        if alone[end - 1].cut is None:
            options.append((best[end - 1][0] + price, end - 1, None))
        for start in range(max(0, end - _MOST_LINES), end):
            single = end - start == 1
            found = alone[start].cut if single else _attempt(_joined(lines[start:end]), keys, reader).cut
            if found is not None and not single:
                found = _unless_worse(found, alone[start].cut)
            if found is not None:
                options.append((best[start][0] + found.score, start, found))
        best.append(max(options, key=lambda option: option[0]))
    groups: list[Group] = []
    end = len(lines)
    while end:
        _, start, found = best[end]
        part = lines[start:end]
        groups.append(Group(part[0].number, part[-1].number, _joined(part), found))
        end = start
    return groups[::-1]


def _unless_worse(joined: Cut, alone: Cut | None) -> Cut | None:
    """Return the cut of several lines, None when the first is better off alone; unsure when it could be."""
    if alone is None:
        return joined
    if joined.misfits > alone.misfits or joined.score < alone.score:
        return None
    pairs = zip(joined.cells, alone.cells, joined.confidence, strict=True)
    unsure = tuple(sure if cell == other else min(sure, _LIKELY) for cell, other, sure in pairs)
    return replace(joined, confidence=unsure)


def _joined(lines: Sequence[Line]) -> str:
    return squeeze(" ".join(line.text for line in lines))


def _attempt(text: str, keys: Sequence[str], reader: CellReader) -> Attempt:
    found = attempt(text, keys, reader)
    return found if found.cut is not None and _good(found.cut, keys, reader) else Attempt(None, found.torn)


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
    absent = sum(not cell for cell in found.cells)
    sure = all(found.cells[-2:]) and reader.read(keys[-1], found.cells[-1]).state is not State.EMPTY
    return absent == 0 or (absent == 1 and sure)
