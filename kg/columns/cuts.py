"""A header line that has lost its borders → the ways to cut it into headers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.text import Word, squeeze, words

_SCHEME = "column"
_MOST_CUTS = 16
_LONGEST = 8  # words of one header
_BRACKET = re.compile(r"\((?:[^()]|\([^()]*\))*\)")
_MARKS = re.compile(rf"\s*{_BRACKET.pattern}[^\w\s(]*|[^\w\s(]+")


def header_cuts(line: str, lexicon: Lexicon) -> tuple[tuple[str, ...], ...]:
    """Return the ways to cut a header line that has lost its borders, fewest columns first.

    It is cut so that the vocabulary knows as many of its words as it can; "Dose Frequency" may be one column or
    two, which only the rows can tell. A bracket or a mark belongs to the header before it ("Patients (n)");
    other words between two known headers are a header of their own, since no rule says which neighbour's they are.
    """
    outside = _outside_brackets(line)
    ways: list[tuple[int, list[tuple[int, ...]]]] = [(0, [()])]
    for end in range(1, len(outside) + 1):
        options = [
            (ways[start][0] + price, ways[start][1], edges)
            for start in range(max(0, end - _LONGEST), end)
            if (found := _piece(line, outside[start:end], lexicon)) is not None
            for price, edges in [found]
        ]
        least = min(price for price, _, _ in options)
        paths = [path + edges for price, before, edges in options if price == least for path in before]
        ways.append((least, paths[:_MOST_CUTS]))
    cuts = dict.fromkeys(_pieces(line, path) for path in ways[-1][1])
    return tuple(sorted(cuts, key=len))


def _outside_brackets(line: str) -> list[Word]:
    brackets = [match.span() for match in _BRACKET.finditer(line)]
    return [word for word in words(line) if not any(a < word.start < b for a, b in brackets)]


def _piece(line: str, part: Sequence[Word], lexicon: Lexicon) -> tuple[int, tuple[int, ...]] | None:
    """Return the price of a header of these words and its edges; None when they are several unknown words."""
    start, end = part[0].start, part[-1].end
    if any(lexicon.find(_SCHEME, line[start:stop]) for stop in (end, _behind_marks(line, end))):
        return 0, (start, end)
    if len(part) > 1:
        return None
    return (1, ()) if part[0].form.isalnum() else (0, ())


def _pieces(line: str, edges: Sequence[int]) -> tuple[str, ...]:
    ordered = sorted({0, len(line), *(_behind_marks(line, edge) for edge in edges)})
    pieces = (squeeze(line[a:b]) for a, b in pairwise(ordered))
    return tuple(piece for piece in pieces if piece)


def _behind_marks(line: str, edge: int) -> int:
    """Return the place behind the bracket or the marks ("Ref no.", "Patients (n)*") that follow a header."""
    match = _MARKS.match(line, edge)
    return match.end() if match else edge
