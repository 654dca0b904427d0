"""RDF documents → quads, with our own errors: what both stores load is read by one parser."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.errors import GraphError
from kg.serialise.nesting import refuse_depth
from kg.stores.base import Format


def read_quads(text: bytes, form: Format, name: str) -> Iterator[ox.Quad]:
    """Yield the statements of a document; GraphError says in which line it is wrong."""
    refuse_depth(text, name, json=form is Format.JSONLD)
    try:
        yield from ox.parse(text, format=rdf_format(form))
    except SyntaxError as error:
        raise GraphError(f"not valid RDF: {error.msg}", where=place_of(name, error)) from error


def rdf_format(form: Format) -> ox.RdfFormat:
    """Return Oxigraph's name of a syntax."""
    formats = {
        Format.TURTLE: ox.RdfFormat.TURTLE,
        Format.NTRIPLES: ox.RdfFormat.N_TRIPLES,
        Format.NQUADS: ox.RdfFormat.N_QUADS,
        Format.TRIG: ox.RdfFormat.TRIG,
        Format.JSONLD: ox.RdfFormat.JSON_LD,
    }
    return formats[form]


def place_of(name: str, error: SyntaxError) -> str:
    """Return the document's name with the line of a syntax error."""
    return f"{name}, line {error.lineno}" if error.lineno else name
