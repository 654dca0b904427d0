"""Graph files → their statements, graph and N-Triples line, each checked before anything is sent anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from kg.errors import GraphError
from kg.load.safe import TermWriter, safe_iri, term_writer
from kg.serialise.documents import Format, not_valid, rdf_format, read_quads
from kg.serialise.nesting import refuse_depth
from kg.stores.base import format_of, read_graph

_BY_LINE = (Format.NTRIPLES, Format.NQUADS)
_LONGEST_LINE = 8 * 2**20
_BLANK = re.compile(r"_:\w+")


class Statement(NamedTuple):
    """A triple in N-Triples, without the line's end, and the IRI of its named graph."""

    graph: str
    triple: str


def read_statements(path: Path, graph: str) -> Iterator[Statement]:
    """Yield the statements of a file by its suffix; triples outside of any named graph go to `graph`.

    GraphError names file, line or statement, raw text and what is allowed. N-Triples and N-Quads are never
    in memory as a whole.
    """
    write = term_writer()
    form = format_of(path)
    for number, quad in enumerate(_quads(path, form), 1):
        try:
            yield _statement(quad, graph, write)
        except GraphError as error:
            raise _placed(error, quad, path, number) from error


def _statement(quad: ox.Quad, graph: str, write: TermWriter) -> Statement:
    name = quad.graph_name
    if isinstance(name, ox.NamedNode):
        graph = write(name)[1:-1]
    elif isinstance(name, ox.BlankNode):
        raise GraphError("the name of the graph is a blank node", allowed="an IRI")
    elif not graph:
        raise GraphError(
            "the triple is in no named graph, and the default graph of a store is never touched",
            hint="say with --graph IRI where such triples go, or load the N-Quads that kg build writes",
        )
    triple = f"{write(quad.subject)} {write(quad.predicate)} {write(quad.object)} ."
    return Statement(graph, triple)


def _quads(path: Path, form: Format) -> Iterator[ox.Quad]:
    if form not in _BY_LINE:
        yield from read_quads(read_graph(path), form, path.name)
        return
    _look_over(path)
    try:
        yield from ox.parse(path=path, format=rdf_format(form))
    except SyntaxError as error:
        raise not_valid(path.name, error) from error


def _look_over(path: Path) -> None:
    """Raise GraphError for a file that is not there or empty, and for lines that the parser could die of."""
    if not path.is_file() or path.stat().st_size == 0:
        read_graph(path)  # knows what to say of it
    with path.open("rb") as stream:
        for number, line in enumerate(iter(lambda: stream.readline(_LONGEST_LINE + 1), b""), 1):
            if len(line) > _LONGEST_LINE:
                where = f"{path.name}, line {number}"
                raise GraphError("the line is too long", where=where, allowed=f"{_LONGEST_LINE:,} bytes")
            if line.count(b"<<") > 1:
                refuse_depth(line, path.name)


def _placed(error: GraphError, quad: ox.Quad, path: Path, number: int) -> GraphError:
    """Return the error with its place: the line of formats that have one statement a line, else the count."""
    line, text = _line(path, number) if format_of(path) in _BY_LINE else (0, "")
    where = f"{path.name}, line {line}" if line else f"{path.name}, statement {number}"
    raw = error.raw or text or _BLANK.sub("[]", str(quad))
    return GraphError(error.what, where=where, raw=raw, allowed=error.allowed, hint=error.hint)


def _line(path: Path, number: int) -> tuple[int, str]:
    """Return number and text of the line that holds the statement with this number."""
    with path.open("rb") as stream:
        for at, line in enumerate(stream, 1):
            text = line.strip()
            number -= bool(text) and not text.startswith(b"#")
            if not number:
                return at, text.decode("utf-8", "replace")
    return 0, ""


def checked_graph(iri: str) -> str:
    """Return what --graph says when it is an IRI that a graph can have."""
    try:
        return safe_iri(iri)
    except GraphError as error:
        raise GraphError(error.what, where="--graph", raw=error.raw, allowed=error.allowed) from error
