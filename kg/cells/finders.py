"""What is still free of a cell that holds several things → the words in it that speak of one of them.

Each finder asks the reader of its kind of cells, on the text with all earlier claims masked. It takes only what
that reader is sure of: a number that could be a dose, a count or a reference is nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from kg.cells.claims import Claims, Found, found
from kg.cells.common import MARKS
from kg.cells.courses import find_doses, find_routes, find_times
from kg.cells.mentions import GRAMMAR
from kg.cells.read import CellReader
from kg.model import Reading, Span, State
from kg.vocabulary.text import fold, words

NAMES = ("disease", "cell_source", "product", "outcome")
"""Keys that name things in free words; the words that nobody else claims are theirs."""

_JOINTS = frozenset(["with", "in", "of", "by", "via", "for", "and", "or"])
_ARMS = re.compile(r"\s*\([^()]*\)")
_NUMERIC = ("dose", "frequency", "patients", "reference")
_BARE_PHASE = re.compile(r"[\s(\[]*\d")
_COUNT = re.compile(r"(?<![\w.,/^×-])\d[\d,]*(?![\w^.]\d|\w)")


def find(key: str, keys: Sequence[str], claims: Claims, reader: CellReader) -> Found | None:
    """Return the free words of the text that speak of `key`, None when there are none.

    `keys` are all things that the cell may hold.
    """
    finder = _FINDERS.get(key, _named)
    return finder(key, keys, claims, reader)


# ---------------------------------------------------------------- numbers of trials, phases


def _numbers(key: str, _: Sequence[str], claims: Claims, reader: CellReader) -> Found | None:
    """Take registration numbers of a known registry; one of no registry only with letters in it."""
    text = claims.masked()
    reading = reader.read(key, text)
    sure = [
        number.span
        for number in reading.value or ()
        if number.registry is not None or any(char.isalpha() for char in number.number)
    ]
    return found(sure)


def _phase(key: str, keys: Sequence[str], claims: Claims, reader: CellReader) -> Found | None:
    """Take what has the word "phase" with it, or a stretch that is a phase and can be nothing else."""
    text = claims.masked()
    if "phase" in fold(text):
        return _mapped(reader.read(key, text))
    for span in claims.segments():
        piece = text[span.start : span.end]
        if _BARE_PHASE.match(piece) and any(other in keys for other in _NUMERIC):
            continue
        reading = reader.read(key, piece.strip("()[] "))
        if reading.state is State.MAPPED and reading.complete:
            return Found((_inside(piece, span),))
    return None


def _inside(piece: str, span: Span) -> Span:
    """Return the place of what stands within the brackets of a piece."""
    left = len(piece) - len(piece.lstrip("([ "))
    return Span(span.start + left, span.start + len(piece.rstrip(")] ")))


# ---------------------------------------------------------------- patients, references


def _patients(key: str, keys: Sequence[str], claims: Claims, reader: CellReader) -> Found | None:
    """Take a number that stands with a word for patients, or a bare one that can be nothing else."""
    text = claims.masked()
    for span in claims.segments():
        piece = text[span.start : span.end]
        cited = "reference" in keys and (piece.startswith("[") or piece.isdigit() or not piece.isascii())
        reading = reader.read(key, piece.strip("() "))
        if not cited and reading.state is State.MAPPED and reading.complete:
            return Found((_with_arms(text, _inside(piece, span), reader),))
    return found(_counted(text, reader))


def _with_arms(text: str, span: Span, reader: CellReader) -> Span:
    """Return the span of a count with the arms in brackets behind it: "30 (15/15)"."""
    arms = _ARMS.match(text, span.end)
    whole = reader.read("patients", text[span.start : arms.end()]) if arms else None
    return Span(span.start, arms.end()) if arms and whole and whole.complete else span


def _counted(text: str, reader: CellReader) -> Iterable[Span]:
    """Yield the first number beside a word for patients: "n = 12", "12 patients with GVHD"."""
    own = [m for m in reader.lexicon.scan("column", text) if m.concept.notation == "patients"]
    for number in _COUNT.finditer(text):
        for word in own:
            if not text[number.end() : word.start].strip() and word.start >= number.end():
                yield Span(number.start(), word.end)
                return
            if word.end <= number.start() and not text[word.end : number.start()].strip(" =:"):
                yield Span(word.start, number.end())
                return


def _reference(key: str, _: Sequence[str], claims: Claims, reader: CellReader) -> Found | None:
    """Take the free stretches that cite works and say nothing else."""
    text = claims.masked()
    cited: list[Span] = []
    for span in claims.segments():
        reading = reader.read(key, text[span.start : span.end])
        apart = all(span.end <= own.start or own.end <= span.start for own in cited)
        if apart and reading.state is State.MAPPED and reading.complete:
            cited.append(span)
    return found(cited)


# ---------------------------------------------------------------- names


def _donor(key: str, _: Sequence[str], claims: Claims, reader: CellReader) -> Found | None:
    return _mapped(reader.read(key, claims.masked()))


def _named(key: str, keys: Sequence[str], claims: Claims, reader: CellReader) -> Found | None:
    """Take the free stretches in which the key is named; as the last key of names, all that is free."""
    text = claims.masked()
    spans = [_behind_joints(text, span) for span in claims.unclaimed()]
    free = [span for span in spans if says_something(text[span.start : span.end])]
    if not free:
        return None
    if len([name for name in keys if name in NAMES]) == 1:
        return found(free if key == "outcome" else _naming(key, text, free, reader) or free)
    stretches = [*claims.segments()]
    return found(_naming(key, text, free, reader) if len(free) > 1 else _apart(key, text, stretches, reader))


def _naming(key: str, text: str, free: Sequence[Span], reader: CellReader) -> list[Span]:
    return [span for span in free if reader.read(key, text[span.start : span.end]).state is State.MAPPED]


def _apart(key: str, text: str, stretches: Sequence[Span], reader: CellReader) -> list[Span]:
    """Return the first stretch, larger ones first, that the key reads completely, else the first it reads."""
    readings = [(span, reader.read(key, text[span.start : span.end])) for span in stretches]
    mapped = [(span, reading) for span, reading in readings if reading.state is State.MAPPED]
    whole = [span for span, reading in mapped if reading.complete]
    return whole[:1] or [span for span, _ in mapped[-1:]]


def _behind_joints(text: str, span: Span) -> Span:
    """Return `span` without the words at its start that join it to another part: "with GVHD"."""
    inside = words(text[span.start : span.end])
    first = next((word.start for word in inside if word.form not in _JOINTS), 0)
    return Span(span.start + first, span.end)


def says_something(piece: str) -> bool:
    """Whether a stretch has a word in it that is no mark and does not only join others."""
    return any(word.form not in GRAMMAR and word.form not in MARKS for word in words(piece))


def _mapped(reading: Reading[Any]) -> Found | None:
    return found(reading.spans) if reading.state is State.MAPPED else None


_FINDERS: dict[str, Callable[[str, Sequence[str], Claims, CellReader], Found | None]] = {
    "trial_number": _numbers,
    "phase": _phase,
    "dose": lambda key, _, claims, reader: find_doses(key, claims, reader),
    "route": lambda key, _, claims, reader: find_routes(key, claims, reader),
    "frequency": lambda key, _, claims, reader: find_times(key, claims, reader),
    "patients": _patients,
    "reference": _reference,
    "donor": _donor,
}
