"""`kg serve` passes the W3C's tests of the SPARQL protocols, as far as a server that only reads can.

Requests that read must get the response that a test expects; requests that write must be refused and
change nothing. What a test of the graph store writes first is given to the server as a file.
"""

from __future__ import annotations

import email
import http.client
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

import pyoxigraph as ox
import pytest
from serve_process import Server, running

from servers import w3c
from servers.w3c import Case, Expected, Request

PROTOCOL = w3c.cases("protocol/manifest.ttl")
STORE = w3c.cases("graph-store-protocol/manifest-indirect.ttl")
WRITING = ("application/sparql-update", "update=")
NEW = "http://www.example/gsp/new"
FORMS = {
    "boolean": ("application/sparql-results+json", "application/sparql-results+xml"),
    "tabular": (
        *("application/sparql-results+json", "application/sparql-results+xml"),
        *("text/csv", "text/tab-separated-values"),
    ),
    "RDF": ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"),
}

needs_suite = pytest.mark.skipif(
    w3c.folder() is None, reason="RDF_TESTS does not name the folder sparql/sparql11 of w3c/rdf-tests"
)
State = Mapping[str, set[ox.Triple]]


class Answer:
    """A response, read whole."""

    def __init__(self, server: Server, sent: Request) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        # given as bytes: the client must not choose an encoding
        connection.putrequest(sent.method, sent.path)
        for name, value in sent.headers:
            connection.putheader(name, value)
        if sent.body:
            connection.putheader("Content-Length", str(len(sent.body)))
        connection.endheaders(sent.body)
        response = connection.getresponse()
        self.status = response.status
        self.body = response.read()
        self.media = response.headers.get("content-type", "").partition(";")[0]
        connection.close()


def write(file: Path, state: State) -> Path:
    """Write the graphs of a data set as N-Quads; "" is the name of the default graph."""
    quads = [
        quad(triple, ox.NamedNode(name) if name else ox.DefaultGraph())
        for name, triples in state.items()
        for triple in triples
    ]
    file.write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"# nothing\n")
    return file


def quad(triple: ox.Triple, graph: ox.NamedNode | ox.DefaultGraph | None = None) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def triples(turtle: bytes, form: ox.RdfFormat = ox.RdfFormat.TURTLE) -> set[ox.Triple]:
    return {one.triple for one in ox.parse(turtle, format=form)}


def canonical(found: set[ox.Triple]) -> ox.Dataset:
    dataset = ox.Dataset(quad(triple) for triple in found)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def writes(sent: Request) -> bool:
    return sent.media.startswith(WRITING[0]) or any(
        WRITING[1] in text for text in (sent.path, sent.body.decode("latin-1"))
    )


def check(answer: Answer, expected: Expected) -> None:
    """Hold a response to what a test expects of it."""
    assert expected.allows(answer.status), f"{answer.status}: {answer.body[:200]!r}"
    if expected.form:
        assert answer.media in FORMS[expected.form]
    if expected.holds is not None:
        assert json.loads(answer.body)["boolean"] is expected.holds


# --- SPARQL 1.1 Protocol -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def protocol(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that holds the data of all tests of the protocol."""
    state = {
        name: triples(path.read_bytes(), ox.RdfFormat.N_TRIPLES)
        for case in PROTOCOL
        for name, path in case.data
    }
    folder = tmp_path_factory.mktemp("protocol")
    with running(folder, write(folder / "data.nq", state)) as server:
        yield server


def size(server: Server) -> int:
    sent = Request("GET", "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D", (), b"", Expected(("200",)))
    return len(json.loads(Answer(server, sent).body)["results"]["bindings"])


@needs_suite
@pytest.mark.parametrize("case", PROTOCOL, ids=lambda case: case.name)
def test_the_sparql_protocol(protocol: Server, case: Case) -> None:
    before = size(protocol)
    changing = any(writes(sent) for sent in case.requests)
    for sent in case.requests:
        answer = Answer(protocol, sent)
        if writes(sent):
            assert answer.status in (403, 405, 415)
        elif not changing:  # what a test asks after an update, it asks of what was written
            check(answer, sent.expected)
    assert size(protocol) == before == 3


# --- SPARQL 1.1 Graph Store HTTP Protocol --------------------------------------------------------


