"""Text of a cell that holds several things → what it says of each: its words, their places, their reading.

The readers of the single kinds of cells find their words, the strictest first; each character is claimed once.
What is a dose is then no count of treatments any more, and what is a count no reference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from kg.cells.claims import Claims, words_of
from kg.cells.courses import more_words
from kg.cells.finders import find, says_something
from kg.cells.numbers import LONGEST_CELL
from kg.cells.read import CellReader
from kg.model import Dose, Part, Reading, Registration, Span, State

ORDER = (
    *("trial_number", "phase", "dose", "route", "frequency", "patients", "reference", "donor"),
    *("cell_source", "product", "disease", "outcome"),
)
"""The keys in the order in which they claim their words: the strictest grammar first, free text last."""

_JOINT = " ; "


class PartReading(NamedTuple):
    """What a cell says of one thing, and what the reader of that thing made of these words."""

    part: Part
    reading: Reading[Any]


def split_cell(text: str, keys: Sequence[str], reader: CellReader) -> Mapping[str, PartReading]:
    """Return what `text` says of each of `keys`, in their order.

    A key of which the text says nothing has a part without words, in state "empty". The words of two parts never
    overlap; what no part has claimed is found by `unclaimed`. Prose longer than any cell is not looked into.
    """
    if reader.read("", text).state is State.EMPTY:  # the mark "N/A" stands with the first of them
        return {key: _mark(key, "" if at else text, reader) for at, key in enumerate(keys)}
    claims = Claims(text)
    found: dict[str, tuple[Span, ...]] = {}  # the words that the reader of each key shall see
    for key in sorted(keys, key=_rank) if len(text) <= LONGEST_CELL else ():
        hit = find(key, keys, claims, reader)
        if hit is not None:
            claims.claim(key, hit.spans)
            found[key] = hit.read_as or claims.of(key)
    for key in found:
        claims.extend(key, more_words(key, claims, reader))
    return {key: _part(key, claims, found.get(key, ()), reader) for key in keys}


def unclaimed(text: str, parts: Sequence[Part]) -> tuple[Span, ...]:
    """Return the stretches of `text` that no part speaks of, without the marks and words that join them."""
    claims = Claims(text)
    for part in parts:
        claims.claim(part.key, part.spans)
    return tuple(span for span in claims.unclaimed() if says_something(text[span.start : span.end]))


def _rank(key: str) -> int:
    return ORDER.index(key) if key in ORDER else len(ORDER)


def _mark(key: str, text: str, reader: CellReader) -> PartReading:
    return PartReading(Part(key, text, State.EMPTY, "not-given"), reader.read(key, ""))


def _part(key: str, claims: Claims, pieces: tuple[Span, ...], reader: CellReader) -> PartReading:
    spans = claims.of(key)
    if not spans:
        return PartReading(Part(key, "", State.EMPTY, "split.absent"), reader.read(key, ""))
    text = claims.text
    reading = reader.read(key, _JOINT.join(text[span.start : span.end] for span in pieces))
    part = Part(key, words_of(text, spans), reading.state, reading.rule, spans)
    return PartReading(part, _placed(reading, pieces, spans))


def _placed(reading: Reading[Any], pieces: Sequence[Span], spans: tuple[Span, ...]) -> Reading[Any]:
    """Return a reading of the joined `pieces` with all its places in the whole cell."""
    unread = tuple(place for span in reading.unread for place in _places(span, pieces))
    value = _moved(reading.value, pieces)
    return replace(reading, value=value, spans=spans, unread=unread)


def _moved(value: Any, pieces: Sequence[Span]) -> Any:
    """Return a value whose own places, where it has some, are places in the whole cell."""
    if isinstance(value, tuple):
        return tuple(_moved(item, pieces) for item in value)
    if not isinstance(value, Dose | Registration):
        return value
    places = _places(value.span, pieces)
    return replace(value, span=Span(places[0].start, places[-1].end))


def _places(span: Span, pieces: Sequence[Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    at = 0
    for piece in pieces:
        size = piece.end - piece.start
        start, end = max(span.start - at, 0), min(span.end - at, size)
        if start < end:
            found.append(Span(piece.start + start, piece.start + end))
        at += size + len(_JOINT)
    return tuple(found)
