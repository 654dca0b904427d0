"""Graph + shapes → `Report`; the only module that calls pySHACL, and that keeps its side effects in.

pySHACL is given parsed graphs only, without inference and without the advanced features.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import rdflib
import rdflib.term
from rdflib import RDF, SH, XSD, BNode, Graph, URIRef
from rdflib.namespace import NamespaceManager
from rdflib.term import Node as Term

from kg.errors import GraphError
from kg.model import Literal, Node, Severity
from kg.validate.ask import answers, take_questions
from kg.validate.compare import disorders, take_comparisons
from kg.validate.lift import lift_property_shapes
from kg.validate.load import load_graph, load_shapes
from kg.validate.model import FOCUS_REQUIRED, SEVERITIES, Report, Result, ShapeCount
from kg.validate.paths import nodes_passed, path_properties, path_steps, path_text
from kg.validate.places import Places
from kg.validate.targets import focus_nodes, ordered, targets
from kg.vocabulary.namespaces import TKG

__all__ = ["load_graph", "load_shapes", "validate"]

_SEVERITY: dict[Term | None, Severity] = {
    SH.Violation: Severity.VIOLATION,
    SH.Warning: Severity.WARNING,
    SH.Info: Severity.INFO,
}
_TRUE = rdflib.Literal("true", datatype=XSD.boolean, normalize=False)


def validate(graph: Graph, shapes: Graph) -> Report:
    """Check `graph` against `shapes`; neither is changed.

    A shape with targets that finds no focus node is a violation unless it is `tkg:optional true`. Raises
    GraphError when the shapes themselves are wrong.
    """
    lifted = lift_property_shapes(shapes)
    comparisons, questions = take_comparisons(graph, lifted), take_questions(graph, lifted)
    found = _run(graph, lifted)
    for fault in (*disorders(graph, comparisons), *answers(graph, questions)):
        fault.write(found, shapes)
    reader = _Reader(graph, shapes, found)
    counts = tuple(_counts(graph, shapes))
    results = [reader.result(node) for node in found.objects(None, SH.result)]
    results += [reader.unfocused(count) for count in counts if not count.focus_nodes and not count.optional]
    return Report(tuple(sorted(results, key=_order)), counts)


def _order(result: Result) -> tuple[object, ...]:
    place = result.place
    at = (place.source, place.row or 0) if place else ("", 0)
    what = (result.shape, result.focus, result.path, _sortable(result.value), result.constraint)
    return (SEVERITIES.index(result.severity), *at, *what)


def _sortable(value: Node | None) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, Literal) else (value or "",)


class _Reader:
    """Turns the nodes of pySHACL's report graph into results."""

    def __init__(self, graph: Graph, shapes: Graph, found: Graph) -> None:
        self._graph = graph
        self._shapes = shapes
        self._found = found
        self._places = Places(graph)
        self._owners = {child: node for node, child in sorted(shapes.subject_objects(SH.property))}

    def result(self, node: Term) -> Result:
        """Return one result; `node` is its node in the report graph."""
        shape, focus = self._one(node, SH.sourceShape), self._one(node, SH.focusNode)
        path, value = self._path(node, shape), self._found.value(node, SH.value)
        passed = nodes_passed(self._graph, path_steps(self._shapes, path), focus, value)
        places = self._places.of(focus, path_properties(self._shapes, path), passed)
        return Result(
            severity=_SEVERITY.get(self._one(node, SH.resultSeverity), Severity.VIOLATION),
            shape=str(shape),
            shape_name=self._text(shape, SH.name),
            focus=_text(focus),
            path=path_text(self._shapes, path),
            value=_value(value),
            message=" ".join(sorted(str(m) for m in self._found.objects(node, SH.resultMessage))),
            constraint=str(self._one(node, SH.sourceConstraintComponent)),
            place=places[0] if places else None,
            hint=self._text(shape, SH.description),
            owner=str(self._owners.get(shape, shape)),
            # of a discrepancy every place counts; of a concept or a trial the first one is enough
            also=places[1:] if (focus, URIRef(TKG.between), None) in self._graph else (),
        )

    def unfocused(self, count: ShapeCount) -> Result:
        """Return the violation of a required shape that has nothing to look at."""
        target = targets(self._shapes, URIRef(count.shape))[0][1]
        return Result(
            severity=Severity.VIOLATION,
            shape=count.shape,
            shape_name=count.name,
            focus=str(target),
            path="",
            value=None,
            message=f"The graph has no node for the shape {count.name!r}, which every graph must have.",
            constraint=FOCUS_REQUIRED,
            place=None,
            hint="Check that this is the whole graph, with its provenance and its vocabulary.",
            owner=count.shape,
        )

    def _path(self, node: Term, shape: Term) -> Term | None:
        path = self._found.value(node, SH.resultPath)
        return path if isinstance(path, URIRef) else self._shapes.value(shape, SH.path)

    def _one(self, node: Term, prop: URIRef) -> Term:
        value = self._found.value(node, prop)
        if value is None:
            raise GraphError(f"the validator gave a result without {prop}")
        return value

    def _text(self, shape: Term, prop: URIRef) -> str:
        return str(next(iter(ordered(self._shapes.objects(shape, prop))), ""))


