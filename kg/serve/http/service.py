"""Requests to the fixed paths of the endpoint → responses: the SPARQL protocol, the graph store, the description."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg.serve.http.description import Description, endpoint_of
from kg.serve.http.graph_store import read_graph_name
from kg.serve.http.guards import ENDPOINT
from kg.serve.http.protocol import Sent, read_question
from kg.serve.http.respond import Answers, accepted, respond
from kg.serve.site import Site
from kg.serve.tasks import Ask


class Service:
    """Answers the requests of the protocols, each with one question to the pool."""

    def __init__(self, pool: Answers, site: Site) -> None:
        self._pool = pool
        self._site = site
        self._description = Description(pool, site)

    def routes(self) -> list[Route]:
        """Return the paths that are answered here."""
        sparql = [Route(path, self.sparql, methods=["GET", "POST"]) for path in ENDPOINT]
        store = [Route(path, self.store) for path in ("/store", "/store/")]
        return [*sparql, *store, Route("/.well-known/void", self.describe)]

    async def sparql(self, request: Request) -> Response:
        """Answer a query; without one, describe the endpoint."""
        question = read_question(await _sent(request))
        if question is None:
            return await self.describe(request)
        ask = Ask(
            "query",
            question.query,
            accepted(request),
            question.default_graphs,
            question.named_graphs,
            values=(("endpoint", endpoint_of(request)),),
        )
        return await respond(request, ask, self._pool, self._site)

    async def store(self, request: Request) -> Response:
        """Answer with one graph."""
        name = read_graph_name(request.scope["query_string"])
        return await respond(request, Ask("graph", name, accepted(request)), self._pool, self._site)

    async def describe(self, request: Request) -> Response:
        """Answer with the description of the endpoint and its data."""
        return await self._description.respond(request)


async def _sent(request: Request) -> Sent:
    headers: Mapping[str, str] = dict(request.headers.items())
    return Sent(request.method, request.scope["query_string"], headers, await request.body())
