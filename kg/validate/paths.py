"""SHACL property paths → text in SPARQL's notation, and the properties they are made of."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import RDF, SH, Graph, URIRef
from rdflib.term import Node as Term

_SUFFIX = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}


def path_text(shapes: Graph, path: Term | None) -> str:
    """Return the IRI of a single property, a SPARQL property path such as `^<…>/<…>`, or "" for no path."""
    if path is None:
        return ""
    return str(path) if isinstance(path, URIRef) else _step(shapes, path)


def path_properties(shapes: Graph, path: Term | None) -> tuple[str, ...]:
    """Return the IRIs of the properties along a path, in its order."""
    return tuple(_properties(shapes, path)) if path is not None else ()


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
