"""Cell text → whether it says that nothing is given: empty, punctuation alone, or a form of `mark`."""

from __future__ import annotations

from kg.vocabulary.lexicon import Lexicon

_BRACKETS = "()[]{}"


def is_not_given(text: str, lexicon: Lexicon) -> bool:
    """Return whether the whole of `text` means "not given": "", "–", "/", "NA", "N.A.", "not reported" …

    "no" and "none" are answers and give False. What counts as a mark besides punctuation stands in the
    vocabulary `mark`.
    """
    core = text.strip().strip(_BRACKETS).strip()
    if not any(char.isalnum() for char in core):
        return not any(char in "+±<>=%" for char in core)
    return lexicon.find("mark", core) is not None
