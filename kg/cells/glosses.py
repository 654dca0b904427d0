"""An abbreviation and its words in one cell ("IA (intra-arterial)") → one meaning for both: that of the words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kg.vocabulary.lexicon import Match

_LONGEST = 5  # letters of an abbreviation
_OPENS = re.compile(r"\s*[(\[]\s*")
_CLOSES = re.compile(r"\s*(?:via\b[^()]*|[^()\w]*)[)\]]")


def explained(text: str, matches: Sequence[Match]) -> tuple[Match, ...]:
    """Return `matches` with the concept of the words in place of that of their abbreviation.

    One of the two stands in a bracket right behind the other, and the letters of the abbreviation stand in the words.
    """
    found = list(matches)
    for at, (one, other) in enumerate(pairwise(matches)):
        if one.concept == other.concept or not _in_bracket(text, one, other):
            continue
        first, second = text[one.start : one.end], text[other.start : other.end]
        if _abbreviates(first, second):
            found[at] = Match(other.concept, one.start, one.end)
        elif _abbreviates(second, first):
            found[at + 1] = Match(one.concept, other.start, other.end)
    return tuple(found)


def _in_bracket(text: str, one: Match, other: Match) -> bool:
    opens = _OPENS.fullmatch(text, one.end, other.start)
    return opens is not None and _CLOSES.match(text, other.end) is not None


def _abbreviates(form: str, words: str) -> bool:
    letters = [char for char in form if char.isalpha()]
    if (
        not letters
        or len(letters) > _LONGEST
        or len(words) <= len(form)
        or not any(c.isupper() for c in letters)
    ):
        return False
    rest = iter(words.lower())
    return all(letter.lower() in rest for letter in letters)
