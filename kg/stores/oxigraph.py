"""Graph files → an embedded Oxigraph store in memory, which answers SPARQL 1.1 queries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from kg.errors import KgError, QueryError, StoreError
from kg.model import Block
from kg.readers.base import STDIN, open_source
from kg.serialise.documents import Format, not_valid, rdf_format
from kg.serialise.nesting import refuse_depth
from kg.serialise.oxigraph_store import to_oxigraph
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
from kg.stores.guard import refuse_giants, refuse_services, refuse_updates
from kg.stores.tokens import keyword_of, names_dataset
from kg.vocabulary.namespaces import XSD

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


class OxigraphStore(ByForm):
    """A store in memory. It implements `kg.stores.base.Store`."""

    def __init__(self) -> None:
        self._store = ox.Store()
        self._copies: int | None = None  # statements that merging added; None before it
        self._union: ox.Store | None = None  # what answers queries without a dataset, once that is known

    @property
    def engine(self) -> ox.Store:
        """The engine itself, for who writes answers in its own formats."""
        return self._store

    def merge(self) -> None:
        """Put every statement into the default graph too, when all is loaded: it is then the union, as a set.

        Oxigraph's own union counts a triple once for each graph that has it.
        """
        loaded = len(self._store)
        _merge(self._store)
        self._copies = len(self._store) - loaded
        self._union = self._store

    def load(self, path: Path, graph: str = "") -> None:
        """Add a file by its suffix; triples go to `graph`, or to the default graph."""
        form = format_of(path)
        self.load_text(read_graph(path), form, path.name, graph)

    def load_text(self, text: bytes, form: Format, name: str, graph: str = "") -> None:
        """Add a document; `name` says in messages where it came from."""
        self._union = None
        target = ox.NamedNode(graph) if graph and form in (Format.TURTLE, Format.NTRIPLES) else None
        refuse_depth(text, name, json=form is Format.JSONLD)
        try:
            self._store.bulk_load(input=text, format=rdf_format(form), to_graph=target)
        except SyntaxError as error:
            raise not_valid(name, error) from error
        except (OSError, ValueError) as error:
            raise StoreError(f"the store did not take the graph: {error}", where=name) from error

    def load_blocks(self, blocks: Iterable[Block]) -> None:
        """Add blocks as the build makes them."""
        self._union = None
        try:
            to_oxigraph(blocks, self._store)
        except (OSError, ValueError) as error:
            raise StoreError(f"the store did not take the statements: {error}") from error

    def query(self, text: str) -> Answer:
        """Answer a query of any form; QueryError says where it is wrong."""
        refuse_giants(text)
        refuse_updates(text)
        refuse_services(text)
        try:
            if names_dataset(text):
                return _answer(self._store.query(text))
            if self._union is None:  # a store without statements is false
                self._union = _union_of(self._store)
            plain = self._union is self._store and self._copies is None
            return _answer(self._union.query(text, use_default_graph_as_union=plain))
        except SyntaxError as error:
            raise syntax_error(text, str(error)) from error
        except KgError:
            raise
        except (OSError, ValueError, RuntimeError) as error:
            raise StoreError(f"the store did not answer: {error}") from error

    def count(self, graph: str | None = None) -> int:
        """Return the number of statements: of one graph ("" is the default graph), or of all (None)."""
        if graph is None:
            return len(self._store) - (self._copies or 0)
        name = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        return sum(1 for _ in self._store.quads_for_pattern(None, None, None, name))

    def close(self) -> None:
        """Drop everything that was loaded."""
        self._store = ox.Store()
        self._copies = self._union = None


def _union_of(store: ox.Store) -> ox.Store:
    """Return `store` itself when no triple stands in two of its graphs, else a copy of it with all graphs merged."""
    text = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"
    if next(store.named_graphs(), None) is None:
        return store
    counted = _answer(store.query(text, use_default_graph_as_union=True))
    if isinstance(counted, Result) and counted.rows[0][0] == literal(str(len(store)), XSD.integer):
        return store
    copy = ox.Store()
    copy.bulk_extend(store)
    _merge(copy)
    return copy


def _merge(store: ox.Store) -> None:
    """Put every statement of a named graph into the default graph too."""
    default = ox.DefaultGraph()
    named = [quad for quad in store if quad.graph_name != default]
    store.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object, default) for quad in named)


def syntax_error(query: str, message: str) -> QueryError:
    """Return Oxigraph's message about a query as a QueryError with line, column and the line itself."""
    if keyword_of(query) not in _FORMS:
        forms = "SELECT, ASK, CONSTRUCT or DESCRIBE"
        return QueryError("this does not start as a query", raw=query, allowed=forms)
    found = _PLACE.match(message)
    if found is None:
        return QueryError(f"not a SPARQL query: {message}")
    line, column = int(found[1]), int(found[2])
    lines = query.split("\n")
    raw = lines[line - 1].strip() if line <= len(lines) else ""
    where = f"line {line}, column {column}"
    return QueryError(f"not a SPARQL query: {_brief(found[3])}", where=where, raw=raw)


def _brief(message: str) -> str:
    """Return what a reader can use of the parser's message, which lists every token that could follow."""
    words = [word for word in message.removeprefix("expected one of ").split(", ") if "\\u" not in word]
    said = [word for word in words if word.count(" ") > 1 and word[0].isalpha()]
    if "Prefix not found" in message:
        return "this prefix is not declared"
    if said:
        return said[0]
    tokens = [word for word in words if "[" not in word]
    return f"expected here is one of {', '.join(tokens[:8])}" if tokens else "something else is expected here"


def _answer(answer: ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean) -> Answer:
    if isinstance(answer, ox.QueryBoolean):
        return Verdict(bool(answer))
    if isinstance(answer, ox.QueryTriples):
        return graph_of((_term(t.subject), _term(t.predicate), _term(t.object)) for t in answer)
    columns = tuple(variable.value for variable in answer.variables)
    rows = ([solution[name] for name in columns] for solution in answer)
    return Result(columns, tuple(tuple(None if t is None else _term(t) for t in row) for row in rows))


def _term(term: object) -> Term:
    if isinstance(term, ox.NamedNode):
        return iri(term.value)
    if isinstance(term, ox.Literal):
        return literal(term.value, term.datatype.value, term.language or "")
    if isinstance(term, ox.BlankNode):
        return Term("bnode", term.value)
    raise QueryError("the query returns a triple as a value", hint="return its parts in columns of their own")


def open_graph(*sources: Path | str) -> OxigraphStore:
    """Return a store that holds the graph files `sources`; "-" is TriG or Turtle on standard input."""
    store = OxigraphStore()
    for source in sources:
        if str(source) == STDIN:
            store.load_text(open_source(STDIN).data, Format.TRIG, "standard input")
        else:
            store.load(Path(source))
    return store
