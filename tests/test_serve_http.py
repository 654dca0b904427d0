"""The endpoint speaks the SPARQL protocol and the graph store protocol, and turns away what is not for it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
from serving import BASE, HOST, Answered, Endpoint, call

from kg.errors import KgError
from kg.serve.http.app import Doors
from kg.serve.http.bases import find_title
from kg.serve.http.cors import read_origins
from kg.vocabulary.namespaces import ROOT

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
ASK = "ASK { ?s ?p ?o }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Endpoint:
    return Endpoint(tmp_path_factory.mktemp("data"))


def asking(query: str, **more: object) -> str:
    return "/sparql?" + urlencode({"query": query, **more}, doseq=True)


def count(answered: Answered) -> int:
    assert answered.status == 200, answered.text
    return int(json.loads(answered.body)["results"]["bindings"][0]["n"]["value"])


# --- the query operation -------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/sparql", "/sparql/"])
def test_a_query_is_asked_in_each_of_the_three_ways(endpoint: Endpoint, path: str) -> None:
    in_form = urlencode({"query": ASK}).encode()
    for answered in (
        endpoint.get(f"{path}?query={quote(ASK)}"),
        endpoint.post(path, in_form, FORM),
        endpoint.post(path, ASK.encode(), QUERY),
        endpoint.post(path, ASK.encode(), f"{QUERY}; charset=UTF-8"),
        endpoint.post(path, in_form, f'{FORM};charset="utf-8"'),
    ):
        assert answered.status == 200
        assert answered.media == "application/sparql-results+json"
        assert json.loads(answered.body)["boolean"] is True


def test_head_answers_as_get_does(endpoint: Endpoint) -> None:
    head, get = endpoint.get(asking(ASK), method="HEAD"), endpoint.get(asking(ASK))
    assert (head.status, head.headers) == (get.status, get.headers)
    assert endpoint.get(asking("ASK {"), method="HEAD").status == 400


def test_without_graphs_the_default_graph_is_the_union_of_all(endpoint: Endpoint) -> None:
    assert count(endpoint.get(asking(COUNT))) == 4
    everywhere = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert count(endpoint.get(asking(everywhere))) == 4


def test_the_graphs_of_the_protocol_make_the_data_set_and_win_over_from(endpoint: Endpoint) -> None:
    a, b, none = f"{BASE}graph/a", f"{BASE}graph/b", f"{BASE}graph/none"
    default, named = "default-graph-uri", "named-graph-uri"
    assert count(endpoint.get(asking(COUNT, **{default: [a]}))) == 2
    assert count(endpoint.get(asking(COUNT, **{default: [a, b]}))) == 4
    assert count(endpoint.get(asking(COUNT, **{default: [none]}))) == 0
    assert count(endpoint.get(asking(COUNT, **{named: [a]}))) == 0
    inside = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert count(endpoint.get(asking(inside, **{named: [a]}))) == 2
    assert count(endpoint.get(asking(inside, **{default: [a]}))) == 0
    from_a = COUNT.replace("{", f"FROM <{a}> {{", 1)
    assert count(endpoint.get(asking(from_a))) == 2
    assert count(endpoint.get(asking(from_a, **{default: [none]}))) == 0


def test_graphs_are_named_in_the_url_and_in_the_form(endpoint: Endpoint) -> None:
    a, b = f"{BASE}graph/a", f"{BASE}graph/b"
    body = urlencode({"query": COUNT, "default-graph-uri": a}).encode()
    assert count(endpoint.post("/sparql", body, FORM)) == 2
    assert count(endpoint.post(f"/sparql?default-graph-uri={quote(b)}", body, FORM)) == 4
    assert count(endpoint.post(f"/sparql?default-graph-uri={quote(a)}", COUNT.encode(), QUERY)) == 2


@pytest.mark.parametrize("wrong", ["", "graph/a", "no iri", "http://a b", "http://a>b"])
def test_a_graph_is_named_by_an_absolute_iri(endpoint: Endpoint, wrong: str) -> None:
    answered = endpoint.get(asking(ASK, **{"default-graph-uri": wrong}))
    assert answered.status == 400
    assert "default-graph-uri is not an absolute IRI" in answered.text


def test_parameters_of_other_servers_mean_nothing_here(endpoint: Endpoint) -> None:
    answered = endpoint.get(asking(ASK, format="csv", output="xml", timeout="0"))
    assert answered.media == "application/sparql-results+json"


def test_more_than_one_query_is_refused(endpoint: Endpoint) -> None:
    twice = f"query={quote(ASK)}&query={quote(ASK)}"
    for answered in (
        endpoint.get(f"/sparql?{twice}"),
        endpoint.post("/sparql", twice.encode(), FORM),
        endpoint.post(f"/sparql?query={quote(ASK)}", ASK.encode(), QUERY),
        endpoint.post(f"/sparql?query={quote(ASK)}", f"query={quote(ASK)}".encode(), FORM),
    ):
        assert answered.status == 400
        assert "more than one query" in answered.text


def test_a_post_without_a_query_is_refused(endpoint: Endpoint) -> None:
    assert endpoint.post("/sparql", b"", FORM).status == 400
    assert endpoint.post("/sparql", b"", QUERY).status == 400


@pytest.mark.parametrize(
    "media", ["", "text/plain", "application/json", "multipart/form-data; boundary=x", "nonsense"]
)
def test_a_body_of_another_kind_is_refused_with_the_kinds_that_are_taken(
    endpoint: Endpoint, media: str
) -> None:
    answered = endpoint.post("/sparql", f"query={quote(ASK)}".encode(), media)
    assert answered.status == 415
    assert answered.headers["accept-post"] == f"{FORM}, {QUERY}"


def test_an_encoded_body_is_refused(endpoint: Endpoint) -> None:
    assert endpoint.post("/sparql", ASK.encode(), QUERY, ("content-encoding", "gzip")).status == 415
    assert endpoint.post("/sparql", ASK.encode(), QUERY, ("content-encoding", "identity")).status == 200


@pytest.mark.parametrize(
    ("body", "media"),
    [
        (ASK.encode("utf-16"), f"{QUERY}; charset=UTF-16"),
        (ASK.encode("utf-16"), QUERY),
        ('ASK { ?s ?p "é" }'.encode("latin-1"), QUERY),
        (b"query=ASK%20%7B%20%3Fs%20%3Fp%20%22%E9%22%20%7D", FORM),
        (b"query=ASK+{+?s+?p+%22%C3%22+}", FORM),
        (b"query=ASK%2", FORM),
        (b"query=ASK%zz", FORM),
        (b"query=ASK%00", FORM),
        (b"query=\xff", FORM),
        (b"query=%ED%A0%80", FORM),
    ],
)
def test_text_that_is_not_utf8_is_refused(endpoint: Endpoint, body: bytes, media: str) -> None:
    assert endpoint.post("/sparql", body, media).status == 400


def test_relative_iris_belong_to_the_endpoint(endpoint: Endpoint) -> None:
    query = "CONSTRUCT { <s> <#p> <> } WHERE {}"
    for answered in (endpoint.get(asking(query)), endpoint.post("/sparql/", query.encode(), QUERY)):
        (quad,) = ox.parse(answered.body, ox.RdfFormat.TURTLE)
        here = f"http://{HOST}"
        assert [node.value for node in quad.triple] == [f"{here}/s", f"{here}/sparql#p", f"{here}/sparql"]


def test_letters_beyond_ascii_arrive_as_they_are(endpoint: Endpoint) -> None:
    query = 'ASK { ?s ?p "Zwei é"@de }'
    for answered in (endpoint.get(asking(query)), endpoint.post("/sparql", query.encode(), QUERY)):
        assert json.loads(answered.body)["boolean"] is True


def test_a_wrong_query_is_told_in_plain_text_with_its_place(endpoint: Endpoint) -> None:
    answered = endpoint.get(asking("SELECT ?s\nWHERE { ?s ?p }"))
    assert answered.status == 400
    assert answered.headers["content-type"] == "text/plain; charset=utf-8"
    assert "line 2" in answered.text
    assert endpoint.get("/sparql?query=").status == 400


# --- nothing changes -----------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_an_update_is_refused_whatever_the_verb(endpoint: Endpoint, method: str) -> None:
    assert endpoint.get("/sparql?update=CLEAR%20ALL", method=method).status in (403, 415)
    assert endpoint.get(asking(ASK, update="DROP ALL")).status == 403


def test_an_update_is_refused_in_every_form_of_body(endpoint: Endpoint) -> None:
    assert endpoint.post("/sparql", b"update=CLEAR+ALL", FORM).status == 403
    assert endpoint.post("/sparql", b"CLEAR ALL", UPDATE).status == 403
    assert endpoint.post("/sparql", b"CLEAR ALL", f"{UPDATE}; charset=UTF-16").status == 403
    assert endpoint.post("/sparql?using-graph-uri=urn:x", b"CLEAR ALL", UPDATE).status == 403
    assert endpoint.post("/sparql", b"CLEAR ALL", QUERY).status in (400, 403)
    assert endpoint.get(asking("LOAD <file:///etc/passwd>")).status in (400, 403)
    assert count(endpoint.get(asking(COUNT))) == 4


@pytest.mark.parametrize(
    "path", ["/sparql", "/store?default", "/", "/trial/NCT1", "/update", "/.well-known/void"]
)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "MKCOL"])
def test_other_verbs_are_refused_with_those_that_are_answered(
    endpoint: Endpoint, method: str, path: str
) -> None:
    answered = endpoint.get(path, method=method)
    assert answered.status == 405
    assert answered.headers["allow"] == "GET, HEAD, OPTIONS" + (", POST" if path == "/sparql" else "")


def test_posting_is_for_the_endpoint_only(endpoint: Endpoint) -> None:
    assert endpoint.post("/store?default", b"<urn:a> <urn:b> <urn:c> .", "text/turtle").status == 405
    assert endpoint.post("/", b"", FORM).status == 405


# --- forms of answers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv;q=0.9, application/json;q=0.1", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("text/html, */*;q=0.1", "application/sparql-results+json"),
    ],
)
def test_rows_come_in_the_form_that_is_asked_for(endpoint: Endpoint, accept: str, media: str) -> None:
    answered = endpoint.get(asking("SELECT * { ?s ?p ?o }"), ("accept", accept))
    assert (answered.status, answered.media) == (200, media)
    assert int(answered.headers["content-length"]) == len(answered.body)


@pytest.mark.parametrize("media", GRAPHS)
def test_graphs_come_in_the_form_that_is_asked_for(endpoint: Endpoint, media: str) -> None:
    for target in (asking("CONSTRUCT WHERE { ?s ?p ?o }"), "/store?default", "/store/?default="):
        answered = endpoint.get(target, ("accept", media))
        assert (answered.status, answered.media) == (200, media)
        assert len({quad.triple for quad in ox.parse(answered.body, GRAPHS[media])}) == 4


def test_an_accept_header_in_two_lines_is_one_list(endpoint: Endpoint) -> None:
    answered = endpoint.get(asking(COUNT), ("accept", "text/html"), ("accept", "text/csv"))
    assert answered.media == "text/csv"


@pytest.mark.parametrize("target", [asking(COUNT), "/store?default", "/sparql", "/.well-known/void"])
def test_a_form_that_there_is_not_is_told_with_those_that_there_are(endpoint: Endpoint, target: str) -> None:
    answered = endpoint.get(target, ("accept", "image/png"))
    assert answered.status == 406
    assert "text/" in answered.text


# --- caches --------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", [asking(COUNT), "/store?default", "/sparql", "/.well-known/void"])
def test_what_the_client_has_already_is_not_sent_again(endpoint: Endpoint, target: str) -> None:
    first = endpoint.get(target)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"
    assert {"Accept", "Origin"} <= set(first.headers["vary"].split(", "))
    endpoint.pool.asked.clear()
    for known in (tag, f'"other", {tag}', tag.removeprefix("W/")):
        again = endpoint.get(target, ("if-none-match", known))
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert endpoint.pool.asked == [], "known answers cost no work"
    assert endpoint.get(target, ("if-none-match", '"other"')).status == 200


def test_any_answer_will_do_only_if_there_is_one(endpoint: Endpoint) -> None:
    assert endpoint.get(asking(COUNT), ("if-none-match", "*")).status == 304
    assert endpoint.get(asking("ASK {"), ("if-none-match", "*")).status == 400


def test_each_question_and_each_form_has_a_validator_of_its_own(endpoint: Endpoint) -> None:
    targets = [asking(COUNT), asking(ASK), "/store?default", "/sparql"]
    tags = [endpoint.get(target).headers["etag"] for target in targets]
    tags += [endpoint.get(asking(COUNT), ("accept", "text/csv")).headers["etag"]]
    tags += [endpoint.get(asking(COUNT, **{"default-graph-uri": f"{BASE}graph/a"})).headers["etag"]]
    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize("function", ["NOW()", "rand()", "UUID()", "StrUuid()", "BNODE()"])
def test_what_differs_every_time_is_not_kept(endpoint: Endpoint, function: str) -> None:
    answered = endpoint.get(asking(f"SELECT ({function} AS ?x) {{}}"))
    assert answered.status == 200
    assert "etag" not in answered.headers
    assert answered.headers["cache-control"] == "no-store"


def test_errors_are_not_kept(endpoint: Endpoint) -> None:
    for answered in (endpoint.get(asking("ASK {")), endpoint.get("/store"), endpoint.get("/none")):
        assert answered.headers["cache-control"] == "no-store"
        assert "etag" not in answered.headers


# --- the graph store -----------------------------------------------------------------------------


def test_a_graph_is_read_by_its_name(endpoint: Endpoint) -> None:
    answered = endpoint.get(f"/store?graph={quote(BASE + 'graph/a')}", ("accept", "application/n-triples"))
    assert answered.status == 200
    assert len(answered.text.splitlines()) == 2
    assert endpoint.get(f"/store?graph={BASE}graph/a").status == 200


def test_a_graph_is_read_at_its_own_address_too(endpoint: Endpoint) -> None:
    accept = ("accept", "application/n-triples")
    direct = endpoint.get("/graph/a", accept)
    named = endpoint.get(f"/store?graph={BASE}graph/a", accept)
    assert direct.status == 200
    assert set(direct.text.splitlines()) == set(named.text.splitlines())
    assert endpoint.get("/graph/a", method="PUT").status == 405


def test_a_graph_that_is_not_there_is_not_found(endpoint: Endpoint) -> None:
    for method in ("GET", "HEAD"):
        assert endpoint.get(f"/store?graph={quote(BASE + 'graph/none')}", method=method).status == 404


def test_percent_encoding_is_undone_once(tmp_path: Path) -> None:
    graph = '<urn:s> <urn:p> "one" <http://x.example/1> .\n<urn:s> <urn:p> "two" <http://x.example/%31> .\n'
    endpoint = Endpoint(tmp_path, graph)
    for sent, found in (("1", "one"), ("%31", "one"), ("%2531", "two")):
        assert f'"{found}"' in endpoint.get(f"/store?graph=http://x.example/{sent}").text


@pytest.mark.parametrize(
    "search",
    [
        "",
        "?",
        "?graph=",
        "?graph=graph/a",
        "?graph=urn:a&default",
        "?graph=urn:a&graph=urn:b",
        "?graph=%FF",
        "?other",
    ],
)
def test_a_request_to_the_store_names_one_graph(endpoint: Endpoint, search: str) -> None:
    assert endpoint.get(f"/store{search}").status == 400


# --- the description -----------------------------------------------------------------------------


@pytest.mark.parametrize("media", GRAPHS)
@pytest.mark.parametrize("path", ["/sparql", "/sparql/", "/.well-known/void"])
def test_the_endpoint_describes_itself(endpoint: Endpoint, path: str, media: str) -> None:
    answered = endpoint.get(path, ("accept", media), ("host", "localhost:8642"))
    assert (answered.status, answered.media) == (200, media)
    store = ox.Store()
    store.load(answered.body, GRAPHS[media])
    assert store.query("""PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
        PREFIX format: <http://www.w3.org/ns/formats/>
        PREFIX void: <http://rdfs.org/ns/void#>
        ASK { ?s a sd:Service ; sd:endpoint <http://localhost:8642/sparql> ; sd:feature sd:UnionDefaultGraph ;
            sd:supportedLanguage sd:SPARQL11Query ; sd:resultFormat format:SPARQL_Results_JSON, format:Turtle ;
            sd:defaultDataset ?d .
          ?d a sd:Dataset ; void:sparqlEndpoint <http://localhost:8642/sparql> ; sd:defaultGraph [ a sd:Graph ] ;
            sd:namedGraph [ sd:name <https://data.example/graph/a> ], [ sd:name <https://data.example/graph/b> ] }""")


def test_the_description_has_what_the_data_says_of_itself(tmp_path: Path) -> None:
    void, sd = "http://rdfs.org/ns/void#", "http://www.w3.org/ns/sparql-service-description#"
    about, part = f"{BASE}dataset/trials", f"{BASE}dataset/trials-1"
    kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    facts = [
        ("urn:terminology", kind, f"<{void}Dataset>"),
        ("urn:terminology", f"{void}uriSpace", '"http://terminology.example/"'),
        (about, "http://purl.org/dc/terms/title", '"Small trials"@en'),
        (about, f"{void}uriSpace", '"https://space.example/"'),
        (about, kind, f"<{void}Dataset>"),
        (about, f"{void}triples", '"4"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        (about, f"{void}classPartition", f"<{part}>"),
        (part, f"{void}class", "<urn:class>"),
        (about, f"{sd}namedGraph", f"<{BASE}dataset/g>"),
        (f"{BASE}dataset/g", f"{sd}name", f"<{BASE}graph/a>"),
        ("urn:other", "urn:p", '"not about the data"'),
    ]
    text = "".join(f"<{s}> <{p}> {o} <{BASE}graph/dataset> .\n" for s, p, o in facts)
    endpoint = Endpoint(tmp_path, text)
    answered = endpoint.get("/.well-known/void", ("accept", "application/n-triples"))
    lines = set(answered.text.splitlines())
    assert {f"<{s}> <{p}> {o} ." for s, p, o in facts[:-1]} <= lines
    assert "not about the data" not in answered.text
    assert any(line.endswith(f"sparql-service-description#defaultDataset> <{about}> .") for line in lines)
    named = [line for line in lines if f"<{sd}name>" in line]
    assert len(named) == 2, "graph/a is named by the data, graph/dataset by the service"
    assert endpoint.site.bases == (ROOT, "https://space.example/", BASE)
    assert asyncio.run(find_title(endpoint.pool)) == "Small trials"


# --- other sites ---------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:9999", f"{HOST}", "x"])
def test_a_page_of_another_site_may_not_ask(endpoint: Endpoint, origin: str) -> None:
    for answered in (
        endpoint.get(asking(ASK), ("origin", origin)),
        endpoint.post("/sparql", ASK.encode(), QUERY, ("origin", origin)),
        endpoint.get(
            "/sparql", ("origin", origin), ("access-control-request-method", "POST"), method="OPTIONS"
        ),
    ):
        assert answered.status == 403
        assert "access-control-allow-origin" not in answered.headers


def test_the_servers_own_pages_may_ask(endpoint: Endpoint) -> None:
    assert endpoint.post("/sparql", ASK.encode(), QUERY, ("origin", f"http://{HOST}")).status == 200
    own = endpoint.get(asking(ASK), ("origin", "http://localhost"), ("host", "localhost:80"))
    assert own.status == 200


def test_links_from_other_sites_are_followed_and_nothing_else(endpoint: Endpoint) -> None:
    cross = ("sec-fetch-site", "cross-site")
    assert endpoint.get(asking(ASK), cross, ("sec-fetch-mode", "navigate")).status == 200
    assert endpoint.get(asking(ASK), cross, ("sec-fetch-mode", "no-cors")).status == 403
    body = urlencode({"query": ASK}).encode()
    assert endpoint.post("/sparql", body, FORM, cross, ("sec-fetch-mode", "navigate")).status == 403
    assert endpoint.get(asking(ASK), ("sec-fetch-site", "same-origin")).status == 200


def test_the_pages_of_a_listed_site_may_ask_and_read(tmp_path: Path) -> None:
    site = "https://viewer.example"
    endpoint = Endpoint(tmp_path, cors=read_origins([f"{site}:443/"]))
    cross = ("sec-fetch-site", "cross-site")
    answered = endpoint.post("/sparql", ASK.encode(), QUERY, ("origin", site), cross)
    assert answered.status == 200
    assert answered.headers["access-control-allow-origin"] == site
    assert "ETag" in answered.headers["access-control-expose-headers"]
    broken = endpoint.get(asking("ASK {"), ("origin", site))
    assert (broken.status, broken.headers["access-control-allow-origin"]) == (400, site)
    preflight = endpoint.get(
        "/sparql", ("origin", site), ("access-control-request-method", "POST"), method="OPTIONS"
    )
    assert preflight.status == 204
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "Content-Type" in preflight.headers["access-control-allow-headers"]
    assert endpoint.get(asking(ASK), ("origin", "https://evil.example")).status == 403
    assert endpoint.get(asking(ASK), ("origin", f"{site}.evil.example")).status == 403


def test_all_sites_may_ask_when_the_user_says_so(tmp_path: Path) -> None:
    endpoint = Endpoint(tmp_path, cors=read_origins(["*"]))
    answered = endpoint.get(asking(ASK), ("origin", "https://any.example"))
    assert answered.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "wrong", ["example.org", "ftp://example.org", "https://example.org/path", "https://*", ""]
)
def test_an_origin_is_scheme_host_and_port(wrong: str) -> None:
    with pytest.raises(KgError, match="not the origin of a site"):
        read_origins([wrong])


def test_options_tells_the_verbs(endpoint: Endpoint) -> None:
    for path, verbs in (("/sparql", "GET, HEAD, OPTIONS, POST"), ("/store", "GET, HEAD, OPTIONS")):
        answered = endpoint.get(path, method="OPTIONS")
        assert (answered.status, answered.body, answered.headers["allow"]) == (204, b"", verbs)


# --- names of the server -------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1", "127.8.8.8:8642", "[::1]:8642"])
def test_a_server_on_loopback_answers_to_names_of_loopback(endpoint: Endpoint, host: str) -> None:
    assert endpoint.get(asking(ASK), ("host", host)).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8642", "localhost.evil.example", "10.0.0.1", "0.0.0.1"]
)
def test_a_name_that_another_site_has_given_it_is_refused(endpoint: Endpoint, host: str) -> None:
    assert endpoint.get(asking(ASK), ("host", host)).status == 421


def test_a_name_of_loopback_that_the_user_has_chosen_is_one_more(tmp_path: Path) -> None:
    endpoint = Endpoint(tmp_path, doors=Doors("trials.home.arpa"))
    assert endpoint.get(asking(ASK), ("host", "Trials.home.arpa:8642")).status == 200
    assert endpoint.get(asking(ASK), ("host", "evil.example")).status == 421


@pytest.mark.parametrize(
    "host", ["a b", "user@localhost", "localhost:x", "<localhost>", "localhost/path", "[::1", "[:::]", "[.]"]
)
def test_a_host_that_is_no_host_is_refused(endpoint: Endpoint, host: str) -> None:
    assert endpoint.get(asking(ASK), ("host", host)).status == 400


def test_a_server_for_others_answers_to_any_name(tmp_path: Path) -> None:
    endpoint = Endpoint(tmp_path, doors=Doors("192.0.2.1", "secret", beyond=True))
    shown = ("authorization", "Bearer secret")
    assert endpoint.get(asking(ASK), shown, ("host", "kg.example")).status == 200
    assert "<http://kg.example/sparql>" in endpoint.get("/sparql", shown, ("host", "kg.example")).text


# --- the token -----------------------------------------------------------------------------------


def test_without_the_token_nothing_is_told(tmp_path: Path) -> None:
    endpoint = Endpoint(tmp_path, doors=Doors("127.0.0.1", "s3cret word"))
    targets = (asking(ASK), "/sparql", "/store?default", "/", "/trial/NCT1", "/none", "/api")
    for target in targets:
        for shown in (
            "",
            "Bearer",
            "Bearer wrong",
            "Bearer s3cret",
            "Basic s3cret word",
            "Bearer s3cret wordé",
        ):
            answered = endpoint.get(target, ("authorization", shown))
            assert answered.status == 401
            assert answered.headers["www-authenticate"].startswith("Bearer")
    assert endpoint.post("/sparql", ASK.encode(), QUERY).status == 401
    assert endpoint.pool.asked == []
    for shown in ("Bearer s3cret word", "bearer  s3cret word "):
        assert endpoint.get(asking(ASK), ("authorization", shown)).status == 200


def test_a_token_is_never_shown() -> None:
    assert "s3cret" not in repr(Doors("::1", "s3cret"))


# --- requests that are meant to harm -------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "//sparql",
        "//evil.example/x",
        "/a\\b",
        "/%00",
        "/trial/%0d%0aX-Y:1",
        "/%ff",
        "/%zz",
        "*",
        "sparql",
        "",
    ],
)
def test_a_path_that_steers_is_refused(endpoint: Endpoint, target: str) -> None:
    assert endpoint.get(target).status == 400


