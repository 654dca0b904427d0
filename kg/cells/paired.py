"""Brackets of a dose cell ("IV (10-50 M), IT (5 M)") → the route of each amount, named right before its bracket."""

from __future__ import annotations

from collections.abc import Iterator

from kg.cells.common import left_over
from kg.cells.levels import Level, Levels
from kg.cells.mentions import GRAMMAR, spans_of
from kg.model import Span
from kg.vocabulary.lexicon import Concept, Lexicon

_SCHEMES = ("route", "product", "cell-source", "donor")
Paired = tuple[dict[int, Concept], list[Span]]


def routes_before_brackets(text: str, found: Levels, lexicon: Lexicon) -> Paired:
    """Return the route of each level by its place in `found`, and the words that say it.

    Words count only where all of them up to the amount before are names of routes, products or donors.
    """
    routes: dict[int, Concept] = {}
    used: list[Span] = []
    for at, opens, words in _stretches(text, found.levels):
        part = text[words.start : words.end]
        named = {scheme: lexicon.scan(scheme, part) for scheme in _SCHEMES}
        spans = [span for matches in named.values() for span in spans_of(matches)]
        if not spans or left_over(part, spans, GRAMMAR):
            continue
        used.append(words)
        concepts = {match.concept for match in named["route"]}
        if len(concepts) == 1:
            route = concepts.pop()
            routes.update(
                {n: route for n in range(at, len(found.levels)) if found.levels[n].bracket == opens}
            )
    return routes, used


def _stretches(text: str, levels: list[Level]) -> Iterator[tuple[int, int, Span]]:
    """Yield the number of the first level in each bracket, the bracket, and the words before it."""
    before = 0
    seen: set[int] = set()
    for at, level in enumerate(levels):
        if level.bracket and level.bracket not in seen:
            seen.add(level.bracket)
            opens = level.bracket - 1
            part = text[before:opens].strip(" )],;+&/|:")
            if part and opens >= before:
                start = text.index(part, before)
                yield at, level.bracket, Span(start, start + len(part))
        before = max(before, level.end)
