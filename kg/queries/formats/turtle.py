"""Answer of a CONSTRUCT or DESCRIBE → Turtle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from kg.errors import OutputError
from kg.model import Block, Literal, Node
from kg.stores.base import Answer, Graph, Term
from kg.vocabulary.namespaces import RDF_TYPE, ROOT

_GENID = f"{ROOT}.well-known/genid/"


def write_turtle(answer: Answer) -> str:
    """Return a graph as Turtle; OutputError for a table.

    A blank node becomes an IRI below /.well-known/genid/, as RDF 1.1 (section 3.5) has it.
    """
    from kg.serialise import turtle
    from kg.serialise.prefixes import prefixes_for

    if not isinstance(answer, Graph):
        raise OutputError(
            "a table cannot be written as Turtle",
            allowed="table, csv, tsv, json, xml, markdown",
            hint="turtle is for CONSTRUCT and DESCRIBE queries",
        )
    blocks = tuple(_blocks(answer))
    names = tuple(_iris(blocks))
    used = {
        prefix: namespace
        for prefix, namespace in prefixes_for().items()
        if any(name.startswith(namespace) for name in names)
    }
    return "".join(turtle.write_turtle(blocks, used))


def _blocks(graph: Graph) -> Iterator[Block]:
    for subject, triples in groupby(graph.triples, key=lambda triple: triple[0]):
        statements = sorted(triples, key=lambda triple: triple[1].value != RDF_TYPE)
        yield Block("", _name(subject), tuple((p.value, _node(o)) for _, p, o in statements))


def _iris(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        yield block.subject
        for predicate, node in block.statements:
            yield predicate
            yield node if isinstance(node, str) else node.kind


def _node(term: Term) -> Node:
    if term.kind != "literal":
        return _name(term)
    return Literal(term.value, f"@{term.lang}" if term.lang else term.datatype)


def _name(term: Term) -> str:
    return f"{_GENID}{term.value}" if term.kind == "bnode" else term.value
