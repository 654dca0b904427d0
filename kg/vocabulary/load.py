"""The vocabularies that ship with the program, and those of the user → the lexicon."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import Lexicon, load_lexicon
from kg.vocabulary.own import read_own


def bundled_lexicon(own: Sequence[Path] = ()) -> Lexicon:
    """Return the lexicon of ontology/vocabulary/ with the user's files `own`, whose words win.

    Raises VocabularyError where the shipped files contradict each other, and where one of `own` cannot be read.
    """
    files = tuple(vocabulary_files())
    shipped = _shipped(files)
    if not own:
        return shipped
    return load_lexicon(files, [read_own(path, shipped) for path in own])


@lru_cache(maxsize=1)  # a lexicon does not change, and a program that reads many tables needs it for each
def _shipped(files: tuple[Path, ...]) -> Lexicon:
    return load_lexicon(files)
