"""Names of a list → the names of its members, a shared word given to each, with the places of their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kg.cells.outcome.items import Chunk
from kg.cells.outcome.terms import MEASURE, Words
from kg.model import Span
from kg.vocabulary.lexicon import Concept

_FIGURES = frozenset(
    ("scores", "score", "scale", "scales", "index", "indices")
)  # do not change what is measured
_ADJECTIVE_ENDS = (
    "tor",
    "sory",
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


def named(chunks: Sequence[Chunk], text: str, words: Words) -> list[Named]:
    """Return the measures that a list of names stands for."""
    if len(chunks) == 1:
        return [_single(chunks[0], text, words)]
    scale: Span | None = None
    opener = chunks[0]
    amounts = words["uncounted"] if _abbreviations(chunks, text, words) else words["amount"]
    tail = _tail(chunks, text, words)
    found: list[Named] = []
    lost = _lost(chunks[0], text)
    for place, chunk in enumerate(chunks):
        own = Span(chunk.start, chunk.end)
        name = text[chunk.start : chunk.end]
        concept, head = _concepts(chunk, words)
        spans: tuple[Span, ...] = (own,)
        if (its := _scale(chunk, text, words)) is not None:
            scale, opener = its, chunk
        elif scale and _is_subscale(chunk, words):
            name, spans = f"{text[scale.start : scale.end]} {name}", (scale, own)
            concept, head = None, _concepts(opener, words)[1]
        elif tail and place < len(chunks) - 1 and _takes_tail(chunk, tail[0], text, words):
            name, spans = f"{name} {text[tail[0].start : tail[0].end]}", (own, tail[0])
            concept = concept if tail[1] else None
            head = head or _concepts(chunks[-1], words)[1]
        else:
            scale = None
        if place and lost:
            name, spans = f"{lost} {name}", (own,)
        loss = bool(lost) or any(term.kind == "loss" for term in (*chunk.terms[:1], *chunk.terms[-1:]))
        found.append(
            Named(_clean(name, amounts), spans, None if loss else concept, head, "decreased" if loss else "")
        )
    return found


def _abbreviations(chunks: Sequence[Chunk], text: str, words: Words) -> bool:
    """Whether a list is one of abbreviations, whose rate is none of the last one alone: "OR, CR and OS rates"."""
    if len(chunks) < 2:
        return False
    names = [
        word for c in chunks for word in text[c.start : c.end].split() if word.lower() not in words["rate"]
    ]
    return all(name.isupper() for name in names)


def _single(chunk: Chunk, text: str, words: Words) -> Named:
    concept, head = _concepts(chunk, words)
    lost = "loss" in (chunk.terms[0].kind, chunk.terms[-1].kind) if chunk.terms else False
    name = _clean(text[chunk.start : chunk.end], words["amount"])
    spans = (Span(chunk.start, chunk.end),)
    return Named(name, spans, None if lost else concept, head, "decreased" if lost else "")


def _lost(chunk: Chunk, text: str) -> str:
    """Return "decline in" of "decline in FVC and DLCO", which holds for all members of the list."""
    if len(chunk.terms) < 2 or chunk.terms[0].kind != "loss":
        return ""
    return text[chunk.start : chunk.terms[1].start].strip()


def _clean(name: str, amounts: frozenset[str]) -> str:
    """Return a name without the word "levels" at its end."""
    inside = name.split()
    while len(inside) > 1 and inside[-1].lower() in amounts:
        inside.pop()
    return " ".join(inside).strip("-–: ")


def _concepts(chunk: Chunk, words: Words) -> tuple[Concept | None, Concept | None]:
    known = [term for term in chunk.terms if term.kind == MEASURE]
    if not known:
        return None, None
    whole = [t for t in chunk.terms if t.kind not in ("level", "of")]
    exact = known[0].concept if len(whole) == 1 else None
    if (
        exact is None
        and len(known) == 1
        and all(t is known[0] or t.form in words["qualifier"] for t in whole)
    ):
        exact = known[0].concept
    before_of = next((i for i, t in enumerate(chunk.terms) if t.kind == "of"), len(chunk.terms))
    heads = [t for t in chunk.terms[:before_of] if t.kind == MEASURE] or known
    return exact, heads[-1].concept


def _scale(chunk: Chunk, text: str, words: Words) -> Span | None:
    """Return the instrument that opens a name with a part of it: "KOOS" of "KOOS pain"."""
    inside = text[chunk.start : chunk.end].split()
    if len(inside) < 2 or not chunk.terms or chunk.terms[0].kind != MEASURE:
        return None
    part = inside[1].lower()
    if part not in words["part"] or sum(c.isupper() for c in inside[0]) < 2:
        return None
    return Span(chunk.start, chunk.start + len(inside[0]))


def _is_subscale(chunk: Chunk, words: Words) -> bool:
    first = chunk.terms[0]
    subscales = words["part"]
    if first.form:
        return first.form in subscales
    return first.concept is not None and first.concept.name.split("-")[0] in subscales


def _tail(chunks: Sequence[Chunk], text: str, words: Words) -> tuple[Span, bool] | None:
    """Return the noun at the end of a list that belongs to all members, and whether it only names a figure."""
    if len(chunks) < 2:
        return None
    inside = text[chunks[-1].start : chunks[-1].end].split()
    noun = inside[-1].lower()
    if len(inside) < 2 or noun not in words["tail"]:
        return None
    if any(text[c.start : c.end].lower().split()[-1] == noun for c in chunks[1:-1]):
        return None
    end = chunks[-1].end
    start = end - len(inside[-1])
    if noun in words["rate"]:
        if len(inside) < 3 or inside[-2].lower() not in words["shared-noun"]:
            return None
        start -= len(inside[-2]) + 1  # "survival rates"
    return Span(start, end), noun in _FIGURES


def _takes_tail(chunk: Chunk, tail: Span, text: str, words: Words) -> bool:
    inside = text[chunk.start : chunk.end].lower().split()
    noun = text[tail.start : tail.end].lower()
    if inside[-1].rstrip("s") == noun.rstrip("s") or inside[-1] in words["figure"]:
        return False
    if noun in _FIGURES:
        return len(inside) <= 4
    if noun in ("outcomes", "outcome", "parameters"):
        return len(inside) == 1 or inside[-1].endswith(_ADJECTIVE_ENDS)
    return inside[-1].endswith(_ADJECTIVE_ENDS) and len(inside) < 3
