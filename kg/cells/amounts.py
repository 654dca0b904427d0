"""The text of a dose cell → tokens: numbers, powers of ten, units, the words that join them, and the rest.

Units are the forms of the lexicon's scheme "unit", and words that only say "for one administration" those of
the scheme "basis". Where a unit's form leaves out what is counted ("/kg" for cells/kg), the token says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kg.cells.numbers import (
    BARE_POWER,
    DASH,
    FROM_SUPERSCRIPT,
    LONGEST,
    NUMBER,
    SCALES,
    SUPERSCRIPT,
    TILDE,
    TIMES,
    TIMES_POWER,
    Power,
    factor_of,
    power_of,
    to_decimal,
)
from kg.vocabulary.lexicon import Concept, Lexicon, Match
from kg.vocabulary.namespaces import TKG

_DIGITS = re.compile(
    rf"(?<![A-WYZa-wyz])(?<!\d)(?!(?<=[A-Za-z][{DASH}^])[12](?![\d.]))(?!(?<=\^[{DASH}])[12](?![\d.]))\d[\d.,]*(?:[eE]\+?\d+)?[⁺⁻{SUPERSCRIPT}]*"
)
_THINGLESS = re.compile(r"/|per\b|[^\W\d_]+-\d", re.IGNORECASE)
_RAISED = str.maketrans("⁻¹²³·", "-123 ")  # as the vocabulary spells "kg-1", without a change of length
_BEFORE_UNIT = ("number", "power", "scale")
_POWER_MARKS = frozenset(TIMES + ".")
_PER_QUANTITY = TKG.perQuantity
_UNDIVIDED = "1"  # tkg:perQuantity of an amount that is not divided by anything
_MASK = "\x00"  # a word that no form contains, so that no unit is found across a number
_SUBSTANCE = re.compile(r"\s(?:of\s)?(?:[^\W\d_]+\s)?[^\W\d_]+\s?(?=/|per\b)")
_POSITIVE = re.compile(r"[A-Z][A-Za-z\d-]{0,7}\s?\+\s?(?=[^\W\d_])")  # "CAR + cells/kg"
_BLANK_POWER = re.compile(r"10\s([4-9]|1[0-2])\s?(?=[^\W\d_])")
_DEGREE = r"(?:very[ ])?(?:low|medium|middle|mid|moderate|intermediate|high)(?:[ -]dose)?"
_NUMBERED = r"(?:dose[ ])?(?:cohort|group|arm|level|tier)\s?(?:\d{1,2}|I{1,3}|IV|[A-Z])\b"
_ORDINAL = r"\d(?:st|nd|rd|th)\b|first|second|third|fourth"
_PIECE = re.compile(
    rf"""(?P<blank>\s+)
    |(?P<label>(?i:{_DEGREE}|{_NUMBERED}|{_ORDINAL})(?i:\s(?:group|cohort|arm|dose|injection|infusion))?\s?(?=[:=(])
      |(?i:{_DEGREE})(?<=dose)(?=\s\d))
    |(?P<soft>(?i:(?:an?\s)?total(?:\s(?:dose|amount|number))?(?:\sof\b|\s?:|(?=\s))|dose\s?:|dose[ -]escalation\b\s?[:,]?
      |escalating\sdoses?\b(?:\sof\b)?\s?[:,]?)(?=\s?\d))
    |(?P<e>(?:{NUMBER})[eE]\+?\d{{1,2}}(?![\d.]))
    |(?P<number>(?:{NUMBER}))
    |(?P<scale>(?:(?ai:millions?|mln|mio|billions?|bn|thousands?)|MM?)(?![^\W\d_]))
    |(?P<spread>±|\+/[{DASH}]|\+[{DASH}])
    |(?P<bound>[<>≤≥]=?|(?i:up\sto|at\s(?:least|most)|(?:more|less|fewer)\sthan|no\smore\sthan|max\b|min\b|maximum|minimum))
    |(?P<raised>(?<=[{SUPERSCRIPT}][{DASH}⁻])[{SUPERSCRIPT}]{{1,2}})
    |(?P<to>[{DASH}]|(?<=[{SUPERSCRIPT}])⁻(?=[{SUPERSCRIPT}])|(?i:to|until)\b|\.\.\.?|…)
    |(?P<tilde>[{TILDE}≈≃])
    |(?P<about>(?i:about|around|approximately|approx|circa|ca)\b\.?
      |(?i:mean|median|average)(?:\sdose)?(?:\sof\b|\s?:)?(?=\s?[\d(]))
    |(?P<between>(?i:between|from)\b)
    |(?P<and>,?\s?(?i:and|plus|then)\b|[+&])
    |(?P<or>,?\s?(?i:or|versus|vs)\b\.?)
    |(?P<per>/\s?(?=[^\W\d_])|(?i:per|each|every)\b)
    |(?P<note>[*†‡§¶\#]+(?!\s?\d)|\.(?=\s*$)|\(\s?(?i:{_DEGREE}|(?:in\s)?total|n\s?=\s?\d+)\s?\))
    |(?P<times>(?![xX][^\W\d_])[{TIMES}])
    |(?P<colon>:)
    |(?P<mark>[,;/|])
    |(?P<open>[(\[])
    |(?P<close>[)\]])
    |(?P<word>[^\W\d_][^\W_]*\d\+(?=\s|$)|[^\W\d_](?:[\w'’]|[{DASH}](?=\w))*|\d+[\d.,]*\w*|.)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a dose text, `text[start:end]`.

    `kind` is "number" (with `value`, and `power` for 1e6), "power", "unit" (with `unit`, `implied` when what
    is counted is not written), "label" (what names the level behind it: "cohort 1:", "low dose ("), "soft"
    ("a total of"), or the name of a joining word or mark; "word" is what nobody understands.
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
        self._masked = _DIGITS.sub(_mask, text).translate(_RAISED)
        self._units = {m.start: m for m in lexicon.scan("unit", self._masked)}
        self._last = ""

    def run(self) -> Iterator[Token]:
        at = 0
        while at < len(self._text):
            token = self._unit(at) or self._power(at) or self._piece(at)
            if token.kind != "blank":
                yield token
            if token.kind not in ("blank", "note"):
                self._last = token.kind
            at = token.end

    def _unit(self, at: int) -> Token | None:
        match = self._units.get(at)
        if match is None:
            return None
        implied = _THINGLESS.match(self._text, at) is not None
        return self._of_substance(match) or Token("unit", at, match.end, unit=match.concept, implied=implied)

    def _of_substance(self, unit: Match) -> Token | None:
        """Read a unit with what is measured before its basis: "pmol phospholipid/kg", "µg of protein per kg"."""
        words = _SUBSTANCE.match(self._masked, unit.end)
        if words is None:
            return None
        basis = next(iter(self._lexicon.scan("basis", self._masked[words.end() :])), None)
        if basis is None or self._masked[words.end() : words.end() + basis.start].strip():
            return None
        whole = divided(unit.concept, basis.concept, self._lexicon)
        return Token("unit", unit.start, words.end() + basis.end, unit=whole) if whole else None

    def _power(self, at: int) -> Token | None:
        first = self._text[at]
        if first == "1":
            match = BARE_POWER.match(self._text, at)
            if at == 0 and match is None and (blank := _BLANK_POWER.match(self._text)):
                return self._blank_power(blank)
        else:
            match = TIMES_POWER.match(self._text, at) if first in _POWER_MARKS else None
        return match and Token("power", at, match.end(), value=factor_of(match), power=power_of(match))

    def _blank_power(self, match: re.Match[str]) -> Token | None:
        """Read "10 6 cells" as 10⁶ that has lost its superscript, which is doubtful; a unit must follow."""
        unit = self._units.get(match.end())
        if unit is None or not unit.concept.note(TKG.ucumCode).startswith("{"):
            return None
        return Token("power", 0, match.end(1), power=Power(int(match[1]), "bare", match.group().strip()))

    def _piece(self, at: int) -> Token:
        match = _PIECE.match(self._text, at)
        if match is None or match.lastgroup is None:  # cannot be: the last alternative takes any character
            return Token("word", at, at + 1)
        kind, end = match.lastgroup, match.end()
        if kind in ("number", "e"):
            return _number(match, at)
        if kind == "scale":
            exponent = SCALES[match.group().lower().removesuffix("s")]
            return Token("scale", at, end, power=Power(exponent, "scale", match.group()))
        if kind == "raised" and self._last == "to":  # "10⁶⁻⁷"
            power = Power(int(match.group().translate(FROM_SUPERSCRIPT)), "exact", match.group())
            return Token("number", at, end, power=power)
        if kind == "per":
            return self._administration(at) or Token("per", at, end)
        if kind == "word" and self._last in _BEFORE_UNIT:
            return self._composed(at) or Token("word", at, end)
        return Token(kind, at, end)

    def _administration(self, at: int) -> Token | None:
        """Read "per dose", "/person": an amount is one of a single administration anyway."""
        for match in self._lexicon.scan("basis", self._masked[at:])[:1]:
            if match.start == 0 and match.concept.note(_PER_QUANTITY) == _UNDIVIDED:
                return Token("administration", at, at + match.end)
        return None

    def _composed(self, at: int) -> Token | None:
        """Read a unit that is put together of a product and a basis, "Schwann cells/kg"."""
        positive = _POSITIVE.match(self._masked, at)
        if positive and (counted := self._units.get(positive.end())):
            return Token("unit", at, counted.end, unit=counted.concept)
        rest = self._masked[at:]
        product = next(iter(self._lexicon.scan("product", rest)), None)
        if product is None or product.start != 0:
            return None
        tail = rest[product.end :]
        basis = next((m for m in self._lexicon.scan("basis", tail) if not tail[: m.start].strip()), None)
        unit = counting(product.concept, self._lexicon, basis.concept.iri if basis else "")
        if unit is None:
            return None
        return Token("unit", at, at + product.end + (basis.end if basis else 0), unit=unit)


def counting(product: Concept, lexicon: Lexicon, basis: str = "") -> Concept | None:
    """Return the unit that counts a product: cells/kg for cells with the IRI of that basis."""
    things = {product.label, *(concept.label for concept in lexicon.ancestors(product))}
    for unit in lexicon.concepts("unit"):
        if unit.note(TKG.countedThing) in things:
            own = lexicon.concept(unit.note(TKG.basis))
            if own.iri == basis or (not basis and own.note(_PER_QUANTITY) == _UNDIVIDED):
                return unit
    return None


def is_divided(basis: Concept) -> bool:
    """Whether a basis divides an amount, as "per kg" does and "per dose" does not."""
    return basis.note(_PER_QUANTITY) not in ("", _UNDIVIDED)


def divided(unit: Concept, basis: Concept, lexicon: Lexicon) -> Concept | None:
    """Return the unit for the same thing divided by a basis: vg/kg for vg, None where there is none."""
    if not is_divided(basis) or is_divided(lexicon.concept(unit.note(TKG.basis))):
        return None
    code = f"{unit.note(TKG.ucumCode)}/{basis.note(_PER_QUANTITY)}"
    return next((one for one in lexicon.concepts("unit") if one.note(TKG.ucumCode) == code), None)


def undivided(unit: Concept, lexicon: Lexicon) -> Concept:
    """Return the unit that counts the same thing and divides it by nothing: cells for cells/kg."""
    code = unit.note(TKG.ucumCode).split("/")[0]
    return next((one for one in lexicon.concepts("unit") if one.note(TKG.ucumCode) == code), unit)


def _mask(match: re.Match[str]) -> str:
    return _MASK + " " * (len(match.group()) - 1)


def _number(match: re.Match[str], at: int) -> Token:
    text, end = match.group(), match.end()
    if len(text) > LONGEST:
        return Token("word", at, end)
    if match.lastgroup == "number":
        return Token("number", at, end, value=to_decimal(text))
    factor, exponent = re.split("[eE]", text)
    power = Power(int(exponent), "doubtful" if factor == "10" else "exact", text)
    return Token("number", at, end, value=to_decimal(factor), power=power)
