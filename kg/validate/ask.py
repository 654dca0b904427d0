"""Graph and shapes → what constraints in SPARQL find, in place of pySHACL.

pySHACL hands the text of a query to rdflib once for each focus node, which takes some 30 ms each. Here Oxigraph
answers it, with `$this` put in before (SHACL 5.3.1), in a few hundredths of that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph
import rdflib
from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib.term import Node as Term

from kg.errors import GraphError
from kg.validate.fault import Fault
from kg.validate.targets import focus_nodes, ordered, targets

_THIS = pyoxigraph.Variable("this")
# a query with one of these, and a constraint that says more than its query, is left to pySHACL
_SPECIAL = re.compile(r"[?$](?:PATH|shapesGraph|currentShape|failure|message)\b")
_PLAIN = {RDF.type, SH.select, SH.prefixes}


@dataclass(frozen=True, slots=True)
class Question:
    """One constraint of a node shape: the query that finds what breaks it, and the nodes to ask it of."""

    shape: Term
    query: str
    focus: tuple[Term, ...]


def take_questions(graph: Graph, shapes: Graph) -> tuple[Question, ...]:
    """Remove the plain constraints in SPARQL from `shapes` and return them with their focus nodes in `graph`."""
    taken = []
    for shape, constraint in sorted(shapes.subject_objects(SH.sparql), key=str):
        query = _query(shapes, constraint)
        if query and _is_plain(shapes, shape) and not _SPECIAL.search(query):
            taken.append(Question(shape, query, tuple(focus_nodes(graph, shapes, shape))))
            shapes.remove((shape, SH.sparql, constraint))
    return tuple(taken)


def answers(graph: Graph, questions: Iterable[Question]) -> Iterator[Fault]:
    """Yield a fault for every solution of every query; GraphError for one that is no SPARQL."""
    asked = [question for question in questions if question.focus]
    if not asked:
        return
    copy = _Copy(graph)
    for question in asked:
        for focus in question.focus:
            for value, path in copy.ask(question, focus):
                yield Fault(question.shape, SH.SPARQLConstraintComponent, focus, value, path)


def _is_plain(shapes: Graph, shape: Term) -> bool:
    inactive = (shape, SH.deactivated, None) in shapes
    return bool(targets(shapes, shape)) and not inactive and (shape, SH.path, None) not in shapes


def _query(shapes: Graph, constraint: Term) -> str:
    """Return the query of a constraint with its prefixes, "" when the constraint says anything else."""
    if not set(shapes.predicates(constraint)) <= _PLAIN:
        return ""
    prefixes = [
        f"PREFIX {shapes.value(one, SH.prefix)}: <{shapes.value(one, SH.namespace)}>\n"
        for some in ordered(shapes.objects(constraint, SH.prefixes))
        for one in ordered(shapes.objects(some, SH.declare))
    ]
    return "".join((*prefixes, str(shapes.value(constraint, SH.select) or "")))


class _Copy:
    """The graph as Oxigraph holds it, and the way back to the terms of rdflib."""

    def __init__(self, graph: Graph) -> None:
        self._there: dict[Term, pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal] = {}
        self._back: dict[object, Term] = {}
        self._store = pyoxigraph.Store()
        self._store.bulk_extend(self._quads(graph))

    def ask(self, question: Question, focus: Term) -> list[tuple[Term, Term | None]]:
        """Return value and path of each solution for one focus node, in one order; the node is the value by itself."""
        try:
            found = self._store.query(question.query, substitutions={_THIS: self._term(focus)})
        except SyntaxError as error:
            raise GraphError(f"the shapes cannot be used: {error}", where=str(question.shape)) from error
        if not isinstance(found, pyoxigraph.QuerySolutions):
            raise GraphError(
                "the shapes cannot be used: sh:select must be a SELECT", where=str(question.shape)
            )
        names = [variable.value for variable in found.variables]
        given = [name if name in names else "" for name in ("value", "path")]
        rows = [[self._back.get(row[name]) if name else None for name in given] for row in found]
        pairs = {(focus if value is None else value, path) for value, path in rows}
        return sorted(pairs, key=str)

    def _quads(self, graph: Graph) -> Iterator[pyoxigraph.Quad]:
        for subject, predicate, value in graph:
            try:
                yield pyoxigraph.Quad(self._term(subject), self._term(predicate), self._term(value))  # type: ignore[arg-type]
            except ValueError:  # rdflib takes IRIs that are none; they name nothing that is asked for
                continue

    def _term(self, term: Term) -> pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal:
        found = self._there.get(term)
        if found is None:
            found = self._there[term] = _term(term)
            self._back[found] = term
        return found


def _term(term: Term) -> pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal:
    if isinstance(term, URIRef):
        return pyoxigraph.NamedNode(str(term))
    if isinstance(term, BNode):
        return pyoxigraph.BlankNode(str(term))
    if not isinstance(term, rdflib.Literal):
        raise GraphError("the graph holds a term that RDF 1.1 does not have", raw=str(term))
    if term.language:
        return pyoxigraph.Literal(str(term), language=term.language)
    return pyoxigraph.Literal(
        str(term), datatype=pyoxigraph.NamedNode(str(term.datatype or rdflib.XSD.string))
    )
