"""The port of every store, and the plain values that an answer to a SPARQL query is made of.

Nothing here knows an engine: terms, tables and graphs compare, sort and print the same whichever store
made them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from kg.errors import GraphError, QueryError
from kg.model import Block
from kg.serialise.documents import Format
from kg.vocabulary.namespaces import XSD

Kind = Literal["iri", "bnode", "literal"]


class Term(NamedTuple):
    """One RDF term: `value` is the IRI, the label of the blank node or the lexical form.

    Literals have a full datatype IRI, xsd:string included, or else a language tag in `lang`.
    """

    kind: Kind
    value: str
    datatype: str = ""
    lang: str = ""


def iri(value: str) -> Term:
    """Return the term of an absolute IRI."""
    return Term("iri", value)


def literal(value: str, datatype: str = "", lang: str = "") -> Term:
    """Return a literal; without datatype and language tag it is an xsd:string."""
    return Term("literal", value, "" if lang else datatype or XSD.string, lang)


Triple = tuple[Term, Term, Term]


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to a SELECT: column names, and rows with None where a variable is not bound."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """The answer to a CONSTRUCT or DESCRIBE: its triples, each once, sorted."""

    triples: tuple[Triple, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to an ASK."""

    holds: bool


Answer = Result | Graph | Verdict


def graph_of(triples: Iterable[Triple]) -> Graph:
    """Return the graph of `triples`."""
    return Graph(tuple(sorted(set(triples))))


class Answers(Protocol):
    """Answers queries over the union of named graphs, unless a query says FROM.

    Only reading queries are answered: an update, or a query that would reach for another service, raises
    QueryError. What an engine raises never leaves a store: files raise GraphError, queries QueryError,
    everything else StoreError.
    """

    def query(self, text: str) -> Answer:
        """Answer a query of any form."""

    def select(self, text: str) -> Result:
        """Answer a SELECT; QueryError for any other form."""

    def construct(self, text: str) -> Graph:
        """Answer a CONSTRUCT or DESCRIBE; QueryError for any other form."""

    def ask(self, text: str) -> bool:
        """Answer an ASK; QueryError for any other form."""

    def count(self, graph: str | None = None) -> int:
        """Return the number of statements: of one graph ("" is the default graph), or of all (None)."""

    def close(self) -> None:
        """Let go of what the store holds; it cannot be used afterwards."""


class Store(Answers, Protocol):
    """Holds named graphs, and answers queries over the union of them all."""

    def load(self, path: Path, graph: str = "") -> None:
        """Add a file by its suffix (see Format); triples go to `graph`, or to the default graph."""

    def load_text(self, text: bytes, form: Format, name: str, graph: str = "") -> None:
        """Add a document; `name` says in messages where it came from."""

    def load_blocks(self, blocks: Iterable[Block]) -> None:
        """Add blocks as the build makes them."""


class ByForm:
    """The three typed questions of a store, made of its `query`."""

    def query(self, text: str) -> Answer:
        """Answer a query of any form."""
        raise NotImplementedError

    def select(self, text: str) -> Result:
        """Answer a SELECT; QueryError for any other form."""
        answer = self.query(text)
        if not isinstance(answer, Result):
            raise QueryError("this query does not return a table", allowed="a SELECT query")
        return answer

    def construct(self, text: str) -> Graph:
        """Answer a CONSTRUCT or DESCRIBE; QueryError for any other form."""
        answer = self.query(text)
        if not isinstance(answer, Graph):
            raise QueryError("this query does not return a graph", allowed="a CONSTRUCT or DESCRIBE query")
        return answer

    def ask(self, text: str) -> bool:
        """Answer an ASK; QueryError for any other form."""
        answer = self.query(text)
        if not isinstance(answer, Verdict):
            raise QueryError("this query does not return yes or no", allowed="an ASK query")
        return answer.holds


def format_of(path: Path) -> Format:
    """Return the syntax of a file by its suffix; GraphError names the suffixes that are known."""
    try:
        return Format(path.suffix.lower())
    except ValueError:
        raise GraphError(
            "the suffix does not say which RDF syntax this is",
            where=path.name,
            raw=path.suffix,
            allowed=", ".join(Format),
        ) from None


def read_graph(path: Path) -> bytes:
    """Return the bytes of a graph file; GraphError when it is missing, a folder, unreadable or empty."""
    try:
        data = path.read_bytes()
    except IsADirectoryError:
        raise GraphError(
            "this is a folder, not a graph file", where=path.name, allowed=", ".join(Format)
        ) from None
    except OSError as error:
        raise GraphError(
            f"the graph file cannot be read: {error.strerror}",
            where=str(path),
            hint="kg build writes output/trials.ttl and output/trials.nq",
        ) from error
    if not data.strip():
        raise GraphError("the graph file is empty", where=path.name)
    return data
