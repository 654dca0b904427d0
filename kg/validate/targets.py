"""Shapes → the nodes of a graph that they look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rdflib import RDF, RDFS, SH, Graph
from rdflib.term import Node as Term

_TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)


def ordered(terms: Iterable[Term]) -> list[Term]:
    """Return terms in one order, whatever their kinds."""
    return sorted(terms, key=str)


def targets(shapes: Graph, shape: Term) -> list[tuple[Term, Term]]:
    """Return the targets of a shape as (kind of target, value), in one order."""
    return [(kind, value) for kind in _TARGETS for value in ordered(shapes.objects(shape, kind))]


def focus_nodes(graph: Graph, shapes: Graph, shape: Term) -> list[Term]:
    """Return the nodes that the targets of a shape select, each once, in one order."""
    return ordered({node for kind, value in targets(shapes, shape) for node in _selected(graph, kind, value)})


def _selected(graph: Graph, kind: Term, value: Term) -> Iterator[Term]:
    if kind == SH.targetNode:
        yield value
    elif kind == SH.targetSubjectsOf:
        yield from graph.subjects(value, None)
    elif kind == SH.targetObjectsOf:
        yield from graph.objects(None, value)
    else:
        for sub in graph.transitive_subjects(RDFS.subClassOf, value):
            yield from graph.subjects(RDF.type, sub)
