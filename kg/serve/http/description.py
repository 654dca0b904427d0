"""The endpoint and its data → their description in RDF: SPARQL 1.1 Service Description and VoID in one graph.

What is said of the data is read from the loaded graph once; what is said of the service is made here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from kg.serve.http.refusal import Refusal
from kg.serve.http.respond import Answers, Whole, accepted, etag, known
from kg.serve.negotiate import GRAPHS, choose
from kg.serve.site import Site
from kg.serve.tasks import Ask, Reply
from kg.vocabulary.namespaces import RDF_TYPE

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_DCAT = "http://www.w3.org/ns/dcat#"
_FORMATS = "http://www.w3.org/ns/formats/"
_WRITTEN = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "JSON-LD", "RDF_XML"),
)
_PREFIXES = {
    "sd": _SD,
    "void": _VOID,
    "dcat": _DCAT,
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "formats": _FORMATS,
    "prov": "http://www.w3.org/ns/prov#",
}
_SAID = f"""PREFIX sd: <{_SD}> PREFIX void: <{_VOID}> PREFIX dcat: <{_DCAT}>
CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ SELECT DISTINCT ?s {{
    VALUES ?kind {{ void:Dataset void:Linkset }}
    ?d a ?kind ; (void:subset|void:classPartition|void:propertyPartition|sd:defaultGraph|sd:namedGraph|sd:graph
      |dcat:distribution)* ?s
  }} }}
  ?s ?p ?o
}}"""
_NAMES = "SELECT DISTINCT ?graph { GRAPH ?graph {} } ORDER BY ?graph LIMIT 1000"
_KEPT = 16  # written descriptions


def endpoint_of(request: Request) -> str:
    """Return the URL of the endpoint by the name under which the client knows this server."""
    return f"{request.scope['scheme']}://{request.headers['host']}/sparql"


class Description:
    """Describes an endpoint whose data does not change."""

    def __init__(self, pool: Answers, site: Site) -> None:
        self._pool = pool
        self._site = site
        self._data: tuple[list[ox.Triple], list[str]] | None = None
        self._bodies: dict[tuple[str, str], bytes] = {}

    async def respond(self, request: Request) -> Response:
        """Return the description in the form that the client likes best; Refusal 406 when there is none."""
        endpoint = endpoint_of(request)
        media = choose(accepted(request), GRAPHS)
        if media is None:
            raise Refusal(406, f"the description of this endpoint can be had as {', '.join(GRAPHS[:4])}")
        tag = etag(self._site, Ask("description", endpoint, (media,)))
        if known(request, tag):
            return Whole(Reply(304, "", b""), tag)
        return Whole(Reply(200, _content_type(media), await self._body(endpoint, media)), tag)

    async def _body(self, endpoint: str, media: str) -> bytes:
        """Return the description in one form, written once for each of the last names this server was called by."""
        if self._data is None:
            self._data = await self._read()
        if (endpoint, media) not in self._bodies:
            while len(self._bodies) >= _KEPT:
                del self._bodies[next(iter(self._bodies))]
            triples = [*_service(endpoint, *self._data), *sorted(self._data[0], key=str)]
            self._bodies[endpoint, media] = _written(triples, media)
        return self._bodies[endpoint, media]

    async def _read(self) -> tuple[list[ox.Triple], list[str]]:
        """Return what the data says of itself, and the names of its graphs."""
        said = await self._pool.answer(Ask("query", _SAID, ("application/n-triples",)))
        names = await self._pool.answer(Ask("query", _NAMES, ("application/sparql-results+json",)))
        for reply in (said, names):
            if reply.status != 200:
                reason = reply.body.decode("utf-8", "replace").strip()
                raise Refusal(reply.status, f"the data cannot be described now: {reason}", reply.headers)
        triples = [quad.triple for quad in ox.parse(said.body, ox.RdfFormat.N_TRIPLES)]
        return triples, [row["graph"]["value"] for row in json.loads(names.body)["results"]["bindings"]]


def _service(endpoint: str, said: list[ox.Triple], names: list[str]) -> Iterator[ox.Triple]:
    """Yield what is true of the endpoint and of its default data set."""
    service = ox.NamedNode(f"{endpoint}#service")
    here = ox.NamedNode(endpoint)
    data = _dataset(said, endpoint)
    yield _triple(service, RDF_TYPE, f"{_SD}Service")
    yield ox.Triple(service, ox.NamedNode(f"{_SD}endpoint"), here)
    yield _triple(service, f"{_SD}supportedLanguage", f"{_SD}SPARQL11Query")
    yield _triple(service, f"{_SD}feature", f"{_SD}UnionDefaultGraph")
    for form in _WRITTEN:
        yield _triple(service, f"{_SD}resultFormat", _FORMATS + form)
    yield ox.Triple(service, ox.NamedNode(f"{_SD}defaultDataset"), data)
    yield _triple(data, RDF_TYPE, f"{_SD}Dataset")
    yield _triple(data, RDF_TYPE, f"{_VOID}Dataset")
    yield ox.Triple(data, ox.NamedNode(f"{_VOID}sparqlEndpoint"), here)
    yield from _graphs(endpoint, data, said, names)


def _graphs(
    endpoint: str, data: ox.NamedNode, said: list[ox.Triple], names: list[str]
) -> Iterator[ox.Triple]:
    """Yield the graphs of the default data set that the data itself does not tell of."""
    told = {t.object for t in said if t.predicate.value == f"{_SD}name"}
    if not any(t.subject == data and t.predicate.value == f"{_SD}defaultGraph" for t in said):
        union = ox.NamedNode(f"{endpoint}#default")
        yield ox.Triple(data, ox.NamedNode(f"{_SD}defaultGraph"), union)
        yield _triple(union, RDF_TYPE, f"{_SD}Graph")
    for number, name in enumerate(name for name in names if ox.NamedNode(name) not in told):
        graph = ox.NamedNode(f"{endpoint}#graph-{number + 1}")
        yield ox.Triple(data, ox.NamedNode(f"{_SD}namedGraph"), graph)
        yield _triple(graph, RDF_TYPE, f"{_SD}NamedGraph")
        yield _triple(graph, f"{_SD}name", name)


def _dataset(said: list[ox.Triple], endpoint: str) -> ox.NamedNode:
    """Return the IRI of the data set that all of it is: the one described with its graphs, or one of ours."""
    wholes = {t.subject for t in said if t.predicate.value == f"{_SD}namedGraph"}
    only = wholes.pop() if len(wholes) == 1 else None
    return only if isinstance(only, ox.NamedNode) else ox.NamedNode(f"{endpoint}#dataset")


def _triple(subject: ox.NamedNode, predicate: str, value: str) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), ox.NamedNode(value))


def _written(triples: Iterable[ox.Triple], media: str) -> bytes:
    forms = {
        "text/turtle": ox.RdfFormat.TURTLE,
        "application/n-triples": ox.RdfFormat.N_TRIPLES,
        "application/ld+json": ox.RdfFormat.JSON_LD,
        "application/json": ox.RdfFormat.JSON_LD,
    }
    form = forms.get(media, ox.RdfFormat.RDF_XML)
    prefixes = None if form is ox.RdfFormat.N_TRIPLES else _PREFIXES
    written = ox.serialize(dict.fromkeys(triples), format=form, prefixes=prefixes)
    return written or b""


def _content_type(media: str) -> str:
    return f"{media}; charset=utf-8" if media.startswith("text/") else media
