"""Blocks → an Oxigraph store, term by term, without any text in between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kg.model import Block, Node

if TYPE_CHECKING:
    import pyoxigraph


def to_oxigraph(blocks: Iterable[Block], store: pyoxigraph.Store) -> None:
    """Add the quads of `blocks` to `store`, each in its named graph or, without one, in the default graph."""
    store.bulk_extend(oxigraph_quads(blocks))


def oxigraph_quads(blocks: Iterable[Block]) -> Iterator[pyoxigraph.Quad]:
    """Yield the quads of `blocks` as pyoxigraph's terms."""
    from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

    def term(node: Node) -> NamedNode | Literal:
        if isinstance(node, str):
            return NamedNode(node)
        if node.kind.startswith("@"):
            return Literal(node.lexical, language=node.kind[1:])
        return Literal(node.lexical, datatype=NamedNode(node.kind))

    for block in blocks:
        subject = NamedNode(block.subject)
        graph = NamedNode(block.graph) if block.graph else DefaultGraph()
        for predicate, node in block.statements:
            yield Quad(subject, NamedNode(predicate), term(node), graph)
