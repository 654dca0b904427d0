"""A store elsewhere is asked like the embedded one, and answers like it or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from fake_endpoint import JSON, FakeEndpoint, asking
from fake_server import Asked, Server, Told, by_path, in_turn, serving

from kg.build.sources import bundled_quads
from kg.cli import run as kg
from kg.errors import QueryError, StoreError
from kg.queries.catalogue import QueryFile, list_queries
from kg.queries.run import run
from kg.serialise.documents import Format
from kg.stores import web as web_module
from kg.stores.base import Graph, Result, Verdict, iri
from kg.stores.endpoint import EndpointStore, open_endpoint
from kg.stores.exchange import Credentials
from kg.stores.oxigraph import OxigraphStore
from kg.stores.places import Places
from kg.stores.web import Web
from kg.vocabulary.namespaces import TKG

E = "https://example.org/"
EVERY = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o"
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
OTHER_GRAPH = "CONSTRUCT { ?s ?p ?o . ?o ?p ?s } WHERE { ?s ?p ?o }"
OURS = f"""
<{E}t> a <{TKG.Table}> <{E}places> .
""".replace(" a ", " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_module, "_backoff", lambda _: 0.01)
    for name in ("USER", "PASSWORD", "TOKEN"):
        monkeypatch.delenv(f"TRIALKG_{name}", raising=False)


def filled(lines: str) -> OxigraphStore:
    store = OxigraphStore()
    store.load_text(lines.encode(), Format.NQUADS, "x.nq")
    return store


def numbered(size: int, graph: str = "") -> OxigraphStore:
    name = f"<{graph}>" if graph else ""
    return filled("\n".join(f"<{E}s{n}> <{E}p> <{E}o> {name} ." for n in range(size)) + "\n")


def table(size: int) -> bytes:
    binding = '{"s":{"type":"uri","value":"a:b"}}'
    return f'{{"head":{{"vars":["s"]}},"results":{{"bindings":[{",".join([binding] * size)}]}}}}'.encode()


# ---------------------------------------------------------------- how it asks


def test_a_query_is_sent_as_a_form_and_names_the_graphs() -> None:
    with asking(FakeEndpoint(numbered(2, E + "g")), (E + "g",)) as (store, server):
        assert len(store.select("SELECT ?s { ?s ?p ?o } # all").rows) == 2
    (asked,) = server.asked
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert list(asked.form) == ["query"]
    (text,) = asked.form["query"]
    clauses = "FROM <https://example.org/g> FROM NAMED <https://example.org/g>"
    assert text.split() == ["SELECT", "?s", *clauses.split(), *["{", "?s", "?p", "?o", "}"]]


def test_graphs_of_others_are_not_asked() -> None:
    store = filled(f"<{E}a> <{E}p> <{E}o> <{E}g> .\n<{E}b> <{E}p> <{E}o> <{E}h> .\n")
    with asking(FakeEndpoint(store), (E + "g",)) as (remote, _):
        assert remote.select(EVERY).rows == ((iri(E + "a"), iri(E + "p"), iri(E + "o")),)
        assert remote.select("SELECT ?g { GRAPH ?g {} }").rows == ((iri(E + "g"),),)
        assert remote.ask("ASK FROM <https://example.org/h> { ?s ?p ?o }")


def test_statements_are_counted_in_our_graphs_and_by_graph() -> None:
    lines = "".join(f"<{E}s{n}> <{E}p> <{E}o> <{E}{graph}> .\n" for graph in "gh" for n in range(3))
    store = filled(f"{lines}<{E}s> <{E}p> <{E}o> <{E}other> .\n<{E}s> <{E}p> <{E}default> .\n")
    with asking(FakeEndpoint(store), (E + "g", E + "h")) as (remote, _):
        assert (remote.count(), remote.count(E + "g"), remote.count(E + "other")) == (6, 3, 1)
        assert remote.count("") == 5  # the fake has the union for its default graph


@pytest.mark.parametrize("status", [404, 405, 411, 415, 501])
def test_a_server_without_forms_is_asked_in_the_url(status: int) -> None:
    fake = FakeEndpoint(numbered(2))

    def answer(asked: Asked) -> Told:
        return Told(status) if asked.method == "POST" else fake.answer(asked)

    with serving(by_path(query=answer)) as server, Web(tries=1) as web:
        store = EndpointStore(web, Places(f"{server.url}/query"))
        assert len(store.select(EVERY).rows) == len(store.select(EVERY).rows) == 2
    assert server.seen() == ["POST /query", "GET /query", "GET /query"]


def test_a_refusal_later_on_does_not_change_how_is_asked() -> None:
    answers = in_turn(Told(200, table(1), JSON), Told(405, b"no"))
    with serving(answers) as server, Web(tries=1) as web:
        store = EndpointStore(web, Places(f"{server.url}/query"))
        store.select(EVERY)
        with pytest.raises(StoreError, match="405"):
            store.select(EVERY)
    assert [asked.method for asked in server.asked] == ["POST", "POST"]


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        r"SELECT * { SERV\u0049CE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "DEFINE input:same-as 'yes' SELECT * { ?s ?p ?o }",
        "#\r\nCLEAR ALL",
        "",
        "SELECT ?s " + "{" * 2000 + "}" * 2000,
    ],
)
def test_what_is_no_reading_query_is_never_sent(text: str) -> None:
    with asking(FakeEndpoint()) as (store, server):
        with pytest.raises(QueryError):
            store.query(text)
        assert server.asked == []


def test_a_comment_cannot_end_elsewhere_than_we_think() -> None:
    with asking(FakeEndpoint(numbered(1))) as (store, server):
        store.query("#\rSELECT * { ?s ?p ?o }\n")
    assert "#" not in server.asked[0].form["query"][0]


def test_virtuoso_behind_a_proxy_is_asked_again_for_a_graph_in_its_best_form() -> None:
    fake = FakeEndpoint(numbered(2), header=("X-SPARQL-Default-Graph", "a:b"))
    with asking(fake) as (store, server):
        assert len(store.construct(GRAPH).triples) == len(store.construct(GRAPH).triples) == 2
    first = [asked.headers["accept"].partition(",")[0] for asked in server.asked]
    assert first == ["application/ld+json", "application/n-triples", "application/n-triples"]


# ---------------------------------------------------------------- what it answers


def test_each_form_of_query_has_its_own_answer() -> None:
    with asking(FakeEndpoint(numbered(1))) as (store, _):
        assert store.query("ASK {}") == Verdict(True)
        assert isinstance(store.query(f"DESCRIBE <{E}s0>"), Graph)
        assert isinstance(store.query(EVERY), Result)
        with pytest.raises(QueryError):
            store.select("ASK {}")


def test_a_wrong_query_is_told_in_our_own_words() -> None:
    for told in (Told(400, b"eh?"), Told(500, b"eh?")):
        with (
            serving(in_turn(told)) as server,
            Web(tries=1) as web,
            pytest.raises(QueryError, match="not a SPARQL query") as caught,
        ):
            EndpointStore(web, Places(server.url)).query("SELECT ?s {\n  ?s ?p ?o ]\n}")
        assert caught.value.where.startswith("line ")


def test_a_query_that_only_the_server_does_not_like_is_told_in_its_words() -> None:
    with (
        asking(FakeEndpoint(spoil=lambda _, __: Told(400, b"transitive start not given"))) as (store, _),
        pytest.raises(QueryError, match="transitive start not given"),
    ):
        store.query(EVERY)


def test_a_failing_server_is_a_store_error() -> None:
    with (
        asking(FakeEndpoint(spoil=lambda _, __: Told(500, b"Transaction timed out"))) as (store, _),
        pytest.raises(StoreError, match="Transaction timed out") as caught,
    ):
        store.query(EVERY)
    assert caught.value.hint


def test_rows_come_in_the_order_of_code_points_from_any_server() -> None:
    store = filled("".join(f'<{E}s> <{E}p> "{name}" .\n' for name in ("acute", "Crohn", "ALS")))

    def in_a_dictionary(_: str, told: Told) -> Told:
        document = json.loads(told.body)
        document["results"]["bindings"].sort(key=lambda row: row["o"]["value"].lower())
        return Told(200, json.dumps(document).encode(), JSON)

    with asking(FakeEndpoint(store, in_a_dictionary)) as (remote, _):
        found = remote.select("SELECT ?o { ?s ?p ?o } ORDER BY ?o").rows
        as_sent = remote.select("SELECT ?o { ?s ?p ?o }").rows
    assert [row[0].value for row in found if row[0]] == ["ALS", "Crohn", "acute"]
    assert [row[0].value for row in as_sent if row[0]] == ["acute", "ALS", "Crohn"]


@cache
def lake() -> OxigraphStore:
    store = OxigraphStore()
    store.load_blocks(bundled_quads())
    return store


@pytest.mark.parametrize("query", list_queries(), ids=lambda query: query.id)
def test_every_bundled_query_has_the_answer_of_the_embedded_store(query: QueryFile) -> None:
    values = {parameter.name: parameter.example for parameter in query.parameters}
    with asking(FakeEndpoint(lake())) as (store, _):
        assert run(store, query, values) == run(lake(), query, values)


# ---------------------------------------------------------------- parts that look like the whole


def cut(keep: int) -> FakeEndpoint:
    """Return an endpoint that sends at most so many rows or triples and does not tell."""

    def spoil(text: str, told: Told) -> Told:
        document = json.loads(told.body)
        if isinstance(document, list):
            return Told(200, json.dumps(document[:keep]).encode(), told.headers)
        if "SELECT (COUNT" not in text:
            document["results"]["bindings"] = document["results"]["bindings"][:keep]
        return Told(200, json.dumps(document).encode(), told.headers)

    return FakeEndpoint(numbered(1100), spoil)


@pytest.mark.parametrize("query", [EVERY, GRAPH, f"{EVERY} LIMIT 1050", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_an_answer_that_was_cut_at_a_round_number_is_refused(query: str) -> None:
    with asking(cut(1000)) as (store, _), pytest.raises(StoreError, match="1,000 of 1,") as caught:
        store.query(query)
    assert "LIMIT" in caught.value.hint


def test_a_graph_that_was_cut_one_behind_a_round_number_is_refused() -> None:
    with asking(cut(1001)) as (store, _), pytest.raises(StoreError, match="1,001 of 1,100"):
        store.query(GRAPH)


def test_a_graph_whose_size_cannot_be_asked_is_refused_at_a_round_number() -> None:
    with (
        asking(FakeEndpoint(numbered(500))) as (store, _),
        pytest.raises(StoreError, match="cannot be asked"),
    ):
        store.query(OTHER_GRAPH)
    with asking(FakeEndpoint(numbered(550))) as (store, _):
        assert len(store.construct(OTHER_GRAPH).triples) == 1100


@pytest.mark.parametrize("query", [EVERY, GRAPH])
def test_a_round_number_that_is_the_true_one_is_an_answer(query: str) -> None:
    with asking(FakeEndpoint(numbered(1000))) as (store, server):
        store.query(query)
    assert len(server.asked) == 2


def test_a_round_number_that_the_query_asks_for_needs_no_count() -> None:
    with asking(FakeEndpoint(numbered(1100))) as (store, server):
        assert len(store.select(f"{EVERY} LIMIT 1000").rows) == 1000
    assert len(server.asked) == 1


def test_a_size_that_the_server_does_not_tell_is_refused() -> None:
    def spoil(text: str, told: Told) -> Told:
        return Told(500, b"too many rows to sort") if "COUNT" in text else told

    with (
        asking(FakeEndpoint(numbered(1000), spoil)) as (store, _),
        pytest.raises(StoreError, match="does not say how many"),
    ):
        store.query(EVERY)


def test_the_limit_that_a_header_names_is_looked_at() -> None:
    spoil = cut(777).spoil
    with (
        asking(FakeEndpoint(numbered(1100), spoil, ("X-SPARQL-MaxRows", "777"))) as (store, _),
        pytest.raises(StoreError, match="777 of 1,100"),
    ):
        store.query(EVERY)


def test_a_wrong_count_that_the_server_calls_incomplete_is_refused() -> None:
    fake = FakeEndpoint(numbered(3), header=("X-SQL-State", "S1TAT"))
    with asking(fake) as (store, _), pytest.raises(StoreError, match="part of the answer"):
        store.count()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (Told(200, table(3)[:-20], JSON), "not whole"),
        (Told(200, table(3)[:-30] + b"The SPARQL operation has been cancelled", JSON), "been cancelled"),
        (Told(200, table(3), JSON, claimed=10_000), "did not arrive whole"),
        (Told(200, b"<html>Welcome</html>", {"Content-Type": "text/html"}), "page for people"),
        (Told(200, table(3), {"Content-Type": "text/plain"}), "media type"),
        (Told(200, b"", JSON), "not whole"),
        (Told(200, b'{"head": {}, "boolean": true}', JSON), "did not answer a SELECT"),
        (Told(302, b"", {"Location": "http://127.0.0.1:1/"}), "moved"),
        (Told(401, b"", {"WWW-Authenticate": "Basic"}), "TRIALKG_USER"),
        (Told(503, b"busy"), "busy"),
    ],
)
def test_what_is_not_the_whole_answer_is_refused(told: Told, words: str) -> None:
    with (
        asking(FakeEndpoint(spoil=lambda _, __: told)) as (store, _),
        pytest.raises(StoreError, match=words) as caught,
    ):
        store.query(EVERY)
    assert "127.0.0.1" in caught.value.where


def test_a_server_that_stopped_a_long_query_is_not_asked_for_it_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(web_module, "_LONG", 0.05)
    slow = FakeEndpoint(spoil=lambda _, __: Told(503, b"stopped", wait=0.1))
    with asking(slow, tries=3) as (store, server):
        with pytest.raises(StoreError, match="stopped"):
            store.query(EVERY)
        assert len(server.asked) == 1


# ---------------------------------------------------------------- where it is, and which graphs are ours


def test_our_graphs_are_those_that_hold_our_data() -> None:
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    void = "http://rdfs.org/ns/void#"
    lines = [
        f"<{E}r> {kind} <{TKG.TrialReport}> <{E}reports> .",
        f"<{E}t> {kind} <{TKG.ClinicalTrial}> <{E}trials> .",
        f"<{E}x> {kind} <{TKG.Table}> <{E}places> .",
        f"<{TKG.iri[:-1]}> {kind} <http://www.w3.org/2002/07/owl#Ontology> <{E}words> .",
        f"<{E}d> {kind} <{void}Dataset> <{E}described> .",
        f"<{E}d> <{void}vocabulary> <{TKG.iri}> <{E}described> .",
        f"<{E}e> {kind} <{void}Dataset> <{E}others> .",
        f"<{E}e> <{void}vocabulary> <https://schema.org/> <{E}others> .",
        f"<{E}f> {kind} <https://schema.org/Thing> <{E}things> .",
    ]
    said: list[str] = []
    with serving(FakeEndpoint(filled("\n".join(lines) + "\n")).answer) as server:
        store = open_endpoint(server.url, Web(tries=1), said.append)
        store.close()
    names = ("described", "places", "reports", "trials", "words")
    assert store.graphs == tuple(E + name for name in names)
    assert said == []


def test_a_store_without_names_of_graphs_is_asked_as_it_is() -> None:
    store = filled(OURS.replace(f"<{E}places>", ""))
    said: list[str] = []
    with serving(FakeEndpoint(store).answer) as server:
        remote = open_endpoint(f"{server.url}/query", Web(tries=1), said.append)
        assert remote.ask(f"ASK {{ ?s a <{TKG.Table}> }}")
        remote.close()
    assert remote.graphs == ()
    assert "default graph" in said[0]
    assert "FROM" not in server.asked[-1].form["query"][0]


def test_credentials_are_those_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeEndpoint(filled(OURS))

    def locked(asked: Asked) -> Told:
        if "authorization" in asked.headers:
            return fake.answer(asked)
        return Told(401, b"who?", {"WWW-Authenticate": "Basic"})

    with serving(locked) as server:
        with pytest.raises(StoreError, match="TRIALKG_USER"):
            open_endpoint(server.url)
        monkeypatch.setenv("TRIALKG_USER", "ann")
        monkeypatch.setenv("TRIALKG_PASSWORD", "s3cret")
        store = open_endpoint(server.url)
        store.close()
        assert store.graphs == (E + "places",)
        given = open_endpoint(server.url, Web(Credentials(token="t0ken")))  # noqa: S106 - made up
        given.close()
    assert server.asked[-1].headers["authorization"] == "Bearer t0ken"


# ---------------------------------------------------------------- kg query --on URL


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(FakeEndpoint(lake()).answer) as running:
        yield running


def test_kg_query_asks_a_url_like_the_bundled_table(
    server: Server, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where there is no build
    question = ["query", "trial-card", "--set", "trial=nct02336230", "--format", "csv"]
    assert kg([*question, "--on", server.url, "-v"]) == 0
    remote = capsys.readouterr()
    assert kg(question) == 0
    assert remote.out == capsys.readouterr().out
    assert f"asking {server.url}/query" in remote.err
    assert "named graphs" in remote.err


def test_kg_query_ends_with_2_and_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    with serving(FakeEndpoint(lake(), lambda text, told: cut_rows(text, told)).answer) as running:
        assert kg(["query", "all-trials", "--on", running.url]) == 2
    said = capsys.readouterr()
    assert (said.out, "hint" in said.err) == ("", True)
    assert kg(["query", "all-trials", "--on", "http://ann:s3cret@127.0.0.1/"]) == 2
    said = capsys.readouterr()
    assert "environment" in said.err
    assert "s3cret" not in said.err


def cut_rows(text: str, told: Told) -> Told:
    return Told(200, told.body[:-5], told.headers) if "identifier" in text else told


def test_the_time_limit_of_kg_query_is_its_option(capsys: pytest.CaptureFixture[str]) -> None:
    with serving(lambda _: Told(200, b"", wait=1)) as running:
        assert kg(["query", "all-trials", "--on", running.url, "--timeout", "0.1"]) == 2
    assert "no answer within 0.1 s" in capsys.readouterr().err
