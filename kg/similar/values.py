"""Words and numbers of one trial → the values of its facets."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from kg.similar.profile import ALL, Amounts, Concepts, Value
from kg.similar.terms import Terms

Amount = tuple[str, str, str]
"""(what, least, most) as decimal numbers; "" where an end is not stated, which is then like the other one."""

ADMINISTRATIONS, INTERVAL = "administrations", "interval"  # what the amounts of a schedule are

_DIGITS = 9  # of a logarithm: the last ones differ between machines
_TITLE = ("disease", "cell_source", "route")
_DURATION = re.compile(r"P(?:(\d+(?:\.\d+)?)([DWMY])|T(\d+(?:\.\d+)?)H)")
# the mean month and year of the Gregorian calendar: close enough for distances in powers of ten
MONTH = 30.436875
_DAYS = {"D": 1.0, "W": 7.0, "M": MONTH, "Y": 12 * MONTH}


def title(values: Mapping[str, Value], terms: Terms) -> str:
    """Return what a trial is about in a few words: disease, cell source, route."""
    parts = (" and ".join(terms.label(one[0]) for one in values.get(name, ())) for name in _TITLE)
    return ", ".join(part for part in parts if part)


def concepts_of(iris: Iterable[str]) -> Concepts:
    """Return the concepts of one trial as a value."""
    return tuple((iri, ALL) for iri in sorted(set(iris)))


def amounts_of(amounts: Iterable[Amount]) -> Amounts:
    """Return amounts as a value: for each unit the range that holds them all; nothing and less has no logarithm."""
    ranges: dict[str, list[float]] = defaultdict(list)
    for what, low, high in amounts:
        ranges[what].extend(_log(end) for end in (low or high, high or low) if end and float(end) > 0)
    return tuple((what, min(ends), max(ends)) for what, ends in sorted(ranges.items()) if ends)


def _log(number: str) -> float:
    return round(math.log10(float(number)), _DIGITS)


def days(duration: str) -> str:
    """Return how many days an ISO 8601 duration of one part is ("P2W", "P1M", "PT12H"), "" for any other text."""
    found = _DURATION.fullmatch(duration)
    if found is None:
        return ""
    return repr(float(found[3]) / 24 if found[3] else float(found[1]) * _DAYS[found[2]])
