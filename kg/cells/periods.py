"""Counted units of time ("4 weeks") → ISO 8601 durations, days, and how often one goes into another."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

UNITS = {
    "H": r"hours?|hrs?|h",
    "D": r"days?|d",
    "W": r"weeks?|wks?|wk|w",
    "M": r"months?|mths?|mos?",
    "Y": r"years?|yrs?|y",
    "C": r"courses?|cycles?|rounds?",
}
"""Spellings of each unit in folded text; "C" is a course of treatment, of unknown length."""

_LETTERS = {one[0]: letter for letter, spellings in UNITS.items() for one in spellings.split("|")}
_IN_BASE = {
    "H": ("hour", 1),
    "D": ("hour", 24),
    "W": ("hour", 168),
    "M": ("month", 1),
    "Y": ("month", 12),
    "C": ("course", 1),
}
# For so many months four weeks a month give the same number of whole weeks as the calendar does (4 and 8).
_MONTHS_AS_WEEKS = 2
_WEEKS_OF_A_MONTH = 4


@dataclass(frozen=True, slots=True)
class Period:
    """`count` units of time; `unit` is a key of `UNITS`."""

    count: int
    unit: str

    @property
    def iso(self) -> str:
        """The ISO 8601 duration, "" for courses, which have no length, and for a period of nothing."""
        if self.unit == "C" or not self.count:
            return ""
        return f"PT{self.count}H" if self.unit == "H" else f"P{self.count}{self.unit}"

    @property
    def days(self) -> Decimal | None:
        """The length in days where that is an exact decimal; months and years have no exact length."""
        base, size = _IN_BASE[self.unit]
        hours = self.count * size
        return Decimal(hours) / 24 if base == "hour" and hours % 3 == 0 else None


def unit_letter(word: str) -> str:
    """Return the key of `UNITS` for a matched spelling: no two units have spellings with one first letter."""
    return _LETTERS[word[0]]


def fits(duration: Period, interval: Period) -> Fraction | None:
    """Return how often `interval` goes into `duration`, None when they have no common measure.

    One or two months count as four weeks each for intervals in weeks (see `by_four_weeks`).
    """
    base, size = _IN_BASE[duration.unit]
    other, step = _IN_BASE[interval.unit]
    if not interval.count:
        return None
    if by_four_weeks(duration, interval):
        return Fraction(duration.count * _WEEKS_OF_A_MONTH, interval.count)
    return Fraction(duration.count * size, interval.count * step) if base == other else None


def by_four_weeks(duration: Period, interval: Period) -> bool:
    """Whether `fits` counts a month of `duration` as four weeks."""
    return duration.unit == "M" and interval.unit == "W" and duration.count <= _MONTHS_AS_WEEKS