@pytest.mark.parametrize(
    "target", ["/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2fetc", "/sparql/..", "/a%5Cb"]
)
def test_a_path_leads_to_no_file(endpoint: Endpoint, target: str) -> None:
    assert endpoint.get(target).status == 404


def test_a_target_in_absolute_form_counts_as_its_path(endpoint: Endpoint) -> None:
    assert endpoint.get(f"http://{HOST}{asking(ASK)}").status == 200
    assert endpoint.get("http://evil.example/sparql?query=ASK%20%7B%7D").status == 400
    assert endpoint.get(f"http://{HOST}@evil.example/sparql").status == 400


def test_two_lengths_and_two_hosts_are_refused(endpoint: Endpoint) -> None:
    both = endpoint.post("/sparql", ASK.encode(), QUERY, ("transfer-encoding", "chunked"))
    assert (both.status, both.headers["connection"]) == (400, "close")
    assert endpoint.get(asking(ASK), ("host", HOST), ("host", "evil.example")).status == 400


def test_a_body_that_is_too_large_is_refused(endpoint: Endpoint) -> None:
    large = b"x" * 10_001
    endpoint.pool.asked.clear()
    assert endpoint.post("/sparql", large, QUERY).status == 413
    chunks = [large[:5000], large[5000:]]
    assert call(endpoint.app, "POST", "/sparql", [("content-type", QUERY)], [*chunks]).status == 413
    lying = call(endpoint.app, "POST", "/sparql", [("content-length", "5"), ("content-type", QUERY)], [large])
    assert lying.status == 413
    for length in ("-1", "1e3", "９"):
        answered = call(endpoint.app, "POST", "/sparql", [("content-length", quote(length))], [b"x"])
        assert answered.status == 413
    assert endpoint.pool.asked == []


