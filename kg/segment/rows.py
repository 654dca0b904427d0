"""Lines of a table without borders → rows: a line, or several that make sense only together.

A row is good when its typed columns can read their pieces. Lines are grouped by the grouping with the greatest
sum of scores; a line that no group can use costs so much that it is left alone only when nothing else works.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.cells.read import CellReader
from kg.model import Line
from kg.segment.cut import Cut, cut, fits, quick_cut
from kg.segment.score import kind
from kg.vocabulary.text import squeeze

_MOST_LINES = 12
_LIKELY = 0.5
_LEFT_OVER = -20.0
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
    alone = [_good(squeeze(line.text), keys, reader) for line in lines]
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


def _stretch(alone: Sequence[Cut | None], at: int) -> int:
    """Return the end of the lines to be grouped together: one good line and all the others up to the next."""
    end = at + 1
    while end < len(alone) and alone[end] is None:
        end += 1
    return end


def _best_grouping(
    lines: Sequence[Line], alone: Sequence[Cut | None], keys: Sequence[str], reader: CellReader
) -> list[Group]:
    best: list[tuple[float, int, Cut | None]] = [(0.0, 0, None)]
    for end in range(1, len(lines) + 1):
        options: list[tuple[float, int, Cut | None]] = []
        if alone[end - 1] is None:
            options.append((best[end - 1][0] + _LEFT_OVER, end - 1, None))
        for start in range(max(0, end - _MOST_LINES), end):
            found = alone[start] if end - start == 1 else _good(_joined(lines[start:end]), keys, reader)
            if found is not None and not _worse(found, alone[start]):
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


def _worse(joined: Cut, alone: Cut | None) -> bool:
    """Whether a good line was better off without the lines behind it."""
    return alone is not None and (joined.misfits > alone.misfits or joined.score < alone.score)


def _joined(lines: Sequence[Line]) -> str:
    return squeeze(" ".join(line.text for line in lines))


def _good(text: str, keys: Sequence[str], reader: CellReader) -> Cut | None:
    """Return the cut of `text` when it is good enough to be a row, else None.

    The last column must be read, since that is where a row that was cut off shows; a cell that more likely
    than not belongs elsewhere is not good enough either.
    """
    found = cut(text, keys, reader)
    if found is None or sum(not cell for cell in found.cells) > 1 or min(found.confidence) < _LIKELY:
        return None
    if not fits(keys[-1], found.cells[-1], reader):
        return None
    typed = sum(not kind(key).free for key in keys)
    return found if found.score > 0 and found.misfits <= typed // 3 else None
