"""The stores: one contract, held by every implementation."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_endpoint import FakeEndpoint, asking

from kg.errors import GraphError, KgError, QueryError
from kg.model import Block, Literal
from kg.serialise.documents import Format
from kg.stores.base import Answers, Graph, Result, Store, Term, Verdict, iri, literal
from kg.stores.oxigraph import OxigraphStore, open_graph
from kg.stores.rdf_lib import RdflibStore
from kg.stores.tokens import keyword_of, names_dataset, tokens
from kg.vocabulary.namespaces import XSD

TRIG = """
@prefix e: <https://example.org/> .
e:a e:p 1 , 2.5 , "x\\"y" , "über"@en .
GRAPH e:g { e:b e:p e:a }
GRAPH e:h { e:c e:p e:a ; e:q true }
""".encode()
E = "https://example.org/"


@pytest.fixture(params=[OxigraphStore, RdflibStore])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    made = request.param()
    yield made
    made.close()


@pytest.fixture
def held(store: Store) -> Store:
    store.load_text(TRIG, Format.TRIG, "small.trig")
    return store


@pytest.fixture(params=["OxigraphStore", "RdflibStore", "EndpointStore"])
def filled(request: pytest.FixtureRequest) -> Iterator[Answers]:
    made = RdflibStore() if request.param == "RdflibStore" else OxigraphStore()
    made.load_text(TRIG, Format.TRIG, "small.trig")
    if request.param != "EndpointStore":
        yield made
        return
    assert isinstance(made, OxigraphStore)
    with asking(FakeEndpoint(made)) as (elsewhere, _):
        yield elsewhere


def test_queries_see_the_union_of_all_graphs(filled: Answers) -> None:
    result = filled.select(f"SELECT ?s {{ ?s <{E}p> <{E}a> }} ORDER BY ?s")
    assert result == Result(("s",), ((iri(E + "b"),), (iri(E + "c"),)))


def test_a_triple_in_two_graphs_is_one_triple_of_their_union(store: Store) -> None:
    store.load_text(
        f"<{E}a> <{E}p> <{E}o> <{E}g> .\n<{E}a> <{E}p> <{E}o> <{E}h> .\n".encode(), Format.NQUADS, "two.nq"
    )
    many = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert store.select(many).rows == ((literal("1", XSD.integer),),)
    assert store.select("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }").rows[0][0] == literal(
        "2", XSD.integer
    )
    store.load_text(
        f"<{E}b> <{E}p> <{E}o> <{E}h> .\n<{E}b> <{E}p> <{E}o> .\n".encode(), Format.NQUADS, "more.nq"
    )
    assert store.select(many).rows == ((literal("2", XSD.integer),),)
    assert (store.count(), store.count("")) == (4, 1)


def test_from_chooses_among_the_loaded_graphs(filled: Answers) -> None:
    result = filled.select("SELECT ?s FROM <https://example.org/g> { ?s ?p ?o }")
    assert result.rows == ((iri(E + "b"),),)


def test_from_names_a_graph_that_is_not_loaded_and_finds_nothing(filled: Answers) -> None:
    assert filled.ask("ASK FROM <https://example.org/elsewhere> { ?s ?p ?o }") is False


def test_graph_clauses_still_name_their_graph(filled: Answers) -> None:
    result = filled.select("SELECT ?g { GRAPH ?g { ?s ?p true } }")
    assert result.rows == ((iri(E + "h"),),)


def test_terms_keep_kind_datatype_and_language(filled: Answers) -> None:
    result = filled.select(f"SELECT ?o {{ <{E}a> <{E}p> ?o }}")
    expected = {
        literal("1", XSD.integer),
        literal("2.5", XSD.decimal),
        literal('x"y'),
        Term("literal", "über", "", "en"),
    }
    assert {row[0] for row in result.rows} == expected


def test_an_unbound_variable_is_none(filled: Answers) -> None:
    assert filled.select("SELECT ?x { OPTIONAL { <a:b> <a:b> ?x } }").rows == ((None,),)


def test_an_error_in_an_expression_leaves_the_value_unbound(filled: Answers) -> None:
    assert filled.select("SELECT (1/0 AS ?x) {}").rows == ((None,),)


def test_construct_gives_each_triple_once_and_sorted(filled: Answers) -> None:
    graph = filled.construct(f"CONSTRUCT {{ <{E}z> <{E}p> ?o . <{E}a> <{E}p> <{E}b> }} {{ ?s ?p ?o }}")
    assert graph.triples == tuple(sorted(set(graph.triples)))
    assert graph.triples[0] == (iri(E + "a"), iri(E + "p"), iri(E + "b"))


def test_each_form_of_query_has_its_own_answer(filled: Answers) -> None:
    assert filled.query("ASK {}") == Verdict(True)
    assert isinstance(filled.query(f"DESCRIBE <{E}a>"), Graph)
    assert isinstance(filled.query("SELECT ?s { ?s ?p ?o }"), Result)


@pytest.mark.parametrize("method", ["select", "construct", "ask"])
def test_a_query_of_another_form_is_refused(filled: Answers, method: str) -> None:
    other = "SELECT ?s { ?s ?p ?o }" if method != "select" else "ASK {}"
    with pytest.raises(QueryError):
        getattr(filled, method)(other)


def test_statements_are_counted_in_all_and_by_graph(held: Store) -> None:
    assert (held.count(), held.count(""), held.count(E + "h"), held.count(E + "x")) == (7, 4, 2, 0)


def test_blocks_are_loaded_into_their_graphs(store: Store) -> None:
    block = Block(
        E + "g",
        E + "s",
        ((E + "p", E + "o"), (E + "q", Literal("Ä", "@en")), (E + "q", Literal("3", XSD.integer))),
    )
    store.load_blocks([block, Block("", E + "t", ((E + "p", E + "o"),))])
    assert (store.count(), store.count(E + "g")) == (4, 3)
    assert store.ask(f'ASK {{ GRAPH <{E}g> {{ <{E}s> <{E}q> "Ä"@en , 3 ; <{E}p> <{E}o> }} }}')


@pytest.mark.parametrize("suffix", [".ttl", ".nt", ".nq", ".trig", ".jsonld", ".TTL"])
def test_files_are_loaded_by_their_suffix(store: Store, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"graph{suffix}"
    json = f'{{"@id": "{E}a", "{E}p": {{"@id": "{E}b"}}}}'
    path.write_text(json if suffix == ".jsonld" else f"<{E}a> <{E}p> <{E}b> .\n", encoding="utf-8")
    store.load(path)
    assert store.count("") == 1


def test_triples_of_a_file_can_go_to_a_named_graph(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "graph.ttl"
    path.write_text(f"<{E}a> <{E}p> <{E}b> .\n", encoding="utf-8")
    store.load(path, E + "g")
    assert store.count(E + "g") == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("graph.ttl", None, "cannot be read"),
        ("graph.ttl", b" \n", "empty"),
        ("graph.xyz", b"", "suffix"),
        ("graph.ttl", b"<a:b> <a:c> 1 .\n<a:b> nonsense .", "line 2"),
        ("graph.nq", b"<a:b> <a:c> .\n", "not valid RDF"),
        ("graph.ttl", b"\xff\xfe\xfa", "not valid RDF"),
    ],
)
def test_a_file_that_cannot_be_loaded_says_why(
    store: Store, tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(GraphError, match=words) as caught:
        store.load(path)
    assert name in str(caught.value)


def test_a_folder_is_no_graph(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "graph.ttl"
    folder.mkdir()
    with pytest.raises(GraphError, match="folder"):
        store.load(folder)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "prefix a: <a:> # SELECT\nDELETE WHERE { ?s ?p ?o }",
        "LOAD <http://127.0.0.1:1/>",
        "CLEAR ALL",
        "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_an_update_is_refused_and_changes_nothing(filled: Answers, text: str) -> None:
    with pytest.raises(QueryError, match="may not change"):
        filled.query(text)
    assert filled.count() == 7


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.setblocking(False)
        yield server


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?x { SERVICE <URL> { ?x ?y ?z } }",
        "SELECT ?x { service silent <URL> { ?x ?y ?z } }",
        "SELECT ?x { { SELECT ?x { OPTIONAL { SeRvIcE <URL> { ?x ?y ?z } } } } }",
        "ASK { FILTER EXISTS { SERVICE <URL> { ?x ?y ?z } } }",
        "CONSTRUCT { ?x ?y ?z } WHERE { BIND(<URL> AS ?u) SERVICE ?u { ?x ?y ?z } }",
        "SELECT ?x { #\rSERVICE <URL> { ?x ?y ?z } }",
        "SELECT ?x { FILTER(1<'b>c') SERVICE <URL> { ?x ?y 'x' } }",
        'SELECT ?x { BIND("\\u0022)}#" AS ?z)\nSERVICE <URL> { ?x ?y ?z } }',
        "SELECT ?x FROM <URL> { ?x ?y ?z }",
        "SELECT ?x FROM NAMED <URL> { GRAPH <URL> { ?x ?y ?z } }",
    ],
)
def test_no_query_reaches_for_the_network(filled: Answers, listener: socket.socket, text: str) -> None:
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"
    try:
        answer = filled.query(text.replace("URL", url))
        assert "FROM" in text
        assert answer == Result(("x",), ())
    except QueryError:
        assert "FROM" not in text
    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s " + "{" * 20000 + "?s ?p ?o" + "}" * 20000,
        "SELECT ?s { FILTER(" + "!" * 20000 + "?s) }",
        "SELECT ?s { FILTER(" + "||".join(["?s=1"] * 20000) + ") }",
        "SELECT ?s { ?s " + "/".join(["<a:b>"] * 20000) + " ?o }",
        "SELECT ?s { " + "<a:b> <a:b> <a:b> ." * 20000 + " }",
    ],
    ids=["groups", "operators", "alternatives", "path", "patterns"],
)
def test_a_query_that_would_overflow_the_stack_is_refused(store: Store, text: str) -> None:
    with pytest.raises(QueryError, match="too large"):
        store.query(text)


def test_long_lists_of_data_are_no_giants() -> None:
    numbers = " ".join(map(str, range(20000)))
    pairs = " ".join(f"({n} {n})" for n in range(5000))
    store = OxigraphStore()
    assert len(store.select(f"SELECT ?n {{ VALUES ?n {{ {numbers} }} }}").rows) == 20000
    assert len(store.select(f"SELECT ?n {{ VALUES (?n ?m) {{ {pairs} }} }}").rows) == 5000


def test_the_word_service_in_a_text_is_no_clause(filled: Answers) -> None:
    assert filled.ask('ASK { FILTER(CONTAINS("health SERVICE {", "SERVICE")) } # service') is True


@pytest.mark.parametrize(
    "text", ["SELECT * {\n  ?s ?p }", "nonsense", "SELECT ?s {\n?s foo:bar ?o }", '"\\u12', "\x00"]
)
def test_a_broken_query_is_a_query_error(filled: Answers, text: str) -> None:
    with pytest.raises(QueryError):
        filled.query(text)


def test_a_syntax_error_names_line_and_column(filled: Answers) -> None:
    with pytest.raises(QueryError) as caught:
        filled.query("SELECT ?s WHERE {\n  ?s ?p ?o ]\n}")
    assert caught.value.where.startswith("line ")
    assert "column" in caught.value.where


def test_a_closed_store_is_empty(held: Store) -> None:
    held.close()
    assert held.count() == 0


def test_both_stores_give_equal_answers() -> None:
    answers = []
    for store in (OxigraphStore(), RdflibStore()):
        store.load_text(TRIG, Format.TRIG, "small.trig")
        answers.append(
            store.query(
                "SELECT ?s ?p (COUNT(?o) AS ?n) (STR(?s) AS ?t) { ?s ?p ?o } GROUP BY ?s ?p ORDER BY ?s ?p"
            )
        )
    assert answers[0] == answers[1]


def test_open_graph_loads_several_files(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.nt").write_text(f"<{E}{name}> <{E}p> <{E}o> .\n", encoding="utf-8")
    assert open_graph(tmp_path / "a.nt", str(tmp_path / "b.nt")).count() == 2


def test_every_error_of_a_store_is_our_own(tmp_path: Path) -> None:
    for error in (GraphError, QueryError):
        assert issubclass(error, KgError)
    with pytest.raises(KgError):
        open_graph(tmp_path / "missing.ttl")


def test_tokens_know_strings_comments_and_iris_apart() -> None:
    text = "SELECT ?from { <a:from> a:from \"from\" '''from''' @en } # FROM"
    assert not names_dataset(text)
    assert names_dataset("SELECT * FROM <a:b> {}")
    assert [t.kind for t in tokens("?a a:b 'c'@en 1.5 _:x")] == [
        "variable",
        "name",
        "string",
        "language",
        "number",
        "name",
    ]


def test_the_keyword_stands_after_the_prologue() -> None:
    assert keyword_of("BASE <a:b> PREFIX select: <insert:data> # DELETE\n ask {}") == "ASK"
    assert keyword_of("") == ""


def test_an_iri_that_never_ends_is_cut_in_one_pass() -> None:
    found = list(tokens("<" + r"\u00000000" * 200))
    assert found[0].text == "<"
    assert [token.kind for token in tokens(r"<https://a/\u00e9\U0001F600b>")] == ["iri"]


def test_a_merged_default_graph_has_each_triple_once_and_the_counts_stay() -> None:
    store = OxigraphStore()
    text = b'<urn:a> <urn:b> "1" <urn:g> .\n<urn:a> <urn:b> "1" <urn:h> .\n<urn:a> <urn:b> "2" <urn:h> .\n'
    store.load_text(text, Format.NQUADS, "three.nq")
    store.merge()
    assert len(store.select("SELECT * { ?a ?b ?c }").rows) == 2
    assert len(store.select("SELECT * { GRAPH ?g { ?a ?b ?c } }").rows) == 3
    assert (store.count(), store.count("urn:h")) == (3, 2)
