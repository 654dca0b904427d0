"""Requests to paths for people and for the data's IRIs → questions to the pool: questions as URLs, things, landing page."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from kg.serve.addresses import iris_of
from kg.serve.http.protocol import pairs_of
from kg.serve.http.refusal import Refusal
from kg.serve.http.respond import Answers, Whole, accepted, known, respond
from kg.serve.negotiate import GRAPHS, choose
from kg.serve.site import Site
from kg.serve.suffixes import SUFFIXES, split_suffix
from kg.serve.tasks import Ask, Reply
from kg.serve.views.html import HTML, style_sheet

_LONGEST = 4000  # characters of a path


def routes(pool: Answers, site: Site) -> list[BaseRoute]:
    """Return the paths that are answered here; the last one takes every path that is left."""
    pages = Pages(pool, site)
    return [
        Route("/", pages.home),
        Route("/style.css", pages.style),
        *(Route(path, pages.api) for path in ("/api", "/api/", "/api.json", "/api.html")),
        Route("/api/{name}", pages.question),
        Route("/{path:path}", pages.thing),
    ]


class Pages:
    """Answers these requests, each with one question to the pool."""

    def __init__(self, pool: Answers, site: Site) -> None:
        self._pool = pool
        self._site = site
        self._bases = tuple(base for base in site.bases if base.endswith("/"))
        self._facts = (*(("base", base) for base in self._bases), ("title", site.title))

    async def home(self, request: Request) -> Response:
        """Answer with the landing page; a client that wants RDF is sent to the description of the data."""
        wanted = choose(accepted(request), (HTML, *GRAPHS))
        if wanted in GRAPHS:
            return Response(status_code=303, headers={"Location": "/.well-known/void"})
        facts = (*self._facts, ("origin", self._site.origin), ("digest", self._site.digest))
        return await respond(request, Ask("home", "", (), values=facts), self._pool, self._site)

    async def style(self, request: Request) -> Response:
        """Answer with the style sheet."""
        body = style_sheet()
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        if known(request, tag):
            return Whole(Reply(304, "", b""), tag)
        return Whole(Reply(200, "text/css; charset=utf-8", body), tag)

    async def api(self, request: Request) -> Response:
        """Answer with the description of all questions."""
        _, media = split_suffix(request.scope["path"])
        wanted = ("application/json",) if media == SUFFIXES[".json"] else media or accepted(request)
        return await respond(request, Ask("api", "", wanted, values=self._facts), self._pool, self._site)

    async def question(self, request: Request) -> Response:
        """Answer a bundled query with the values that the URL gives."""
        name, media = split_suffix(request.path_params["name"])
        pairs = pairs_of(request.scope["query_string"])
        refuse_repeated(pairs)
        values = tuple((f"?{key}", value) for key, value in pairs)
        ask = Ask("named", name, media or accepted(request), values=(*values, *self._facts))
        return await respond(request, ask, self._pool, self._site)

    async def thing(self, request: Request) -> Response:
        """Answer with what is said of the thing whose IRI ends in this path."""
        raw: bytes = request.scope["raw_path"]
        search: bytes = request.scope["query_string"]
        if len(raw) + len(search) > _LONGEST:
            raise Refusal(414, "nothing here has so long an address")
        iris = [("", iri) for iri in iris_of(raw, search, self._bases)]
        stem, media = split_suffix(raw.decode("latin-1"))
        if media:
            suffix = raw.decode("latin-1")[len(stem) :]
            iris += [(suffix, iri) for iri in iris_of(stem.encode("latin-1"), search, self._bases)]
        ask = Ask("resource", request.scope["path"], accepted(request), values=(*iris, *self._facts))
        return await respond(request, ask, self._pool, self._site)


def refuse_repeated(pairs: Sequence[tuple[str, str]]) -> None:
    """Raise Refusal when a parameter has two values: which one is meant cannot be told."""
    for name, number in Counter(name for name, _ in pairs).items():
        if number > 1:
            raise Refusal(400, f"the parameter {name[:80]} is given {number} times; give it once")
