"""A header whose words have grown together ("DiseaseCell sourceRoute") → the same header with blanks between them."""

from __future__ import annotations

import re

from kg.vocabulary.lexicon import Lexicon

_WORD = re.compile(r"[^\W\d_]+")
_EDGE = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[\])])(?=[^\W_])")
_SCHEME = "column"


def loosened(text: str, lexicon: Lexicon) -> str:
    """Return `text` with a blank where a header's last word and the next one's first have no blank between them.

    That is where the letter case changes or a bracket ends, between two words that headers are made of; a word that
    is written so in headers ("ClinicalTrials") stays whole.
    """
    edges = [
        match.start() for match in _EDGE.finditer(text) if _between_headers(text, match.start(), lexicon)
    ]
    return " ".join(text[a:b] for a, b in zip([0, *edges], [*edges, len(text)], strict=True))


def glued_edges(text: str, lexicon: Lexicon) -> int:
    """Return how many blanks the header lacks."""
    return len(loosened(text, lexicon)) - len(text)


def _between_headers(text: str, at: int, lexicon: Lexicon) -> bool:
    after = _WORD.match(text, at)
    if after is None:
        return False
    if not text[at - 1].isalpha():
        return True
    start = at
    while start and text[start - 1].isalpha():
        start -= 1
    if lexicon.knows(_SCHEME, text[start : after.end()].lower()):
        return False
    left = re.split(_EDGE, text[start:at])[-1]
    right = re.split(_EDGE, after.group())[0]
    return lexicon.knows(_SCHEME, left.lower()) or lexicon.knows(_SCHEME, right.lower())
