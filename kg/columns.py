"""Header words → what each column of a table means, with the evidence for it.

The words are the forms of the scheme `column`; a header that names none of them keeps its cells under the
header itself. Each key is given once, to the header that names it best.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice, pairwise, product

from kg.model import Column
from kg.vocabulary.lexicon import Concept, Lexicon, Match
from kg.vocabulary.text import squeeze, words

_SCHEME = "column"
_MOST_CUTS = 16
_MARKS = re.compile(r"\s*\((?:[^()]|\([^()]*\))*\)[^\w\s(]*|[^\w\s(]+")


def header_cuts(line: str, lexicon: Lexicon) -> tuple[tuple[str, ...], ...]:
    """Return the ways to cut a header line that has lost its borders, fewest columns first.

    It is cut where the vocabulary knows a column's words; "Dose Frequency" may be one column or two, which only
    the rows can tell. A bracket behind a known header belongs to it ("Patients (experiment group)"); other words
    between two known headers are a header of their own, since no rule says which neighbour they belong to.
    """
    matches = lexicon.scan(_SCHEME, line)
    ways = [_partitions(line, match, lexicon) for match in matches]
    edges = [[edge for way in choice for edge in way] for choice in islice(product(*ways), _MOST_CUTS)]
    cuts = dict.fromkeys(_pieces(line, inner) for inner in edges)
    return tuple(sorted(cuts, key=len))


def _partitions(line: str, match: Match, lexicon: Lexicon) -> list[list[int]]:
    """Return the edges of the ways in which the words of a match are one header, or two that are known too."""
    ways = [[match.start, match.end]]
    for word in words(line[match.start : match.end])[1:]:
        middle = match.start + word.start
        if lexicon.find(_SCHEME, line[match.start : middle]) and lexicon.find(
            _SCHEME, line[middle : match.end]
        ):
            ways.append([match.start, middle, match.end])
    return ways


def _pieces(line: str, inner: list[int]) -> tuple[str, ...]:
    edges = {0, len(line), *(_behind_marks(line, edge) for edge in inner)}
    ordered = sorted(edges)
    pieces = (squeeze(line[a:b]) for a, b in pairwise(ordered))
    return tuple(piece for piece in pieces if piece)


def _behind_marks(line: str, edge: int) -> int:
    """Return the place behind the bracket or the marks ("Ref no.", "Patients (n)*") that follow a header."""
    match = _MARKS.match(line, edge)
    return match.end() if match else edge


def understand(header: Sequence[str], lexicon: Lexicon) -> tuple[Column, ...]:
    """Return one Column per header cell, in order; unnamed or repeated headers get a number to stay apart."""
    guesses = [_guess(text, lexicon) for text in header]
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
        rule = "header.second-of-its-kind" if guess.key else "header.unknown"
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
