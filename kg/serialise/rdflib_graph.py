"""Blocks → an rdflib graph, term by term, without any text in between."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kg.model import Block, Node
from kg.vocabulary.namespaces import XSD

if TYPE_CHECKING:
    import rdflib


def to_rdflib(blocks: Iterable[Block]) -> rdflib.Graph:
    """Return the triples of `blocks` as one graph; named graphs are left out, lexical forms are kept."""
    import rdflib

    graph = rdflib.Graph()
    known: dict[str, rdflib.URIRef] = {}

    def iri(name: str) -> rdflib.URIRef:
        if name not in known:
            known[name] = rdflib.URIRef(name)
        return known[name]

    def term(node: Node) -> rdflib.URIRef | rdflib.Literal:
        if isinstance(node, str):
            return iri(node)
        if node.kind == XSD.string:  # written without its datatype in every format, and read back so
            return rdflib.Literal(node.lexical)
        if node.kind.startswith("@"):
            return rdflib.Literal(node.lexical, lang=node.kind[1:])
        return rdflib.Literal(node.lexical, datatype=iri(node.kind), normalize=False)

    for block in blocks:
        subject = iri(block.subject)
        for predicate, node in block.statements:
            graph.add((subject, iri(predicate), term(node)))
    return graph
