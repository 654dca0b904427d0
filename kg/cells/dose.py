"""A dose cell ("1 or 3 × 106 cells/kg") → doses: exact decimals, their unit, their words, how sure they are.

Superscripts get lost when a page is copied: "2 × 106" means 2 × 10⁶. Such an exponent is restored, and the
dose says so (`status` "restored"); where the restored amount is not one that is given to a patient, or where
another reading is as good, the status is "ambiguous": "106 cells", "1,5 × 10⁶". "106" alone stays 106.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from kg.cells.amounts import tokens, undivided
from kg.cells.common import empty, quoted
from kg.cells.dose_header import from_header
from kg.cells.grouping import levels_of
from kg.cells.levels import Amount, Level, Levels, leave_out
from kg.cells.numbers import DASH, LONGEST_CELL, Power, gaps, merged, scaled
from kg.cells.paired import routes_before_brackets
from kg.cells.plausible import COUNTED, bare_power, counts, restore_bare_powers, unusual, usual
from kg.model import Dose, Finding, Reading, Severity, Span, State
from kg.vocabulary.lexicon import Concept, Lexicon
from kg.vocabulary.marks import is_not_given
from kg.vocabulary.namespaces import TKG

ALLOWED = "a number, its power of ten and a unit, e.g. 2 × 10^6 cells/kg, 1.5-3 × 10^6 cells or 10 mL"
_COLUMN = "dose"
_THING = TKG.countedThing
_DIGIT = re.compile(r"\d|[⁰¹²³⁴⁵⁶⁷⁸⁹]")
_NEGATIVE = re.compile(rf"(?:^|[(\[,;])\s*[{DASH}]\s?\d")
_PART = re.compile(r"\d(?!\d{2}|\.)")  # what may stand behind a decimal comma
_IN_TOTAL = re.compile(
    r"\b(?:total|flat|fixed)\b", re.IGNORECASE
)  # an amount that the header's "/kg" does not divide
_LEAST = re.compile(r"[>≥]|at least|more|min|no (?:less|fewer)", re.IGNORECASE)
_SMALLEST_EXPONENT = 4  # "2 × 103" may be a lost exponent or the number 103


def read_dose(text: str, lexicon: Lexicon, header: str = "") -> Reading[tuple[Dose, ...]]:
    """Read the doses of one administration; `header` may give the power of ten or unit that the cell lacks.

    The value has one dose for each level that is listed, in the order of the text. Words that are no part of
    an amount are `unread`. Of an amount that is open to one side ("up to 10⁶ cells") the end that is written
    stands for both, its status is "ambiguous". `rule` is "dose.single", "dose.range", "dose.number" (neither
    power nor unit), "dose.list", "dose.list-and" or "dose.list-or".
    """
    if len(text) > LONGEST_CELL:
        return _unrecognised(text)
    if not _DIGIT.search(text):
        return _without_number(text, lexicon)
    if _NEGATIVE.search(text):
        return _unrecognised(text)
    found = levels_of(text, tokens(text, lexicon))
    if not found.levels:
        return _unrecognised(text)
    _leave_out_volumes(text, found)
    bare = all(level.bare for level in found.levels)
    reading = _Doses(text, found, lexicon, header).reading()
    return _unrecognised(text) if bare and (reading.unread or found.labelled) else reading


def dose_operator(reading: Reading[tuple[Dose, ...]]) -> str:
    """Return how the doses of a reading are joined: "and", "or", or "" for one dose or a plain list."""
    return reading.rule.removeprefix("dose.list-") if reading.rule.startswith("dose.list-") else ""


def _without_number(text: str, lexicon: Lexicon) -> Reading[tuple[Dose, ...]]:
    if is_not_given(text, lexicon):
        return empty(())
    return _unrecognised(text)


def _unrecognised(text: str) -> Reading[tuple[Dose, ...]]:
    message = f"no dose could be read; allowed: {ALLOWED}"
    finding = Finding(
        Severity.WARNING, "dose-unrecognised", _COLUMN, message, text, "write the amount and its unit"
    )
    return Reading((), State.UNRECOGNISED, "dose.unrecognised", (), gaps(text, ()), (finding,))


def _leave_out_volumes(text: str, found: Levels) -> None:
    """Take no volume or concentration for a dose where the cell has an amount beside it."""
    described = [level for level in found.levels if _describes(level.amounts[-1].unit)]
    counted = [
        x
        for x in found.levels
        if x not in described and not x.bare and (u := x.amounts[-1].unit) and counts(u)
    ]
    if not counted:  # "10 mL", or "2 mL of 10⁶ cells/mL": the volume is what is given
        volumes = [x for x in described if (u := x.amounts[-1].unit) and not counts(u)]
        described = [x for x in described if x not in volumes] if volumes else []
    if described:
        found.beside = [text[level.start : level.end] for level in described]
        leave_out(found, described)


def _describes(unit: Concept | None) -> bool:
    return unit is not None and (unit.note(_THING) == "volume" or unit.note(TKG.ucumCode).endswith("/mL"))


class _Doses:
    """The levels of one text on their way to doses and findings."""

    def __init__(self, text: str, found: Levels, lexicon: Lexicon, header: str) -> None:
        self._text = text
        self._found = found
        self._lexicon = lexicon
        self._findings: list[Finding] = []
        amounts = [amount for level in found.levels for amount in level.amounts]
        self._decimal_comma = _may_be_decimal_comma(text, found.levels)
        if any(a.power is None or a.unit is None for a in amounts):
            self._complete(amounts, header)
        for level in found.levels:
            restore_bare_powers(level)
        self._routes, words = routes_before_brackets(text, found, lexicon)
        found.used += words

    def reading(self) -> Reading[tuple[Dose, ...]]:
        doses = tuple(self._dose(level, self._routes.get(at)) for at, level in enumerate(self._found.levels))
        used = merged(self._text, self._found.used)
        unread = gaps(self._text, used)
        self._remarks(unread)
        return Reading(doses, State.MAPPED, self._rule(), used, unread, tuple(self._findings))

    def _rule(self) -> str:
        levels = self._found.levels
        if len(levels) > 1:
            return f"dose.list-{self._found.operator}" if self._found.operator else "dose.list"
        if levels[0].amounts[0].power is None and levels[0].amounts[0].unit is None:
            return "dose.number"
        return "dose.range" if len(levels[0].amounts) > 1 and not levels[0].spread else "dose.single"

    def _complete(self, amounts: list[Amount], header: str) -> None:
        """Take the power and the unit that the cell lacks from the header, or from what a count implies."""
        power, unit = from_header(header, self._lexicon)
        if unit and _IN_TOTAL.search(self._text):
            unit = undivided(unit, self._lexicon)
        if power and any(a.power and not a.borrowed for a in amounts):
            self._note(
                "header-power-not-applied", f"the cell has its own power of ten, so {header!r} gives none"
            )
        cells = self._lexicon.named("unit", COUNTED)
        for amount in amounts:
            if power and amount.power is None and (amount.unit is None or amount.implied):
                amount.power = power
            if amount.unit is None:
                million = amount.power is not None and amount.power.style == "scale"
                amount.unit = unit or (cells if million or amount.administration else None)
                amount.implied = unit is None

    def _dose(self, level: Level, route: Concept | None) -> Dose:
        low, high = self._ends(level)
        span = Span(level.start, level.end)
        verbatim = self._text[span.start : span.end]
        amount = level.amounts[-1]
        doubts = [*self._doubts(level, low, high)]
        for code, message in doubts:
            self._warn(code, f"{verbatim!r}: {message}")
        restored = [a.power for a in level.amounts if a.power and a.power.restored]
        if restored and not level.amounts[-1].borrowed:
            self._note("exponent-restored", _restoration(restored[-1]), verbatim)
        self._note_unit(amount, verbatim)
        status = "ambiguous" if doubts else "restored" if restored else "exact"
        return Dose(low, high, amount.unit, status, verbatim, span, route)

    def _ends(self, level: Level) -> tuple[Decimal, Decimal]:
        values = [_value(amount) for amount in level.amounts]
        return (values[0], values[0]) if level.spread else (values[0], values[-1])

    def _doubts(self, level: Level, low: Decimal, high: Decimal) -> Iterator[tuple[str, str]]:
        unit = level.amounts[-1].unit
        power = level.amounts[-1].power
        if level.bound is not None:
            side = _open_side(self._text[level.bound : level.start])
            yield (
                "dose-open",
                f"the amount is open: no {side} amount is given, so the one that is stands for it",
            )
        if low > high:
            yield "dose-range-reversed", f"the range goes down from {low:f} to {high:f}; kept as written"
        if power and power.restored and 0 <= power.exponent < _SMALLEST_EXPONENT:
            yield "exponent-doubtful", f"10{power.exponent} may be a power of ten or just a number"
        elif power and power.restored and unit is not None and not counts(unit):
            yield "exponent-doubtful", f"amounts in {unit.label} are seldom written with a power of ten"
        if lost := next(filter(None, map(bare_power, level.amounts)), ""):
            yield "exponent-lost", lost
        if any(a.power and a.power.style == "rounded" for a in level.amounts):
            yield "dose-rounded", "a power of ten with a decimal fraction is rounded to three digits"
        if any(a.power and a.power.style == "doubtful" for a in level.amounts):
            yield "exponent-doubtful", "10e6 is ten million for a computer, but tables write it for 10^6"
        if power is None and unit is None:
            yield "dose-bare-number", "the number has neither a power of ten nor a unit"
        elif power or (unit and unit.note(_THING) == COUNTED):
            yield from unusual(low, high, unit)
        if any(_value(a) != _full(a) for a in level.amounts):
            yield "power-sharing-doubtful", "the number may or may not share its neighbour's power of ten"
        if self._decimal_comma:
            yield "comma-doubtful", f"the comma may part two doses or be a decimal one, {self._decimal_comma}"
        elif level.grouped and power is not None:
            yield "comma-doubtful", "the comma may part a list, thousands or decimals"

    def _note_unit(self, amount: Amount, verbatim: str) -> None:
        if amount.unit is None:
            self._warn("dose-without-unit", f"the table does not say what {verbatim!r} is an amount of")
        elif amount.implied:
            self._note("unit-implied", f"what is counted is not said; taken as {amount.unit.label}")
        if amount.unit is not None and amount.unit.note(TKG.ucumCode).endswith("/mL"):
            self._warn(
                "dose-concentration",
                f"{verbatim!r} is a concentration, not an amount; the cell has nothing else",
            )

    def _remarks(self, unread: tuple[Span, ...]) -> None:
        if self._found.about:
            self._warn("dose-approximate", "the amount is given as an approximate one")
        if self._found.beside:
            described = ", ".join(map(repr, self._found.beside))
            self._note(
                "dose-volume", f"a volume or concentration describes the dose and is none itself: {described}"
            )
        if self._found.restated:
            self._warn("dose-restated", "a bracket behind an amount is not read as another dose")
        if unread:
            words = quoted(self._text, unread)
            self._warn("word-unknown", f"not part of a dose: {words}; allowed: {ALLOWED}")

    def _note(self, code: str, message: str, raw: str = "") -> None:
        self._add(Finding(Severity.INFO, code, _COLUMN, message, raw or self._text))

    def _warn(self, code: str, message: str) -> None:
        hint = "look at the source and write the amount in full"
        self._add(Finding(Severity.WARNING, code, _COLUMN, message, self._text, hint))

    def _add(self, finding: Finding) -> None:
        if finding not in self._findings:
            self._findings.append(finding)


def _open_side(words: str) -> str:
    """Return the end of an amount that its bound leaves open: "up to" gives no least one."""
    return "greatest" if _LEAST.search(words) else "least"


def _value(amount: Amount) -> Decimal:
    """The amount in its unit; a number that is a dose of its own takes no power of ten from its neighbour."""
    alone = amount.borrowed and amount.value >= usual(amount.unit)[0] > 0
    return scaled(amount.value, 0) if alone else _full(amount)


def _full(amount: Amount) -> Decimal:
    return scaled(amount.value, amount.power.exponent if amount.power else 0)


def _restoration(power: Power) -> str:
    if power.style == "ten-e":
        return f"{power.written!r} is read as × 10^{power.exponent}; for a computer it is ten times as much"
    return f"{power.written!r} is read as a lost superscript: × 10^{power.exponent}"


def _may_be_decimal_comma(text: str, levels: list[Level]) -> str:
    """Return the other reading of "1,5 × 10⁶": two whole numbers with nothing but a comma between them; else ""."""
    if len(levels) != 2 or text[levels[0].end : levels[1].start] != ",":
        return ""
    whole, rest = text[levels[0].start : levels[0].end], text[levels[1].start : levels[1].end]
    return f"{whole}.{rest}" if whole.isdecimal() and _PART.match(rest) else ""
