"""What servers send when they give up in the middle is never shown as the whole answer."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from kg.errors import StoreError
from kg.stores.endpoint import EndpointStore, open_endpoint
from kg.stores.exchange import credentials
from kg.stores.places import find_places
from kg.stores.web import Web
from servers import direct
from servers.commands import kg
from servers.conftest import Get
from servers.fleet import IMPATIENT
from servers.running import WEB, Running
from servers.worlds import documents

PROVENANCE = "https://w3id.org/trialkg/graph/provenance"
VOCABULARY = "https://w3id.org/trialkg/graph/vocabulary"

# a thousand rows at once, and then none for hours
_FIRST = "{ ?a a <http://www.w3.org/ns/prov#Entity> }"
_HOURS = "{ ?a ?p ?x . ?b ?q ?y . ?c ?r ?z FILTER(?x = ?y && ?y = ?z && ?x != ?z) }"
RUNAWAY = {
    "table": f"SELECT ?a {{ {_FIRST} UNION {_HOURS} }}",
    "number": f"SELECT (COUNT(*) AS ?n) {{ {_FIRST} UNION {_HOURS} }}",
    "graph": f"CONSTRUCT {{ ?a <https://example.org/p> 1 }} {{ {_FIRST} UNION {_HOURS} }}",
    "verdict": f"ASK {_HOURS}",
}
LONG = {
    "table": "SELECT ?s ?p ?o { ?s ?p ?o }",
    "graph": "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }",
    "rows that repeat": "SELECT ?s { ?s ?p ?o }",
    "rows in order": "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o",
    "graph with names": "CONSTRUCT { ?s <https://example.org/p> ?o } { ?s ?p ?o }",
}


def filled(running: Running) -> Running:
    """Return the server with 8,000 triples in it."""
    if running.writable and direct.count(running, PROVENANCE) == 0:
        direct.put(running, PROVENANCE, documents()[PROVENANCE])
    return running


@pytest.fixture(params=IMPATIENT)
def impatient(request: pytest.FixtureRequest, get: Get) -> Running:
    """Return a server that lets a query run for a second or two."""
    return filled(get(request.param, empty=True))


@pytest.fixture
def virtuoso(get: Get) -> Iterator[EndpointStore]:
    """Return Virtuoso, which cuts its answers at 10,000 rows, asked of a graph of 30,000 triples."""
    running = get("virtuoso")
    web = Web(credentials(running.environ))
    store = EndpointStore(web, find_places(web, running.url), (VOCABULARY,))
    yield store
    store.close()


@pytest.mark.parametrize("form", RUNAWAY)
def test_a_query_that_is_stopped_has_no_answer(impatient: Running, form: str) -> None:
    store = open_endpoint(impatient.url, Web(credentials(impatient.environ), tries=1, seconds=30))
    try:
        with pytest.raises(StoreError):
            store.query(RUNAWAY[form])
    finally:
        store.close()


def test_virtuoso_that_runs_out_of_time_has_no_answer(get: Get) -> None:
    running = filled(get("virtuoso-impatient", empty=True))
    store = open_endpoint(running.url, Web(credentials(running.environ), tries=1))
    try:
        # the others are refused at once: it has an estimate
        with pytest.raises(StoreError, match="timed out"):
            store.query("SELECT (COUNT(*) AS ?n) { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z }")
    finally:
        store.close()


def test_oxigraph_really_sends_a_part_as_if_it_were_all(get: Get) -> None:
    running = filled(get("oxigraph-impatient", empty=True))
    question = {"query": RUNAWAY["table"], "default-graph-uri": PROVENANCE}
    answered = WEB.post(running.query, data=question, headers={"accept": "text/csv"})
    assert answered.status_code == 200
    assert len(answered.text.splitlines()) > 500


@pytest.mark.parametrize("form", LONG)
def test_an_answer_that_virtuoso_cut_is_refused(virtuoso: EndpointStore, form: str) -> None:
    with pytest.raises(StoreError, match="cut"):
        virtuoso.query(LONG[form])


def test_virtuoso_really_cuts_without_an_error(get: Get) -> None:
    running = get("virtuoso")
    headers = {"accept": "application/sparql-results+json"}
    question = {"query": LONG["table"], "default-graph-uri": VOCABULARY}
    answered = WEB.post(running.query, data=question, headers=headers)
    assert answered.status_code == 200
    assert len(json.loads(answered.content)["results"]["bindings"]) == running.rows


def test_what_virtuoso_can_give_whole_is_given(virtuoso: EndpointStore) -> None:
    assert virtuoso.count() > 10_000
    assert len(virtuoso.select(f"{LONG['table']} LIMIT 5000").rows) == 5000
    assert len(virtuoso.select(f"{LONG['table']} LIMIT 10000").rows) == 10_000


def test_the_command_ends_with_an_error(get: Get) -> None:
    running = get("virtuoso")
    done = kg("query", "-", "--on", running.url, environ=running.environ, given=LONG["table"])
    assert (done.code, done.out) == (2, "")
    assert "cut" in done.err


def test_our_own_endpoint_says_that_it_stopped_and_sends_no_part(get: Get) -> None:
    running = get("kg-serve-impatient", empty=True)
    answered = WEB.post(running.query, data={"query": RUNAWAY["table"]}, headers={"accept": "text/csv"})
    assert answered.status_code == 503
    assert "2 s" in answered.text
