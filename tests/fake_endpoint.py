"""An endpoint on loopback that is backed by the embedded store, and that misbehaves as a test wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pyoxigraph as ox
from fake_server import Asked, Server, Told, serving

from kg.errors import KgError
from kg.queries.formats import FORMATS
from kg.stores.base import Answer, Graph, Term
from kg.stores.endpoint import EndpointStore
from kg.stores.oxigraph import OxigraphStore
from kg.stores.places import Places
from kg.stores.web import Web

JSON = {"Content-Type": "application/sparql-results+json"}
RDF = {"ld+json": ox.RdfFormat.JSON_LD, "n-triples": ox.RdfFormat.N_TRIPLES}


@dataclass
class FakeEndpoint:
    """Answers queries at /query; `spoil` changes an answer before it is sent, `header` is added to each."""

    store: OxigraphStore = field(default_factory=OxigraphStore)
    spoil: Callable[[str, Told], Told] = lambda _, told: told
    header: tuple[str, str] | None = None
    methods: Sequence[str] = ("POST", "GET")

    def answer(self, asked: Asked) -> Told:
        """Answer a query in a form, or in the URL."""
        if asked.path != "/query" or asked.method not in self.methods:
            return Told(405 if asked.path == "/query" else 404)
        (text,) = (asked.query if asked.method == "GET" else asked.form)["query"]
        try:
            told = _written(self.store.query(text), asked.headers["accept"])
        except KgError as error:
            told = Told(400, str(error).encode(), {"Content-Type": "text/plain"})
        told = self.spoil(text, told)
        return replace(told, headers={**told.headers, **dict([self.header] if self.header else [])})


@contextmanager
def asking(
    endpoint: FakeEndpoint, graphs: tuple[str, ...] = (), tries: int = 1
) -> Iterator[tuple[EndpointStore, Server]]:
    """Run the endpoint until the block ends; yield a store that asks it, and what it was asked."""
    with serving(endpoint.answer) as server, Web(tries=tries, seconds=5) as web:
        yield EndpointStore(web, Places(f"{server.url}/query"), graphs), server


def _written(answer: Answer, accept: str) -> Told:
    if not isinstance(answer, Graph):
        return Told(200, FORMATS["json"](answer).encode(), JSON)
    kind = accept.partition(",")[0].removeprefix("application/")
    triples = (ox.Triple(*(_node(term) for term in triple)) for triple in answer.triples)
    body = ox.serialize(triples, format=RDF[kind])
    assert body is not None
    return Told(200, body, {"Content-Type": f"application/{kind}"})


def _node(term: Term) -> Any:
    if term.kind == "iri":
        return ox.NamedNode(term.value)
    if term.kind == "bnode":
        return ox.BlankNode(term.value)
    if term.lang:
        return ox.Literal(term.value, language=term.lang)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))
