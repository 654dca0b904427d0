"""Two figures of a clause → the direction that they give: "51.5 % vs 35.6 %", "13 % (control: 45 %)"."""

from __future__ import annotations

from decimal import Decimal

from kg.cells.outcome.drafts import DECREASED, INCREASED, REPORTED, UNCHANGED
from kg.cells.outcome.items import AND, BRACKET, COMMA, GROUP, NAME, Chunk
from kg.cells.outcome.number import PERCENT, PLAIN, TIME
from kg.cells.outcome.view import NUMBERS, SMALL, View

_NEAR = 9  # chunks between two figures that are compared


def compared(view: View, at: int) -> tuple[str, list[int]]:
    """Return the direction that two figures give, and where the second one stands: "51.5 % vs 35.6 %"."""
    chunk = view.chunks[at]
    values = chunk.number.values if chunk.number else ()
    if len(values) == 2 and chunk.kind == PERCENT and " v" in view.words(at).lower():
        return _way(values[0], values[1]), []
    if len(values) != 1:
        return REPORTED, []
    if (there := _bracketed(view, at)) is not None:
        return _way(_share(chunk), _share(there)), [at + 1]
    for i in range(at + 1, min(len(view), at + _NEAR)):
        if view.kind(i) == "comparison" or (view.kind(i) == AND and of_control(view, i)):
            other = next(view.where(NUMBERS, i + 1, i + 6), None)
            if other is None:
                later = next(view.where({TIME}, i + 1, i + 4), None)
                told = later is not None and chunk.kind in (PLAIN, TIME) and _values(view, later)
                other = later if told else None
            if other is None or view.kind(other) not in (chunk.kind, TIME):
                return REPORTED, []
            return _way(_share(chunk), _share(view.chunks[other])), [other]
        if view.kind(i) in (COMMA, "break", *NUMBERS, NAME):
            break
    return REPORTED, []


def _values(view: View, at: int) -> tuple[Decimal, ...]:
    number = view.chunks[at].number
    return number.values if number is not None else ()


def of_control(view: View, at: int) -> bool:
    """Whether "and" joins the figure of a control group: "31 % of the treated and 20 % of the control group had X"."""
    other = view.skip(at + 1, SMALL)
    whose = view.skip(other + 1, {*SMALL, "of", "preposition"})
    return view.kind(other) in NUMBERS and view.kind(whose) == GROUP and other > at


def _bracketed(view: View, at: int) -> Chunk | None:
    """Return the figure of the comparison in a bracket: "13 % (control: 45 %)"."""
    for inner in view.chunks[at + 1].inner if view.kind(at + 1) == BRACKET else ():
        kinds = [chunk.kind for chunk in inner]
        if kinds.count(view.kind(at)) == 1 and (GROUP in kinds or "comparison" in kinds):
            return inner[kinds.index(view.kind(at))]
    return None


def _way(here: Decimal, there: Decimal) -> str:
    if here == there:
        return UNCHANGED
    return INCREASED if here > there else DECREASED


def _share(chunk: Chunk) -> Decimal:
    number = chunk.number
    if number is None or not number.values:
        return Decimal(0)
    whole = number.out_of[0] if number.out_of else 0
    return number.values[0] / whole if whole else number.values[0]
