"""Terms → terms with their numbers joined: percentages, counts, p-values, times and changes of a number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from kg.cells.outcome.terms import MARK, NUMBER, Term

PERCENT, COUNT, PLAIN, TIME, P_VALUE, SHIFT, LIMIT, RATIO, NOTHING = (
    *("percent", "count", "plain", "time", "p-value", "shift", "limit", "hazard", "interval"),
)
_WORDS = dict(
    zero=0, one=1, two=2, three=3, four=4, five=5, six=6, seven=7, eight=8, nine=9, ten=10, eleven=11,
    twelve=12, thirteen=13, fourteen=14, fifteen=15, sixteen=16, seventeen=17, eighteen=18, nineteen=19, twenty=20,
)  # fmt: skip
_UNITS = frozenset(
    [
        "d",
        "day",
        "days",
        "wk",
        "wks",
        "w",
        "week",
        "weeks",
        "mo",
        "mos",
        "m",
        "month",
        "months",
        "monthly",
        "y",
        "yr",
        "yrs",
        "year",
        "years",
        "h",
        "hr",
        "hrs",
        "hour",
        "hours",
        "min",
        "minutes",
    ]
)
_CODES = frozenset(["d", "m", "w", "y"])  # "D28", "M12"
_SIGNS = frozenset("=<>≤≥~±")
_JOINTS = frozenset((",", "/", "and", "or", "&", "vs", "versus", "v"))
_ARROWS = frozenset("→⟶➔➝>")
_MOST = 100_000


class Number(NamedTuple):
    """A joined number: what sort it is, its place, its values in the order of the text with the place of each, and
    for a count what each is out of; `rising` says which way a change of a number went, None when it cannot be told."""

    sort: str
    start: int
    end: int
    values: tuple[Decimal, ...] = ()
    places: tuple[tuple[int, int], ...] = ()
    out_of: tuple[int, ...] = ()
    rising: bool | None = None

    @property
    def kind(self) -> str:
        """The name of the sort, as `Term.kind` is one."""
        return self.sort


_Found = tuple[int, Number] | None
_BEFORE_NUMBERS = frozenset("+-±<>≤≥~")
_OPENING = frozenset((*_UNITS, "p", "pvalue", "n"))


def join_numbers(terms: Sequence[Term]) -> list[Term | Number]:
    """Return the terms with every number and what belongs to it as one `Number`."""
    return list(_joined(terms))


def _joined(terms: Sequence[Term]) -> Iterator[Term | Number]:
    at, count = 0, len(terms)
    while at < count:
        found = _found(terms, at)
        if found is None:
            yield terms[at]
            at += 1
        else:
            at, number = found
            yield number


def _found(terms: Sequence[Term], at: int) -> _Found:
    """Return the number that opens at a place and the place behind it; most words open none and are not looked at."""
    term = terms[at]
    form = term.form
    if term.kind == NUMBER or form in _WORDS or form in _BEFORE_NUMBERS:
        return _lone_sign(terms, at) or _number(terms, at)
    if form in _OPENING or term.kind == "ratio":
        return _ratio(terms, at) or _p_value(terms, at) or _unit_first(terms, at)
    if form[1:2].isdigit():
        return _power_alone(terms, at) or _coded_time(terms, at)
    return None


def _power_alone(terms: Sequence[Term], at: int) -> _Found:
    term = terms[at]
    if term.form[:2] != "10" or not "⁰" <= term.form[-1] <= "⁹":
        return None
    return at + 1, Number(NOTHING, term.start, term.end)


def _form(terms: Sequence[Term], at: int) -> str:
    return terms[at].form if 0 <= at < len(terms) else ""


def _value(term: Term) -> Decimal | None:
    if term.form in _WORDS:
        return Decimal(_WORDS[term.form])
    if term.kind != NUMBER:
        return None
    text = term.form.replace("·", ".")
    if text.count(",") == 1 and "." not in text:
        head, tail = text.split(",")
        text = head + tail if len(tail) == 3 and head != "0" else f"{head}.{tail}"
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def _number(terms: Sequence[Term], at: int) -> _Found:
    sign = ""
    first = at
    if terms[at].kind == MARK:
        sign = terms[at].form
        nxt = at + 1
        if (
            nxt >= len(terms)
            or _value(terms[nxt]) is None
            or (terms[nxt].start != terms[at].end and sign in "-−+")
        ):
            return None
        if sign in "-−+" and at and terms[at - 1].end == terms[at].start and terms[at - 1].form not in "([→":
            return None
        at = nxt
    values = [_value(terms[at])]
    if values[0] is None:
        return None
    places = [(terms[at].start, terms[at].end)]
    end = at + 1
    out: list[int] = []
    if (times := _time_behind(terms, end)) and sign:
        return times, Number(LIMIT, terms[first].start, terms[times - 1].end)
    if times:
        value = values[0]
        known: tuple[Decimal, ...] = (value,) if times <= at + 3 else ()
        return times, Number(
            TIME, terms[first].start, terms[times - 1].end, known, tuple(places[: len(known)])
        )
    if _form(terms, end) in ("×", "x", "^", "⁎") or "⁰" <= terms[at].form[-1:] <= "⁹":
        return _power(terms, first, end)
    if (shift := _shift(terms, at, end)) is not None:
        return shift
    if count := _count(terms, at, end):
        return count
    listed = _listed(terms, at)
    if listed is not None:
        return listed
    percent = _form(terms, end) == "%" or _form(terms, end) == "percent"
    if percent:
        end += 1
        if _form(terms, end) in ("ci", "confidence"):
            return _interval(terms, first, end)
    end = _unit(terms, end)
    rising = True if sign == "+" else False if sign in ("-", "−") and sign else None
    sort = (
        SHIFT if rising is not None else LIMIT if sign and sign in "<>≤≥" else PERCENT if percent else PLAIN
    )
    known = tuple(v for v in values if v is not None)
    span_end = terms[end - 1].end
    number = Number(sort, terms[first].start, span_end, known, tuple(places), tuple(out), rising)
    return end, number


def _unit(terms: Sequence[Term], at: int) -> int:
    """Return the place behind the unit of a number: "6.9 mm", "8.4 g", "1.3 points"."""
    return at + 1 if at < len(terms) and terms[at].kind == "unit" else at


def _power(terms: Sequence[Term], first: int, at: int) -> _Found:
    """Return an amount such as "2 × 10⁶", which is a dose and no result."""
    end = at
    while end < len(terms) and (
        _form(terms, end) in ("×", "x", "^", "-")
        or terms[end].form[:2] == "10"
        or (terms[end].kind == NUMBER and _form(terms, end - 1) == "^")
    ):
        end += 1
    return end, Number(NOTHING, terms[first].start, terms[end - 1].end)


def _interval(terms: Sequence[Term], first: int, at: int) -> _Found:
    """Return a confidence interval, which is no result of its own: "95% CI 0.81-1.44"."""
    end = at + 1
    while end < len(terms) and (
        terms[end].kind == NUMBER or terms[end].form in (",", "-", "to", ":", "−", "[", "]", "interval")
    ):
        end += 1
    return end, Number(NOTHING, terms[first].start, terms[end - 1].end)


def _listed(terms: Sequence[Term], at: int) -> _Found:
    """Return the percentages of a list that one sign closes: "86.7, 53.3 and 86.7%"."""
    values: list[Decimal] = []
    places: list[tuple[int, int]] = []
    end = at
    while end < len(terms) and (value := _value(terms[end])) is not None and terms[end].kind == NUMBER:
        values.append(value)
        places.append((terms[end].start, terms[end].end))
        end += 1
        if _form(terms, end) == "%":
            if len(values) < 2:
                return None
            return end + 1, Number(PERCENT, terms[at].start, terms[end].end, tuple(values), tuple(places))
        joints = end
        while _form(terms, end) in _JOINTS and end - joints < 2:
            end += 1
        if end == joints:
            return None
    return None


def _count(terms: Sequence[Term], at: int, end: int) -> _Found:
    """Return "3 of 5", "3 out of 5", "3/5"."""
    joint = _form(terms, end)
    if joint == "out" and _form(terms, end + 1) == "of":
        nxt = end + 2
    elif joint == "of" or (joint == "/" and terms[end].start == terms[end - 1].end):
        nxt = end + 1
    else:
        return None
    if _form(terms, nxt) in ("the", "all", "these", "those"):
        nxt += 1
    if nxt >= len(terms):
        return None
    part, whole = _value(terms[at]), _value(terms[nxt])
    if (
        part is None
        or whole is None
        or whole != whole.to_integral_value()
        or part != part.to_integral_value()
    ):
        return None
    if part > whole or whole > _MOST or _form(terms, nxt + 1) == "%" or _form(terms, nxt + 1) in _UNITS:
        return None
    number = Number(
        COUNT, terms[at].start, terms[nxt].end, (part,), ((terms[at].start, terms[nxt].end),), (int(whole),)
    )
    return nxt + 1, number


def _shift(terms: Sequence[Term], at: int, end: int) -> _Found:
    """Return a number that became another one: "0.41 → 0.63", "from 13 to 6"."""
    before = _form(terms, at - 1)
    nxt = _unit(terms, end)
    if _form(terms, nxt) == "%" and _form(terms, nxt + 1) in _ARROWS | {"to"}:
        nxt += 1
    joint = _form(terms, nxt)
    arrow = joint in _ARROWS - {">"} or (joint == "-" and _form(terms, nxt + 1) == ">")
    if not arrow and not (joint == "to" and before == "from"):
        return None
    nxt += 2 if joint == "-" else 1
    sign = _form(terms, nxt) in ("-", "−")
    nxt += sign
    if nxt >= len(terms) or (last := _value(terms[nxt])) is None:
        return None
    first = _value(terms[at])
    if first is None:
        return None
    if _form(terms, at - 1) in ("-", "−"):
        first = -first
    last = -last if sign else last
    stop = _unit(terms, nxt + 1)
    if _form(terms, stop) == "%":
        stop += 1
    rising = None if first == last else last > first
    return stop, Number(SHIFT, terms[at].start, terms[stop - 1].end, rising=rising)


def _time_behind(terms: Sequence[Term], at: int) -> int:
    """Return the place behind a unit of time that follows a number, and further numbers with it: "6 months"; else 0."""
    joined = at
    while _form(terms, joined) in ("-", ",", "and", "to", "–", "or", "/") and joined < len(terms):
        joined += 1
        if joined < len(terms) and _value(terms[joined]) is not None:
            joined += 1
    if _form(terms, joined) in _UNITS:
        return joined + 1
    return 0


def _unit_first(terms: Sequence[Term], at: int) -> _Found:
    """Return "day 28", "weeks 12 and 24"."""
    if terms[at].form not in _UNITS:
        return None
    end = at + 1
    if _form(terms, end) == "-":
        end += 1
    if end >= len(terms) or terms[end].kind != NUMBER:
        return None
    end += 1
    while _form(terms, end) in (",", "and", "-", "to", "/", "or", "&", "–") and end + 1 < len(terms):
        if terms[end + 1].kind != NUMBER or _form(terms, end + 2) in ("%", "of", "/"):
            break
        end += 2
    return end, Number(TIME, terms[at].start, terms[end - 1].end)


def _coded_time(terms: Sequence[Term], at: int) -> _Found:
    """Return "D28", "M12"."""
    form = terms[at].form
    if len(form) > 1 and form[0] in _CODES and form[1:].isdigit() and form.isascii():
        return at + 1, Number(TIME, terms[at].start, terms[at].end)
    return None


def _lone_sign(terms: Sequence[Term], at: int) -> _Found:
    """Return "+" or "-" behind a measure and before nothing more, as a change: "FVC +, mRSS -"."""
    term = terms[at]
    if term.form not in ("+", "-") or not at or terms[at - 1].end == term.start:
        return None
    if terms[at - 1].kind not in ("word", "measure") or (
        at + 1 < len(terms) and terms[at + 1].form not in (",", ";", ".", ")")
    ):
        return None
    return at + 1, Number(SHIFT, term.start, term.end, rising=term.form == "+")


def _ratio(terms: Sequence[Term], at: int) -> _Found:
    """Return a ratio of two groups or a number of patients, "HR 0.62", "n = 3", which are no results of their own."""
    if terms[at].kind != "ratio" and terms[at].form != "n":
        return None
    end = at + 1
    if _form(terms, end) in _SIGNS:
        end += 1
    if end >= len(terms) or terms[end].kind != NUMBER:
        return None
    ratio = _value(terms[end]) if terms[at].kind == "ratio" else None
    sort = NOTHING if ratio is None else RATIO
    return end + 1, Number(sort, terms[at].start, terms[end].end, rising=None if ratio is None else ratio > 1)


def _p_value(terms: Sequence[Term], at: int) -> _Found:
    """Return "p < 0.05", "P-value = 0.3"."""
    if terms[at].form not in ("p", "pvalue"):
        return None
    end = at + 1
    while _form(terms, end) in ("-", "value", "values"):
        end += 1
    if end >= len(terms):
        return None
    if _form(terms, end) in _SIGNS | {"of", "was"}:
        end += 1
    elif terms[end].kind != NUMBER or not terms[end].form.startswith("0"):
        return None
    if _form(terms, end) == ".":
        end += 1
    if end >= len(terms) or terms[end].kind != NUMBER:
        return None
    value = _value(terms[end])
    if _form(terms, end - 1) == "." and value is not None:
        value = Decimal(f"0.{terms[end].form}")
    over = value is not None and (value > Decimal("0.05") and _form(terms, at + 1) != "<")
    return end + 1, Number(P_VALUE, terms[at].start, terms[end].end, rising=over)
