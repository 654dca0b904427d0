"""Triples as plain values: what the graph is made of and the serialisers write, with no library between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Literal(NamedTuple):
    """An RDF literal: lexical form, and the full IRI of its datatype or a language tag with a leading "@"."""

    lexical: str
    kind: str


Node = str | Literal
"""An object of a triple: an absolute IRI (plain str) or a Literal."""


@dataclass(frozen=True, slots=True)
class Block:
    """All statements of one subject in one named graph: the unit that the serialisers write.

    `graph` and `subject` are absolute IRIs; `statements` are pairs (predicate IRI, object), each once.
    """

    graph: str
    subject: str
    statements: tuple[tuple[str, Node], ...] = ()
