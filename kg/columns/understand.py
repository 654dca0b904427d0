"""Header words → what each column of a table means, with the evidence for it.

The words are the forms of the scheme `column`; a header that names none of them keeps its cells under the
header itself. Each key is given once, to the header that names it best.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg.model import Column
from kg.vocabulary.lexicon import Concept, Lexicon
from kg.vocabulary.text import squeeze, words

_SCHEME = "column"
_COUNTED = 3  # rows that must be numbered from 1 on


def dose_header(columns: Sequence[Column]) -> str:
    """Return the header of the dose column, which may hold a unit or a power of ten; "" without one."""
    return next((column.header for column in columns if column.key == "dose"), "")


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
