"""Tokens of a dose cell → dose levels: which numbers belong together, and what they share.

A level is one amount or a range. Powers of ten and units that are written once at the end hold for all
numbers before them ("1, 5 or 10 × 10⁶ cells/kg"), so sharing goes from the right to the left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from kg.cells.amounts import Token
from kg.cells.numbers import Power
from kg.model import Span
from kg.vocabulary.lexicon import Concept

_LISTS = {"mark": "", "and": "and", "or": "or"}
_OWN = ("number", "power", "scale")  # what a unit can stand behind


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
    join: str = ""  # what stands before it: "", "," (a mark), "and", "or", or " " for nothing
    after_word: bool = False
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
    bound: bool = False
    about: bool = False
    restated: bool = False

    @property
    def operator(self) -> str:
        """Return "or" or "and" as the levels are joined, "" for a plain list or a single level."""
        joins = [level.join for level in self.levels[1:]]
        return next((word for word in ("or", "and") if word in joins), "")


def levels_of(text: str, found: Sequence[Token]) -> Levels:
    """Group the tokens of `text` into levels and let them share powers and units."""
    result = _Grouping(text, found).run()
    _drop_foreign(result)
    _share(result.levels)
    return result


class _Grouping:
    """One walk over the tokens, from left to right."""

    def __init__(self, text: str, found: Sequence[Token]) -> None:
        self._text = text
        self._tokens = found
        self._result = Levels()
        self._last = ""  # kind of the token before
        self._join = ""  # joining word since the last level: "to", "spread", "and", "or", ","
        self._word = False  # a word nobody understood since the last joining word
        self._between = False
        self._open = 0  # where the last bracket opened
        self._bracketed = 0  # where the bracket around this place opened, counted from 1; 0 outside
        self._aside = 0  # depth of a bracket that says the same amount in other words

    def run(self) -> Levels:
        for at, token in enumerate(self._tokens):
            aside = self._aside
            kind = self._kind(token, at)
            if kind == "note":
                self._result.used.append(Span(token.start, token.end))
                continue
            if aside or self._aside:
                self._result.restated = self._result.restated or kind == "number"
            elif self._take(kind, token):
                self._result.used.append(Span(token.start, token.end))
            else:
                self._word = self._word or kind == "word"
            self._last = kind
        return self._result

    def _kind(self, token: Token, at: int) -> str:
        """Return what the token is in its place: "~" may join a range or mean "about"."""
        following = self._tokens[at + 1].kind if at + 1 < len(self._tokens) else ""
        if token.kind == "tilde":
            return "to" if self._last in (*_OWN, "unit") and following in ("number", "power") else "about"
        if token.kind == "and" and self._between:
            self._between = False
            return "to"
        if token.kind in ("open", "close"):
            self._bracket(token, following)
        return token.kind

    def _bracket(self, token: Token, following: str) -> None:
        """A bracket right behind an amount is an aside, unless it holds the unit: "2 × 10⁶ (cells/kg)"."""
        opens = token.kind == "open"
        self._open = token.start if opens else self._open
        if self._aside:
            self._aside += 1 if opens else -1
        elif opens and (
            self._last in ("unit", "administration") or (self._last in _OWN and following != "unit")
        ):
            self._aside = 1

    def _take(self, kind: str, token: Token) -> bool:
        """Let the token take effect; False when it means nothing here."""
        if kind in ("number", "power", "scale", "unit", "administration"):
            return bool(getattr(self, f"_{kind}")(token))
        if kind in ("to", "spread"):
            return self._joins(kind, bool(self._result.levels) and not self._join and not self._word)
        if kind in _LISTS:
            return self._joins(_LISTS[kind] or ",", True)
        if kind in ("bound", "about"):
            setattr(self._result, kind, True)
        if kind == "between":
            self._between = True
        if kind == "open":
            self._bracketed = token.start + 1
        if kind == "close":
            self._close(token)
        return kind != "word"

    def _joins(self, join: str, fits: bool) -> bool:
        if fits:
            self._join = join if join in ("and", "or") or not self._join else self._join
            self._word = False
        return fits

    def _number(self, token: Token) -> bool:
        amount = Amount(token.value, token.power)
        if self._join in ("to", "spread") and len(self._result.levels[-1].amounts) == 1:
            level = self._result.levels[-1]
            level.amounts.append(amount)
            level.spread = self._join == "spread"
        else:
            level = Level(
                [amount], token.start, token.end, self._join or " ", self._word, bracket=self._bracketed
            )
            self._result.levels.append(level)
        level.end = token.end
        level.grouped = (
            level.grouped or re.match(r"[1-9]\d*,(?!000)", self._text[token.start : token.end]) is not None
        )
        self._join, self._word = "", False
        return True

    def _power(self, token: Token) -> bool:
        if not self._text.startswith("10", token.start):
            return self._last in ("number", "close") and self._attach_power(token)
        free = not self._result.levels or self._join or self._last == "word"
        return bool(free) and self._number(token)

    def _scale(self, token: Token) -> bool:
        return self._last == "number" and self._attach_power(token)

    def _attach_power(self, token: Token) -> bool:
        amount = self._amount()
        if amount is None or amount.power is not None or amount.unit is not None:
            return False
        amount.power = token.power
        self._extend(token)
        return True

    def _unit(self, token: Token) -> bool:
        amount = self._amount()
        if amount is None or amount.unit is not None or self._last not in (*_OWN, "close", "open"):
            return False
        amount.unit, amount.implied = token.unit, token.implied
        self._extend(token)
        return True

    def _administration(self, token: Token) -> bool:
        amount = self._amount()
        if amount is None or self._last not in (*_OWN, "unit", "close"):
            return False
        amount.administration = True
        self._extend(token)
        return True

    def _extend(self, token: Token) -> None:
        """Let the last level reach to the end of `token`, with the bracket that is closed or opened in it."""
        level = self._result.levels[-1]
        level.end = token.end
        if self._text.count(")", level.start, level.end) > self._text.count("(", level.start, level.end):
            level.start = self._open

    def _close(self, token: Token) -> None:
        self._bracketed = 0
        level = self._result.levels[-1] if self._result.levels else None
        if level and self._text.count("(", level.start, level.end) > self._text.count(
            ")", level.start, level.end
        ):
            level.end = token.end

    def _amount(self) -> Amount | None:
        return self._result.levels[-1].amounts[-1] if self._result.levels else None


def _drop_foreign(result: Levels) -> None:
    """Leave out the numbers that are no dose; their words go back to those that nobody has read."""
    kept: list[Level] = []
    for at, level in enumerate(result.levels):
        if _belongs(level, kept[-1] if kept else None, at == len(result.levels) - 1):
            kept.append(level)
        else:
            result.used = [span for span in result.used if not level.start <= span.start < level.end]
    result.levels = kept


def _belongs(level: Level, before: Level | None, last: bool) -> bool:
    """Whether a level is a dose after the one before.

    "day 7" is none, nor is a number that just follows a complete dose, nor the volume in "10⁶ cells in 5 mL".
    """
    if level.after_word and level.bare:
        return False
    if before is None:
        return True
    unit, unit_before = level.amounts[-1].unit, before.amounts[-1].unit
    if level.join == " ":
        return unit is not None and unit_before is not None and (not level.after_word or unit == unit_before)
    return not (last and level.bare and unit_before is not None)


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
