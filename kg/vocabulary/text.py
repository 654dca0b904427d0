"""Text as the lexicon compares it: folded character by character, cut into words that keep their places."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DASHES = dict.fromkeys("‐‑‒–—―−﹣－", "-")
_QUOTES = dict.fromkeys("’‘ʼ′`´", "'")
_TABLE = str.maketrans(
    {**_DASHES, **_QUOTES, "∼": "~", "μ": "µ", "\u00a0": " ", "\u2009": " ", "\u202f": " "}
)
_WORD = re.compile(r"[^\W_]+|[^\s\w]|_")
# marks that a spelling may have or lack without meaning anything else: "i.v." = "iv.", "graft-versus-host"
_IGNORED = frozenset("-.'")


@dataclass(frozen=True, slots=True)
class Word:
    """One word or mark of a text: its folded form and its place, `text[start:end]`."""

    form: str
    start: int
    end: int


def fold(text: str) -> str:
    """Return `text` with one kind of dash, quote and blank, in lower case; the length never changes."""
    return "".join(low if len(low := char.lower()) == 1 else char for char in text.translate(_TABLE))


def words(text: str) -> tuple[Word, ...]:
    """Return the words of `text` in order, without the marks that carry no meaning in a name (- . ')."""
    found = (Word(m.group(), m.start(), m.end()) for m in _WORD.finditer(fold(text)))
    return tuple(word for word in found if word.form not in _IGNORED)


def squeeze(text: str) -> str:
    """Return `text` with every run of white space folded to one blank and none at the ends."""
    return " ".join(text.split())
