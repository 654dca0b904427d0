"""Cell text → whether it says that nothing is given: empty, punctuation alone, or a form of `mark`."""

from __future__ import annotations

import unicodedata

from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.text import fold

_BRACKETS = "()[]{}"


def is_not_given(text: str, lexicon: Lexicon) -> bool:
    """Return whether the whole of `text` means "not given": "", "–", "/", "NA", "N.A.", "not reported" …

    "no" and "none" are answers and give False, and so are signs such as "+", "✓" and "%". What counts as a
    mark besides punctuation stands in the vocabulary `mark`.
    """
    core = fold(text.strip()).strip(_BRACKETS).strip()
    if any(char.isalnum() for char in core):
        return lexicon.find("mark", core) is not None
    return all(char.isspace() or _is_punctuation(char) for char in core)


def _is_punctuation(char: str) -> bool:
    return unicodedata.category(char).startswith("P") and char not in "%‰"
