"""An amount and its unit → whether it is one that is given to a patient, and what it may mean when it is not.

The limits are those of the amounts in reviews' tables of cell therapy; outside of them an exponent is doubtful.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from kg.cells.levels import Amount, Level
from kg.cells.numbers import Power
from kg.vocabulary.lexicon import Concept
from kg.vocabulary.namespaces import TKG

COUNTED = "cells"  # what a count of millions counts when a table of cell therapy does not say it
_UCUM, _THING = TKG.ucumCode, TKG.countedThing
_DIVIDED = (Decimal(10) ** 3, Decimal(10) ** 10)
_TOTAL = (Decimal(10) ** 4, Decimal(10) ** 12)
_PARTICLES = (Decimal(10) ** 3, Decimal(10) ** 16)
_ANY = (Decimal(0), Decimal("Infinity"))
_BARE_POWERS = {Decimal(f"10{exponent}"): exponent for exponent in range(4, 13)}  # 107 → 7


def counts(unit: Concept) -> bool:
    """Whether the unit counts things: UCUM writes those as an annotation, "{cells}/kg"."""
    return unit.note(_UCUM).startswith("{")


def usual(unit: Concept | None) -> tuple[Decimal, Decimal]:
    """Least and greatest amount of a unit that is usual; 0 and infinity for what is measured, not counted."""
    if unit is not None and not counts(unit):
        return _ANY
    if unit is None or unit.note(_THING) != COUNTED:
        return _PARTICLES
    return _TOTAL if unit.name == COUNTED else _DIVIDED


def unusual(low: Decimal, high: Decimal, unit: Concept | None) -> Iterator[tuple[str, str]]:
    """Yield the code and message of a finding where an end of the amount is not usual."""
    if not (_plausible(low, unit) and _plausible(high, unit)):
        name = unit.label if unit else "of an unknown unit"
        amount = f"{low:f}" if low == high else f"{low:f} to {high:f}"
        yield "dose-implausible", f"{amount} {name} is not a usual dose"


def restore_bare_powers(level: Level) -> None:
    """Read "106 cells/kg" and "107–108" as powers of ten that lost their superscripts.

    As plain numbers they are no amounts of cells; yet both readings stay open, and the power says so ("bare").
    A single number needs a unit that counts: "106" alone may be anything.
    """
    for amount in level.amounts:
        counted = amount.unit is not None and counts(amount.unit)
        if amount.power is not None or amount.value not in _BARE_POWERS:
            return
        if not counted and (amount.unit is not None or len(level.amounts) == 1):
            return
    for amount in level.amounts:
        written = f"{amount.value:f}"
        amount.power = Power(_BARE_POWERS[amount.value], "bare", written)
        amount.value = Decimal(1)


def bare_power(amount: Amount) -> str:
    """Return both readings of a number that may have lost its superscript, "" for any other."""
    power = amount.power
    if power is None or power.style != "bare":
        return ""
    return f"{power.written} is read as 10^{power.exponent} that lost its superscript; it may be the number itself"


def _plausible(value: Decimal, unit: Concept | None) -> bool:
    low, high = usual(unit)
    return value == 0 or low <= value <= high
