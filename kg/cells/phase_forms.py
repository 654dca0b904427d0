"""Phases in unusual dress → plain ones: signs for Roman numbers, dates made of "1-2", lists of yes and no."""

from __future__ import annotations

import re
from datetime import date, timedelta

from kg.model import Span

_SIGNS = {
    **dict(zip("ⅠⅡⅢⅣⅰⅱⅲⅳ", ("I", "II", "III", "IV") * 2, strict=True)),
    **dict.fromkeys("ΙІӀ", "I"),  # Greek and Cyrillic letters that look like the Roman number
}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = rf"(?P<month>(?a:{'|'.join(_MONTHS)}))[a-z]*\.?"
_DATE = re.compile(
    rf"(?P<day>\d{{1,2}})[-/ ]{_MONTH}(?:[-/ ]\d{{2,4}})?|{_MONTH.replace('month', 'first')}[-/ ](?P<second>\d{{1,2}})",
    re.IGNORECASE,
)
_ISO = re.compile(r"\d{4}-(?P<month>\d\d)-(?P<day>\d\d)(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_SERIAL = re.compile(r"4\d{4}(?:\.0)?")
_EPOCH = date(1899, 12, 30)  # day 0 of the serial numbers of spreadsheets
_YES_NO = re.compile(r"\(?phase[ _-]*(?a:(IV|I{1,3}))\)?\s*:?\s*(yes|no)\b", re.IGNORECASE)
_SMALL_L = re.compile(r"(?<=phase)[ _-]*[Il]{1,3}(?:\s?[/-]\s?[Il]{1,3})?(?![A-Za-z])", re.IGNORECASE)


def romanised(text: str) -> tuple[str, list[int]]:
    """Return `text` with letters for the signs of Roman numbers, and for each of its places that in `text`."""
    parts: list[str] = []
    places: list[int] = []
    for at, char in enumerate(text):
        plain = _SIGNS.get(char, char)
        parts.append(plain)
        places += [at] * len(plain)
    return "".join(parts), [*places, len(text)]


def restored(text: str) -> str:
    """Return `text` with the number I for a small l behind the word phase ("Phase l/ll"); the length stays."""
    return _SMALL_L.sub(lambda match: match.group().replace("l", "I"), text)


def date_of(text: str) -> tuple[str, str] | None:
    """Return the two phases of which a spreadsheet made a date, None for any other text.

    "1-2" becomes the first of February, or the second of January: whichever, the numbers follow each other.
    """
    numbers = _day_and_month(text.strip())
    if numbers is None:
        return None
    low, high = sorted(numbers)
    return (str(low), str(high)) if high - low == 1 and high <= 4 else None


def yes_and_no(text: str) -> list[tuple[str, bool, Span]]:
    """Return the answers of a form that asks for each phase: its number, whether yes, and the place."""
    found = [(m[1].upper(), m[2].lower() == "yes", Span(*m.span())) for m in _YES_NO.finditer(text)]
    return found if len(found) > 1 or (found and ":" in text) else []


def _day_and_month(text: str) -> tuple[int, int] | None:
    if match := _DATE.fullmatch(text):
        name = (match["month"] or match["first"]).lower()
        return int(match["day"] or match["second"]), _MONTHS.index(name) + 1
    if match := _ISO.fullmatch(text):
        return int(match["day"]), int(match["month"])
    if _SERIAL.fullmatch(text):
        day = _EPOCH + timedelta(days=int(float(text)))
        return day.day, day.month
    return None