@needs_suite
@pytest.mark.parametrize("case", STORE, ids=lambda case: case.name)
def test_the_graph_store_protocol(case: Case, tmp_path: Path) -> None:
    state: dict[str, set[ox.Triple]] = {}
    for number, sent in enumerate(case.requests):
        path = sent.path.replace("/gsp", "/store", 1).replace("$LOCATION$", NEW)
        here = Request(sent.method, path, sent.headers, sent.body, sent.expected)
        folder = tmp_path / str(number)
        folder.mkdir()
        # each writing request is tried on a server that has what was written before it
        with running(folder, write(folder / "data.nq", state)) as server:
            before = size(server)
            answer = Answer(server, here)
            if sent.method in ("GET", "HEAD"):
                check(answer, sent.expected)
                if sent.expected.turtle:
                    assert answer.media == "text/turtle"
                    assert canonical(triples(answer.body)) == canonical(
                        triples(sent.expected.turtle.encode())
                    )
            else:
                assert answer.status in (403, 405)
                assert size(server) == before
                store(state, sent)


def store(state: dict[str, set[ox.Triple]], sent: Request) -> None:
    """Do to `state` what a server that is written to would do."""
    search = sent.path.partition("?")[2]
    name = "" if search == "default" else unquote(search.removeprefix("graph=")) if search else NEW
    if sent.method in ("PUT", "DELETE"):
        state.pop(name, None)
    for turtle in documents(sent):
        state.setdefault(name, set()).update(triples(turtle))


def documents(sent: Request) -> list[bytes]:
    """Return the Turtle documents that a request brings, several in a form."""
    if sent.method == "DELETE":
        return []
    if not sent.media.startswith("multipart/"):
        return [sent.body]
    form = email.message_from_bytes(f"Content-Type: {sent.media}\r\n\r\n".encode() + sent.body)
    return [bytes(part.get_payload(decode=True) or b"") for part in form.walk() if not part.is_multipart()]


# --- SPARQL 1.1 Service Description --------------------------------------------------------------

SD = "http://www.w3.org/ns/sparql-service-description#"
TERMS = {
    *("Service", "Language", "Function", "Aggregate", "EntailmentRegime", "EntailmentProfile"),
    *("GraphCollection", "Dataset", "Graph", "NamedGraph", "Feature", "SPARQL11Query", "UnionDefaultGraph"),
    *(
        "endpoint",
        "feature",
        "defaultEntailmentRegime",
        "entailmentRegime",
        "defaultSupportedEntailmentProfile",
    ),
    *("supportedEntailmentProfile", "extensionFunction", "extensionAggregate", "languageExtension"),
    *(
        "supportedLanguage",
        "propertyFeature",
        "defaultDataset",
        "availableGraphs",
        "resultFormat",
        "inputFormat",
    ),
    *("defaultGraph", "namedGraph", "name", "graph"),
}


def description(server: Server) -> set[ox.Triple]:
    accept = (("Accept", "application/n-triples"),)
    answer = Answer(server, Request("GET", "/sparql", accept, b"", Expected(("200",))))
    assert (answer.status, answer.media) == (200, "application/n-triples")
    return triples(answer.body, ox.RdfFormat.N_TRIPLES)


@needs_suite
def test_the_endpoint_returns_rdf(protocol: Server) -> None:
    assert description(protocol)


@needs_suite
def test_the_description_has_a_matching_endpoint(protocol: Server) -> None:
    found = [t.object for t in description(protocol) if t.predicate.value == f"{SD}endpoint"]
    assert found == [ox.NamedNode(f"{protocol.url}sparql")]


@needs_suite
def test_the_description_conforms_to_its_schema(protocol: Server) -> None:
    found = description(protocol)
    used = {
        node.value.removeprefix(SD)
        for triple in found
        for node in triple
        if isinstance(node, ox.NamedNode) and node.value.startswith(SD)
    }
    assert used <= TERMS
    (service,) = [t.subject for t in found if t.object == ox.NamedNode(f"{SD}Service")]
    datasets = [
        t.object for t in found if t.subject == service and t.predicate.value == f"{SD}defaultDataset"
    ]
    assert len(datasets) == 1
    assert sum(t.subject == datasets[0] and t.predicate.value == f"{SD}namedGraph" for t in found) == 3
