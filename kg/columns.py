"""Header words → what each column of a table means, with the evidence for it.

The words are the forms of the scheme `column`; a header that names none of them keeps its cells under the
header itself. Each key is given once, to the header that names it best.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kg.model import Column
from kg.vocabulary.lexicon import Concept, Lexicon
from kg.vocabulary.text import Word, squeeze, words

_SCHEME = "column"
_MOST_CUTS = 16
_COUNTED = 3  # rows that must be numbered from 1 on
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


def is_numbering(firsts: Sequence[str]) -> bool:
    """Return whether the first words or cells of the rows only number them: 1, 2, 3 and so on."""
    numbers = [text.rstrip(".)") for text in firsts]
    return [number for number in numbers if number.isdecimal()][:_COUNTED] == [
        str(n + 1) for n in range(_COUNTED)
    ]


def understand(header: Sequence[str], lexicon: Lexicon, *, numbered: bool = False) -> tuple[Column, ...]:
    """Return one Column per header cell, in order; unnamed or repeated headers get a number to stay apart.

    `numbered` says that the first column numbers the rows; "No." is then no number of patients.
    """
    guesses = [_guess(text, lexicon) for text in header]
    if numbered and guesses and guesses[0].key == "patients":
        guesses[0] = Column("", guesses[0].header, "cells.row-numbers", 1.0)
    owners: dict[str, int] = {}
    for at, guess in enumerate(guesses):
        best = owners.get(guess.key)
        if guess.key and (best is None or guess.confidence > guesses[best].confidence):
            owners[guess.key] = at
    taken: set[str] = set(owners)
    columns: list[Column] = []
    for at, guess in enumerate(guesses):
        if guess.key and owners[guess.key] == at:
            columns.append(guess)
            continue
        name = _unused(guess.header or f"column {at + 1}", taken)
        taken.add(name)
        rule = "header.second-of-its-kind" if guess.key else guess.rule
        columns.append(Column("", name, rule, guess.confidence if not guess.key else 0.5))
    return tuple(columns)


def _guess(text: str, lexicon: Lexicon) -> Column:
    header = squeeze(text)
    whole = lexicon.find(_SCHEME, header)
    if whole is not None:
        return Column(whole.notation, header, "header.whole", 1.0)
    named, share = _longest(header, lexicon)
    if named is not None:
        return Column(named.notation, header, "header.part", round(share, 2))
    return Column("", header, "header.unknown", 0.0)


def _longest(header: str, lexicon: Lexicon) -> tuple[Concept | None, float]:
    """Return the column named by most words of the header (the first of equals) and its share of the words."""
    all_words = words(header)
    best: tuple[Concept | None, float] = (None, 0.0)
    for match in lexicon.scan(_SCHEME, header):
        share = len(words(header[match.start : match.end])) / len(all_words)
        if share > best[1]:
            best = (match.concept, share)
    return best


def _unused(name: str, taken: set[str]) -> str:
    number = 1
    candidate = name
    while candidate in taken:
        number += 1
        candidate = f"{name} ({number})"
    return candidate
