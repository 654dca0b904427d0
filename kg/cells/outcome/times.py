"""Words of time, probability and ratio with their numbers → the number that they are: "day 28", "p < 0.05", "HR 0.62"."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from kg.cells.outcome.number import NOTHING, P_VALUE, RATIO, TIME, Found, Number, form_at, value_of
from kg.cells.outcome.terms import NUMBER, Term

UNITS = frozenset(
    (
        *(
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
        ),
        *("y", "yr", "yrs", "year", "years", "h", "hr", "hrs", "hour", "hours", "min", "minutes"),
    )
)
SIGNS = frozenset("=<>≤≥~±")
_CODES = frozenset(["d", "m", "w", "y"])  # "D28", "M12"


def p_value(terms: Sequence[Term], at: int) -> Found:
    """Return "p < 0.05", "P-value = 0.3"."""
    if terms[at].form not in ("p", "pvalue"):
        return None
    end = at + 1
    while form_at(terms, end) in ("-", "value", "values"):
        end += 1
    if end >= len(terms):
        return None
    if form_at(terms, end) in SIGNS | {"of", "was"}:
        end += 1
    elif terms[end].kind != NUMBER or not terms[end].form.startswith("0"):
        return None
    if form_at(terms, end) == ".":
        end += 1
    if end >= len(terms) or terms[end].kind != NUMBER:
        return None
    value = value_of(terms[end])
    if form_at(terms, end - 1) == "." and value is not None:
        value = Decimal(f"0.{terms[end].form}")
    over = value is not None and (value > Decimal("0.05") and form_at(terms, at + 1) != "<")
    return end + 1, Number(P_VALUE, terms[at].start, terms[end].end, rising=over)


def ratio(terms: Sequence[Term], at: int) -> Found:
    """Return a ratio of two groups or a number of patients, "HR 0.62", "n = 3", which are no results of their own."""
    if terms[at].kind != "ratio" and terms[at].form != "n":
        return None
    end = at + 1
    if form_at(terms, end) in SIGNS:
        end += 1
    if end >= len(terms) or terms[end].kind != NUMBER:
        return None
    ratio = value_of(terms[end]) if terms[at].kind == "ratio" else None
    sort = NOTHING if ratio is None else RATIO
    return end + 1, Number(sort, terms[at].start, terms[end].end, rising=None if ratio is None else ratio > 1)


def coded_time(terms: Sequence[Term], at: int) -> Found:
    """Return "D28", "M12"."""
    form = terms[at].form
    if len(form) > 1 and form[0] in _CODES and form[1:].isdigit() and form.isascii():
        return at + 1, Number(TIME, terms[at].start, terms[at].end)
    return None


def unit_first(terms: Sequence[Term], at: int) -> Found:
    """Return "day 28", "weeks 12 and 24"."""
    if terms[at].form not in UNITS:
        return None
    end = at + 1
    if form_at(terms, end) == "-":
        end += 1
    if end >= len(terms) or terms[end].kind != NUMBER:
        return None
    end += 1
    while form_at(terms, end) in (",", "and", "-", "to", "/", "or", "&", "–") and end + 1 < len(terms):
        if terms[end + 1].kind != NUMBER or form_at(terms, end + 2) in ("%", "of", "/"):
            break
        end += 2
    return end, Number(TIME, terms[at].start, terms[end - 1].end)


def time_behind(terms: Sequence[Term], at: int) -> int:
    """Return the place behind a unit of time that follows a number, and further numbers with it: "6 months"; else 0."""
    joined = at
    while form_at(terms, joined) in ("-", ",", "and", "to", "–", "or", "/", "&") and joined < len(terms):
        joined += 1
        if joined < len(terms) and value_of(terms[joined]) is not None:
            joined += 1
    if form_at(terms, joined) in UNITS:
        return joined + 1
    return 0