def _value(term: Term | None) -> Node | None:
    if isinstance(term, rdflib.Literal):
        return Literal(str(term), f"@{term.language}" if term.language else str(term.datatype or XSD.string))
    return None if term is None else _text(term)


def _text(term: Term) -> str:
    return f"_:{term}" if isinstance(term, BNode) else str(term)


def _counts(graph: Graph, shapes: Graph) -> Iterator[ShapeCount]:
    for shape in ordered(set(shapes.subjects(RDF.type, SH.NodeShape))):
        if targets(shapes, shape):
            name = str(next(iter(ordered(shapes.objects(shape, SH.name))), shape))
            optional = (shape, URIRef(TKG.optional), _TRUE) in shapes
            yield ShapeCount(str(shape), name, len(focus_nodes(graph, shapes, shape)), optional)


# ---------------------------------------------------------------- pySHACL


def _run(graph: Graph, shapes: Graph) -> Graph:
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError

    with _contained():
        try:
            _, found, text = pyshacl.validate(
                _view(graph), shacl_graph=shapes, inference="none", advanced=False, meta_shacl=False
            )
        except ReportableRuntimeError as error:
            raise GraphError(f"the shapes cannot be used: {error.message}") from error
    if not isinstance(found, Graph):
        raise GraphError(f"the shapes cannot be used: {text}")
    return found


class _FullNames(NamespaceManager):
    """Names that are never shortened: pySHACL would bind prefixes in the caller's graph to print its text."""

    def bind(self, *_args: object, **_options: object) -> None:
        """Bind nothing."""

    def normalizeUri(self, rdfTerm: str) -> str:  # noqa: N802, N803 - rdflib's names
        """Return the full IRI in angle brackets."""
        return f"<{rdfTerm}>"


def _view(graph: Graph) -> Graph:
    names = _FullNames(Graph(bind_namespaces="none"), bind_namespaces="none")
    return Graph(store=graph.store, identifier=graph.identifier, namespace_manager=names)


@contextmanager
def _contained() -> Iterator[None]:
    """Put back what pySHACL changes for the whole process, also when it fails.

    It flips rdflib's NORMALIZE_LITERALS and its reading of xsd:boolean, and adds a log handler at each call.
    """
    mapping = rdflib.term._toPythonMapping
    logger = logging.getLogger("pyshacl-validate")
    before = (rdflib.NORMALIZE_LITERALS, mapping[XSD.boolean], list(logger.handlers), logger.level)
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS, mapping[XSD.boolean], logger.handlers, logger.level = before
