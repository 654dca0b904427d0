"""From the URL that a user has, to where a server answers queries, updates and whole graphs."""

from __future__ import annotations

import pytest
from fake_server import Asked, Told, by_path, serving

from kg.errors import StoreError
from kg.stores.places import Places, candidates, find_places, presumed
from kg.stores.web import Web

JSON = {"Content-Type": "application/sparql-results+json"}
YES = Told(200, b'{"head":{},"boolean":true}', JSON)
XML = Told(
    200,
    b'<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><boolean>true</boolean></sparql>',
    {"Content-Type": "application/sparql-results+xml"},
)
PAGE = Told(200, b"<html><p>Welcome</p></html>", {"Content-Type": "text/html"})


def says(server: str, told: Told = YES) -> Told:
    return Told(told.status, told.body, {**told.headers, "Server": server})


def get_only(asked: Asked) -> Told:
    return YES if asked.method == "GET" else Told(405)


@pytest.mark.parametrize("ending", ["", "/", "/query", "/update", "/store"])
def test_oxigraph_is_found_from_its_base_and_from_each_endpoint(ending: str) -> None:
    oxigraph = by_path(query=says("Oxigraph/0.5.13"), sparql=says("Oxigraph/0.5.13"))
    with serving(oxigraph) as server, Web() as web:
        found = find_places(web, server.url + ending)
        assert found == Places(
            f"{server.url}/query", f"{server.url}/update", f"{server.url}/store", "Oxigraph"
        )


@pytest.mark.parametrize("ending", ["", "/sparql", "/sparql-graph-crud-auth"])
def test_virtuoso_is_found_though_it_answers_ask_like_a_select(ending: str) -> None:
    rows = b'{"head":{"link":[],"vars":["__ASK_RETVAL"]},"results":{"bindings":[]}}'
    virtuoso = by_path(sparql=says("Virtuoso/07.20.3229 (Linux)", Told(200, rows, JSON)))
    with serving(virtuoso) as server, Web() as web:
        at = server.url
        assert find_places(web, at + ending) == Places(
            f"{at}/sparql", f"{at}/sparql-auth", f"{at}/sparql-graph-crud-auth", "Virtuoso"
        )


def test_fuseki_is_found_from_its_data_set() -> None:
    with serving(by_path(**{"ds/query": says("Apache Jena Fuseki (5.2.0)")})) as server, Web() as web:
        at = f"{server.url}/ds"
        assert find_places(web, at) == Places(f"{at}/query", f"{at}/update", f"{at}/data", "Fuseki")
        assert find_places(web, f"{at}/data") == find_places(web, at)


@pytest.mark.parametrize(
    ("header", "product"), [("Apache-Coyote/1.1", "RDF4J"), ("GraphDB/10.8 RDF4J/4.3", "GraphDB")]
)
def test_a_repository_of_rdf4j_answers_at_its_own_url(header: str, product: str) -> None:
    with serving(by_path(**{"repositories/x": says(header)})) as server, Web() as web:
        at = f"{server.url}/repositories/x"
        expected = Places(at, f"{at}/statements", f"{at}/rdf-graphs/service", product)
        assert find_places(web, at) == expected
        assert find_places(web, f"{at}/statements") == expected
        assert server.asked[0].path == "/repositories/x"


def test_our_own_endpoint_takes_no_updates() -> None:
    with serving(by_path(sparql=says("trialkg"))) as server, Web() as web:
        at = server.url
        assert find_places(web, at) == Places(f"{at}/sparql", "", f"{at}/store", "trialkg")


def test_the_update_and_graph_store_of_a_server_without_a_name_are_looked_for() -> None:
    def data(asked: Asked) -> Told:
        return Told(200) if asked.method == "HEAD" else Told(500)

    with serving(by_path(sparql=YES, update=Told(405), data=data)) as server, Web() as web:
        at = server.url
        assert find_places(web, at) == Places(f"{at}/sparql", f"{at}/update", f"{at}/data", "")
    assert not any(asked.method in ("PUT", "DELETE", "PATCH") for asked in server.asked)


def test_a_plain_endpoint_is_its_own_place() -> None:
    with serving(by_path(rdf=YES)) as server, Web() as web:
        at = f"{server.url}/rdf"
        assert find_places(web, at) == Places(at, at, "", "")


def test_an_endpoint_that_answers_in_xml_or_takes_get_only_is_one() -> None:
    for answer in (XML, get_only):
        with serving(by_path(sparql=answer)) as server, Web() as web:
            assert find_places(web, server.url).query == f"{server.url}/sparql"


def test_a_page_for_people_is_no_endpoint() -> None:
    with serving(by_path(query=PAGE, sparql=YES)) as server, Web() as web:
        assert find_places(web, server.url).query == f"{server.url}/sparql"


def test_nothing_that_answers_is_an_error_that_says_what_was_tried() -> None:
    with (
        serving(by_path(query=PAGE)) as server,
        Web() as web,
        pytest.raises(StoreError, match="nothing answers SPARQL queries here") as caught,
    ):
        find_places(web, server.url)
    assert f"{server.url}/query (status 200)" in str(caught.value)
    assert f"{server.url}/sparql (status 404)" in str(caught.value)


def test_a_server_that_wants_credentials_is_not_taken_for_one_that_has_no_endpoint() -> None:
    with (
        serving(by_path(query=Told(401))) as server,
        Web() as web,
        pytest.raises(StoreError, match="does not let us ask") as caught,
    ):
        find_places(web, server.url)
    assert "TRIALKG_USER" in str(caught.value)


def test_a_port_number_says_nothing() -> None:
    assert candidates("http://h:8890") == [url.replace("7878", "8890") for url in candidates("http://h:7878")]


@pytest.mark.parametrize(
    ("url", "query", "update", "product"),
    [
        ("http://h", "http://h/query", "http://h/update", "Oxigraph"),
        ("http://h/sparql-auth", "http://h/sparql", "http://h/sparql-auth", "Virtuoso"),
        ("http://h/ds/data", "http://h/ds/query", "http://h/ds/update", "Fuseki"),
        ("http://h/repositories/x", "http://h/repositories/x", "http://h/repositories/x/statements", "RDF4J"),
    ],
)
def test_places_can_be_presumed_without_asking(url: str, query: str, update: str, product: str) -> None:
    found = presumed(url)
    assert (found.query, found.update) == (query, update)
    assert found.product in (product, "GraphDB")
