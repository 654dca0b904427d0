"""A piece that its column reads only in part → how well it fits all the same, when the other words are to be expected.

A number of patients may go on with who they are ("9 preterm infants at risk of BPD"), and amounts with the route or the
cells that each is meant for ("24 million (i.m.), 1 million (i.t.)").
"""

from __future__ import annotations

import re

from kg.cells.read import CellReader
from kg.model import Reading, State

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,6}")
_PEOPLE, _MORE = 2.0, -0.25  # of a number with a word for people, and for each word on them
_ADJECTIVES = 3
_WORDS = (
    "with at of in on and or who undergoing aged after before without requiring receiving having suffering"
    " whose from under over between"
)
_GOES_ON = frozenset(_WORDS.split())
_STRANGER = -3.0  # a word that names cells or a route where people are described
_AMOUNT, _IN_TOTAL, _OPEN, _ASIDE, _TRAILING = 2.0, 4.0, 1.5, -0.4, -1.5
_TIMED = 3.5  # of an amount and how often it is given, less than the two have in columns of their own
_BARE_TIMES = ("schedule.number", "schedule.interval")  # which may be the next cell as well
_TOTAL = frozenset(("in", "total", "per", "each", "dose", "doses", "single"))
_BRACKETED = re.compile(r"[(\[][^()\[\]]*[)\]]")
_LONGEST = 240  # characters
_OTHERS = ("cell_source", "route")


def near(key: str, text: str, reading: Reading[object], reader: CellReader) -> float | None:
    """Return how well a text fits a column that cannot read all of it; None when nothing speaks for it."""
    if len(text) > _LONGEST:
        return None
    if key == "patients":
        return _people(text.split(), reader)
    if key == "dose":
        if timed(key, text, reading, reader):
            return _TIMED
        return _amounts(text, reading, reader)
    return None


def timed(key: str, text: str, reading: Reading[object], reader: CellReader) -> bool:
    """Whether all that a column of doses cannot read is how often, at its end: "2 × 10⁶ cells/kg, monthly"."""
    if key != "dose" or reading.state is not State.MAPPED or not (reading.spans and reading.unread):
        return False
    start = min(span.start for span in reading.unread)
    behind = text[start:].strip(" ,;")
    if not behind or start < min(span.end for span in reading.spans) or len(behind) > _LONGEST:
        return False
    times = reader.read("frequency", behind)
    return times.complete and times.state is State.MAPPED and times.rule not in _BARE_TIMES


def _people(words: list[str], reader: CellReader) -> float | None:
    """Weigh a number and who was counted: some adjectives, a word for people, and what is said of them."""
    if len(words) < 2 or not _NUMBER.fullmatch(words[0]):
        return None
    at = 1
    while not _read(reader, "patients", f"2 {words[at].strip(',;')}"):
        at += 1
        adjective = words[at - 1].replace("-", "").isalpha() and words[at - 1].islower()
        if not adjective or at == len(words) or at > _ADJECTIVES + 1:
            return None
    behind = words[at + 1 :]
    if behind and behind[0] not in _GOES_ON:
        return None
    strangers = sum(any(_read(reader, key, word) for key in _OTHERS) for word in behind)
    return _PEOPLE + _MORE * (len(words) - 2) + _STRANGER * strangers


def _amounts(text: str, reading: Reading[object], reader: CellReader) -> float | None:
    """Weigh amounts between whose words are remarks in brackets, names of cells or routes, or "in total"."""
    if reading.rule == "dose.open":
        return _OPEN
    if reading.state is not State.MAPPED or not reading.spans or not reading.unread:
        return None
    price, last = _AMOUNT, max(span.end for span in reading.spans)
    if all(set(text[span.start : span.end].lower().split()) <= _TOTAL for span in reading.unread):
        return _IN_TOTAL
    for span in reading.unread:
        piece = text[span.start : span.end]
        if not _is_aside(text, piece, span.start, reader):
            return None
        price += _ASIDE * len(piece.split())
        named = not _in_brackets(text, span.start)
        price += _TRAILING * (named and span.start >= last)
    return price


def _is_aside(text: str, piece: str, start: int, reader: CellReader) -> bool:
    if _in_brackets(text, start) or set(piece.lower().split()) <= _TOTAL:
        return True
    return any(_read(reader, key, piece.strip(" ,;")) for key in _OTHERS)


def _in_brackets(text: str, at: int) -> bool:
    return any(match.start() <= at < match.end() for match in _BRACKETED.finditer(text))


def _read(reader: CellReader, key: str, text: str) -> bool:
    if not text:
        return False
    reading = reader.read(key, text)
    return reading.complete and reading.state is State.MAPPED
