"""What a header names and what its cells look like → whether the cells bear the header out, and what they are else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from kg.columns.evidence import KEYS, Cells, Fit, counts_rows
from kg.columns.names import SECTION, Named

LEAST_CELLS = 3  # filled cells without which no header is doubted
_NEVER = 0.1  # at most so many cells may read as what the header says when it is contradicted
_HARDLY = 0.2  # the same for a header of very general words
_CLEARLY = 0.8  # so many must clearly be something else
_MOSTLY = 0.6
_LOOKS = 0.8
_HALF = 0.5
_RIVALS = tuple(key for key in KEYS if key not in ("product", "outcome"))
_AMOUNTS = ("dose", "frequency", "patients", "phase")
_NAMES = ("disease", "cell_source", "route")
_OF_SECTIONS = ("disease", "cell_source", "donor", "route", "phase")
# what a column of an own kind may turn out to be after all, if its cells are clear
_OWN_MAY_BE = {
    "title": ("trial_number", "reference"),
    "acronym": ("trial_number", "reference"),
    "study-type": ("phase",),
    "design": ("phase",),
    "status": ("phase",),
    "arms": ("cell_source", "disease"),
    "year": ("reference",),
    "disease-stage": ("disease",),
    "register": ("trial_number",),
    "other-number": ("trial_number",),
    "link": ("trial_number",),
    "construct": ("cell_source", "disease"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the cells of a column stand to its header.

    `rival` is the key that they read as instead and `kind` the own kind that they look like, when the header does not
    hold; `text` says that they are none of what the header says and nothing else that is known.
    """

    rival: str = ""
    kind: str = ""
    text: bool = False

    @property
    def holds(self) -> bool:
        """Whether the header can be believed."""
        return not (self.rival or self.kind or self.text)


HOLDS = Verdict()


def judge(named: Named, cells: Cells, kinds: Collection[str]) -> Verdict:
    """Return how the cells of a column that names a key stand to it; `kinds` are the own kinds of other headers.

    A header is not doubted for a few cells, for marks of empty cells, or for free text that nothing knows.
    """
    if not named.key or not cells.filled:
        return HOLDS
    if named.loose and named.key == "patients" and counts_rows(cells.texts):
        return Verdict(kind="running-number")
    if named.key in ("cell_source", "product") and named.loose and (cells.labelled or cells.prose):
        return Verdict(text=True)
    if cells.filled < LEAST_CELLS and cells.fit("trial_number").clear != len(cells.texts):
        return HOLDS
    return _doubted(named, cells, kinds)


def _doubted(named: Named, cells: Cells, kinds: Collection[str]) -> Verdict:
    own = cells.fit(named.key)
    if own.share(own.some) > (_HARDLY if named.loose else _NEVER):
        if not named.loose or own.share(own.clear) > _HARDLY or own.mean > 2 * _HARDLY:
            return HOLDS
        rival = clearest(cells, _others(named.key), _CLEARLY)
        return Verdict(rival=rival) if rival else HOLDS
    rival = clearest(cells, _others(named.key), _MOSTLY if named.loose else _CLEARLY)
    if not rival and named.loose and named.key == "patients" and _is_named(cells.fit("disease")):
        rival = "disease"  # "Population": "Adults with lupus"
    if rival:
        return Verdict(rival=rival)
    kind = next((one for one in sorted(kinds) if cells.of_kind(one) >= _LOOKS), "")
    if kind:
        return Verdict(kind=kind)
    hardly = own.share(own.some) <= _NEVER
    return Verdict(text=named.loose and hardly and named.key != "outcome" and len(cells.texts) > 1)


def _others(key: str) -> tuple[str, ...]:
    amounts = _AMOUNTS if key == "outcome" else ()  # "14/9" under "Responses" are no patients
    return tuple(one for one in _RIVALS if one != key and one not in amounts)


def clearest(cells: Cells, keys: Iterable[str], least: float) -> str:
    """Return the key that most cells clearly read as, at least the share `least` of them, or ""."""
    best, most = "", least
    for key in keys:
        share = cells.fit(key).share(cells.fit(key).clear)
        if share > most or (share == most and not best):
            best, most = key, share
    return best


def from_cells(named: Named, cells: Cells) -> dict[str, float]:
    """Return the keys that a column without a key in its header may have, with the share of cells that say so."""
    if named.header.lower() == SECTION:
        return _of_section(cells)
    if cells.filled < LEAST_CELLS and cells.fit("trial_number").clear < max(2, len(cells.texts)):
        return {}
    known = named.kind and named.rule == "header.own"
    keys: Sequence[str] = _OWN_MAY_BE.get(named.kind, ()) if known else _RIVALS
    if named.kind == "disease-stage":
        keys = [key for key in keys if key != "phase"]  # grades are Roman numbers too
    found = {key: cells.fit(key) for key in keys if cells.may_be(key, _CLEARLY)}
    shares = {key: fit.share(fit.clear) for key, fit in found.items() if fit.share(fit.clear) >= _CLEARLY}
    if not shares and not known and not cells.prose:
        shares = {key: fit.mean for key, fit in found.items() if key in _NAMES and _is_named(fit)}
    if named.kind == "posted-results" and _is_prose(cells.fit("outcome")):
        shares["outcome"] = _CLEARLY
    disease = found.get("disease") or (
        cells.fit("disease") if not shares and not known and not cells.prose else None
    )
    if not shares and disease is not None and _names_most(disease):
        shares["disease"] = disease.mean
    return shares


def _of_section(cells: Cells) -> dict[str, float]:
    if not cells.texts:
        return {}
    found = {key: cells.fit(key) for key in _OF_SECTIONS}
    shares = {key: fit.share(fit.clear) for key, fit in found.items() if fit.share(fit.clear) >= _MOSTLY}
    disease = found["disease"]
    if not shares and 2 * disease.some >= disease.cells:
        shares["disease"] = disease.share(disease.some) / 2
    return shares


def _is_named(fit: Fit) -> bool:
    """Whether nearly all cells name something of a vocabulary, most of them with nothing else beside it."""
    return fit.share(fit.some) >= _CLEARLY and fit.mean >= _HALF


def _names_most(fit: Fit) -> bool:
    """Whether most cells name a disease, and hardly one cannot be one; a header that says so goes before."""
    return fit.share(fit.some) >= _MOSTLY and fit.mean >= 2 * _HARDLY and not fit.never


def _is_prose(fit: Fit) -> bool:
    return fit.mean >= _HARDLY * 2
