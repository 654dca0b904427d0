"""An Accept header → the media types a client takes, best first → which of ours it gets (RFC 9110, section 12.5.1).

Pure text: the header is read where the request arrives, and the choice is made where it is known which kind
of answer a query has.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

# media types of each kind of answer, our favourite first; the ones after the four are other names that clients use
TABLES = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
    "application/json",
    "application/xml",
    "text/xml",
)
GRAPHS = (
    "text/turtle",
    "application/n-triples",
    "application/ld+json",
    "application/rdf+xml",
    "application/json",
    "application/xml",
    "text/xml",
)

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE = re.compile(rf"({_NAME})/({_NAME})")
_WEIGHT = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")
_PIECES = re.compile(r'((?:[^,;"]|"(?:[^"\\]|\\.)*"?)*)([,;]?)')
_MOST = 100  # ranges that are read of one header


class _Range(NamedTuple):
    """One media range, such as `text/*;q=0.5`: what it names and how much the client wants it."""

    media: str
    weight: float

    def fit(self, media: str) -> int:
        """Return how exactly this range names `media`: 3 by name, 2 by its type, 1 as anything, 0 not at all."""
        if self.media == media:
            return 3
        if self.media == "*/*":
            return 1
        return 2 if self.media.endswith("/*") and media.startswith(self.media[:-1]) else 0


def offers(accept: str) -> tuple[str, ...]:
    """Return the media ranges of an Accept header, most wanted first, each with its weight unless that is 1.

    Names are in small letters, and parameters other than the weight are left out. Ranges that are refused
    (`q=0`) come last. A part that is no media range is passed over; an empty header gives no offers, which
    means that the client takes anything.
    """
    found = [one for one in map(_range, _split(accept)) if one is not None][:_MOST]
    return tuple(_text(one) for one in sorted(found, key=lambda one: -one.weight))


def choose(wanted: Sequence[str], available: Sequence[str]) -> str | None:
    """Return the one of `available`, our favourites first, that suits the offers best; None when none does.

    Of two that are wanted as much, the client gets the one it calls by name, and of two such the one it
    names first.
    """
    if not wanted:
        return available[0] if available else None
    ranges = [one for one in (_range(text.split(";")) for text in wanted) if one is not None]
    best = max(available, key=lambda media: _merit(media, ranges), default=None)
    return best if best is not None and _merit(best, ranges)[0] > 0 else None


def _merit(media: str, ranges: Sequence[_Range]) -> tuple[float, int, int]:
    """Return how much a client wants `media`: the most exact range that names it decides."""
    fits = [(one.fit(media), -place, one.weight) for place, one in enumerate(ranges)]
    fit, place, weight = max(fits, default=(0, 0, 0.0))
    return (weight, int(fit == 3), place if fit == 3 else 0) if fit else (0.0, 0, 0)


def _text(one: _Range) -> str:
    return one.media if one.weight == 1 else f"{one.media};q={one.weight:g}"


def _range(parts: Sequence[str]) -> _Range | None:
    """Return the media range of a type and its parameters; None when it is none."""
    media = parts[0].strip().lower()
    named = _RANGE.fullmatch(media)
    if named is None or (named[1] == "*" and named[2] != "*"):
        return None
    for parameter in parts[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            weight = value.strip()
            return _Range(media, float(weight)) if _WEIGHT.fullmatch(weight) else None
    return _Range(media, 1.0)


def _split(header: str) -> list[list[str]]:
    """Return the parts of a header's list, each cut into its parameters; quoted text holds no separators."""
    parts: list[list[str]] = [[]]
    for piece, separator in _PIECES.findall(header):
        parts[-1].append(piece)
        if separator == ",":
            parts.append([])
    return [part for part in parts if part and part[0].strip()]
