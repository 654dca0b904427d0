"""A frequency cell ("Twice a week, in total four weeks") → how many doses a patient gets, how far apart.

Numbers come from the words or from plain arithmetic on them (a rate times a duration), never from experience;
where the words contradict each other there is no number, and a finding says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from kg.cells.clauses import Clause, clauses, joining
from kg.cells.common import empty, quoted
from kg.cells.numbers import LONGEST_CELL, WORDS, gaps, merged, trimmed
from kg.cells.periods import Period, by_four_weeks, fits
from kg.model import Finding, Reading, Schedule, Severity, Span, State
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.marks import is_not_given

ALLOWED = "a number of doses, a rate and a duration, an interval or days, e.g. twice a week for 4 weeks"
_COUNTS = ("count", "bare")
_COLUMN = "frequency"
_BARE = re.compile(
    r"\s*(\d{1,2})(?:\s?(?:[-–]|to|or)\s?(\d{1,2}))?(?:\s+repeat(?:ed|s))?"
    r"\s*(?=$|[;(]|,(?!\s*(?:or\s|and\s)?\d))"
)
_WORD = re.compile(rf"\s*({'|'.join(WORDS)})(?:\s(?:to|or)\s({'|'.join(WORDS)}))?\s*$", re.IGNORECASE)
_MOST_BARE = 50  # a greater number that stands alone is hardly a number of doses
_NEGATION = re.compile(r"\b(?:no|not|never|without|unless)\b", re.IGNORECASE)

_ALTERNATIVE = re.compile(r"^[\s,]*or\b|\bor[\s,]*$", re.IGNORECASE)

Numbers = tuple[int | None, int | None]


def read_schedule(text: str, lexicon: Lexicon) -> Reading[Schedule | None]:
    """Read how often a patient is treated. A text that says nothing that can be counted is kept as text.

    `rule` is "schedule.count", "schedule.days", "schedule.rate" (rate times duration), "schedule.median",
    "schedule.interval" (how often, but not how many) or "schedule.number" (a bare number).
    """
    if len(text) > LONGEST_CELL:
        return _as_text(text)
    bare = _bare(text)
    found = (bare, *clauses(text, bare.end)) if bare else tuple(clauses(text))
    if not found:
        return empty(None) if is_not_given(text, lexicon) else _as_text(text)
    return _Sum(text, found).reading()


def _bare(text: str) -> Clause | None:
    match = _BARE.match(text) or _WORD.match(text)
    if match is None:
        return None
    values = [WORDS.get(n.lower()) or int(n) for n in match.groups() if n]
    fine = values == sorted(values) and 0 < values[-1] <= _MOST_BARE
    return Clause("bare", match.start(1), match.end(), min(values), max(values)) if fine else None


def _as_text(text: str) -> Reading[Schedule | None]:
    message = f"not understood, kept as text; allowed: {ALLOWED}"
    finding = Finding(
        Severity.WARNING, "schedule-unread", _COLUMN, message, text, "say how many doses there are"
    )
    return Reading(None, State.TEXT, "schedule.text", (), gaps(text, ()), (finding,))


class _Sum:
    """What the clauses of one text come to."""

    def __init__(self, text: str, found: Sequence[Clause]) -> None:
        self._text = text
        self._found = found
        self._findings: list[Finding] = []
        self._totals: list[Numbers] = []
        self._rates: list[tuple[Numbers, Period]] = []
        self._steps: list[tuple[int, int, str]] = []
        self._spans: list[Clause] = []
        self._median: Clause | None = None

    def reading(self) -> Reading[Schedule | None]:
        self._collect()
        minimum, maximum = self._administrations()
        value = Schedule(minimum, maximum, self._median.median if self._median else None)
        interval = self._interval()
        if interval is not None and interval.iso:
            value = replace(value, interval=interval.iso, interval_days=interval.days)
        used = merged(self._text, [Span(c.start, c.end) for c in self._found])
        unread = self._unread(used)
        if unread and (value == Schedule() or _NEGATION.search(self._text) or self._alternative(unread)):
            return _as_text(self._text)
        if minimum is None and maximum is None and value.median is None:
            self._note("administrations-unknown", "the text does not say how many doses there are")
        return Reading(value, State.MAPPED, self._rule(), used, unread, tuple(self._findings))

    def _unread(self, used: tuple[Span, ...]) -> tuple[Span, ...]:
        unread = tuple(s for s in gaps(self._text, used) if not joining(self._text[s.start : s.end]))
        if unread:
            words = quoted(self._text, unread)
            self._warn("word-unknown", f"not part of a frequency: {words}; allowed: {ALLOWED}")
        return unread

    def _alternative(self, unread: tuple[Span, ...]) -> bool:
        """Whether a number is one of two ways, the other of which is not understood: "once or as needed"."""
        return any(_ALTERNATIVE.search(self._text[span.start : span.end]) for span in unread)

    def _rule(self) -> str:
        if self._found[0].kind == "bare":
            return "schedule.number"
        kinds = {clause.kind for clause in self._found}
        if self._totals:
            return "schedule.days" if "days" in kinds else "schedule.count"
        if self._median:
            return "schedule.median"
        return "schedule.rate" if self._rates and self._spans else "schedule.interval"

    # ------------------------------------------------------------ from clauses to totals, rates and steps

    def _collect(self) -> None:
        self._days([clause for clause in self._found if clause.kind == "days"])
        before: Clause | None = None
        for clause in self._found:
            beside = before is not None and trimmed(self._text, before.end, clause.start) is None
            self._take(clause, before if beside and before and before.kind in _COUNTS else None)
            before = clause

    def _take(self, clause: Clause, count: Clause | None) -> None:
        if clause.kind in _COUNTS:
            self._totals.append((clause.low, clause.high))
        elif clause.kind == "every":
            self._every(clause, count)
        elif clause.kind == "interval":
            self._step(clause)
            self._rates.append(((1, 1), Period(clause.high or 0, clause.unit)))
        elif clause.kind == "span":
            self._spans.append(clause)
        elif clause.kind == "median":
            self._median = clause
        elif clause.kind == "range" and self._median:
            self._totals.append((clause.low, clause.high))

    def _every(self, clause: Clause, count: Clause | None) -> None:
        """A count before "a week" is a rate; before "every other day" it is a total, unless it is "once"."""
        if clause.doubt:
            word = self._text[clause.start : clause.end]
            self._note("biweekly", f"{word!r} is read as every second period; it may also mean twice in each")
        once = count is None or (count.low, count.high) == (1, 1)
        if clause.per and count is None:
            return
        if once or clause.high == 1:
            numbers = self._totals.pop() if count else (1, 1)
            if clause.low == clause.high:
                self._rates.append((numbers, Period(clause.high or 0, clause.unit)))
        if once or clause.high != 1:
            self._step(clause)

    def _step(self, clause: Clause) -> None:
        self._steps.append((clause.low or 0, clause.high or 0, clause.unit))

    def _days(self, found: Sequence[Clause]) -> None:
        """Count the points in time that are named, here or there in the text, and look for an even step."""
        units = {clause.unit for clause in found}
        points = sorted({point for clause in found for point in clause.points})
        if len(units) != 1:
            return
        self._totals.append((len(points), len(points)))
        steps = {later - earlier for earlier, later in pairwise(points)}
        if len(steps) == 1:
            step = steps.pop()
            self._steps.append((step, step, units.pop()))

    # ------------------------------------------------------------ arithmetic

    def _interval(self) -> Period | None:
        steps = list(dict.fromkeys(self._steps))
        if len(steps) == 1 and steps[0][0] == steps[0][1]:
            return Period(steps[0][1], steps[0][2])
        if steps:
            self._note("interval-varies", "the time between doses varies, so no interval is given")
        return None

    def _administrations(self) -> Numbers:
        stated = list(dict.fromkeys(self._totals))
        counted = [numbers for rate in self._rates if (numbers := self._product(rate)) is not None]
        known = list(dict.fromkeys(stated + [n for n in counted if not self._agrees(n, stated)]))
        if len(known) <= 1:
            return known[0] if known else (None, None)
        text = ", ".join(sorted({_show(n) for n in known}))
        self._warn("schedule-contradiction", f"the text comes to different numbers of doses: {text}")
        return None, None

    def _agrees(self, counted: Numbers, stated: list[Numbers]) -> bool:
        """Doses at both ends of a duration are one more than the intervals in it."""
        low, high = counted
        more = (None if low is None else low + 1, None if high is None else high + 1)
        return len(stated) == 1 and stated[0] in (counted, more)

    def _product(self, rate: tuple[Numbers, Period]) -> Numbers | None:
        """Rate times the one duration of the text that it can be counted against."""
        (low, high), step = rate
        spans = [(s, f) for s in self._spans if (f := fits(Period(s.low or 0, s.unit), step)) is not None]
        if len(spans) != 1 or low is None or high is None:
            return None
        span, least = spans[0]
        most = fits(Period(span.high or 0, span.unit), step) or least
        if by_four_weeks(Period(span.high or 0, span.unit), step):
            self._note("month-as-four-weeks", "a month is counted as four weeks")
        return _whole(low * least, high * most)

    def _note(self, code: str, message: str) -> None:
        self._findings.append(Finding(Severity.INFO, code, _COLUMN, message, self._text))

    def _warn(self, code: str, message: str) -> None:
        hint = "look at the source; the words of the cell are kept"
        self._findings.append(Finding(Severity.WARNING, code, _COLUMN, message, self._text, hint))


def _whole(low: Fraction, high: Fraction) -> Numbers | None:
    return (int(low), int(high)) if low.denominator == high.denominator == 1 and low > 0 else None


def _show(numbers: Numbers) -> str:
    low, high = numbers
    if low == high:
        return str(low)
    return f"{'?' if low is None else low} to {'?' if high is None else high}"
