"""A running store → what it holds, asked with plain HTTP requests: none of the code that is tested is used."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count as count_up

import httpx
import pyoxigraph as ox

from servers.running import WEB, Running


def graphs(running: Running) -> set[str]:
    """Return the names of the graphs that hold a triple."""
    found = _ask(running, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "application/sparql-results+json")
    return {row["g"]["value"] for row in found.json()["results"]["bindings"]}


def count(running: Running, graph: str) -> int:
    """Return the number of triples of a graph, as the server counts them."""
    query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
    found = _ask(running, query, "application/sparql-results+json")
    return int(found.json()["results"]["bindings"][0]["n"]["value"])


def triples(running: Running, graph: str) -> set[ox.Triple]:
    """Return all triples of a graph, in pages where the server would cut them."""
    if not running.rows:
        return set(_page(running, graph, ""))
    found: set[ox.Triple] = set()
    size = running.rows // 2
    for start in count_up(0, size):
        page = set(_page(running, graph, f"LIMIT {size} OFFSET {start}"))
        found |= page
        if len(page) < size:
            return found
    raise AssertionError("unreachable")


def drop(running: Running, graph: str) -> None:
    """Remove a graph; it need not be there."""
    answered = WEB.delete(running.graph_store, params={"graph": graph}, auth=running.auth)
    assert answered.status_code in (200, 204, 404), answered.text


def put(running: Running, graph: str, turtle: bytes) -> None:
    """Replace a graph."""
    answered = WEB.put(
        running.graph_store,
        params={"graph": graph},
        content=turtle,
        headers={"content-type": "text/turtle"},
        auth=running.auth,
    )
    assert answered.status_code in (200, 201, 204), answered.text


def _page(running: Running, graph: str, limits: str) -> Iterator[ox.Triple]:
    query = f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} {limits}"
    found = _ask(running, query, "application/n-triples")
    for quad in ox.parse(found.content, format=ox.RdfFormat.N_TRIPLES):
        yield ox.Triple(quad.subject, quad.predicate, quad.object)


def _ask(running: Running, query: str, accept: str) -> httpx.Response:
    answered = WEB.post(running.query, data={"query": query}, headers={"accept": accept})
    assert answered.status_code == 200, answered.text
    return answered
