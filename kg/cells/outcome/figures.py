"""Terms → terms with their numbers joined: percentages, counts, p-values, times and changes of a number."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from kg.cells.outcome.number import (
    COUNT,
    LIMIT,
    NOTHING,
    PERCENT,
    PLAIN,
    SHIFT,
    TIME,
    WORDS,
    Found,
    Number,
    form_at,
    value_of,
)  # fmt: skip
from kg.cells.outcome.terms import MARK, NUMBER, Term
from kg.cells.outcome.times import UNITS, coded_time, p_value, ratio, time_behind, unit_first

_JOINTS = frozenset((",", "/", "and", "or", "&", "vs", "versus", "v"))
_ARROWS = frozenset("→⟶➔➝>")
_MOST = 100_000
_BEFORE_NUMBERS = frozenset("+-±<>≤≥~")
_OPENING = frozenset((*UNITS, "p", "pvalue", "n"))
_OPENING_ALL = _OPENING | _BEFORE_NUMBERS | frozenset(WORDS)
_OPENING_KINDS = frozenset((NUMBER, "ratio"))


def join_numbers(terms: Sequence[Term]) -> list[Term | Number]:
    """Return the terms with every number and what belongs to it as one `Number`."""
    joined: list[Term | Number] = []
    at, count = 0, len(terms)
    while at < count:
        term = terms[at]
        form = term.form
        opens = form in _OPENING_ALL or term.kind in _OPENING_KINDS or form[1:2].isdigit()
        found = _found(terms, at) if opens else None  # most words open none
        if found is None:
            joined.append(term)
            at += 1
        else:
            at, number = found
            joined.append(number)
    return joined


def _found(terms: Sequence[Term], at: int) -> Found:
    """Return the number that opens at a place and the place behind it."""
    term = terms[at]
    form = term.form
    if term.kind == NUMBER or form in WORDS or form in _BEFORE_NUMBERS:
        return _lone_sign(terms, at) or _number(terms, at)
    if form in _OPENING or term.kind == "ratio":
        return ratio(terms, at) or p_value(terms, at) or unit_first(terms, at)
    if form[1:2].isdigit():
        return _power_alone(terms, at) or coded_time(terms, at)
    return None


def _power_alone(terms: Sequence[Term], at: int) -> Found:
    term = terms[at]
    if term.form[:2] != "10" or not "⁰" <= term.form[-1] <= "⁹":
        return None
    return at + 1, Number(NOTHING, term.start, term.end)


def _number(terms: Sequence[Term], at: int) -> Found:
    """Return the number that a sign or a figure opens, with all that belongs to it."""
    first, sign = at, ""
    if terms[at].kind == MARK:
        if not _is_sign(terms, at):
            return None
        sign, at = terms[at].form, at + 1
    value = value_of(terms[at])
    if value is None:
        return None
    if times := time_behind(terms, at + 1):
        return _time(terms, (first, at, times), sign, value)
    if form_at(terms, at + 1) in ("×", "x", "^", "⁎") or "⁰" <= terms[at].form[-1:] <= "⁹":
        return _power(terms, first, at + 1)
    joined = _shift(terms, at, at + 1) or _count(terms, at, at + 1) or _listed(terms, at)
    return joined or _single(terms, (first, at), sign, value)


def _is_sign(terms: Sequence[Term], at: int) -> bool:
    """Whether a mark belongs to the number behind it: "−3.7", "≥ 50", but not the dash of "IL-6"."""
    if at + 1 >= len(terms) or value_of(terms[at + 1]) is None:
        return False
    if terms[at].form not in "-−+":
        return True
    glued = bool(at) and terms[at - 1].end == terms[at].start and terms[at - 1].form not in "([→"
    return terms[at + 1].start == terms[at].end and not glued


def _time(terms: Sequence[Term], places: tuple[int, int, int], sign: str, value: Decimal) -> Found:
    """Return "6 months", of one number with its value; "≥ 12 months" is a limit."""
    first, at, end = places
    if sign:
        return end, Number(LIMIT, terms[first].start, terms[end - 1].end)
    if end > at + 3:
        return end, Number(TIME, terms[first].start, terms[end - 1].end)
    where = ((terms[at].start, terms[at].end),)
    return end, Number(TIME, terms[first].start, terms[end - 1].end, (value,), where)


def _single(terms: Sequence[Term], places: tuple[int, int], sign: str, value: Decimal) -> Found:
    """Return a number by itself, with its percent sign or unit."""
    first, at = places
    end = at + 1
    percent = form_at(terms, end) in ("%", "percent")
    if percent:
        end += 1
        if form_at(terms, end) in ("ci", "confidence"):
            return _interval(terms, first, end)
    end = _unit(terms, end)
    sort, rising = PERCENT if percent else PLAIN, None
    if sign in ("+", "-", "−"):
        sort, rising = SHIFT, sign == "+"
    elif sign:
        sort = LIMIT
    where = ((terms[at].start, terms[at].end),)
    return end, Number(sort, terms[first].start, terms[end - 1].end, (value,), where, rising=rising)


def _unit(terms: Sequence[Term], at: int) -> int:
    """Return the place behind the unit of a number: "6.9 mm", "8.4 g", "1.3 points"."""
    return at + 1 if at < len(terms) and terms[at].kind == "unit" else at


def _power(terms: Sequence[Term], first: int, at: int) -> Found:
    """Return an amount such as "2 × 10⁶", which is a dose and no result."""
    end = at
    while end < len(terms) and (
        form_at(terms, end) in ("×", "x", "^", "-")
        or terms[end].form[:2] == "10"
        or (terms[end].kind == NUMBER and form_at(terms, end - 1) == "^")
    ):
        end += 1
    return end, Number(NOTHING, terms[first].start, terms[end - 1].end)


def _interval(terms: Sequence[Term], first: int, at: int) -> Found:
    """Return a confidence interval, which is no result of its own: "95% CI 0.81-1.44"."""
    end = at + 1
    while end < len(terms) and (
        terms[end].kind == NUMBER or terms[end].form in (",", "-", "to", ":", "−", "[", "]", "interval")
    ):
        end += 1
    return end, Number(NOTHING, terms[first].start, terms[end - 1].end)


def _listed(terms: Sequence[Term], at: int) -> Found:
    """Return the percentages of a list that one sign closes: "86.7, 53.3 and 86.7%"."""
    values: list[Decimal] = []
    places: list[tuple[int, int]] = []
    end = at
    while end < len(terms) and (value := value_of(terms[end])) is not None and terms[end].kind == NUMBER:
        values.append(value)
        places.append((terms[end].start, terms[end].end))
        end += 1
        if form_at(terms, end) == "%":
            if _goes_on(terms, end + 1):
                end += 2
                continue
            if len(values) < 2:
                return None
            return end + 1, Number(PERCENT, terms[at].start, terms[end].end, tuple(values), tuple(places))
        joints = end
        while form_at(terms, end) in _JOINTS and end - joints < 2:
            end += 1
        if end == joints:
            return None
    return None


def _goes_on(terms: Sequence[Term], at: int) -> bool:
    """Whether "and 53.3%" follows a percentage and ends the list: "ORR and OS were 86.7% and 53.3%"."""
    more = at + 1 < len(terms) and terms[at + 1].kind == NUMBER and form_at(terms, at + 2) == "%"
    if form_at(terms, at) not in ("and", "&") or not more:
        return False
    behind = terms[at + 3] if at + 3 < len(terms) else None
    return behind is None or behind.kind in (MARK, "preposition") or behind.form == "respectively"


def _count(terms: Sequence[Term], at: int, end: int) -> Found:
    """Return "3 of 5", "3 out of 5", "3/5"."""
    joint = form_at(terms, end)
    if joint == "out" and form_at(terms, end + 1) == "of":
        nxt = end + 2
    elif joint == "of" or (joint == "/" and terms[end].start == terms[end - 1].end):
        nxt = end + 1
    else:
        return None
    if form_at(terms, nxt) in ("the", "all", "these", "those"):
        nxt += 1
    if nxt >= len(terms):
        return None
    part, whole = value_of(terms[at]), value_of(terms[nxt])
    if (
        part is None
        or whole is None
        or whole != whole.to_integral_value()
        or part != part.to_integral_value()
    ):
        return None
    if part > whole or whole > _MOST or form_at(terms, nxt + 1) == "%" or form_at(terms, nxt + 1) in UNITS:
        return None
    number = Number(
        COUNT, terms[at].start, terms[nxt].end, (part,), ((terms[at].start, terms[nxt].end),), (int(whole),)
    )
    return nxt + 1, number


def _shift(terms: Sequence[Term], at: int, end: int) -> Found:
    """Return a number that became another one: "0.41 → 0.63", "from 13 to 6"."""
    before = form_at(terms, at - 1)
    nxt = _unit(terms, end)
    if form_at(terms, nxt) == "%" and form_at(terms, nxt + 1) in _ARROWS | {"to"}:
        nxt += 1
    joint = form_at(terms, nxt)
    arrow = joint in _ARROWS - {">"} or (joint == "-" and form_at(terms, nxt + 1) == ">")
    if not arrow and not (joint == "to" and before == "from"):
        return None
    nxt += 2 if joint == "-" else 1
    sign = form_at(terms, nxt) in ("-", "−")
    nxt += sign
    if nxt >= len(terms) or (last := value_of(terms[nxt])) is None:
        return None
    first = value_of(terms[at])
    if first is None:
        return None
    if form_at(terms, at - 1) in ("-", "−"):
        first = -first
    last = -last if sign else last
    stop = _unit(terms, nxt + 1)
    if form_at(terms, stop) == "%":
        stop += 1
    rising = None if first == last else last > first
    return stop, Number(SHIFT, terms[at].start, terms[stop - 1].end, rising=rising)


def _lone_sign(terms: Sequence[Term], at: int) -> Found:
    """Return "+" or "-" behind a measure and before nothing more, as a change: "FVC +, mRSS -"."""
    term = terms[at]
    if term.form not in ("+", "-") or not at or terms[at - 1].end == term.start:
        return None
    if terms[at - 1].kind not in ("word", "measure") or (
        at + 1 < len(terms) and terms[at + 1].form not in (",", ";", ".", ")")
    ):
        return None
    return at + 1, Number(SHIFT, term.start, term.end, rising=term.form == "+")
