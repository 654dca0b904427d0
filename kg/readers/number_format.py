"""A sheet's number and its format code → the text that a reader of the sheet sees.

Numbers are never rounded and never grouped: a format that shows 1.5 as "2" or 1000000 as "1E+06" hides what the
cell says. Dates are shown in the order of their format, with English months.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

_SHORT_DATE = {
    "mm-dd-yy": "yyyy-mm-dd",
    "m/d/yy h:mm": "yyyy-mm-dd h:mm",
}  # stand for "as the country writes it"
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[(?P<elapsed>h+|m+|s+)\]|\[[^\]]*\]'
    r"|(?P<half>am/pm|a/p)|(?P<date>y+|m+|d+|h+|s+)|(?P<number>[0#?][0#?.,]*(?:E[+-]?[0#?]+)?)|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_SECTION = re.compile(r'(?:"[^"]*"|[^";])+')
_LONGEST = 256  # characters of a format that is still worth reading
_MOST_DIGITS = 21  # an integer part longer than this stays in scientific form
_PRECISION = ".15g"  # what a spreadsheet keeps of a number


class Shown(NamedTuple):
    """The text of a cell, and whether it is a date of which the sheet shows only two parts, as of "1-2"."""

    text: str
    short_date: bool = False


def show_number(value: float, code: str) -> str:
    """Return a number in digits: with the literals, the leading zeros and the percent sign of its format."""
    section = _section(value, code)
    if section is not code and value < 0:  # its own section shows the sign, or a bracket
        value = -value
    pieces = _tokens(section)
    numbers = [m["number"] for m in pieces if m["number"]]
    if len(numbers) != 1 or "/" in code:
        return _plain(value)
    percent = any(m["plain"] == "%" for m in pieces)
    digits = _padded(_plain(value * 100 if percent else value), numbers[0])
    return "".join(digits if m["number"] else _literal(m) for m in pieces).strip()


def show_date(value: datetime | date | time | timedelta, code: str) -> Shown:
    """Return a date or time as its format orders it."""
    if isinstance(value, timedelta):
        return Shown(_elapsed(value))
    tokens = _tokens(_SHORT_DATE.get(code.lower(), code).partition(";")[0])
    named = [m["date"].lower() for m in tokens if m["date"]]
    moment = _moment(value)
    minutes = _minutes(tokens)
    half = any(m["half"] for m in tokens)
    text = "".join(_part(m, moment, at in minutes, half) for at, m in enumerate(tokens))
    return Shown(text.strip(), _is_short(named))


def _is_short(named: list[str]) -> bool:
    """Whether day and month, or month and year, are all that a date shows, the month by name."""
    return len(named) == 2 and "mmm" in named and all(part[0] in "dmy" for part in named)


def _section(value: float, code: str) -> str:
    sections = _SECTION.findall(code) if len(code) < _LONGEST else [code]
    return sections[value < 0] if len(sections) > 1 else code


@lru_cache(maxsize=256)
def _tokens(code: str) -> tuple[re.Match[str], ...]:
    return tuple(_TOKEN.finditer(code))


def _literal(match: re.Match[str]) -> str:
    text = match["quoted"] or match["escaped"] or match["plain"] or ""
    return "" if text == "@" else text


def _plain(value: float) -> str:
    """Return a number in digits without an exponent and without trailing zeros, unless that were absurdly long."""
    number = Decimal(format(value, _PRECISION)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        return str(value)
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _padded(digits: str, placeholder: str) -> str:
    if "." in placeholder or "." in digits or "E" in placeholder.upper():
        return digits
    zeros = placeholder.count("0")
    return digits.zfill(zeros + digits.startswith("-")) if zeros > 1 else digits


def _elapsed(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _moment(value: datetime | date | time) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime.combine(date.min, value) if isinstance(value, time) else datetime.combine(value, time())


def _minutes(tokens: tuple[re.Match[str], ...]) -> frozenset[int]:
    """Return the places where "m" means minutes: behind hours or before seconds."""
    places = [
        (at, (m["date"] or m["elapsed"]).lower()) for at, m in enumerate(tokens) if m["date"] or m["elapsed"]
    ]
    found = set()
    for i, (at, part) in enumerate(places):
        after = i + 1 < len(places) and places[i + 1][1][0] == "s"
        if part[0] == "m" and len(part) < 3 and (after or (i and places[i - 1][1][0] == "h")):
            found.add(at)
    return frozenset(found)


def _part(match: re.Match[str], moment: datetime, minute: bool, half: bool) -> str:
    if match["half"]:
        return "AM" if moment.hour < 12 else "PM"
    part = (match["date"] or match["elapsed"] or "").lower()
    if not part:
        return _literal(match)
    kind, width = ("minute" if minute else part[0]), len(part)
    if kind == "y":
        return f"{moment.year:04}" if width > 2 else f"{moment.year % 100:02}"
    if kind == "m" and width > 2:
        return _MONTHS[moment.month - 1][: 3 if width == 3 else 1 if width == 5 else None]
    if kind == "d" and width > 2:
        return _DAYS[moment.weekday()][: 3 if width == 3 else None]
    hour = (moment.hour % 12 or 12) if half else moment.hour
    number = {"m": moment.month, "d": moment.day, "h": hour, "minute": moment.minute, "s": moment.second}[
        kind
    ]
    return f"{number:0{min(width, 2)}}"
