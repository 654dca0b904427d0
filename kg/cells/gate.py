"""One word of a row and a column → whether any cell that the column reads completely can contain that word.

It saves most of the reading: a cell is only ever tried up to the first word that its column cannot have.
"""

from __future__ import annotations

import re

from kg.cells.common import MARKS
from kg.cells.mentions import GRAMMAR, Overrides
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.text import word_forms, words

_NAMES = {
    "disease": ("disease",),
    "cell_source": ("cell-source", "donor", "product"),
    "product": ("cell-source", "donor", "product"),
    "donor": ("donor",),
    "route": ("route",),
    "dose": ("unit", "basis", "product"),
}
_JOINS_AMOUNTS = "plus then to until between from versus vs per each every than"
_QUALIFIES_AMOUNTS = (
    "about around approximately approx circa ca up least most more less fewer no max min maximum minimum"
)
_NAMES_LEVELS = (
    "very low medium middle mid moderate intermediate high dose doses total amount mean median average n"
    " cohort group arm level tier escalation escalating first second third fourth injection infusion"
)
_SCALES = "x e million millions mln mio billion billions bn thousand thousands m mm"
_DOSE_WORDS = frozenset(" ".join((_JOINS_AMOUNTS, _QUALIFIES_AMOUNTS, _NAMES_LEVELS, _SCALES)).split())
_KEY_OF_A_TRIAL = re.compile(r"(?=.*[^\W\d_])(?:\D*\d){5}")
_NUMBERED = re.compile(r"(?:\d\D*){4}|[A-Za-z]{2}.*\d")
_NO_FREQUENCY = re.compile(r"(?:\D*\d){4}|[×^]")
_JOINS_NUMBERS = frozenset(["and", "or", "with", "as", "in"])


class Gate:
    """Knows for one table which words its columns can have; each question is answered once."""

    def __init__(self, lexicon: Lexicon, overrides: Overrides) -> None:
        self._lexicon = lexicon
        self._own = {word.form for _, form in overrides for word in words(form)}
        self._schemes = {key: self._served(key) for key in (*_NAMES, "trial_number")}
        self._heads = {key: self._header_words(key) for key in self._schemes}
        self._seen: dict[tuple[str, str], bool] = {}

    def admits(self, key: str, token: str) -> bool:
        """Return whether a complete cell of the column `key` may contain `token`, a word between two blanks."""
        place = (key, token)
        found = self._seen.get(place)
        if found is None:
            found = self._seen[place] = self._admits(key, token)
        return found

    def _admits(self, key: str, token: str) -> bool:
        if _KEY_OF_A_TRIAL.match(token) and key not in ("trial_number", "reference"):
            return False
        if key in _NAMES:
            return all(self._named(key, word.form) for word in words(token))
        if key == "trial_number":
            return bool(_NUMBERED.search(token)) or all(self._joins(word.form) for word in words(token))
        if key == "frequency":
            return not _NO_FREQUENCY.match(token)
        return True

    def _named(self, key: str, word: str) -> bool:
        if key == "dose" and (word in _DOSE_WORDS or not word.isalpha()):
            return True
        return word in GRAMMAR or word in MARKS or word in self._own or self._known(key, word)

    def _joins(self, word: str) -> bool:
        return word in _JOINS_NUMBERS or word in MARKS or self._known("trial_number", word)

    def _known(self, key: str, word: str) -> bool:
        heads = self._heads[key]
        return (
            word in heads
            or word + "s" in heads
            or word.removesuffix("s") in heads
            or any(self._lexicon.knows(scheme, word) for scheme in self._schemes[key])
        )

    def _header_words(self, key: str) -> frozenset[str]:
        """Return the words of the column's own headers; those of other columns explain nothing in its cells."""
        own = (concept for concept in self._lexicon.concepts("column") if concept.notation == key)
        return frozenset(word for concept in own for form in concept.forms for word in word_forms(form))

    def _served(self, key: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*_NAMES.get(key, ()), *self._lexicon.schemes(key), "mark")))
