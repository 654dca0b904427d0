"""Text as the lexicon compares it: folded character by character, cut into words that keep their places."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_DASHES = dict.fromkeys("‐‑‒–—―−﹣－", "-")
_QUOTES = dict.fromkeys("’‘ʼ′`´", "'")
_TABLE = str.maketrans(
    {**_DASHES, **_QUOTES, "∼": "~", "μ": "µ", "\u00a0": " ", "\u2009": " ", "\u202f": " "}
)
_WORD = re.compile(r"[^\W_]+|[^\s\w]|_")
# marks that a spelling may have or lack without meaning anything else: "i.v." = "iv.", "graft-versus-host"
_IGNORED = frozenset("-.'")
_CELL = 200  # longer texts are free text, asked for once


class Word(NamedTuple):
    """One word or mark of a text: its folded form and its place, `text[start:end]`."""

    form: str
    start: int
    end: int


def fold(text: str) -> str:
    """Return `text` with one kind of dash, quote and blank, in lower case; the length never changes."""
    plain = text.translate(_TABLE)
    low = plain.lower()
    if len(low) == len(plain):
        return low
    return "".join(one if len(one := char.lower()) == 1 else char for char in plain)


def words(text: str) -> tuple[Word, ...]:
    """Return the words of `text` in order, without the marks that carry no meaning in a name (- . ')."""
    return _remembered(text) if len(text) <= _CELL else _words(text)


def _words(text: str) -> tuple[Word, ...]:
    found = _WORD.finditer(fold(text))
    return tuple([Word(form, m.start(), m.end()) for m in found if (form := m.group()) not in _IGNORED])


# a cell is looked up in several schemes, one after the other
_remembered = lru_cache(maxsize=4096)(_words)


def word_forms(text: str) -> list[str]:
    """Return the folded words of `text` without their places, which filling the lexicon does not need."""
    return [form for form in _WORD.findall(fold(text)) if form not in _IGNORED]


def squeeze(text: str) -> str:
    """Return `text` with every run of white space folded to one blank and none at the ends."""
    return " ".join(text.split())


def alike(text: str) -> str:
    """Return `text` without what two honest copies of one cell may differ in: "2 × 10⁶" is "2 x 106" is "2×10^6"."""
    flat = fold(unicodedata.normalize("NFKC", text)).replace("×", "x").replace("^", "")
    return "".join(flat.split())
