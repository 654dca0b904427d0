"""Columns whose cells hold several things at once → which things, by their headers and by what the cells say."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from kg.cells.read import CellReader
from kg.cells.split import split_cell
from kg.columns.evidence import Cells
from kg.columns.names import Named
from kg.model import State

_COMPLETE = 0.8
_OFTEN = 0.15  # share of the cells that say another thing too
_LEAST = 2  # cells that do
# what stands in the cells of a column besides its own, when the table has no column for that
_BESIDE = {
    "dose": ("route", "frequency"),
    "route": ("dose", "frequency"),
    "frequency": ("dose", "route"),
    "cell_source": ("dose", "route", "trial_number"),
    "product": ("dose", "route", "trial_number"),
    "trial_number": ("phase", "reference"),
    "reference": ("trial_number", "phase"),
    "phase": ("trial_number",),
    "disease": ("patients", "trial_number"),
    "patients": ("disease", "trial_number"),
}
_OF_TRIALS = ("trial_number", "reference", "phase")
_OWN_BESIDE = {
    "": ("trial_number", "phase", "dose", "route"),
    "status": ("phase",),
    "design": ("phase",),
    "study-type": ("phase",),
    "arms": ("dose", "route", "trial_number"),
}
_COURSE = ("dose", "route", "frequency")
_HALF = 0.5


def named_parts(named: Named, cells: Cells, taken: Collection[str]) -> tuple[str, ...]:
    """Return which of the things that a header names its column holds: those without a column of their own.

    Those that no cell says are left out when all cells completely are one of the others. One thing alone that the
    cells read completely as is returned alone: it needs no cutting.
    """
    free = tuple(key for key in named.parts if key not in taken)
    if not cells.texts or not free:
        return free
    fits = {key: cells.fit(key) for key in free}
    if any(fits[key].share(fits[key].some) >= _COMPLETE for key in free if key in _OF_TRIALS):
        # "Trial [ref]" over the names of trials, which have no numbers
        free = tuple(
            key for key in free if key not in _OF_TRIALS or fits[key].some or _says(cells, key, free)
        )
    whole = next((key for key in free if fits[key].share(fits[key].clear) >= _COMPLETE), "")
    if whole and all(key == whole or fits[key].share(fits[key].clear) == 0 for key in free):
        said = _said(cells, tuple(key for key in free if key != whole), cells.reader, whole)
        free = (whole, *(key for key in said if key != whole))
        return (*free, *_further(free, (), cells, taken))
    return (*free, *_further(free, _BESIDE[free[0]] if free[0] in _COURSE else (), cells, taken))


def _says(cells: Cells, key: str, keys: Sequence[str]) -> bool:
    """Whether a cell says `key` beside the other things of its column: "NCT01234567/II"."""
    found = (split_cell(text, keys, cells.reader)[key].part for text in cells.texts)
    return any(part.state is State.MAPPED and part.text for part in found)


def _further(
    free: tuple[str, ...], course: Sequence[str], cells: Cells, taken: Collection[str]
) -> tuple[str, ...]:
    """Return what the cells of a mixed column say beyond its header: of the course of treatment, and trials' numbers."""
    wanted = [one for one in ("trial_number", *course) if one not in taken and one not in free]
    return _said(cells, wanted, cells.reader, free[0])


def is_whole(key: str, cells: Cells) -> bool:
    """Return whether the cells of a column read completely as `key`, so that it holds nothing else."""
    fit = cells.fit(key)
    return not cells.texts or fit.share(fit.clear) >= _COMPLETE


def shown_parts(key: str, kind: str, cells: Cells, taken: Collection[str]) -> tuple[str, ...]:
    """Return the things that the cells of a column with this key, or of this own kind, hold; () for only its own.

    A thing counts when several cells say it and the table has no column of its own for it. A column of phases with
    other words around them ("Phase 2; recruiting") has the one part "phase", so that the whole stays readable. Lists of
    labelled items are left whole, since what one item says does not hold for the others.
    """
    if cells.filled < _LEAST or cells.labelled:
        return ()
    beside = _BESIDE.get(key, ()) if key else _OWN_BESIDE.get(kind, ("trial_number",))
    wanted = tuple(one for one in beside if one not in taken)
    said = _said(cells, wanted, cells.reader, key)
    if not key:
        treatment = _treatment(cells, said, taken)
        return treatment or (() if cells.prose else said)
    if said:
        return (key, *said)
    return ("phase",) if key == "phase" and _mixed(cells) else ()


def _treatment(cells: Cells, said: Sequence[str], taken: Collection[str]) -> tuple[str, ...]:
    """Return all that a column says of the treatment, () unless most of its cells say a dose: "BM-MSC, 10 mL, IV, once"."""
    if "dose" not in said:
        return ()
    wanted = [one for one in ("cell_source", "dose", "route", "frequency") if one not in taken]
    keys = (*wanted, *(one for one in said if one not in wanted))
    more = _said(cells, keys, cells.reader, "")
    return tuple(one for one in keys if one in more)


def _said(cells: Cells, wanted: Sequence[str], reader: CellReader, key: str) -> tuple[str, ...]:
    if not wanted:
        return ()
    keys = (key, *wanted) if key else tuple(wanted)
    counts = dict.fromkeys(wanted, 0)
    for text in cells.texts:
        parts = split_cell(text, keys, reader)
        own = not key or parts[key].part.state is State.MAPPED
        for one in wanted:
            part = parts[one].part
            # "IV" beside other things is the route far more often than the phase
            said = part.text != "IV" if one == "phase" else bool(part.text)
            counts[one] += own and part.state is State.MAPPED and said
    return tuple(one for one in wanted if counts[one] >= _enough(key, one, len(cells.texts)))


def _enough(key: str, beside: str, cells: int) -> float:
    """Return in how many cells a thing must stand: how often is soon said beside a single dose."""
    if not key or (beside == "trial_number" and key not in _OF_TRIALS):
        return max(_LEAST, _HALF * cells)
    return 1 if beside == "frequency" else max(_LEAST, _OFTEN * cells)


def _mixed(cells: Cells) -> bool:
    readings = [cells.reader.read("phase", text) for text in cells.texts]
    mixed = sum(reading.state is State.MAPPED and bool(reading.unread) for reading in readings)
    return mixed >= max(_LEAST, 2 * _OFTEN * len(readings))
