"""Lines of a table without borders → rows: a line, or several that make sense only together.

A row is good when its typed columns can read their pieces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.cells.read import CellReader
from kg.model import Line
from kg.segment.anchors import Edges, edges
from kg.segment.blocks import Blocks
from kg.segment.cut import Cut, attempt, quick_cut
from kg.segment.grouping import Group, Grouping
from kg.segment.habits import NO_HABITS, Habits, first_habits, learn
from kg.segment.own import is_own
from kg.segment.whole import good
from kg.vocabulary.text import squeeze

_SAMPLE, _MISFIT, _SAMPLE_MISS = 12, 2.0, 20.0
_USUAL = 3.0  # what a column mostly adds to a row's score
_ROUNDS = 1  # of cutting and learning, before the rows are cut
_LEARNED = 300  # lines; what a table repeats shows in the first of them
_SURE = 0.9
_MOSTLY = 0.7  # of the blocks that must be rows, for the edges of the lines to tell where these are


def group_rows(
    lines: Sequence[Line], keys: Sequence[str], reader: CellReader, habits: Habits = NO_HABITS
) -> tuple[Group, ...]:
    """Return the rows of a table, in order; every line stands in exactly one group.

    A table with columns of its own is cut twice, the second time knowing what such a column repeats. Where the lines
    show by themselves where rows begin or end, each part between two such places is mostly one row.
    """
    texts = [squeeze(line.text) for line in lines]
    found = edges(texts, keys, reader, habits)
    if any(is_own(key) for key in keys):
        units = _units(texts, found)[:_LEARNED]
        habits = _habits(units, keys, reader, first_habits(keys, habits))
    blocks = Blocks(lines, keys, reader, habits)
    if found.blocks and blocks.tells(found):
        groups = list(blocks.groups(found))
        rows = sum(group.cut is not None for group in groups)
        if rows >= _MOSTLY * len(found.blocks):
            return tuple(_again(groups, keys, reader, habits))
    groups = list(_sure_headings(list(Grouping(lines, keys, reader, habits).groups())))
    return tuple(_again(groups, keys, reader, habits))


def _again(
    groups: Sequence[Group], keys: Sequence[str], reader: CellReader, habits: Habits
) -> Iterator[Group]:
    """Yield the groups, the doubtful rows cut again with what the names of the others repeat."""
    cuts = [group.cut for group in groups if group.cut is not None]
    sure = [cut.cells for cut in cuts if min(cut.confidence) >= _SURE]
    known = learn(sure or [cut.cells for cut in cuts], keys, habits, names=True)
    for group in groups:
        cut = group.cut
        if cut is None or cut.shared or cut.doubted or min(cut.confidence) >= _SURE:
            yield group
            continue
        found = attempt(group.text, keys, reader, known).cut
        better = found is not None and found.misfits <= cut.misfits and good(found, keys, reader)
        yield replace(group, cut=found) if better else group


def row_texts(
    lines: Sequence[Line], keys: Sequence[str], reader: CellReader, habits: Habits = NO_HABITS
) -> list[str]:
    """Return the texts that are rows as far as the edges of the lines tell; else the lines themselves."""
    texts = [squeeze(line.text) for line in lines]
    return _units(texts, edges(texts, keys, reader, habits))


def _units(texts: Sequence[str], found: Edges) -> list[str]:
    return [" ".join(texts[a:b]) for a, b in found.blocks] if found.blocks else list(texts)


def _habits(texts: Sequence[str], keys: Sequence[str], reader: CellReader, habits: Habits) -> Habits:
    for _ in range(_ROUNDS):
        cuts = [attempt(text, keys, reader, habits).cut for text in texts]
        habits = learn([found.cells for found in cuts if found], keys, habits)
    return habits


def _sure_headings(groups: Sequence[Group]) -> Iterator[Group]:
    """Yield the groups; one heading alone, in the middle of a table, is more likely a row that breaks off."""
    headings = sum(group.heading for group in groups)
    for number, group in enumerate(groups):
        yield replace(group, heading=group.heading and (headings > 1 or number == 0))


def sample_score(
    lines: Sequence[Line], keys: Sequence[str], reader: CellReader, habits: Habits = NO_HABITS
) -> float:
    """Return how well the first rows fit these columns, compared with what so many columns mostly come to."""
    texts = row_texts(lines, keys, reader, habits)[:_SAMPLE]
    found: list[Cut | None] = [quick_cut(text, keys, reader, habits) for text in texts]
    if not any(found):
        found = [attempt(text, keys, reader, habits).cut for text in texts]
    return sum(_fit(one, keys) for one in found)


def grouped_score(
    lines: Sequence[Line], keys: Sequence[str], reader: CellReader, habits: Habits = NO_HABITS
) -> float:
    """Return the same for rows that stand on several lines each: slower, since the lines are grouped first."""
    groups = group_rows(lines, keys, reader, habits)
    return sum(_fit(group.cut, keys) for group in groups if not group.heading)


def _fit(cut: Cut | None, keys: Sequence[str]) -> float:
    return cut.score - _USUAL * len(keys) - _MISFIT * cut.misfits if cut else -_SAMPLE_MISS
