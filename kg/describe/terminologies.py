"""The file ontology/terminologies.ttl → the data sets of others that a graph may link to, by the start of their IRIs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kg.errors import VocabularyError
from kg.graph.vocabulary import vocabulary_blocks
from kg.resources import terminologies_file
from kg.triples import Block, Literal
from kg.vocabulary.namespaces import VOID


def terminologies(file: Path | None = None) -> Mapping[str, Block]:
    """Return the block of each terminology by its URI space, in the order of the spaces.

    Raises VocabularyError for one without a URI space, or with that of another.
    """
    path = file or terminologies_file()
    found: dict[str, Block] = {}
    for block in vocabulary_blocks([path], ""):
        spaces = [n.lexical for p, n in block.statements if p == VOID.uriSpace and isinstance(n, Literal)]
        if len(spaces) != 1 or found.setdefault(spaces[0], block) != block:
            raise VocabularyError(
                "a terminology has a void:uriSpace of its own", where=path.name, raw=block.subject
            )
    return dict(sorted(found.items()))
