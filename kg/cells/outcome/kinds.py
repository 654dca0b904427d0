"""Drafts of claims and the row's diseases → what kind of endpoint each measure is."""

from __future__ import annotations

import re
from collections.abc import Collection

from kg.cells.outcome.drafts import Draft, kind_of
from kg.cells.outcome.terms import Words
from kg.vocabulary.lexicon import Concept, Lexicon
from kg.vocabulary.namespaces import TKG
from kg.vocabulary.text import fold

CLINICAL, RESPONSE, BIOMARKER = "clinical", "response", "biomarker"
_WORD = re.compile(r"[^\W\d_]+")
# "Ang-2", "REG3α", "sICAM-1", but not "PASI-75": names of proteins mix small and capital letters
_PROTEIN = re.compile(r"(?=.*[a-z])[A-Za-z]{2,10}-?\d{1,3}[A-Zα-ω]?|CD\d+.*")


class Kinds:
    """Tells what kind of endpoint a measure is: by its concept, by that of its head word, or by the form of its name."""

    def __init__(self, lexicon: Lexicon, words: Words, diseases: Collection[Concept]) -> None:
        self._words = words
        lines = ((disease, *lexicon.ancestors(disease)) for disease in diseases)
        self._diseases = frozenset(concept.iri for line in lines for concept in line)

    def of(self, draft: Draft) -> str:
        """Return the name of the kind, one of the scheme `endpoint-kind`."""
        head = draft.named.head
        if head is None:
            siblings = {kind_of(sibling) for sibling in draft.siblings}
            return BIOMARKER if siblings == {BIOMARKER} else self._by_name(draft.named.name)
        if head.scheme == "cue":
            return CLINICAL if head.note(TKG.wordClass) == "state-bad" else RESPONSE
        kind = kind_of(head) or CLINICAL
        if draft.named.concept is None and kind != BIOMARKER and self._is_immune(draft.named.name):
            return BIOMARKER
        measured = head.notes.get(TKG.activityMeasureOf, ())
        return CLINICAL if kind == BIOMARKER and self._diseases.intersection(measured) else kind

    def _by_name(self, name: str) -> str:
        words = set(_WORD.findall(fold(name)))
        if words & self._words["laboratory"] or self._is_immune(name) or _PROTEIN.fullmatch(name):
            return BIOMARKER
        return BIOMARKER if words & {"cell", "cells"} else CLINICAL

    def _is_immune(self, name: str) -> bool:
        low = fold(name)
        return any(word in low for word in self._words["immune"])
