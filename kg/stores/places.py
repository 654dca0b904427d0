"""The URL of a server, or of one of its endpoints → where it answers queries, updates and whole graphs.

How products lay out their URLs is data. Which layout it is, the server says: by its answers and its Server header,
never by the number of its port.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from kg.errors import StoreError
from kg.stores.exchange import Answered, Request, checked, refusal
from kg.stores.web import Web

_RESULTS = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
_OTHER_WAY = (400, 404, 405, 406, 411, 415, 501)  # what servers say that take queries in the URL only


@dataclass(frozen=True)
class Places:
    """The URLs of one store; "" where it has none, or none that is known. `product` is "" when unknown."""

    query: str
    update: str = ""
    graph_store: str = ""
    product: str = ""


@dataclass(frozen=True)
class Layout:
    """How the URLs of a product end, behind the base: `None` where it has no such endpoint.

    `server` is how its Server header begins, `mark` what its URLs always hold.
    """

    product: str
    query: tuple[str, ...]
    update: str | None
    graph_store: str | None
    server: str = ""
    mark: str = ""


LAYOUTS = (
    Layout("Oxigraph", ("/query", "/sparql"), "/update", "/store", "oxigraph"),
    Layout("Virtuoso", ("/sparql", "/sparql-auth"), "/sparql-auth", "/sparql-graph-crud-auth", "virtuoso"),
    Layout("Fuseki", ("/query", "/sparql", ""), "/update", "/data", "apache jena fuseki"),
    Layout("GraphDB", ("",), "/statements", "/rdf-graphs/service", "graphdb"),
    Layout("RDF4J", ("",), "/statements", "/rdf-graphs/service", mark="/repositories/"),
    Layout("Stardog", ("/query",), "/update", "", "stardog"),
    Layout("QLever", ("",), "", "", "qlever"),
    Layout("Neptune", ("/sparql",), "/sparql", "/sparql/gsp/", mark=".neptune.amazonaws.com"),
    Layout("trialkg", ("/sparql",), None, "/store", "trialkg"),
)
_QUERY_ENDS = tuple(sorted({end for row in LAYOUTS for end in row.query if end}, key=len, reverse=True))
_OTHER_ENDS = tuple(
    sorted({end.rstrip("/") for row in LAYOUTS for end in (row.update, row.graph_store) if end}, key=len)
)[::-1]


def find_places(web: Web, url: str) -> Places:
    """Return the places of the server at `url`; StoreError says what was tried when nothing there answers."""
    tried = []
    for candidate in candidates(checked(url)):
        answered = ask(web, candidate)
        if is_answer(answered):
            return _places(web, candidate, answered.headers.get("server", "").lower())
        if answered.status in (401, 403):
            raise refusal(answered, "the server does not let us ask")
        tried.append(f"{candidate} (status {answered.status})")
    raise StoreError(
        f"nothing answers SPARQL queries here; tried {', '.join(tried)}",
        where=url,
        allowed="the URL of a server, of a data set, or of its query endpoint",
    )


def candidates(url: str) -> list[str]:
    """Return the URLs at which queries may be answered, the likeliest first."""
    url = url.rstrip("/")
    query_base, other_base = _without(url, _QUERY_ENDS), _without(url, _OTHER_ENDS)
    if query_base != url:
        return [url]
    bases = [other_base] if other_base == url else [other_base, url]
    below = [base + end for base in bases for end in ("/query", "/sparql")]
    # a repository of RDF4J answers at its own URL; most other servers have a page for people at theirs
    own = any(row.mark and row.mark in url and "" in row.query for row in LAYOUTS)
    return [*bases, *below] if own else [*below, *bases]


def ask(web: Web, url: str) -> Answered:
    """Ask the smallest question there is: by a form, or in the URL where forms are not taken."""
    question, accept = (("query", "ASK {}"),), {"accept": _RESULTS}
    answered = web.send(Request("POST", url, headers=accept, form=question))
    if answered.status in _OTHER_WAY:
        in_url = web.send(Request("GET", url, question, accept))
        return in_url if is_answer(in_url) or in_url.status in (401, 403) else answered
    return answered


def is_answer(answered: Answered) -> bool:
    """Whether this is an answer to a query, in JSON or XML; Virtuoso answers ASK like a SELECT."""
    if answered.status != 200:
        return False
    if "xml" in answered.media:
        return re.search(rb"<(?:\w+:)?sparql[\s>]", answered.body[:4096]) is not None
    try:
        found = json.loads(answered.body)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and ("boolean" in found or "results" in found)


def presumed(url: str) -> Places:
    """Return the places that `url` has, judged by its text alone; without a mark in it, those of Oxigraph."""
    url = checked(url).rstrip("/")
    for row in LAYOUTS:
        ends = [end.rstrip("/") for end in (row.update, row.graph_store) if end]
        if (row.mark and row.mark in url) or any(url.endswith(end) for end in ends):
            base = _without(_without(url, tuple(ends)), _QUERY_ENDS)
            return _at(row, base, base + row.query[0])
    base = _without(url, _QUERY_ENDS)
    return _at(LAYOUTS[0], base, base + LAYOUTS[0].query[0])


def _places(web: Web, query: str, server: str) -> Places:
    """Return the places of the server that answers at `query`, by its header or by what it has beside it."""
    for row in LAYOUTS:
        if (row.server and server.startswith(row.server)) or (row.mark and row.mark in query):
            base = _without(query, tuple(sorted(row.query, key=len, reverse=True)))
            return _at(row, base, query)
    base = _without(query, _QUERY_ENDS)
    update = base + "/update"
    stores = (base + end for end in ("/store", "/data"))
    return Places(
        query,
        update if base != query and _is_there(web, Request("GET", update)) else query,
        next((url for url in stores if _is_there(web, Request("HEAD", url, (("default", ""),)))), ""),
    )


def _at(row: Layout, base: str, query: str) -> Places:
    update = "" if row.update is None else base + row.update
    store = "" if row.graph_store is None else base + row.graph_store
    return Places(query, update, store, row.product)


def _without(url: str, ends: tuple[str, ...]) -> str:
    """Return `url` without the first of `ends` that it ends with."""
    return next((url[: len(url) - len(end)] for end in ends if url.endswith(end)), url)


def _is_there(web: Web, request: Request) -> bool:
    """Whether a server has something at a place, asked by a request that changes nothing and brings little."""
    return web.send(request).status in (200, 204, 400, 401, 403, 405)
