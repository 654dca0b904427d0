"""What `kg load` was asked to do → graphs in a store, or the list of what would be sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from kg.errors import GraphError
from kg.load.read import checked_graph, read_statements
from kg.load.run import Loaded, Say, load_graphs, plan
from kg.load.shown import show_request
from kg.load.spool import GraphFile, write_graphs
from kg.load.target import Target, Transport, folder_target, is_folder, server_target
from kg.load.virtuoso import Isql
from kg.resources import LAST_BUILD
from kg.stores.exchange import Credentials, Request, checked, credentials
from kg.stores.places import find_places, presumed
from kg.stores.web import Web, nothing


@dataclass(frozen=True)
class Task:
    """Where to load what: `graph` is for triples in no named graph, `bulk` and `isql` are for Virtuoso only."""

    target: str
    files: tuple[Path, ...] = ()
    graph: str = ""
    transport: Transport = "auto"
    bulk: Path | None = None
    isql: str = ""
    seconds: float = 60


def load(task: Task, environ: Mapping[str, str], say: Say) -> list[Loaded]:
    """Load the files and return what arrived; nothing is sent before all of them have been checked."""
    own = credentials(environ)
    folder = is_folder(task.target) or not checked(task.target)
    with _graphs(task, say) as graphs, Web(own, seconds=task.seconds, say=say) as web:
        target = _folder(task) if folder else _server(task, web, own)
        return load_graphs(graphs, target.ways, target.asker, say)


def dry_run(task: Task, environ: Mapping[str, str]) -> Iterator[str]:
    """Yield what `load` would send, a paragraph a request; nothing is sent.

    Which server it is cannot be known without asking: its places are presumed from the URL alone.
    """
    own = credentials(environ)
    folder = is_folder(task.target) or not checked(task.target)
    with _graphs(task, nothing) as graphs, Web() as web:
        if folder:
            target = _folder(task)
        else:
            yield from _preface(task, own)
            target = server_target(web, presumed(task.target), task.transport, _isql(task, own))
        yield from plan(graphs, target.ways[0], target.asker)


@contextmanager
def _graphs(task: Task, say: Say) -> Iterator[tuple[GraphFile, ...]]:
    """Check all statements and keep them in a temporary folder, one file a graph."""
    graph = checked_graph(task.graph) if task.graph else ""
    files = task.files or (_last_build(),)
    with TemporaryDirectory(prefix="trialkg-") as folder:
        graphs = write_graphs(chain.from_iterable(read_statements(f, graph) for f in files), Path(folder))
        if not graphs:
            raise GraphError("there is nothing to load", where=", ".join(file.name for file in files))
        total = sum(one.triples for one in graphs)
        say(f"{total:,} triples in {len(graphs)} graphs are fit to be loaded")
        yield graphs


def _last_build() -> Path:
    if not LAST_BUILD.is_file():
        raise GraphError(
            "there is no build to load", where=str(LAST_BUILD), hint="run kg build, or name the graph file"
        )
    return LAST_BUILD


def _folder(task: Task) -> Target:
    return folder_target(Path(task.target), task.transport)


def _server(task: Task, web: Web, own: Credentials) -> Target:
    return server_target(web, find_places(web, task.target), task.transport, _isql(task, own))


def _isql(task: Task, own: Credentials) -> Isql | None:
    return Isql(task.isql, task.bulk, own, 10 * task.seconds) if task.bulk else None


def _preface(task: Task, own: Credentials) -> Iterator[str]:
    places = presumed(task.target)
    yield f"nothing is sent; this is for a server laid out like {places.product}, which would be asked first"
    if own.token:
        yield "each request has the header\n  authorization: Bearer (TRIALKG_TOKEN)"
    elif own.user:
        yield f"a server that asks for it gets the password of {own.user} (TRIALKG_PASSWORD)"
    yield show_request(Request("POST", places.query, form=(("query", "ASK {}"),)))
