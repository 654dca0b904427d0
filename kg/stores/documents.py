"""The bytes of an RDF document that a server answered → a graph; whatever is not whole is a StoreError.

JSON-LD and RDF/XML have an end that can be seen. N-Triples and Turtle have none: there a remark in the last line
is taken for what it is with the servers that write one, the news that the query was stopped.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pyoxigraph as ox

from kg.errors import GraphError, StoreError
from kg.serialise.nesting import refuse_depth
from kg.stores.base import Graph, Term, graph_of
from kg.stores.lexical import Terms
from kg.stores.results_json import tail
from kg.stores.results_xml import well_formed

_RDF_XML = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"
_EMPTY = re.compile(rb"\s*# Empty (?:NT|TURTLE)\s*")  # Virtuoso's graph without triples
# three quotes end a string of several lines, of which this is then the last
_LAST_REMARK = re.compile(rb"(?:^|[\r\n])[ \t]*#(?:(?!\"\"\"|''')[^\r\n])*\s*\Z")


def read_graph_answer(body: bytes, media: str) -> Graph:
    """Return the graph of a document of one of the media types in `GRAPH_MEDIA`."""
    form, check = GRAPH_MEDIA[media]
    terms = Terms()
    try:
        check(body)
        triples = [
            (_term(quad.subject, terms), _term(quad.predicate, terms), _term(quad.object, terms))
            for quad in ox.parse(body, format=form)
        ]
    except GraphError as error:
        raise StoreError(error.what) from error
    except SyntaxError as error:
        raise StoreError(
            f"the answer is not whole, or no RDF: {error.msg}",
            where=f"line {error.lineno}" if error.lineno else "",
            raw=tail(body),
        ) from error
    return graph_of(triples)


def _check_json(body: bytes) -> None:
    refuse_depth(body, "answer", json=True)


def _check_xml(body: bytes) -> None:
    well_formed(body, _RDF_XML)


def _check_lines(body: bytes) -> None:
    refuse_depth(body, "answer")
    if _LAST_REMARK.search(body[-4096:]) and not _EMPTY.fullmatch(body):
        raise StoreError(
            "the server ends its answer with a remark, as those do that stop early", raw=tail(body)
        )


GRAPH_MEDIA: dict[str, tuple[ox.RdfFormat, Callable[[bytes], None]]] = {
    "application/ld+json": (ox.RdfFormat.JSON_LD, _check_json),
    "application/rdf+xml": (ox.RdfFormat.RDF_XML, _check_xml),
    "application/n-triples": (ox.RdfFormat.N_TRIPLES, _check_lines),
    "text/turtle": (ox.RdfFormat.TURTLE, _check_lines),
}
"""Media type → how it is read, in the order in which they are asked for."""


def _term(term: object, terms: Terms) -> Term:
    if isinstance(term, ox.NamedNode):
        return terms.iri(term.value)
    if isinstance(term, ox.BlankNode):
        return terms.blank(term.value)
    if isinstance(term, ox.Literal):
        return terms.literal(term.value, "" if term.language else term.datatype.value, term.language or "")
    raise StoreError("the query returns a triple as a value", hint="return its parts in columns of their own")
