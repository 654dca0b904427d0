"""Names of a list → the names of its members, a shared word given to each, with the places of their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kg.cells.outcome.chunks import Chunk
from kg.cells.outcome.terms import MEASURE
from kg.model import Span
from kg.vocabulary.lexicon import Concept

_SUBSCALES = frozenset(
    ["pain", "symptoms", "symptom", "stiffness", "function", "functional", "adl", "sport", "sports", "recreation", "qol", "quality", "motor", "mental", "physical", "bodily", "daily", "sensory", "total", "activities"]
)
_HEADS = frozenset(
    ["scores", "score", "rates", "rate", "outcomes", "outcome", "parameters", "survival", "scales", "scale", "indices", "index", "volume", "volumes", "counts", "count", "cells", "function", "functions", "response", "responses", "remission", "gvhd", "healing", "incidence", "tau", "symptoms", "signs", "size"]
)
_DROPPED = frozenset(("rates", "rate"))
_ADJECTIVE_ENDS = (
    "al",
    "all",
    "ic",
    "ive",
    "free",
    "ory",
    "ary",
    "ous",
    "ute",
    "ete",
    "ant",
    "ent",
    "erm",
    "ese",
)


class Named(NamedTuple):
    """One measure: its name as the cell has it, the places of its words, its concept if the vocabulary has it, and
    the concept whose word its head is, from which its kind is known."""

    name: str
    spans: tuple[Span, ...]
    concept: Concept | None
    head: Concept | None
    better: str = ""


def named(chunks: Sequence[Chunk], text: str) -> list[Named]:
    """Return the measures that a list of names stands for."""
    scale: Span | None = None
    opener = chunks[0]
    tail = _tail(chunks, text)
    found: list[Named] = []
    for place, chunk in enumerate(chunks):
        own = Span(chunk.start, chunk.end)
        words = text[chunk.start : chunk.end]
        concept, head = _concepts(chunk)
        spans: tuple[Span, ...] = (own,)
        if (its := _scale(chunk, text)) is not None:
            scale, opener = its, chunk
        elif scale and _is_subscale(chunk):
            words, spans = f"{text[scale.start : scale.end]} {words}", (scale, own)
            concept, head = None, _concepts(opener)[1]
        elif tail and place < len(chunks) - 1 and _takes_tail(chunk, tail[0], text):
            words, spans = f"{words} {text[tail[0].start : tail[0].end]}", (own, tail[0])
            concept = concept if tail[1] else None
            head = head or _concepts(chunks[-1])[1]
        else:
            scale = None
        loss = any(term.kind == "loss" for term in (*chunk.terms[:1], *chunk.terms[-1:]))
        found.append(
            Named(_clean(words), spans, None if loss else concept, head, "decreased" if loss else "")
        )
    return found


def _clean(words: str) -> str:
    """Return a name without blanks, dashes and the word "levels" at its ends."""
    inside = words.split()
    while len(inside) > 1 and inside[-1].lower() in _AMOUNTS:
        inside.pop()
    return " ".join(inside).strip("-–: ")


_AMOUNTS = frozenset(["level", "levels", "value", "values", "concentration", "concentrations"])


def _concepts(chunk: Chunk) -> tuple[Concept | None, Concept | None]:
    known = [term for term in chunk.terms if term.kind == MEASURE]
    if not known:
        return None, None
    whole = [t for t in chunk.terms if t.kind not in ("level", "of")]
    exact = known[0].concept if len(whole) == 1 else None
    if (
        exact is None
        and len(known) == 1
        and all(t is known[0] or t.form in _PLAIN or t.form in _HEADS_PLAIN for t in whole)
    ):
        exact = known[0].concept
    before_of = next((i for i, t in enumerate(chunk.terms) if t.kind == "of"), len(chunk.terms))
    heads = [t for t in chunk.terms[:before_of] if t.kind == MEASURE] or known
    return exact, heads[-1].concept


_PLAIN = frozenset(
    ["mean", "median", "serum", "plasma", "total", "overall", "global", "score", "scores", "rate", "rates", "index", "clinical", "of", "peripheral", "blood", "csf", "the", "complete"]
)
_HEADS_PLAIN = frozenset(["incidence", "cumulative", "scale", "test"])


def _scale(chunk: Chunk, text: str) -> Span | None:
    """Return the instrument that opens a name with a part of it: "KOOS" of "KOOS pain"."""
    words = text[chunk.start : chunk.end].split()
    if (
        len(words) < 2
        or words[1].lower() not in _SUBSCALES
        or not chunk.terms
        or chunk.terms[0].kind != MEASURE
    ):
        return None
    if sum(c.isupper() for c in words[0]) < 2:
        return None
    return Span(chunk.start, chunk.start + len(words[0]))


def _is_scale(chunk: Chunk) -> bool:
    first = chunk.terms[0]
    return (
        first.kind == MEASURE
        and first.concept is not None
        and first.form not in _SUBSCALES
        and (first.form == "" or len(first.form) < 9)
    )


def _is_subscale(chunk: Chunk) -> bool:
    first = chunk.terms[0]
    return (
        first.form in _SUBSCALES
        or (first.form == ""
        and first.concept is not None
        and first.concept.name
        in (
            "quality-of-life",
            "activities-of-daily-living",
            "motor-function",
            "physical-function",
            "pain",
            "symptoms",
        ))
    )


def _tail(chunks: Sequence[Chunk], text: str) -> tuple[Span, bool] | None:
    """Return the noun at the end of a list that belongs to all members, and whether it only names a figure."""
    if len(chunks) < 2:
        return None
    last = chunks[-1].terms
    whole = text[chunks[-1].start : chunks[-1].end]
    words = whole.split()
    if len(words) < 2 or len(last) == 0:
        final = words[0].lower() if words else ""
        # a joined form: "progression-free survival" is one term
        return None if final not in _HEADS else None
    final = words[-1]
    low = final.lower()
    if any(text[c.start : c.end].lower().split()[-1] == low for c in chunks[1:-1]):
        return None
    if low not in _HEADS:
        return None
    end = chunks[-1].end
    start = end - len(final)
    if low in ("rates", "survival") and len(words) > 2 and words[-2].lower() == "survival":
        start = end - len(words[-2]) - 1 - len(final)
    return Span(start, end), low in ("scores", "score", "scale", "scales", "index", "indices")


def _takes_tail(chunk: Chunk, tail: Span, text: str) -> bool:
    words = text[chunk.start : chunk.end].lower().split()
    noun = text[tail.start : tail.end].lower()
    if noun in _DROPPED or words[-1].rstrip("s") == noun.rstrip("s") or words[-1] in _HEADS:
        return False
    if noun in ("scores", "score", "scale", "scales", "index", "indices"):
        return len(words) <= 4
    if noun in ("outcomes", "outcome", "parameters"):
        return len(words) == 1
    return words[-1].endswith(_ADJECTIVE_ENDS) and len(words) < 3
