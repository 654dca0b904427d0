"""The text of a dose cell → tokens: numbers, powers of ten, units, the words that join them, and the rest.

Units are the forms of the lexicon's scheme "unit", and words that only say "for one administration" those of the
scheme "basis". Where a unit's form leaves out what is counted ("/kg" for cells/kg), the token says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kg.cells.numbers import (
    BARE_POWER,
    DASH,
    LONGEST,
    NUMBER,
    SCALES,
    SUPERSCRIPT,
    TILDE,
    TIMES_POWER,
    Power,
    power_of,
    to_decimal,
)
from kg.vocabulary.lexicon import Concept, Lexicon
from kg.vocabulary.namespaces import TKG

_DIGITS = re.compile(
    rf"(?<![A-WYZa-wyz])(?!(?<=[A-Za-z][{DASH}])[12](?![\d.]))\d[\d.,]*(?:[eE]\+?\d+)?[⁺⁻{SUPERSCRIPT}]*"
)
_THINGLESS = re.compile(r"/|per\b|[^\W\d_]+-\d", re.IGNORECASE)
_UNDIVIDED = "1"  # tkg:perQuantity of an amount that is not divided by anything
_MASK = "\x00"  # a word that no form contains, so that no unit is found across a number
_PIECE = re.compile(
    rf"""(?P<blank>\s+)
    |(?P<e>(?:{NUMBER})[eE]\+?\d{{1,2}}(?!\w))
    |(?P<number>(?:{NUMBER}))
    |(?P<scale>(?:(?i:millions?|mln|mio|billions?|bn|thousands?)|MM?)(?![^\W\d_]))
    |(?P<spread>±|\+/[{DASH}]|\+[{DASH}])
    |(?P<bound>[<>≤≥]=?|(?i:up\sto|at\s(?:least|most)|(?:more|less|fewer)\sthan|no\smore\sthan|max\b|min\b|maximum|minimum))
    |(?P<to>[{DASH}]|(?i:to|until)\b|\.\.\.?|…)
    |(?P<tilde>[{TILDE}≈≃])
    |(?P<about>(?i:about|around|approximately|approx|circa|ca)\b\.?)
    |(?P<between>(?i:between|from)\b)
    |(?P<and>,?\s?(?i:and|plus|then)\b|[+&])
    |(?P<or>,?\s?(?i:or|versus|vs)\b\.?)
    |(?P<per>/\s?(?=[^\W\d_])|(?i:per|each|every)\b)
    |(?P<mark>[,;/|])
    |(?P<open>[(\[])
    |(?P<close>[)\]])
    |(?P<word>[^\W\d_](?:[\w'’]|[{DASH}](?=\w))*|\d+[\d.,]*\w*|.)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a dose text, `text[start:end]`.

    `kind` is "number" (with `value`, and `power` for 1e6), "power", "unit" (with `unit`, `implied` when what is
    counted is not written), or the name of a joining word or mark; "word" is what nobody understands.
    """

    kind: str
    start: int
    end: int
    value: Decimal = Decimal(1)
    power: Power | None = None
    unit: Concept | None = None
    implied: bool = False


def tokens(text: str, lexicon: Lexicon) -> tuple[Token, ...]:
    """Cut `text` into tokens from left to right, blanks left out; every other character is in one token."""
    return tuple(_Lexer(text, lexicon).run())


class _Lexer:
    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self._text = text
        self._lexicon = lexicon
        self._masked = _DIGITS.sub(_mask, text)
        self._units = {m.start: m for m in lexicon.scan("unit", self._masked)}
        self._last = ""

    def run(self) -> Iterator[Token]:
        at = 0
        while at < len(self._text):
            token = self._unit(at) or self._power(at) or self._piece(at)
            if token.kind != "blank":
                yield token
                self._last = token.kind
            at = token.end

    def _unit(self, at: int) -> Token | None:
        match = self._units.get(at)
        if match is None:
            return None
        implied = _THINGLESS.match(self._text, at) is not None
        return Token("unit", at, match.end, unit=match.concept, implied=implied)

    def _power(self, at: int) -> Token | None:
        match = TIMES_POWER.match(self._text, at)
        if match is None and self._text.startswith("10", at):
            match = BARE_POWER.match(self._text, at)
        return match and Token("power", at, match.end(), power=power_of(match))

    def _piece(self, at: int) -> Token:
        match = _PIECE.match(self._text, at)
        assert match is not None and match.lastgroup  # noqa: S101 - the last alternative takes any character
        kind, end = match.lastgroup, match.end()
        if kind in ("number", "e"):
            return _number(match, at)
        if kind == "scale":
            word = match.group().lower()
            return Token("scale", at, end, power=Power(SCALES[word.removesuffix("s")], "scale", at, end))
        if kind == "per":
            return self._administration(at) or Token("word", at, end)
        return Token(kind, at, end)

    def _administration(self, at: int) -> Token | None:
        """Read "per dose", "/person": an amount is one of a single administration anyway."""
        for match in self._lexicon.scan("basis", self._masked[at:])[:1]:
            if match.start == 0 and match.concept.note(TKG.perQuantity) == _UNDIVIDED:
                return Token("administration", at, at + match.end)
        return None


def _mask(match: re.Match[str]) -> str:
    return _MASK + " " * (len(match.group()) - 1)


def _number(match: re.Match[str], at: int) -> Token:
    text, end = match.group(), match.end()
    if len(text) > LONGEST:
        return Token("word", at, end)
    if match.lastgroup == "number":
        return Token("number", at, end, value=to_decimal(text))
    factor, exponent = re.split("[eE]", text)
    power = Power(int(exponent), "exact", at, end)
    return Token("number", at, end, value=to_decimal(factor), power=power)
