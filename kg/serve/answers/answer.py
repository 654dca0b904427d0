"""SPARQL text or the name of a graph → a reply: guarded, evaluated, and written in a media type that the client takes."""

from __future__ import annotations

import io
import resource
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice

import pyoxigraph as ox

from kg.errors import QueryError
from kg.serve.answers.dataset import evaluate
from kg.serve.answers.resources import in_order, known_prefixes, used_prefixes
from kg.serve.answers.rows import rows_of
from kg.serve.answers.xml_body import well_formed
from kg.serve.negotiate import GRAPHS, TABLES, choose
from kg.serve.tasks import Ask, Reply, problem
from kg.serve.workers.world import World
from kg.stores.guard import refuse_giants, refuse_services, refuse_updates
from kg.stores.oxigraph import syntax_error
from kg.vocabulary.namespaces import ROOT

_TABLE_FORMS: Mapping[str, tuple[str, ox.QueryResultsFormat]] = {
    "application/sparql-results+json": ("application/sparql-results+json", ox.QueryResultsFormat.JSON),
    "application/sparql-results+xml": ("application/sparql-results+xml", ox.QueryResultsFormat.XML),
    "text/csv": ("text/csv; charset=utf-8", ox.QueryResultsFormat.CSV),
    "text/tab-separated-values": ("text/tab-separated-values; charset=utf-8", ox.QueryResultsFormat.TSV),
    "application/json": ("application/json", ox.QueryResultsFormat.JSON),
    "application/xml": ("application/xml", ox.QueryResultsFormat.XML),
    "text/xml": ("text/xml; charset=utf-8", ox.QueryResultsFormat.XML),
}
_GRAPH_FORMS: Mapping[str, tuple[str, ox.RdfFormat]] = {
    "text/turtle": ("text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
    "application/n-triples": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "application/ld+json": ("application/ld+json", ox.RdfFormat.JSON_LD),
    "application/rdf+xml": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    "application/json": ("application/json", ox.RdfFormat.JSON_LD),
    "application/xml": ("application/xml", ox.RdfFormat.RDF_XML),
    "text/xml": ("text/xml; charset=utf-8", ox.RdfFormat.RDF_XML),
}

_NO_ANSWER = (ValueError, OSError, RuntimeError)  # what the engine raises for a query that it cannot evaluate
_READABLE = 10_000  # triples up to which a graph is put into an order


class TooMuchError(Exception):
    """An answer goes beyond a limit; the message names it."""


def query(world: World, ask: Ask) -> Reply:
    """Answer SPARQL text; the default graph is the union of all graphs unless the protocol or FROM choose."""
    return respond(world, ask.text, ask)


def graph(world: World, ask: Ask) -> Reply:
    """Return the triples of the graph `ask.text`, or of the default graph for ""; 404 when there is none."""
    name: ox.NamedNode | ox.DefaultGraph = ox.DefaultGraph()
    if ask.text:
        try:
            name = ox.NamedNode(ask.text)
        except ValueError:
            return problem(400, f"not an absolute IRI: {ask.text}")
        if not world.store.engine.contains_named_graph(name):
            return problem(404, f"there is no graph {ask.text}")
    with sealed():
        quads = world.store.engine.quads_for_pattern(None, None, None, name)
        return reply_graph(world, (quad.triple for quad in quads), ask)


def respond(world: World, text: str, ask: Ask) -> Reply:
    """Answer the SPARQL query `text` as `ask` has it: its media types and graphs."""
    refused = _refusal(text)
    if refused is not None:
        return refused
    with sealed():
        try:
            found = evaluate(world, text, ask)
        except SyntaxError as error:
            return problem(400, str(syntax_error(text, str(error))))
        except _NO_ANSWER as error:
            return problem(400, f"the query cannot be answered: {error}")
        if isinstance(found, ox.QueryTriples):
            return reply_graph(world, found, ask)
        return reply_table(world, found, ask)


def reply_table(world: World, found: ox.QuerySolutions | ox.QueryBoolean, ask: Ask) -> Reply:
    """Return rows, or yes or no, in the media type that fits best; 406 and 413 when none fits or it is too much."""
    chosen = choose(ask.media, TABLES)
    if chosen is None:
        return _nothing_fits(TABLES)
    media, form = _TABLE_FORMS[chosen]
    body = Body(world.limits.bytes)
    try:
        found.serialize(body, form)
        if isinstance(found, ox.QuerySolutions):
            _check_rows(rows_of(body.getvalue(), form, world.limits.rows), world)
    except TooMuchError as error:
        return problem(413, str(error))
    except _NO_ANSWER as error:
        return problem(400, f"the query cannot be answered: {error}")
    return _written(media, body)


def reply_graph(
    world: World, triples: Iterable[ox.Triple], ask: Ask, prefixes: Mapping[str, str] | None = None
) -> Reply:
    """Return triples in the media type that fits best; 406 and 413 when none fits or they are too many.

    Without `prefixes`, a graph that is not large is put in order and gets those of the data.
    """
    chosen = choose(ask.media, GRAPHS)
    if chosen is None:
        return _nothing_fits(GRAPHS)
    media, form = _GRAPH_FORMS[chosen]
    body = Body(world.limits.bytes)
    try:
        if prefixes is None:
            triples, prefixes = _for_readers(triples, world)
        names = dict(prefixes) if prefixes and form is not ox.RdfFormat.N_TRIPLES else None
        ox.serialize(_counted(triples, world), body, form, prefixes=names)
    except TooMuchError as error:
        return problem(413, str(error))
    except _NO_ANSWER as error:
        return problem(400, f"the query cannot be answered: {error}")
    return _written(media, body)


def _for_readers(
    triples: Iterable[ox.Triple], world: World
) -> tuple[Iterable[ox.Triple], Mapping[str, str] | None]:
    """Return triples in order with the prefixes that they need; very many of them as they come, without."""
    rest = iter(triples)
    some = list(islice(rest, _READABLE + 1))
    if len(some) > _READABLE:
        return chain(some, rest), None
    return in_order(some), used_prefixes(some, known_prefixes(ROOT, world.lexicon))


def _written(media: str, body: Body) -> Reply:
    """Return the reply with a body that is whole."""
    text: bytes | None = body.getvalue()
    if "xml" in media:
        text = well_formed(body.getvalue())
    if text is None:
        return problem(406, "XML cannot hold all that this answer says; take another media type")
    return Reply(200, media, text)


class Body(io.BytesIO):
    """A binary file in memory that takes no more than its limit of bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._left = limit
        self._limit = limit

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Add bytes; TooMuchError when they are too many."""
        size = super().write(data)
        self._left -= size
        if self._left < 0:
            what = f"the answer is larger than {self._limit:,} bytes"
            raise TooMuchError(f"{what}; ask for less, or in parts (LIMIT)")
        return size


@contextmanager
def sealed() -> Iterator[None]:
    """Let this process open no file and no connection: what a query might reach for, it cannot have.

    It is the second guard after the one on the query's text. What is open stays usable.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _refusal(text: str) -> Reply | None:
    """Return why the query may not be asked: 403 for what reaches beyond reading, 400 for what is too large."""
    for guard, status in ((refuse_giants, 400), (refuse_updates, 403), (refuse_services, 403)):
        try:
            guard(text)
        except QueryError as error:
            return problem(status, str(error))
    return None


def _counted(triples: Iterable[ox.Triple], world: World) -> Iterator[ox.Triple]:
    for number, triple in enumerate(triples, 1):
        _check_rows(number, world)
        yield triple


def _check_rows(number: int, world: World) -> None:
    if number > world.limits.rows:
        what = f"the answer has more than {world.limits.rows:,} rows or triples"
        raise TooMuchError(f"{what}; ask for less, or in parts (LIMIT)")


def _nothing_fits(available: Sequence[str]) -> Reply:
    return problem(
        406, f"none of the accepted media types fits this answer; there are {', '.join(available[:4])}"
    )