def test_a_body_that_does_not_come_is_not_waited_for(endpoint: Endpoint) -> None:
    headers = [("content-length", "100"), ("content-type", QUERY)]
    answered = call(endpoint.app, "POST", "/sparql", headers, [b"ASK", None])
    assert answered.status == 408
    assert answered.headers["connection"] == "close"


def test_too_many_parameters_are_refused(endpoint: Endpoint) -> None:
    assert endpoint.post("/sparql", b"a&" * 1001, FORM).status == 400


def test_a_query_reaches_for_nothing(endpoint: Endpoint) -> None:
    for query in (
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT ?x { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o OPTIONAL { sErViCe <http://127.0.0.1:9/> { ?s ?q ?r } } }",
    ):
        answered = endpoint.get(asking(query))
        assert answered.status in (400, 403)
        assert "may not call another endpoint" in answered.text
    deep = "SELECT * { " + "{" * 2000 + "}" * 2000 + " }"
    assert endpoint.post("/sparql", deep.encode(), QUERY).status == 400


@pytest.mark.parametrize(
    "target", [asking(ASK), "/sparql", "/store?default", "/", "/none", "/%00", "/trial/NCT1"]
)
def test_every_response_tells_browsers_to_be_careful(endpoint: Endpoint, target: str) -> None:
    headers = endpoint.get(target).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "server" not in headers


def test_a_fault_of_ours_is_told_without_its_facts(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    endpoint = Endpoint(tmp_path)

    async def broken(_: object) -> None:
        raise RuntimeError("the secret of line 17")

    endpoint.pool.answer = broken  # type: ignore[method-assign, assignment]
    answered = endpoint.get(asking(ASK))
    assert answered.status == 500
    assert "secret" not in answered.text
    assert "failed: GET '/sparql'" in caplog.text
