"""A cut of some lines → whether they are a whole row; and lines that are less than one: short rows and headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.cells.read import CellReader
from kg.model import State
from kg.segment.cut import Cut, fits, quick_cut
from kg.segment.habits import Habits
from kg.segment.own import is_own
from kg.segment.score import breaks_off, kind, understood

LIKELY = 0.5
"""The share of all weight below which a cell is more likely wrong than right."""
_ANCHORS = ("dose", "patients", "trial_number", "phase", "reference", "frequency")
_WHOLE_OR_NOT = (
    "patients",
    "trial_number",
    "phase",
    "reference",
)  # others may have remarks among their numbers
_LEAST_ANCHORS, _MOST_DOUBTFUL, _SURE = 3, 3, 0.9
_SENTENCE = 3  # words of free text that make a row with an absent cell credible
_MOST_SHARED = 4  # first columns that a row may share with the row above it
_LEAST_OWN = 3  # columns that it must have for itself
_SHARED = -2.0  # the price of each cell that stands in the row above
_HEADING_WORDS, _HEADING_LETTERS = 10, 90


def good(found: Cut, keys: Sequence[str], reader: CellReader) -> bool:
    """Whether a cut is good enough to be a row.

    The last column must be read, since that is where a row that was cut off shows. Cells that more likely than not
    belong elsewhere are not good enough either, unless they are a few names side by side in a row that is sure else.
    """
    if not _ends_well(found, keys, reader):
        return False
    if min(found.confidence) < LIKELY and not _anchored(found, keys, reader):
        return False
    typed = sum(not kind(key).free for key in keys)
    return found.score > 0 and found.misfits <= typed // 3


def _anchored(found: Cut, keys: Sequence[str], reader: CellReader) -> bool:
    """Whether all numbers of a row are surely in place, and only a few names or texts between them in doubt."""
    doubtful = [at for at, sure in enumerate(found.confidence) if sure < LIKELY]
    if len(doubtful) > _MOST_DOUBTFUL or doubtful[-1] - doubtful[0] >= _MOST_DOUBTFUL:
        return False
    if any(keys[at] in _ANCHORS or not found.cells[at] for at in doubtful):
        return False
    anchors = [at for at, key in enumerate(keys) if key in _ANCHORS]
    sure = [at for at in anchors if keys[at] in _WHOLE_OR_NOT]
    return len(anchors) >= _LEAST_ANCHORS and all(
        found.confidence[at] >= _SURE and fits(keys[at], found.cells[at], reader) for at in sure
    )


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


def short_cut(text: str, keys: Sequence[str], reader: CellReader, habits: Habits) -> Cut | None:
    """Return the cut of a row that lacks its first cells, as a cell leaves them out that spans several rows.

    All its words must be read, and the first of its own cells must be one that only its column can have.
    """
    for shared in range(1, min(_MOST_SHARED, len(keys) - _LEAST_OWN) + 1):
        own = keys[shared:]
        if is_own(own[0]) or kind(own[0]).free:
            continue
        found = quick_cut(text, own, reader, habits.behind(shared))
        if found is not None and not found.misfits and good(found, own, reader):
            return replace(
                found,
                cells=("",) * shared + found.cells,
                confidence=(0.9,) * shared + found.confidence,
                reasons=("stands in the row above",) * shared + found.reasons,
                score=found.score + _SHARED * shared,
                shared=shared,
            )
    return None


def reads_as_heading(text: str, keys: Sequence[str], reader: CellReader) -> bool:
    """Whether a line that is no row can stand over rows: a name, and nothing of what the rows are about."""
    words = text.split()
    if len(words) > _HEADING_WORDS or len(text) > _HEADING_LETTERS or breaks_off(text) or text.endswith("."):
        return False
    if understood(reader.read("disease", text)):
        return True
    if text[0].islower() or any(map(str.isdigit, text)):
        return False
    typed = [key for key in keys[1:] if key not in ("disease", "outcome") and not is_own(key)]
    return not any(understood(reader.read(key, words[-1])) for key in typed)
