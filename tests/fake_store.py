"""A small triple store on loopback, with an engine behind it, and with the failures that a test asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pyoxigraph as ox
from fake_server import Asked, Server, Told, serving

RESULTS = {"Content-Type": "application/sparql-results+json"}


@dataclass
class FakeStore:
    """The engine and how it misbehaves.

    `puts` and `updates` are the statuses that PUTs and updates are answered with instead of being done (None: they
    are done); `fails_at` is the number of the write from which on the disk is full; `takes` are the media types
    of PUTs; `spoil` is removed whenever it arrives, `changes` are a text and what PUTs make of it; `refuses` is how
    updates begin that are not understood, `loses` of those whose answer is lost, `once` or always, `before` or after
    they are done, with the status `as_status` in its place or none; `paths` are other names of /query, /update and /store.
    """

    puts: int | None = None
    updates: int | None = None
    takes: tuple[str, ...] = ("application/n-triples", "text/turtle")
    forms: bool = True
    spoil: ox.Quad | None = None
    changes: tuple[str, str] | None = None
    refuses: str = ""
    loses: str = ""
    once: bool = False
    as_status: int = 0
    before: bool = False
    fails_at: int = 0
    server: str = ""
    paths: dict[str, str] = field(default_factory=dict)
    engine: ox.Store = field(default_factory=ox.Store)
    written: int = 0

    def answer(self, asked: Asked) -> Told:
        """Answer at /query, /update and /store."""
        told = Told(404, b"no such path")
        path = self.paths.get(asked.path, "") if self.paths else asked.path
        if path == "/query" and asked.method == "POST":
            told = self._query(asked)
        elif path == "/update":
            told = self._update(asked) if asked.method == "POST" else Told(405)
        elif path == "/store":
            told = self._put(asked) if asked.method == "PUT" else Told(200)
        headers = {**told.headers, "Server": self.server} if self.server else told.headers
        return Told(told.status, told.body, headers, told.claimed)

    def graph(self, name: str) -> set[str]:
        """Return the triples of a graph as text; "" is the default graph."""
        of = ox.NamedNode(name) if name else ox.DefaultGraph()
        return {str(quad.triple) for quad in self.engine.quads_for_pattern(None, None, None, of)}

    def graphs(self) -> list[str]:
        """Return the names of the graphs that hold something."""
        return sorted(
            {quad.graph_name.value for quad in self.engine if isinstance(quad.graph_name, ox.NamedNode)}
        )

    def _query(self, asked: Asked) -> Told:
        answer = self.engine.query(asked.form["query"][0])
        body = answer.serialize(format=ox.QueryResultsFormat.JSON)
        assert body is not None
        return Told(200, body, RESULTS)

    def _refused(self, status: int | None) -> Told | None:
        self.written += 1
        if self.fails_at and self.written >= self.fails_at:
            return Told(500, b"the disk is full")
        return Told(status, b"not here") if status is not None else None

    def _put(self, asked: Asked) -> Told:
        if refused := self._refused(self.puts):
            return refused
        if asked.headers["content-type"] not in self.takes:
            return Told(415, b"unsupported media type")
        name = ox.NamedNode(asked.query["graph"][0])
        self.engine.clear_graph(name)
        body = asked.body
        if self.changes is not None:
            body = body.replace(*(text.encode() for text in self.changes))
        self.engine.load(body, format=ox.RdfFormat.TURTLE, to_graph=name)
        self._spoilt()
        return Told(201)

    def _update(self, asked: Asked) -> Told:
        if refused := self._refused(self.updates):
            return refused
        is_form = asked.headers["content-type"].startswith("application/x-www-form-urlencoded")
        if is_form and not self.forms:
            return Told(415, b"no forms")
        text = asked.form["update"][0] if is_form else asked.body.decode()
        if self.refuses and text.startswith(self.refuses):
            return Told(400, b"this is no update")
        lost = bool(self.loses) and text.startswith(self.loses)
        if lost and self.once:
            self.loses = ""
        if not (lost and self.before):
            self.engine.update(text)
            self._spoilt()
        if lost:
            return Told(self.as_status) if self.as_status else Told(200, b"", claimed=10)
        return Told(204)

    def _spoilt(self) -> None:
        if self.spoil is not None:
            self.engine.remove(self.spoil)


@contextmanager
def storing(store: FakeStore) -> Iterator[Server]:
    """Run the store until the block ends."""
    with serving(store.answer) as server:
        yield server
