"""What Virtuoso 7 answers → what was asked: its own ways of saying yes or no, of writing graphs and large numbers.

Each was seen with version 7.2.5. Its JSON-LD loses language tags and the types of numbers, its RDF/XML leaves out
predicates that XML has no name for; its N-Triples are whole, and come with their length.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from kg.errors import StoreError
from kg.stores.base import Answer, Graph, Result, Term, Verdict, graph_of
from kg.vocabulary.namespaces import XSD

PRODUCT = "Virtuoso"
GRAPHS = "application/n-triples"

_ASKED = ("__ASK_RETVAL",)
_LARGEST = 2**31 - 1


def is_virtuoso(headers: Mapping[str, str]) -> bool:
    """Whether these are its headers; some of them pass a proxy that puts its own name in the place of Server."""
    return headers.get("server", "").lower().startswith("virtuoso") or any(
        name.startswith(("x-sparql-", "x-sql-")) for name in headers
    )


def verdict_of(answer: Answer) -> Answer:
    """Return yes or no where it answers ASK with a table of one cell, or of none for no."""
    if not isinstance(answer, Result) or answer.columns != _ASKED:
        return answer
    said = [term.value for row in answer.rows for term in row if term]
    if len(said) > 1 or (said and said[0] not in ("0", "1", "true", "false")):
        raise StoreError("the server says neither yes nor no", raw=str(said))
    return Verdict(bool(said) and said[0] in ("1", "true"))


def with_integers(answer: Answer) -> Answer:
    """Return the answer with integers for whole decimals that it could not hold as integers of 32 bits."""
    if isinstance(answer, Result):
        rows = tuple(tuple(term and _integer(term) for term in row) for row in answer.rows)
        return Result(answer.columns, rows)
    if isinstance(answer, Graph):
        return graph_of((s, p, _integer(o)) for s, p, o in answer.triples)
    return answer


def _integer(term: Term) -> Term:
    whole = term.datatype == XSD.decimal and re.fullmatch("-?[0-9]{10,1000}", term.value)
    return term._replace(datatype=XSD.integer) if whole and abs(int(term.value)) > _LARGEST else term
