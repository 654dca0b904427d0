"""The vocabularies that ship with the program → the lexicon."""

from __future__ import annotations

from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import Lexicon, load_lexicon


def bundled_lexicon() -> Lexicon:
    """Return the lexicon of ontology/vocabulary/; VocabularyError where its files contradict each other."""
    return load_lexicon(vocabulary_files())
