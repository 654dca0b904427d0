"""Graph files → an rdflib dataset, which answers the same queries as the embedded store, more slowly.

It is the second opinion on every query: the tests hold its answers against Oxigraph's.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import rdflib
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from kg.errors import KgError, QueryError, StoreError
from kg.model import Block, Node
from kg.serialise.documents import Format, read_quads
from kg.stores.base import (
    Answer,
    ByForm,
    Result,
    Term,
    Verdict,
    format_of,
    graph_of,
    iri,
    literal,
    read_graph,
)
from kg.stores.guard import refuse_giants, refuse_updates
from kg.vocabulary.namespaces import XSD


class RdflibStore(ByForm):
    """A store in memory. It implements `kg.stores.base.Store`."""

    def __init__(self) -> None:
        self._dataset = rdflib.Dataset(default_union=True)

    def load(self, path: Path, graph: str = "") -> None:
        """Add a file by its suffix; triples go to `graph`, or to the default graph."""
        form = format_of(path)
        self.load_text(read_graph(path), form, path.name, graph)

    def load_text(self, text: bytes, form: Format, name: str, graph: str = "") -> None:
        """Add a document; `name` says in messages where it came from."""
        for quad in read_quads(text, form, name):
            stated = quad.graph_name
            target = self._graph(stated.value if isinstance(stated, ox.NamedNode) else graph)
            target.add((_foreign(quad.subject), _foreign(quad.predicate), _foreign(quad.object)))

    def load_blocks(self, blocks: Iterable[Block]) -> None:
        """Add blocks as the build makes them."""
        for block in blocks:
            graph = self._graph(block.graph)
            for predicate, node in block.statements:
                graph.add((rdflib.URIRef(block.subject), rdflib.URIRef(predicate), _object(node)))

    def query(self, text: str) -> Answer:
        """Answer a query of any form; QueryError says where it is wrong."""
        refuse_giants(text)
        refuse_updates(text)
        tree = _parse(text)
        if _has_service(tree):
            raise QueryError("a query may not call another endpoint", raw="SERVICE")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # rdflib calls what it has deprecated
                prepared = _prepare(text)
                return _answer(_chosen(self._dataset, prepared.algebra).query(prepared))
        except KgError:
            raise
        except Exception as error:  # evaluation raises whatever Python operator failed
            raise StoreError(f"the store did not answer: {error}") from error

    def count(self, graph: str | None = None) -> int:
        """Return the number of statements: of one graph ("" is the default graph), or of all (None)."""
        if graph is not None:
            return len(self._graph(graph))
        return sum(len(part) for part in self._dataset.graphs())

    def close(self) -> None:
        """Drop everything that was loaded."""
        self._dataset = rdflib.Dataset(default_union=True)

    def _graph(self, name: str) -> rdflib.Graph:
        return self._dataset.graph(rdflib.URIRef(name)) if name else self._dataset.default_graph


def calls_service(text: str) -> bool:
    """Whether the parsed query has a SERVICE clause; a query that cannot be parsed counts as having one.

    The text is parsed as Oxigraph reads it: a carriage return ends a comment too, and escapes for
    characters are not resolved beforehand, so that neither can hide a clause.
    """
    from rdflib.plugins.sparql.parser import Query

    try:
        return _has_service(Query.parse_string(text.replace("\r", "\n"), parse_all=True))
    except Exception:  # whatever stops the parser: what cannot be checked is not run
        return True


def _parse(text: str) -> object:
    from pyparsing import ParseBaseException

    try:
        return parseQuery(text)
    except ParseBaseException as error:
        where = f"line {error.lineno}, column {error.column}"
        raise QueryError(f"not a SPARQL query: {error.msg}", where=where, raw=error.line.strip()) from error
    except Exception as error:  # character escapes are resolved outside the grammar
        raise QueryError(f"not a SPARQL query: {error}") from error


def _prepare(text: str) -> Any:
    from rdflib.plugins.sparql import prepareQuery

    try:
        return prepareQuery(text)
    except Exception as error:  # rdflib raises a bare Exception for an undeclared prefix
        raise QueryError(f"not a SPARQL query: {error}") from error


def _has_service(node: object) -> bool:
    if isinstance(node, CompValue):
        return node.name == "ServiceGraphPattern" or any(_has_service(part) for part in node.values())
    if isinstance(node, (str, bytes)) or not isinstance(node, Iterable):
        return False
    return any(_has_service(part) for part in node)


def _chosen(dataset: rdflib.Dataset, algebra: Any) -> rdflib.Dataset:
    """Return the dataset that the query's FROM clauses choose from what is loaded.

    rdflib itself would fetch the graphs that FROM names from the network.
    """
    clauses = algebra.datasetClause
    if not clauses:
        return dataset
    algebra["datasetClause"] = None
    chosen = rdflib.Dataset(default_union=False)
    for clause in clauses:
        name = clause.default or clause.named
        target = chosen.default_graph if clause.default else chosen.graph(name)
        for triple in dataset.get_context(name):
            target.add(triple)
    return chosen


def _object(node: Node) -> rdflib.URIRef | rdflib.Literal:
    if isinstance(node, str):
        return rdflib.URIRef(node)
    if node.kind.startswith("@"):
        return rdflib.Literal(node.lexical, lang=node.kind[1:])
    return _typed(node.lexical, node.kind)


def _typed(lexical: str, datatype: str) -> rdflib.Literal:
    """Return a literal; rdflib takes "x" and "x"^^xsd:string for two terms, which RDF 1.1 does not."""
    return rdflib.Literal(lexical, datatype=None if datatype == XSD.string else rdflib.URIRef(datatype))


def _foreign(term: object) -> Any:
    if isinstance(term, ox.Literal):
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        return _typed(term.value, term.datatype.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    return rdflib.URIRef(str(getattr(term, "value", term)))


def _answer(answer: rdflib.query.Result) -> Answer:
    if answer.type == "ASK":
        return Verdict(bool(answer.askAnswer))
    if answer.graph is not None:
        return graph_of((_term(s), _term(p), _term(o)) for s, p, o in answer.graph)
    names = tuple(answer.vars or ())
    found = (tuple(row.get(name) for name in names) for row in answer.bindings)
    rows = tuple(tuple(None if term is None else _term(term) for term in row) for row in found)
    return Result(tuple(str(name) for name in names), rows)


def _term(term: object) -> Term:
    if isinstance(term, rdflib.Literal):
        return literal(str(term), str(term.datatype or ""), (term.language or "").lower())
    if isinstance(term, rdflib.BNode):
        return Term("bnode", str(term))
    return iri(str(term))
