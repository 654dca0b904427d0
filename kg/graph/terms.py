"""Python values → RDF terms and blocks, all of them of the kinds that every store keeps unchanged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from kg.errors import GraphError
from kg.model import Block, Literal, Node
from kg.vocabulary.namespaces import RDF_TYPE, XSD

_NOT_IN_IRI = re.compile(r"[\x00-\x20\x7f-\xa0<>\"{}|\\^`\ud800-\udfff]")
_NOT_IN_TEXT = re.compile(r"[\x00\ud800-\udfff]")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.")

SAFE_DATATYPES = frozenset(
    (XSD.string, XSD.integer, XSD.decimal, XSD.boolean, XSD.date, XSD.gYear, XSD.gYearMonth, XSD.anyURI)
)
"""Datatypes whose lexical forms no store rewrites; doubles and durations come back changed from most."""

Values = tuple[str, Iterable[Node]]
"""A predicate IRI and its objects, none, one or several."""


def check_iri(iri: str) -> str:
    """Return `iri` when it is absolute and free of characters that no IRI may hold; else raise GraphError."""
    if _ABSOLUTE.match(iri) and not _NOT_IN_IRI.search(iri):
        return iri
    raise GraphError(
        "this is no absolute IRI", raw=iri, allowed='a scheme and no blanks, controls or < > " { } | \\ ^ `'
    )


def text(value: str) -> Literal:
    """Return a string literal; raise GraphError for characters that no RDF file can carry."""
    if found := _NOT_IN_TEXT.search(value):
        raise GraphError(
            f"a text holds the character U+{ord(found.group()):04X}, which RDF cannot carry",
            raw=value.encode("unicode_escape").decode("ascii"),
            hint="remove it from the source",
        )
    return Literal(value, XSD.string)


def texts(*values: str) -> tuple[Literal, ...]:
    """Return a string literal for every value that is not empty."""
    return tuple([text(value) for value in values if value])


def integer(value: int) -> Literal:
    """Return an xsd:integer in canonical form."""
    return Literal(str(int(value)), XSD.integer)


def number(value: Decimal) -> Literal:
    """Return an xsd:integer for a whole number, else an xsd:decimal without trailing zeros or exponent."""
    if not value.is_finite():
        raise GraphError("a number of the graph must be finite", raw=str(value))
    if value == value.to_integral_value():
        return integer(int(value))
    return Literal(format(value, "f").rstrip("0"), XSD.decimal)


def boolean(value: bool) -> Literal:
    """Return an xsd:boolean, `true` or `false`."""
    return Literal("true" if value else "false", XSD.boolean)


def block(graph: str, subject: str, types: Iterable[str], *values: Values) -> Block:
    """Return the block of `subject`: its types, then `values` in the order given, each statement once."""
    pairs: list[tuple[str, Node]] = [(RDF_TYPE, name) for name in types]
    for predicate, nodes in values:
        pairs += [(predicate, node) for node in nodes]
    return Block(graph, subject, tuple(dict.fromkeys(pairs)))
