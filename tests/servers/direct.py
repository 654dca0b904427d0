"""A running store → what it holds, asked with plain HTTP requests: none of the code that is tested is used."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pyoxigraph as ox

from servers.running import Running

_PAGE = 5000
"""Triples asked for at once: Virtuoso, as it is shipped, cuts what is longer than 10,000 without a word."""


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
    """Return all triples of a graph."""
    found: set[ox.Triple] = set()
    for start in range(0, 10**9, _PAGE):
        page = set(_page(running, graph, start))
        found |= page
        if not page:
            break
    return found


def drop(running: Running, graph: str) -> None:
    """Remove a graph; it need not be there."""
    answered = httpx.delete(running.graph_store, params={"graph": graph}, auth=running.auth, timeout=60)
    assert answered.status_code in (200, 204, 404), answered.text


def put(running: Running, graph: str, turtle: bytes) -> None:
    """Replace a graph."""
    answered = httpx.put(
        running.graph_store,
        params={"graph": graph},
        content=turtle,
        headers={"content-type": "text/turtle"},
        auth=running.auth,
        timeout=60,
    )
    assert answered.status_code in (200, 201, 204), answered.text


def _page(running: Running, graph: str, start: int) -> Iterator[ox.Triple]:
    query = f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} LIMIT {_PAGE} OFFSET {start}"
    found = _ask(running, query, "application/n-triples")
    for quad in ox.parse(found.content, format=ox.RdfFormat.N_TRIPLES):
        yield ox.Triple(quad.subject, quad.predicate, quad.object)


def _ask(running: Running, query: str, accept: str) -> httpx.Response:
    answered = httpx.post(running.query, data={"query": query}, headers={"accept": accept}, timeout=60)
    assert answered.status_code == 200, answered.text
    return answered
