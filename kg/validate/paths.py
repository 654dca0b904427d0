"""SHACL property paths → text in SPARQL's notation, their properties, and the nodes of a graph they pass."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import RDF, SH, Graph, URIRef
from rdflib.term import Node as Term

Step = tuple[Term, bool]  # a property, and whether it is followed along or against its direction

_SUFFIX = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}


def path_text(shapes: Graph, path: Term | None) -> str:
    """Return the IRI of a single property, a SPARQL property path such as `^<…>/<…>`, or "" for no path."""
    if path is None:
        return ""
    return str(path) if isinstance(path, URIRef) else _step(shapes, path)


def path_properties(shapes: Graph, path: Term | None) -> tuple[str, ...]:
    """Return the IRIs of the properties along a path, in its order."""
    return tuple(_properties(shapes, path)) if path is not None else ()


def nodes_passed(graph: Graph, steps: tuple[Step, ...], focus: Term, value: Term | None) -> tuple[Term, ...]:
    """Return the nodes of `graph` between `focus` and `value` along `steps`, the nearest to `focus` first.

    A report that a path merely could have passed is left out: only walks that end at `value` count.
    """
    if len(steps) < 2:
        return ()
    passed: dict[Term, None] = {}
    for node in _next(graph, steps[0], focus):
        further = nodes_passed(graph, steps[1:], node, value)
        if further or (len(steps) == 2 and value in _next(graph, steps[1], node)):
            passed.update(dict.fromkeys((node, *further)))
    return tuple(passed)


def values_along(graph: Graph, steps: tuple[Step, ...], focus: Term) -> tuple[Term, ...]:
    """Return the nodes of `graph` that `steps` lead to from `focus`, each once."""
    nodes: tuple[Term, ...] = (focus,)
    for step in steps:
        nodes = tuple(dict.fromkeys(further for node in nodes for further in _next(graph, step, node)))
    return nodes


def path_steps(shapes: Graph, path: Term | None) -> tuple[Step, ...]:
    """Return a property or a sequence as (property, along or against it), () for any other path."""
    if isinstance(path, URIRef):
        return ((path, True),)
    if path is None or (path, RDF.first, None) not in shapes:
        return ()
    steps = []
    for part in shapes.items(path):
        inverse = shapes.value(part, SH.inversePath)
        steps.append((part if inverse is None else inverse, inverse is None))
    return tuple(steps) if all(isinstance(prop, URIRef) for prop, _ in steps) else ()


def _next(graph: Graph, step: Step, node: Term) -> list[Term]:
    prop, along = step
    return sorted(graph.objects(node, prop) if along else graph.subjects(prop, node), key=str)


def _step(shapes: Graph, path: Term) -> str:
    if isinstance(path, URIRef):
        return f"<{path}>"
    if (path, RDF.first, None) in shapes:
        return "/".join(_step(shapes, part) for part in shapes.items(path))
    for kind, inner in sorted(shapes.predicate_objects(path)):
        if kind == SH.inversePath:
            return f"^{_step(shapes, inner)}"
        if kind == SH.alternativePath:
            return f"({'|'.join(_step(shapes, part) for part in shapes.items(inner))})"
        if kind in _SUFFIX:
            return f"({_step(shapes, inner)}){_SUFFIX[kind]}"  # type: ignore[index]
    return ""


def _properties(shapes: Graph, path: Term) -> Iterator[str]:
    if isinstance(path, URIRef):
        if path != RDF.nil:
            yield str(path)
    elif (path, RDF.first, None) in shapes:
        for part in shapes.items(path):
            yield from _properties(shapes, part)
    else:
        for _, inner in sorted(shapes.predicate_objects(path)):
            yield from _properties(shapes, inner)
