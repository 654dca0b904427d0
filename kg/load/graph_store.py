"""A graph → one PUT of SPARQL's Graph Store Protocol, which replaces the graph."""

from __future__ import annotations

from collections.abc import Iterator

from kg.load.shown import show_request
from kg.load.spool import GraphFile
from kg.load.way import NotTakenError
from kg.stores.exchange import Answered, Request, refusal
from kg.stores.web import Web

# N-Triples are Turtle too, for servers that have not heard of them
_MEDIA = ("application/n-triples", "text/turtle")
_OTHER_MEDIA = (400, 406, 415)
_NOT_HERE = (404, 405, 406, 410, 415, 501)


class GraphStoreWay:
    """PUT requests to a graph store. It implements `kg.load.way.Way`."""

    name = "graph-store"

    def __init__(self, web: Web, url: str, longest: int = 0) -> None:
        """`longest` is the length of a triple, in bytes, above which the server fails; 0 when there is none."""
        self._web = web
        self._url = url
        self._longest = longest
        self._media = _MEDIA[0]

    def load(self, graph: GraphFile) -> None:
        """Replace the graph by its file, in one request."""
        if 0 < self._longest < graph.longest:
            raise NotTakenError(f"graph store: no triples above {self._longest:,} bytes", where=self._url)
        answered = self._put(graph)
        if answered.status in _OTHER_MEDIA and self._media == _MEDIA[0]:
            self._media = _MEDIA[1]
            answered = self._put(graph)
        if answered.status in _NOT_HERE:
            raise NotTakenError(
                f"graph store: status {answered.status}", where=answered.url, raw=answered.text[:500]
            )
        if not answered.fine:
            raise refusal(answered, "the graph store did not take the graph")

    def plan(self, graph: GraphFile) -> Iterator[str]:
        """Yield the request."""
        yield show_request(self._request(graph))

    def _put(self, graph: GraphFile) -> Answered:
        return self._web.send(self._request(graph))

    def _request(self, graph: GraphFile) -> Request:
        headers = {"content-type": self._media}
        return Request("PUT", self._url, (("graph", graph.graph),), headers, graph.path)
