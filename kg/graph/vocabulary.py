"""The ontology and the SKOS files → blocks, so that a graph file explains its own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph

from kg.errors import GraphError
from kg.graph.terms import SAFE_DATATYPES
from kg.model import Block, Literal, Node
from kg.vocabulary.namespaces import RDF_TYPE


def vocabulary_blocks(files: Iterable[Path], graph: str) -> Iterator[Block]:
    """Yield one block for each subject of Turtle `files`, ordered by IRI.

    Raises GraphError for a file that cannot be read, a blank node, or a literal that not every store keeps.
    """
    subjects: dict[str, set[tuple[str, Node]]] = {}
    for path in files:
        for subject, predicate, node in _statements(path):
            subjects.setdefault(subject, set()).add((predicate, node))
    for subject, statements in sorted(subjects.items()):
        yield Block(graph, subject, tuple(sorted(statements, key=_order)))


def _statements(path: Path) -> Iterator[tuple[str, str, Node]]:
    try:
        for quad in pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE):
            if not isinstance(quad.subject, pyoxigraph.NamedNode):
                raise GraphError(
                    "a blank node has no name to be found by", where=path.name, hint="give it an IRI"
                )
            yield quad.subject.value, quad.predicate.value, _node(quad.object, path)
    except (SyntaxError, OSError) as error:
        raise GraphError(f"cannot be read: {error}", where=path.name) from error


def _node(term: object, path: Path) -> Node:
    if isinstance(term, pyoxigraph.NamedNode):
        return term.value
    if not isinstance(term, pyoxigraph.Literal):
        raise GraphError("a blank node has no name to be found by", where=path.name, hint="give it an IRI")
    if term.language:
        return Literal(term.value, f"@{term.language}")
    if term.datatype.value not in SAFE_DATATYPES:
        allowed = ", ".join(sorted(iri.rsplit("#")[-1] for iri in SAFE_DATATYPES))
        raise GraphError(
            "not every store keeps such a literal", where=path.name, raw=str(term), allowed=allowed
        )
    return Literal(term.value, term.datatype.value)


def _order(statement: tuple[str, Node]) -> tuple[bool, str, bool, tuple[str, ...]]:
    predicate, node = statement
    literal = isinstance(node, Literal)
    return predicate != RDF_TYPE, predicate, literal, tuple(node) if isinstance(node, Literal) else (node,)
