"""Questions as URLs: every bundled query has an address, and /api describes them all."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pyoxigraph as ox
import pytest
from serve_process import running
from serving import Endpoint

from kg.build.sources import bundled_quads
from kg.queries.catalogue import QueryFile, list_queries, load_query
from kg.queries.formats.csv import write_csv
from kg.queries.run import run
from kg.serve.answers.openapi import Json, describe_api
from kg.serve.views.questions import catalogue
from kg.stores.base import Graph
from kg.stores.oxigraph import OxigraphStore

QUERIES = list_queries()
TABLES = [query for query in QUERIES if query.columns]
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


# --- the description, against the rules of OpenAPI 3.1 ---------------------------------------------


@pytest.fixture(scope="module")
def document() -> Json:
    # as a client gets it: plain JSON
    return dict(json.loads(json.dumps(describe_api(QUERIES, "A title", "1.2.3"))))


def operations(document: Json) -> Iterator[tuple[str, Json]]:
    for path, item in document["paths"].items():
        assert set(item) <= METHODS | {"parameters", "summary", "description", "servers"}
        yield from ((path, item[method]) for method in METHODS & set(item))


def resolved(document: Json, node: Json) -> Json:
    if "$ref" not in node:
        return node
    found = document
    for step in node["$ref"].removeprefix("#/").split("/"):
        found = found[step.replace("~1", "/").replace("~0", "~")]
    return found


def nodes(value: object) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for inside in value.values():
            yield from nodes(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from nodes(inside)


def test_the_description_has_what_every_openapi_document_must_have(document: Json) -> None:
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert document["info"]["title"] == "A title"
    assert document["info"]["version"] == "1.2.3"
    assert set(document) <= {"openapi", "info", "servers", "tags", "paths", "components"}
    assert all(path.startswith("/") for path in document["paths"])


def test_every_operation_has_a_name_of_its_own(document: Json) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(names) == len(set(names)) == 2 * len(QUERIES)


def test_every_parameter_of_a_path_is_declared_once_and_no_other(document: Json) -> None:
    for path, operation in operations(document):
        declared = [resolved(document, one) for one in operation["parameters"]]
        keys = [(one["name"], one["in"]) for one in declared]
        assert len(keys) == len(set(keys))
        in_path = {one["name"] for one in declared if one["in"] == "path"}
        assert in_path == set(re.findall(r"\{(\w+)\}", path))
        for one in declared:
            assert one["required"] is (one["in"] == "path")
            assert ("schema" in one) != ("content" in one)


def test_every_reference_leads_somewhere(document: Json) -> None:
    references = [node for node in nodes(document) if "$ref" in node]
    assert len(references) > 100
    assert all(resolved(document, node) for node in references)


def test_the_names_of_components_are_ones_that_components_may_have(document: Json) -> None:
    for kind, parts in document["components"].items():
        assert kind in {"schemas", "responses", "parameters", "headers"}
        assert all(re.fullmatch(r"[a-zA-Z0-9.\-_]+", name) for name in parts)


def test_every_answer_has_a_description_and_a_status(document: Json) -> None:
    for _, operation in operations(document):
        assert set(operation["responses"]) == {"200", "304", "400", "404", "406", "413", "503"}
        for status, answer in operation["responses"].items():
            found = resolved(document, answer)
            assert found["description"]
            assert "content" in found or status == "304"


def test_types_of_schemas_are_those_of_json_schema(document: Json) -> None:
    known = {"null", "boolean", "object", "array", "number", "string", "integer"}
    schemas = [node["schema"] for node in nodes(document) if isinstance(node.get("schema"), dict)]
    for schema in (
        node for one in schemas for node in nodes(one) if isinstance(node.get("type"), str | list)
    ):
        types = schema["type"]
        assert set([types] if isinstance(types, str) else types) <= known


def test_examples_have_the_type_of_their_schema(document: Json) -> None:
    python = {"string": str, "integer": int, "number": (int, float)}
    for parameter in document["components"]["parameters"].values():
        assert isinstance(parameter["example"], python[parameter["schema"]["type"]])
        assert parameter["schema"]["default"] == parameter["example"]


def test_tags_are_declared(document: Json) -> None:
    declared = {tag["name"] for tag in document["tags"]}
    assert {tag for _, operation in operations(document) for tag in operation["tags"]} == declared


# --- every bundled query, over HTTP and real workers, is what `kg query` says -----------------------


@pytest.fixture(scope="module")
def store() -> OxigraphStore:
    store = OxigraphStore()
    store.load_blocks(bundled_quads())
    return store


@pytest.fixture(scope="module")
def client(store: OxigraphStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("api")
    file = folder / "bundled.nq"
    store.engine.dump(file, ox.RdfFormat.N_QUADS)
    with running(folder, file) as server, httpx.Client(base_url=server.url, timeout=20) as client:
        yield client


@pytest.mark.parametrize("query", TABLES, ids=lambda query: query.id)
def test_a_query_answers_as_the_command_does(
    client: httpx.Client, store: OxigraphStore, query: QueryFile
) -> None:
    answer = client.get(f"/api/{query.id}.csv")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text == write_csv(run(store, query))
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert len(rows) > 1
    assert tuple(rows[0]) == tuple(name for name, _ in query.columns)


def test_a_query_that_makes_a_graph_answers_with_that_graph(
    client: httpx.Client, store: OxigraphStore
) -> None:
    found = run(store, load_query("trial-neighbourhood"))
    assert isinstance(found, Graph)
    forms = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "json": ox.RdfFormat.JSON_LD}
    for suffix, form in {**forms, "jsonld": ox.RdfFormat.JSON_LD, "xml": ox.RdfFormat.RDF_XML}.items():
        answer = client.get(f"/api/trial-neighbourhood.{suffix}")
        assert answer.status_code == 200
        assert len(set(ox.parse(answer.content, form))) == len(found.triples)
    assert client.get("/api/trial-neighbourhood.csv").status_code == 406


def test_values_come_from_the_url(client: httpx.Client, store: OxigraphStore) -> None:
    for name, values in (
        ("trials-for-disease", {"disease": "GVHD"}),
        ("largest-arms", {"minimum": "100"}),
        ("doses-above", {"minimum": "1e7", "unit": "cells/kg"}),
        ("trial-card", {"trial": "NCT04493242"}),
        ("text-search", {"text": "adverse events"}),
        ("text-search", {"text": '") } # é'}),
    ):
        answer = client.get(f"/api/{name}?{urlencode(values)}", headers={"Accept": "text/csv"})
        assert answer.status_code == 200
        assert answer.text == write_csv(run(store, load_query(name), values))


def test_the_form_is_chosen_by_accept_as_the_endpoint_does(client: httpx.Client) -> None:
    for accept, media in (
        ("*/*", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("text/csv;q=0.5, application/json", "application/json"),
        ("text/html, application/xml;q=0.9, */*;q=0.8", "text/html; charset=utf-8"),
    ):
        answer = client.get("/api/table-overview", headers={"Accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (200, media)
    assert client.get("/api/table-overview", headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/api/table-overview.ttl").status_code == 406


def test_an_answer_has_the_columns_that_the_description_promises(client: httpx.Client) -> None:
    document = client.get("/api.json").json()
    answer = client.get("/api/largest-arms").json()
    promised = document["components"]["responses"]["largest-arms"]["content"]
    schema = promised["application/sparql-results+json"]["schema"]
    row = schema["properties"]["results"]["properties"]["bindings"]["items"]["properties"]
    assert answer["head"]["vars"] == list(row)
    assert all(set(one) <= set(row) for one in answer["results"]["bindings"])


def test_an_answer_is_not_sent_again_to_who_has_it(client: httpx.Client) -> None:
    first = client.get("/api/largest-arms.csv")
    again = client.get("/api/largest-arms.csv", headers={"If-None-Match": first.headers["etag"]})
    other = client.get("/api/largest-arms.csv?minimum=7", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, other.status_code) == (304, b"", 200)


def test_head_tells_what_get_would(client: httpx.Client) -> None:
    for path in ("/api", "/api/largest-arms.csv", "/api/largest-arms?minimum=x", "/api/nothing"):
        head, get = client.head(path), client.get(path)
        assert (head.status_code, head.content) == (get.status_code, b"")
        same = ("content-type", "etag", "content-length")
        assert [head.headers.get(name) for name in same] == [get.headers.get(name) for name in same]


def test_a_page_shows_the_answer_with_links_to_its_things(client: httpx.Client) -> None:
    page = client.get("/api/trials-for-disease.html?disease=GVHD").text
    assert 'href="/trial/NCT02336230"' in page
    assert 'value="GVHD"' in page
    assert 'formaction="/api/trials-for-disease.csv"' in page
    assert '<option value="graft versus host disease">' in page


# --- what is refused ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Endpoint:
    return Endpoint(tmp_path_factory.mktemp("small"))


def test_an_unknown_query_is_not_found_and_near_names_are_told(small: Endpoint) -> None:
    answer = small.get("/api/trials-for-diseases")
    assert answer.status == 404
    assert "trials-for-disease" in answer.text
    assert small.get("/api/zzzz").status == 404


def test_no_file_and_no_query_text_can_be_asked_by_name(small: Endpoint, tmp_path: Path) -> None:
    file = tmp_path / "own.rq"
    file.write_text("SELECT * { ?s ?p ?o }")
    for name in (
        str(file).replace("/", "%2F"),
        "SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D",
        "..%2Fall-trials",
        "-",
    ):
        assert small.get(f"/api/{name}").status == 404


def test_what_does_not_fit_a_parameter_is_told(small: Endpoint) -> None:
    for search, words in (
        ("disease=Chron+disease", "Crohn disease"),
        ("desease=GVHD", "has no parameter 'desease'"),
        ("disease=", "does not fit the parameter disease"),
        ("disease=GVHD&disease=GVHD", "given 2 times"),
        ("disease=%ff", "UTF-8"),
        ("disease=%zz", "hexadecimal"),
    ):
        answer = small.get(f"/api/trials-for-disease?{search}")
        assert answer.status == 400
        assert words in answer.text


def test_a_refusal_is_a_page_for_a_browser(small: Endpoint) -> None:
    browser = ("accept", "text/html,*/*;q=0.8")
    answer = small.get("/api/trials-for-disease?disease=%3Cscript%3E", browser)
    assert (answer.status, answer.media) == (400, "text/html")
    assert "&lt;script&gt;" in answer.text
    assert "<script" not in answer.text
    assert small.get("/api/zzzz", browser).media == "text/html"


def test_no_value_gets_out_of_its_place(small: Endpoint) -> None:
    hostile = urlencode({"text": '" } } DELETE { ?s ?p ?o } #'})
    answer = small.get(f"/api/text-search.csv?{hostile}")
    assert answer.status == 200
    assert answer.text.count("\r\n") == 1


# --- the catalogue --------------------------------------------------------------------------------


def test_the_description_is_json_for_programs_and_a_page_for_browsers(small: Endpoint) -> None:
    for accept, media in (
        ("*/*", "application/json"),
        ("application/vnd.oai.openapi+json", "application/vnd.oai.openapi+json"),
        ("text/html,*/*;q=0.8", "text/html"),
    ):
        answer = small.get("/api", ("accept", accept))
        assert (answer.status, answer.media) == (200, media)
    assert small.get("/api", ("accept", "text/turtle")).status == 406
    assert json.loads(small.get("/api/").body) == json.loads(small.get("/api.json").body)
    assert small.get("/api.html").media == "text/html"


def test_the_page_of_questions_has_a_form_for_each(small: Endpoint) -> None:
    page = small.get("/api.html").text
    for query in catalogue().values():
        assert f'<form action="/api/{query.id}" method="get">' in page
        assert all(f'name="{parameter.name}"' in page for parameter in query.parameters)
    assert "<script" not in page
    assert "style=" not in page
