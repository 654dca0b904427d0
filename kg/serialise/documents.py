"""RDF documents → quads, with our own errors: what stores load and what is validated is read by one parser."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import pyoxigraph as ox

from kg.errors import GraphError
from kg.serialise.nesting import refuse_depth


class Format(StrEnum):
    """The RDF syntaxes that are read, by the suffix of the file."""

    TURTLE = ".ttl"
    NTRIPLES = ".nt"
    NQUADS = ".nq"
    TRIG = ".trig"
    JSONLD = ".jsonld"


def read_quads(text: bytes, form: Format, name: str) -> Iterator[ox.Quad]:
    """Yield the statements of a document; GraphError says in which line it is wrong.

    Blank nodes get new names, so that those of two documents stay apart.
    """
    refuse_depth(text, name, json=form is Format.JSONLD)
    try:
        yield from ox.parse(text, format=rdf_format(form), rename_blank_nodes=True)
    except SyntaxError as error:
        raise not_valid(name, error) from error


def not_valid(name: str, error: SyntaxError) -> GraphError:
    """Return what the parser says of the document `name` as a GraphError with its line."""
    where = f"{name}, line {error.lineno}" if error.lineno else name
    return GraphError(f"not valid RDF: {error.msg}", where=where, hint="correct the file, or build it again")


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
