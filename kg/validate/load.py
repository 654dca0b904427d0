"""Files → rdflib graphs: Turtle, N-Triples, N-Quads, TriG and JSON-LD.

Oxigraph parses, since that is several times faster than rdflib. Literals keep their lexical form ("01" stays
"01"), so that a shape sees what the file says.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISDIR

import pyoxigraph
import rdflib
from rdflib.term import Node as Term

from kg import resources
from kg.errors import GraphError
from kg.serialise.documents import Format, read_quads
from kg.vocabulary.namespaces import XSD

_STRING = pyoxigraph.NamedNode(XSD.string)


def load_graph(*paths: Path | str) -> rdflib.Graph:
    """Read graph files into one graph; named graphs are merged.

    Raises GraphError, with file and line, for a file that is missing, empty, broken or of another format.
    """
    return _graph(quad for path in paths for quad in _quads(Path(path)))


def load_shapes() -> rdflib.Graph:
    """Read the shapes of ontology/shapes/ into one graph."""
    return load_graph(*resources.shape_files())


def _quads(path: Path) -> Iterator[pyoxigraph.Quad]:
    form = _format(path)
    empty = True
    try:
        data = path.read_bytes()
    except OSError as error:
        raise GraphError(f"the file cannot be read: {error.strerror}", where=str(path)) from error
    for quad in read_quads(data, form, str(path)):
        empty = False
        yield quad
    if empty:
        hint = "name a graph that kg build has written"
        raise GraphError("the file holds no statement", where=str(path), hint=hint)


def _format(path: Path) -> Format:
    if _is_folder(path):
        raise GraphError("this is a folder", where=str(path), hint="name the graph files in it")
    try:
        return Format(path.suffix.lower())
    except ValueError:
        allowed = "a file that ends in " + ", ".join(Format)
        raise GraphError(
            "the format is not known", where=str(path), raw=path.suffix, allowed=allowed
        ) from None


def _is_folder(path: Path) -> bool:
    try:
        return S_ISDIR(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError) as error:
        hint = "run kg build first, or name another file"
        raise GraphError("there is no such file", where=str(path), hint=hint) from error
    except OSError as error:
        raise GraphError(f"the file cannot be read: {error.strerror}", where=str(path)) from error


def _graph(quads: Iterable[pyoxigraph.Quad]) -> rdflib.Graph:
    graph = rdflib.Graph(bind_namespaces="none")
    terms: dict[object, Term] = {}

    def term(source: object) -> Term:
        found = terms.get(source)
        if found is None:
            found = terms[source] = _term(source, len(terms))
        return found

    with _quiet():
        graph.addN((term(q.subject), term(q.predicate), term(q.object), graph) for q in quads)
    return graph


def _term(source: object, number: int) -> Term:
    if isinstance(source, pyoxigraph.NamedNode):
        return rdflib.URIRef(source.value)
    if isinstance(source, pyoxigraph.BlankNode):
        return rdflib.BNode(f"b{number}")  # the parser's own name is another one in each run
    if isinstance(source, pyoxigraph.Literal):
        return _literal(source)
    raise GraphError("the graph holds a term that RDF 1.1 does not have", raw=str(source))


def _literal(source: pyoxigraph.Literal) -> rdflib.Literal:
    if source.language:
        return rdflib.Literal(source.value, lang=source.language)
    if (
        source.datatype == _STRING
    ):  # rdflib tells "x" and "x"^^xsd:string apart, and its parsers make the first
        return rdflib.Literal(source.value)
    return rdflib.Literal(source.value, datatype=rdflib.URIRef(source.datatype.value), normalize=False)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep rdflib from printing a traceback for an ill-typed literal: it is the shapes that report it."""
    logger = logging.getLogger("rdflib.term")
    was = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = was
