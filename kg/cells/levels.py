"""Numbers of a dose cell → dose levels: which of them are doses at all, and what they share.

A level is one amount or a range. Powers of ten and units that are written once at the end hold for all
numbers before them ("1, 5 or 10 × 10⁶ cells/kg"), so sharing goes from the right to the left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from kg.cells.numbers import Power
from kg.model import Span
from kg.vocabulary.lexicon import Concept


@dataclass(slots=True)
class Amount:
    """One number as written, with the power and unit of its own or, when `borrowed`, of a neighbour."""

    value: Decimal
    power: Power | None = None
    unit: Concept | None = None
    implied: bool = False
    administration: bool = False
    borrowed: bool = False

    @property
    def bare(self) -> bool:
        """Whether the number has neither power nor unit nor "per dose"."""
        return self.power is None and self.unit is None and not self.administration


@dataclass(slots=True)
class Level:
    """One dose level: its amounts (two for a range or for mean ± spread) and the place of its words."""

    amounts: list[Amount]
    start: int
    end: int
    join: str = ""  # what stands before it: a mark (","), "and", "or", or " " for nothing
    after_word: bool = False  # a word that nobody understood stands before it in its part of the list
    before_word: bool = False  # such a word follows the number at once
    bound: int | None = None  # where "up to" starts, when the level is open to one side
    factor: bool = False  # a sign of multiplication stands before it: "3 × 10 mL" is not one dose of 10 mL
    spread: bool = False
    bracket: int = 0  # which bracket it stands in, 0 for none
    grouped: bool = False  # a comma inside a number that may also part two numbers

    @property
    def bare(self) -> bool:
        """Whether no amount of the level has a power or a unit of its own."""
        return all(amount.bare for amount in self.amounts)


@dataclass(slots=True)
class Levels:
    """All levels of a text, the spans of their words and joining words, and how the text qualifies them."""

    levels: list[Level] = field(default_factory=list)
    used: list[Span] = field(default_factory=list)
    about: bool = False
    restated: bool = False
    labelled: bool = False  # "low:", "cohort 1 (": what stands behind it is a level of something
    beside: list[str] = field(
        default_factory=list
    )  # words of amounts that only describe the dose: its volume

    @property
    def operator(self) -> str:
        """Return "or" or "and" as the levels are joined, "" for a plain list or a single level."""
        joins = [level.join for level in self.levels[1:]]
        return next((word for word in ("or", "and") if word in joins), "")


def settle(result: Levels) -> None:
    """Leave out the numbers that are no dose, and let the others share powers and units."""
    kept: list[Level] = []
    dropped = False
    for at, level in enumerate(result.levels):
        chained = dropped and level.bare and level.join != " "
        dropped = chained or not _belongs(level, kept[-1] if kept else None, at == len(result.levels) - 1)
        if not dropped:
            kept.append(level)
    _share(kept)
    some = any(not level.bare for level in kept)
    _keep(result, [level for level in kept if not (some and level.bare)])


def leave_out(result: Levels, levels: Sequence[Level]) -> None:
    """Take these levels out of the result and give their words back to those that nobody has read."""
    _keep(result, [level for level in result.levels if level not in levels])


def _keep(result: Levels, kept: list[Level]) -> None:
    """Give the words of all other levels back to those that nobody has read."""
    lost = [(x.start if x.bound is None else x.bound, x.end) for x in result.levels if x not in kept]
    result.used = [span for span in result.used if not any(a <= span.start < b for a, b in lost)]
    result.levels = kept


def _belongs(level: Level, before: Level | None, last: bool) -> bool:
    """Whether a level is a dose after the one before.

    "day 7" and "3 times" are none, nor is a number that just follows a complete dose, nor the volume in
    "10⁶ cells in 5 mL".
    """
    if level.factor or (level.bare and (level.after_word or level.before_word)):
        return False
    if before is None:
        return True
    unit, unit_before = level.amounts[-1].unit, before.amounts[-1].unit
    if level.join == " ":
        return unit is not None and unit_before is not None and (not level.after_word or unit == unit_before)
    if level.join == "/" and _concentration(level, before):
        return False
    return not (last and level.bare and unit_before is not None)


def _concentration(level: Level, before: Level) -> bool:
    """Whether a slash divides: "10⁷ cells/2 mL" is an amount and the volume that it is in."""
    amount, divided = level.amounts[-1], before.amounts[-1]
    return amount.unit not in (None, divided.unit) and amount.power is None and not divided.bare


def _share(levels: Sequence[Level]) -> None:
    """Share within a bracket, and outside of all, but never from one into another."""
    pairs = pairwise([(amount, level.bracket) for level in levels for amount in level.amounts])
    within = [(left, right) for (left, one), (right, other) in pairs if one == other]
    for left, right in reversed(within):
        if left.bare:
            left.power, left.borrowed = right.power, right.power is not None
            left.administration = right.administration
        if left.unit is None and not (left.administration and right.unit is None):
            left.unit, left.implied = right.unit, right.implied
    for left, right in within:
        if right.bare and left.power is not None and left.unit is None:
            right.power, right.borrowed = left.power, True
