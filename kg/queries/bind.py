"""A query and the asker's words → query text: the only place where a value becomes part of a query.

Each value is checked against its parameter's type, made a term, written by `term_text`, and put into the
block `VALUES ?name { … }` that the query has for it. Nothing else of the text changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kg.errors import QueryError
from kg.queries.blocks import parameters_of, value_blocks
from kg.queries.catalogue import QueryFile
from kg.queries.terms import term_text
from kg.queries.values import Names, terms_for
from kg.stores.base import Answers
from kg.vocabulary.lexicon import Lexicon


def bind(
    query: QueryFile,
    values: Mapping[str, str],
    lexicon: Lexicon | Callable[[], Lexicon],
    store: Answers | None = None,
) -> str:
    """Return the query's text with `values`, by parameter name, in its VALUES blocks.

    A parameter without a value keeps what the file says. `lexicon` may be a function that loads it: it is
    called only when a concept must be found. Trials are looked up in `store`. Raises QueryError.
    """
    names = Names((lambda: lexicon) if isinstance(lexicon, Lexicon) else lexicon, store)
    blocks = {block.name: block for block in value_blocks(query.text)}
    parameters = {parameter.name: parameter for parameter in parameters_of(query)}
    text = query.text
    edits = []
    for name, value in values.items():
        if name not in parameters:
            raise _unknown_parameter(query, name, tuple(parameters))
        block = blocks[name]
        edits.append(
            (block.start, block.end, " ".join(map(term_text, terms_for(parameters[name], value, names))))
        )
    for start, end, inside in sorted(edits, reverse=True):
        text = f"{text[:start]} {inside} {text[end:]}"
    return text


def _unknown_parameter(query: QueryFile, name: str, known: tuple[str, ...]) -> QueryError:
    return QueryError(
        f"the query {query.id} has no parameter {name!r}",
        allowed=", ".join(known) or "none: this query has no parameters",
        hint="a query without a header has one parameter for each VALUES ?name { … }" if not known else "",
    )
