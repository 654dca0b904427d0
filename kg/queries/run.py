"""A query, the asker's words and a store → the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kg.queries.bind import bind
from kg.queries.catalogue import QueryFile
from kg.stores.base import Answer, Answers
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon


def run(
    store: Answers,
    query: QueryFile,
    values: Mapping[str, str] | None = None,
    lexicon: Lexicon | Callable[[], Lexicon] = bundled_lexicon,
) -> Answer:
    """Ask `store` the query with `values` for its parameters, or as the file has it; raises QueryError."""
    return store.query(bind(query, values or {}, lexicon, store))
