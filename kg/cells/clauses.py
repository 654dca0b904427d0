"""The text of a frequency cell → clauses: counts, rates, intervals, durations, days, with their places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from kg.cells.numbers import WORDS
from kg.cells.periods import UNITS, Period, unit_letter
from kg.vocabulary.text import fold

_COUNTED = {"once": 1, "single": 1, "twice": 2, "thrice": 3, **WORDS}
_UNIT = rf"(?P<unit>{'|'.join(UNITS.values())})\b"
_TIME = rf"(?P<unit>{'|'.join(spelling for letter, spelling in UNITS.items() if letter != 'C')})\b"
_NUMBER = rf"(?:\d{{1,3}}(?![\d.]*\d)|(?:{'|'.join(sorted(_COUNTED, reverse=True))})\b)"
# Each blank has one place only, so that no list can be matched in two ways: that would take for ever.
_JOIN = r"(?:\s?,\s?(?:(?:or|and)\s)?|\s(?:or|and|to)\s|\s?[-~/]\s?)"
_NUMBERS = rf"(?P<n>{_NUMBER}(?:{_JOIN}{_NUMBER})*)"
_NOUN = (
    r"(?:times?|doses?|dosages?|injections?|infusions?|administrations?|treatments?|applications?"
    r"|transplantations?|procedures?|sessions?|transfusions?|bolus(?:es)?)\b"
)
_ADJECTIVE = r"(?:\s(?:serial|separate|[a-z-]+(?:al|ous|ar|ic|ed|ive)))"
_TOTAL = r"(?:in\stotal|total|altogether|overall)\b"
_OPEN = {
    "low": r"at\sleast|minimum(?:\sof)?|min\.?|no\s(?:less|fewer)\sthan|≥|>=",
    "high": r"at\smost|up\sto|maximum(?:\sof)?|max\.?|no\smore\sthan|≤|<=",
}
_ADVERBS = {
    "daily": Period(1, "D"),
    "weekly": Period(1, "W"),
    "monthly": Period(1, "M"),
    "yearly": Period(1, "Y"),
    "annually": Period(1, "Y"),
    "quarterly": Period(3, "M"),
    "fortnightly": Period(2, "W"),
    "biweekly": Period(2, "W"),
    "bi-weekly": Period(2, "W"),
    "bimonthly": Period(2, "M"),
    "bi-monthly": Period(2, "M"),
}
_ORDINALS = {"other": 2, "second": 2, "alternate": 2, "third": 3, "fourth": 4}
_POINT = r"(?:(?:[dwm]|days?|weeks?|months?)\s?)?\d{1,3}(?:st|nd|rd|th)?"
_POINT_JOIN = r"(?:\s?,\s?(?:(?:and|&)\s)?|\sand\s|\s?[&/+]\s?)"
_POINTS = rf"(?P<n>{_POINT}(?:{_POINT_JOIN}{_POINT})"
_APART = r"(?:intervals?|apart(?:\sfrom\s(?:each\sother|one\sanother))?)\b"


@dataclass(frozen=True, slots=True)
class Clause:
    """What `text[start:end]` says. `low` and `high` are its numbers, both None when a side is open.

    `kind` is "count" (administrations), "bare" (the same without a word for it), "median", "range" (of a
    median), "every" (steps of time; `per` for "a week", which needs a count before it), "interval" (time
    between administrations), "span" (a duration) or "days" (points in time, in `points`). `doubt` says that
    the word has two meanings ("biweekly").
    """

    kind: str
    start: int
    end: int
    low: int | None = None
    high: int | None = None
    unit: str = ""
    points: tuple[int, ...] = ()
    median: Decimal | None = None
    per: bool = False
    doubt: bool = False


_Make = Callable[[re.Match[str]], Clause | None]


def clauses(text: str, start: int = 0) -> Iterator[Clause]:
    """Yield the clauses of `text[start:]` from left to right; what no clause covers is not understood.

    Ends early where too much of the text is foreign, since then it is no frequency.
    """
    folded = fold(text)
    at, misses = start, 0
    while at < len(folded) and misses < _PATIENCE:
        skip = _SKIP.match(folded, at)
        if skip:
            at = skip.end()
            continue
        clause = _clause(folded, at)
        if clause:
            yield clause
            at, misses = clause.end, 0
        else:
            misses += 1
            word = _FOREIGN.match(folded, at)
            at = word.end() if word else at + 1


def joining(text: str) -> bool:
    """Whether `text` is nothing but marks and words that join clauses."""
    return _JOINING.fullmatch(fold(text)) is not None


def _clause(folded: str, at: int) -> Clause | None:
    for pattern, make in _RULES:
        match = pattern.match(folded, at)
        if match and (clause := make(match)):
            return clause
    return None


_MOST = 100  # a greater number is hardly one of administrations
_PATIENCE = 10  # so many words in a row that mean nothing here end the reading
_GLUE = r"[\s,;.:()\[\]]|(?:and|then|with|by|followed)\b"
_SKIP = re.compile(rf"(?:{_GLUE})+")
_JOINING = re.compile(rf"(?:{_GLUE})*")
_POINT_UNIT = re.compile(r"\b[dwm](?=\s?\d)|day|week|month")
_DIGITS = re.compile(r"\d+")
_TO = re.compile(r"-|~|\bto\b")
_WORDED = re.compile("once|twice|thrice|single")
_FOREIGN = re.compile(rf"{_NUMBERS}|\w+|\W")  # a list of numbers is left out as a whole, never its end


def _extent(text: str) -> tuple[int, int] | None:
    """Return the least and the greatest number of a list, None where it makes no sense as one.

    No list has a zero, goes down ("3-1"), or mixes digits with "once" or "twice".
    """
    words = re.findall(r"\d+|[a-z]+", text)
    values = [_COUNTED.get(word) or int(word) for word in words if word in _COUNTED or word.isdigit()]
    down = values != sorted(values) and _TO.search(text)
    mixed = _WORDED.search(text) and _DIGITS.search(text)
    return None if not values or min(values) < 1 or down or mixed else (min(values), max(values))


def _count(match: re.Match[str]) -> Clause | None:
    extent = _extent(match["n"])
    if extent is None or extent[1] > _MOST or not (match["noun"] or _WORDED.search(match["n"])):
        return None
    low = None if match["high"] else extent[0]
    high = None if match["low"] else extent[1]
    return Clause("count", match.start(), match.end(), low, high)


def _numbered(kind: str) -> _Make:
    def make(match: re.Match[str]) -> Clause | None:
        extent = _extent(match["n"])
        if extent is None or extent[1] > _MOST:
            return None
        return Clause(kind, match.start(), match.end(), *extent)

    return make


def _median(match: re.Match[str]) -> Clause:
    value = match["value"]
    return Clause("median", match.start(), match.end(), median=Decimal(_COUNTED.get(value) or value))


def _period(kind: str) -> _Make:
    def make(match: re.Match[str]) -> Clause | None:
        groups = match.groupdict()
        step = _ORDINALS.get(groups.get("other") or "", 1)
        extent = _extent(groups["n"]) if groups.get("n") else (step, step)
        if extent is None:
            return None
        unit = unit_letter(match["unit"])
        return Clause(kind, match.start(), match.end(), *extent, unit, per=bool(groups.get("per")))

    return make


def _adverb(match: re.Match[str]) -> Clause:
    word = match["word"]
    period = _ADVERBS[word]
    kind = "interval" if match["apart"] else "every"
    doubt = word.startswith("bi")
    return Clause(kind, match.start(), match.end(), period.count, period.count, period.unit, doubt=doubt)


def _days(match: re.Match[str]) -> Clause | None:
    units = [unit_letter(word) for word in _POINT_UNIT.findall(match.group())]
    points = tuple(int(n) for n in _DIGITS.findall(match["n"]))
    if len(set(units)) > 1:  # "day 0 and week 4": two points, but no even step
        named = len(units) == len(points)
        return Clause("count", match.start(), match.end(), len(points), len(points)) if named else None
    if any(later <= earlier for earlier, later in pairwise(points)):
        return None
    return Clause("days", match.start(), match.end(), unit=units[0], points=points)


def _rule(pattern: str, make: _Make) -> tuple[re.Pattern[str], _Make]:
    return re.compile(pattern), make


def _from_start(match: re.Match[str]) -> Clause | None:
    """Read "baseline and 3 months", "day 0, 3 and 6 months": the start is the point zero of what follows."""
    units = [unit_letter(word) for word in _POINT_UNIT.findall(match["n"])] or [unit_letter(match["unit"])]
    points = (0, *(int(n) for n in _DIGITS.findall(match["n"])))
    if len(set(units)) > 1:
        return Clause("count", match.start(), match.end(), len(points), len(points))
    rising = all(earlier < later for earlier, later in pairwise(points))
    return Clause("days", match.start(), match.end(), unit=units[0], points=points) if rising else None


_RULES: tuple[tuple[re.Pattern[str], _Make], ...] = (
    _rule(
        rf"(?:at\s)?(?:baseline|(?:day|week|month|[dwm])\s?0)"
        rf"(?P<n>(?:{_POINT_JOIN}(?:at\s|after\s)?\d{{1,3}})+)\s(?P<unit>days?|weeks?|months?)\b",
        _from_start,
    ),
    _rule(
        rf"(?:at\s)?baseline(?P<n>{_POINT_JOIN}(?:at\s)?(?:days?|weeks?|months?|[dwm])\s?\d{{1,3}}(?!\d)"
        rf"(?:{_POINT_JOIN}{_POINT}(?!\d))*)(?!\w)",
        _from_start,
    ),
    _rule(
        rf"(?:a\s)?median(?:\sof|:)?\s(?P<value>\d+(?:\.\d+)?|{'|'.join(WORDS)})(?!\s?[×x*\d.])(?:\s{_NOUN})?",
        _median,
    ),
    _rule(rf"range:?\s(?:of\s)?(?P<n>\d+\s?(?:-|to)\s?\d+)(?:\s{_NOUN})?(?!\d)", _numbered("range")),
    _rule(
        rf"(?:on\s|at\s)?(?:the\s)?(?P<n>(?:days?|weeks?|months?|[dwm])\s?\d{{1,3}}(?!\d)"
        rf"(?:{_POINT_JOIN}{_POINT}(?!\d))*)(?!\w|\s?-\s?\d|\s?(?:-|or)\s)",
        _days,
    ),
    _rule(rf"(?:on\s|at\s)(?:the\s)?{_POINTS}+)\s?-?(?:days?|weeks?|months?)\b", _days),
    _rule(rf"(?:the\s)?{_POINTS}{{2,}})\s?-?(?:days?|weeks?|months?)\b(?!\s{_TOTAL})", _days),
    _rule(
        rf"(?:(?:at|in|with|on|of)\s)?(?:an?\s)?{_NUMBERS}[\s-]?{_TIME}[\s-]?{_APART}", _period("interval")
    ),
    _rule(
        rf"(?:(?:at|in|with)\s)?(?:an?\s)?(?:intervals?(?:\sof|:)?|separated\sby)\s{_NUMBERS}[\s-]?{_TIME}",
        _period("interval"),
    ),
    _rule(
        rf"(?:every|each)\s(?:(?P<other>{'|'.join(_ORDINALS)})\s|{_NUMBERS}[\s-]?)?{_UNIT}", _period("every")
    ),
    _rule(rf"(?:on\s)?(?P<other>alternate)\s{_TIME}", _period("every")),
    _rule(rf"(?P<per>(?:an?|per)\s|/\s?){_UNIT}", _period("every")),
    _rule(r"q(?P<n>\d{1,2})?(?P<unit>h|d|wk?|mo?)\b", _period("every")),
    _rule(rf"(?:at\s|in\s)?(?P<word>{'|'.join(_ADVERBS)})\b(?P<apart>\sintervals?\b)?", _adverb),
    _rule(
        rf"(?:(?:for|over|in|within|during|lasting|x|×)\s)?(?:(?:a\s)?{_TOTAL}\s(?:of\s)?)?(?:{_NUMBERS}[\s-]?|an?\s)"
        rf"(?:(?:consecutive|successive)\s)?{_UNIT}"
        rf"(?!\s?{_APART})(?:\s{_TOTAL})?",
        _period("span"),
    ),
    _rule(
        rf"(?:(?P<low>{_OPEN['low']})|(?P<high>{_OPEN['high']}))?\s?(?:in\s)?(?:(?:a\s)?total(?:\sof|:)?\s)?"
        rf"(?:an?\s)?{_NUMBERS}(?:{_ADJECTIVE}{{0,2}}[\s-]?(?P<noun>{_NOUN}))?(?!\s?{_UNIT})(?:\sonly\b)?(?:,?\s{_TOTAL})?",
        _count,
    ),
    _rule(rf"(?<!\d)(?<!\d\s)[x×*]\s?{_NUMBERS}(?!\w|\s?[\d^∧ˆ(*])(?:\s{_NOUN})?", _numbered("count")),
    _rule(rf"{_NUMBERS}\s?[x×](?!\s?\d|\w)", _numbered("count")),
    _rule(rf"{_NUMBERS}(?=\s?(?:per\s|/\s?){_UNIT})", _numbered("count")),
)
