"""The ontology and the SKOS files → blocks, so that a graph file explains its own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph

from kg.errors import GraphError
from kg.graph.terms import SAFE_DATATYPES
from kg.model import Block, Literal, Node
from kg.vocabulary.namespaces import RDF_TYPE
from kg.vocabulary.statements import Own


def vocabulary_blocks(files: Iterable[Path], graph: str, own: Iterable[Own] = ()) -> Iterator[Block]:
    """Yield one block for each subject of Turtle `files` and of the user's vocabularies `own`, ordered by IRI.

    Raises GraphError for a file that cannot be read, a blank node, or a literal that not every store keeps.
    """
    subjects: dict[str, set[tuple[str, Node]]] = {}
    for subject, predicate, node in _all(files, own):
        subjects.setdefault(subject, set()).add((predicate, node))
    for subject, statements in sorted(subjects.items()):
        yield Block(graph, subject, tuple(sorted(statements, key=_order)))


def _all(files: Iterable[Path], own: Iterable[Own]) -> Iterator[tuple[str, str, Node]]:
    for path in files:
        yield from _statements(path.name, pyoxigraph.parse, path=str(path))
    for one in own:
        yield from _statements(one.name, pyoxigraph.parse, input=one.turtle)


def _statements(name: str, parse: Callable[..., Any], **source: str) -> Iterator[tuple[str, str, Node]]:
    try:
        for quad in parse(**source, format=pyoxigraph.RdfFormat.TURTLE):
            if not isinstance(quad.subject, pyoxigraph.NamedNode):
                raise GraphError("a blank node has no name to be found by", where=name, hint="give it an IRI")
            yield quad.subject.value, quad.predicate.value, _node(quad.object, name)
    except (SyntaxError, OSError) as error:
        raise GraphError(f"cannot be read: {error}", where=name) from error


def _node(term: object, name: str) -> Node:
    if isinstance(term, pyoxigraph.NamedNode):
        return term.value
    if not isinstance(term, pyoxigraph.Literal):
        raise GraphError("a blank node has no name to be found by", where=name, hint="give it an IRI")
    if term.language:
        return Literal(term.value, f"@{term.language}")
    if term.datatype.value not in SAFE_DATATYPES:
        allowed = ", ".join(sorted(iri.rsplit("#")[-1] for iri in SAFE_DATATYPES))
        raise GraphError("not every store keeps such a literal", where=name, raw=str(term), allowed=allowed)
    return Literal(term.value, term.datatype.value)


def _order(statement: tuple[str, Node]) -> tuple[bool, str, bool, tuple[str, ...]]:
    predicate, node = statement
    literal = isinstance(node, Literal)
    return predicate != RDF_TYPE, predicate, literal, tuple(node) if isinstance(node, Literal) else (node,)
