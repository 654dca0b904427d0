"""Tokens of a dose cell → dose levels: one walk from left to right joins numbers, powers and units."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.cells.amounts import Token
from kg.cells.levels import Amount, Level, Levels, settle
from kg.model import Span

_LISTS = {"mark": "", "and": "and", "or": "or"}
_FOREIGN = ("word", "per", "times")  # "times": a sign of multiplication without a power of ten behind it
_OWN = ("number", "power", "scale")  # what a unit can stand behind


def levels_of(text: str, found: Sequence[Token]) -> Levels:
    """Group the tokens of `text` into levels and let them share powers and units."""
    result = _Grouping(text, found).run()
    settle(result)
    return result


class _Grouping:
    """One walk over the tokens, from left to right."""

    def __init__(self, text: str, found: Sequence[Token]) -> None:
        self._text = text
        self._tokens = found
        self._result = Levels()
        self._last = ""  # kind of the token before
        self._join = ""  # joining word since the last level: "to", "spread", "and", "or", or a mark
        self._word = False  # a word nobody understood since the last joining word
        self._factor = False  # a sign of multiplication stands before this place
        self._between = False
        self._bound: int | None = None  # where "up to" starts, until its number comes
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
            elif kind in _FOREIGN:
                self._foreign()
                self._factor = kind == "times"
            self._last = kind
        if self._bound is not None:  # "up to" at the end opens what follows the cell, it qualifies no dose
            self._result.used = [span for span in self._result.used if span.start != self._bound]
        return self._result

    def _foreign(self) -> None:
        """A word that means nothing here: no range crosses it, and a plain number beside it is no dose."""
        self._word = True
        self._join = "" if self._join in ("to", "spread") else self._join
        self._beside()

    def _beside(self) -> None:
        if self._last == "number":
            self._result.levels[-1].before_word = True

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
            self._last in ("unit", "administration")
            or (self._last in _OWN and following != "unit" and not self._shared(following, token.end))
        ):
            self._aside = 1

    def _shared(self, following: str, at: int) -> bool:
        """Whether a bracket behind a plain number opens with the power of ten for it: "5, 10 (× 10⁶)"."""
        return self._last == "number" and following == "power" and self._text[at:].lstrip()[:1] != "1"

    def _take(self, kind: str, token: Token) -> bool:
        """Let the token take effect; False when it means nothing here."""
        if kind in ("number", "power", "scale", "unit", "administration"):
            return bool(getattr(self, f"_{kind}")(token))
        if kind in ("to", "spread"):
            return self._joins(kind, bool(self._result.levels) and not self._join and not self._word)
        if kind in _LISTS:
            return self._joins(_LISTS[kind] or self._text[token.start], True)
        if kind in ("colon", "label"):
            self._beside()
            self._word = False
        self._remember(kind, token)
        return kind not in _FOREIGN

    def _remember(self, kind: str, token: Token) -> None:
        if kind == "bound":
            self._bound = token.start
        elif kind == "about":
            self._result.about = True
        elif kind == "label":
            self._result.labelled = True
        elif kind == "between":
            self._between = True
        elif kind == "open":
            self._bracketed = token.start + 1
        elif kind == "close":
            self._close(token)

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
            level = Level([amount], token.start, token.end, self._join or " ", self._word)
            level.bracket, level.bound, self._bound = self._bracketed, self._bound, None
            level.factor = self._factor
            self._result.levels.append(level)
        level.end = token.end
        level.grouped = (
            level.grouped or re.match(r"[1-9]\d*,(?!000)", self._text[token.start : token.end]) is not None
        )
        self._join, self._word, self._factor = "", False, False
        return True

    def _power(self, token: Token) -> bool:
        if not self._text.startswith("10", token.start):
            return self._last in ("number", "open", "close") and self._attach_power(token)
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
        if amount is None or amount.unit is not None:
            return False
        beside = self._last in (*_OWN, "close", "open")
        # "TU/kg": what a foreign word counts is not cells
        if not beside and (self._last != "word" or amount.power is None or self._join or token.implied):
            return False
        amount.unit, amount.implied = token.unit, token.implied
        self._extend(token)
        return True

    def _administration(self, token: Token) -> bool:
        amount = self._amount()
        if amount is None or self._last not in (*_OWN, "unit", "close", "administration"):
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
