"""What servers answer is read whole and in one form, or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KgError, QueryError, StoreError
from kg.queries.formats import FORMATS
from kg.serialise.documents import Format
from kg.stores.answers import accepted, read_answer
from kg.stores.base import Answer, Graph, Result, Term, Verdict, graph_of, iri, literal
from kg.stores.dataset import with_dataset
from kg.stores.exchange import Answered
from kg.stores.guard import refuse_unsafe
from kg.stores.lexical import Terms
from kg.stores.order import in_order, order_of
from kg.stores.oxigraph import OxigraphStore
from kg.stores.refused import refused
from kg.stores.sizes import NUMBER, is_round, own_limit, rows_query, triples_query
from kg.stores.tokens import without_remarks
from kg.vocabulary.namespaces import XSD

E = "https://example.org/"
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
LD, RDF, NT, TTL = "application/ld+json", "application/rdf+xml", "application/n-triples", "text/turtle"
VIRTUOSO = {"server": "Virtuoso/07.20.3229 (Linux)"}
TABLE = Result(
    ("a", "b"),
    (
        (iri(E + "ä"), literal("x\ny & <z>")),
        (None, literal("über", lang="de")),
        (literal("7", XSD.integer), literal("2.5", XSD.decimal)),
        (Term("bnode", "b0"), None),
    ),
)
NS = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://example.org/"'
GRAPH = Graph(((iri(E + "s"), iri(E + "p"), literal("2.5", XSD.decimal)),))
RDF_TEXTS = {
    LD: f'[{{"@id":"{E}s","{E}p":[{{"@type":"{XSD.decimal}","@value":"2.50"}}]}}]',
    RDF: f'<rdf:RDF {NS}><rdf:Description rdf:about="{E}s"><e:p rdf:datatype="{XSD.decimal}">2.50</e:p>'
    "</rdf:Description></rdf:RDF>",
    NT: f'<{E}s> <{E}p> "2.50"^^<{XSD.decimal}> .\n',
    TTL: f"@prefix e: <{E}> .\ne:s e:p 2.50 .\n",
}


def answered(
    body: str | bytes, media: str = JSON, status: int = 200, headers: Mapping[str, str] | None = None
) -> Answered:
    data = body.encode() if isinstance(body, str) else body
    return Answered(status, {"content-type": media, **(headers or {})}, data, "http://h/query")


def read(
    body: str | bytes, media: str = JSON, form: str = "SELECT", headers: Mapping[str, str] | None = None
) -> Answer:
    return read_answer(answered(body, media, headers=headers), form)


def rows(*values: str) -> str:
    """Return a result in JSON with one column and these values of JSON."""
    bindings = ", ".join(f'{{"x": {value}}}' for value in values)
    return f'{{"head": {{"vars": ["x"]}}, "results": {{"bindings": [{bindings}]}}}}'


def one(value: str) -> Term | None:
    answer = read(rows(value))
    assert isinstance(answer, Result)
    return answer.rows[0][0]


# ---------------------------------------------------------------- whole answers


@pytest.mark.parametrize(("form", "media"), [("json", JSON), ("xml", XML), ("json", "application/json")])
def test_a_table_is_read_as_it_was_written(form: str, media: str) -> None:
    assert read(FORMATS[form](TABLE), f"{media}; charset=utf-8") == TABLE


@pytest.mark.parametrize(("form", "media"), [("json", JSON), ("xml", XML)])
@pytest.mark.parametrize("holds", [True, False])
def test_yes_and_no_are_read(form: str, media: str, holds: bool) -> None:
    assert read(FORMATS[form](Verdict(holds)), media, "ASK") == Verdict(holds)


@pytest.mark.parametrize("form", ["CONSTRUCT", "DESCRIBE"])
@pytest.mark.parametrize("media", RDF_TEXTS)
def test_a_graph_is_read_from_each_form(media: str, form: str) -> None:
    assert read(RDF_TEXTS[media], media, form) == GRAPH


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
NODES = st.one_of(
    st.builds(literal, TEXTS),
    st.builds(lambda text: literal(text, lang="en-gb"), TEXTS),
    st.builds(lambda number: literal(str(number), XSD.integer), st.integers()),
    st.builds(lambda number: iri(f"{E}{number}"), st.integers(0, 99)),
    st.none(),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(NODES, NODES), max_size=6).map(tuple))
def test_any_table_comes_back_from_both_forms(found: tuple[tuple[Term | None, Term | None], ...]) -> None:
    result = Result(("a", "b"), found)
    for form, media in (("json", JSON), ("xml", XML)):
        assert read(FORMATS[form](result), media) == result


def test_what_is_asked_for_has_an_end_that_can_be_seen() -> None:
    assert accepted("SELECT").split(",")[0] == JSON
    assert accepted("CONSTRUCT").split(",")[0] == LD
    assert accepted("DESCRIBE").index(RDF) < accepted("DESCRIBE").index(TTL)


# ---------------------------------------------------------------- one form of each term


@pytest.mark.parametrize(
    ("value", "kind", "expected", "datatype"),
    [
        ("+01", "integer", "1", "integer"),
        ("1.50", "decimal", "1.5", "decimal"),
        ("2.0", "decimal", "2", "decimal"),
        ("1", "boolean", "true", "boolean"),
        ("1.0E3", "double", "1000", "double"),
        ("7", "int", "7", "integer"),
        ("2020", "gYear", "2020", "gYear"),
        ("nonsense", "integer", "nonsense", "integer"),
        ("x", "string", "x", "string"),
    ],
)
def test_a_number_has_the_form_of_the_embedded_store(
    value: str, kind: str, expected: str, datatype: str
) -> None:
    space = XSD.iri
    stored = OxigraphStore()
    stored.load_text(f'<a:a> <a:a> "{value}"^^<{space}{kind}> .'.encode(), Format.NTRIPLES, "x.nt")
    found = Terms().literal(value, space + kind)
    assert found == literal(expected, space + datatype)
    assert stored.select("SELECT ?o { ?s ?p ?o }").rows == ((found,),)


def test_a_string_is_one_term_with_and_without_its_datatype() -> None:
    assert one('{"type": "literal", "value": "x"}') == literal("x")
    assert one(f'{{"type": "literal", "value": "x", "datatype": "{XSD.string}"}}') == literal("x")


def test_a_typed_literal_of_old_drafts_is_a_literal() -> None:
    assert one(f'{{"type": "typed-literal", "value": "7", "datatype": "{XSD.integer}"}}') == literal(
        "7", XSD.integer
    )


def test_language_tags_are_in_lower_case() -> None:
    found = one('{"type": "literal", "value": "colour", "xml:lang": "en-GB"}')
    assert found == literal("colour", lang="en-gb")


def test_blank_nodes_get_names_of_their_own() -> None:
    answer = read(rows(*(f'{{"type": "bnode", "value": "nodeID://{name}"}}' for name in "bab")))
    assert isinstance(answer, Result)
    assert [row[0].value for row in answer.rows if row[0]] == ["b0", "b1", "b0"]


@pytest.mark.parametrize(
    "value",
    [
        '{"type": "uri", "value": "a:b> <c"}',
        '{"type": "uri", "value": ""}',
        '{"type": "literal", "value": "x", "xml:lang": "en\\nx"}',
        '{"type": "literal", "value": "\\ud800"}',
        '{"type": "literal", "value": "1", "datatype": "no iri"}',
        '{"type": "literal", "value": 1}',
        '{"type": "literal"}',
        '{"type": "thing", "value": "x"}',
        '{"type": "triple", "value": {}}',
        '"x"',
        "null",
    ],
)
def test_what_is_no_term_is_refused(value: str) -> None:
    with pytest.raises(StoreError):
        one(value)


# ---------------------------------------------------------------- less than the whole


@pytest.mark.parametrize(("form", "media"), [("json", JSON), ("xml", XML)])
def test_a_table_that_is_cut_anywhere_is_refused(form: str, media: str) -> None:
    whole = FORMATS[form](TABLE).strip().encode()
    for end in range(len(whole)):
        with pytest.raises(StoreError):
            read(whole[:end], media)


@pytest.mark.parametrize("media", [LD, RDF])
def test_a_graph_that_is_cut_anywhere_is_refused(media: str) -> None:
    whole = RDF_TEXTS[media].strip().encode()
    for end in range(len(whole)):
        with pytest.raises(StoreError):
            read(whole[:end], media, "CONSTRUCT")


@pytest.mark.parametrize("media", [JSON, XML, *RDF_TEXTS])
def test_a_text_behind_the_end_is_refused(media: str) -> None:
    tables = {JSON: FORMATS["json"](TABLE), XML: FORMATS["xml"](TABLE)}
    whole = {**tables, **RDF_TEXTS}[media]
    form = "SELECT" if media in tables else "CONSTRUCT"
    with pytest.raises(StoreError):
        read(f"{whole}The SPARQL operation has been cancelled", media, form)


def test_the_words_behind_the_end_are_shown() -> None:
    cut = FORMATS["json"](TABLE)[:150] + "The SPARQL operation has been cancelled"
    with pytest.raises(StoreError, match="operation has been cancelled") as caught:
        read(cut)
    assert caught.value.where == "http://h/query"
    assert "LIMIT" in caught.value.hint


@pytest.mark.parametrize("media", [NT, TTL])
def test_a_remark_in_the_last_line_is_the_news_of_a_stop(media: str) -> None:
    said = "\n##  Query cancelled due to timeout during execution   ##\n"
    with pytest.raises(StoreError, match="cancelled due to timeout"):
        read(RDF_TEXTS[media] + said, media, "CONSTRUCT")


def test_a_string_of_several_lines_is_no_remark() -> None:
    answer = read(f'<{E}s> <{E}p> """\n# x""" .\n', TTL, "CONSTRUCT")
    assert isinstance(answer, Graph)
    assert answer.triples[0][2] == literal("\n# x")


@pytest.mark.parametrize("body", ["", "\n", "# Empty NT\n"])
def test_a_graph_may_be_empty(body: str) -> None:
    assert read(body, NT, "CONSTRUCT") == Graph(())


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "[]",
        "null",
        '{"head": {}, "results": {"bindings": []}}',
        '{"head": {"vars": ["x", "x"]}, "results": {"bindings": []}}',
        '{"head": {"vars": [1]}, "results": {"bindings": []}}',
        '{"head": {"vars": ["x"]}, "results": {}}',
        '{"head": {"vars": ["x"]}}',
        '{"head": {"vars": ["x"]}, "results": {"bindings": [[]]}}',
        '{"head": {"vars": []}, "results": {"bindings": [{"x": {"type": "literal", "value": "1"}}]}}',
        '{"head": {}, "boolean": "true"}',
        '{"head": {"vars": ["x"]}, "results": {"bindings": []}, "boolean": true}',
        '{"head": {"vars": ["x"]}, "results": {"bindings": [NaN]}}',
        '{"a":' * 5000 + "1" + "}" * 5000,
        b"\xff\xfe{",
    ],
)
def test_json_that_is_no_result_is_refused(body: str | bytes) -> None:
    with pytest.raises(StoreError):
        read(body)


SPARQL = '<sparql xmlns="http://www.w3.org/2005/sparql-results#">'


@pytest.mark.parametrize(
    "body",
    [
        "<html/>",
        "<sparql><head/><boolean>true</boolean></sparql>",
        f"{SPARQL}<head/></sparql>",
        f"{SPARQL}<head/><boolean>perhaps</boolean></sparql>",
        f"{SPARQL}<head/><boolean>true</boolean><boolean>false</boolean></sparql>",
        f"{SPARQL}<head><variable/></head><results/></sparql>",
        f'{SPARQL}<head/><results><result><binding name="x"><uri>a:b</uri></binding></result></results></sparql>',
        f'{SPARQL}<head><variable name="x"/></head><results><result><binding name="x"/></result></results></sparql>',
        f'{SPARQL}<head><variable name="x"/></head><results><result><what/></result></results></sparql>',
        f'<!DOCTYPE sparql [<!ENTITY a "b">]>{SPARQL}<head/><boolean>true</boolean></sparql>',
        "!ERROR!",
    ],
)
def test_xml_that_is_no_result_is_refused(body: str) -> None:
    with pytest.raises(StoreError):
        read(body, XML, "SELECT")


def test_entities_of_a_graph_are_refused() -> None:
    text = RDF_TEXTS[RDF].replace("2.50", "&a;")
    with pytest.raises(StoreError, match="entities"):
        read(f'<!DOCTYPE rdf:RDF [<!ENTITY a "2">]>{text}', RDF, "CONSTRUCT")


def test_a_graph_that_reaches_for_the_network_is_refused() -> None:
    with pytest.raises(StoreError):
        read('{"@context": "http://127.0.0.1:1/c", "@id": "a:a", "p": "x"}', LD, "CONSTRUCT")


def test_what_the_server_calls_incomplete_is_refused() -> None:
    headers = {"x-sql-state": "S1TAT", "x-sql-message": "Returning incomplete results"}
    with pytest.raises(StoreError, match="incomplete results"):
        read(FORMATS["json"](TABLE), headers=headers)


@pytest.mark.parametrize("form", ["SELECT", "ASK", "CONSTRUCT"])
def test_a_page_for_people_is_no_answer(form: str) -> None:
    page = "<!DOCTYPE html><html><style>a{}</style><body>Please <b>log in</b>\x1b[2J</body></html>"
    with pytest.raises(StoreError, match="page for people") as caught:
        read(page, "text/html; charset=utf-8", form)
    assert caught.value.raw == "Please log in \ufffd[2J"
    assert "endpoint" in caught.value.hint


@pytest.mark.parametrize("media", ["", "text/csv", "application/octet-stream", TTL])
def test_another_media_type_is_no_answer(media: str) -> None:
    with pytest.raises(StoreError, match="media type"):
        read(FORMATS["json"](TABLE), media)


@pytest.mark.parametrize("form", ["SELECT", "ASK"])
def test_an_answer_of_another_form_is_refused(form: str) -> None:
    other = Verdict(True) if form == "SELECT" else TABLE
    with pytest.raises(StoreError, match=form):
        read(FORMATS["json"](other), JSON, form)


# ---------------------------------------------------------------- Virtuoso


@pytest.mark.parametrize(("values", "holds"), [(["1"], True), (["0"], False), ([], False)])
def test_virtuoso_answers_ask_with_a_table(values: list[str], holds: bool) -> None:
    cells = [literal(value, XSD.integer) for value in values]
    table = Result(("__ASK_RETVAL",), tuple((cell,) for cell in cells))
    for form, media in (("json", JSON), ("xml", XML)):
        assert read(FORMATS[form](table), media, "ASK", VIRTUOSO) == Verdict(holds)


def test_virtuoso_that_says_neither_yes_nor_no_is_refused() -> None:
    table = Result(("__ASK_RETVAL",), ((literal("2", XSD.integer),),))
    with pytest.raises(StoreError, match="neither yes nor no"):
        read(FORMATS["json"](table), JSON, "ASK")


def test_virtuoso_has_no_integers_beyond_32_bits() -> None:
    found = [("5000000000", XSD.decimal), ("50", XSD.decimal), ("5000000000.5", XSD.decimal)]
    table = Result(("x",), tuple((literal(*pair),) for pair in found))
    answer = read(FORMATS["json"](table), JSON, headers=VIRTUOSO)
    assert isinstance(answer, Result)
    assert answer.rows[0][0] == literal("5000000000", XSD.integer)
    assert answer.rows[1:] == table.rows[1:]
    assert read(FORMATS["json"](table)) == table


def test_virtuoso_is_asked_for_the_form_in_which_it_loses_nothing() -> None:
    assert accepted("CONSTRUCT", "Virtuoso").split(",")[0] == NT


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (301, "moved"),
        (401, "who asks"),
        (403, "does not allow"),
        (404, "nothing at this address"),
        (405, "no queries are taken"),
        (406, "in no form"),
        (413, "too large"),
        (414, "too long"),
        (429, "too often"),
        (500, "failed"),
        (502, "does not answer"),
        (503, "busy"),
        (504, "too long"),
        (418, "did not answer"),
    ],
)
def test_each_status_says_what_to_do(status: int, words: str) -> None:
    error = refused(answered("teapot\x1b[2J", "text/plain", status, {"location": "http://h/there"}))
    assert isinstance(error, StoreError)
    assert words in error.what
    assert str(status) in error.what
    assert error.raw == "teapot\ufffd[2J"
    assert error.hint or status == 418


@pytest.mark.parametrize("status", [401, 403])
def test_who_may_ask_is_told_by_the_environment(status: int) -> None:
    assert "TRIALKG_USER" in refused(answered("", "", status)).hint


def test_a_refused_query_is_a_query_error_in_few_printable_words() -> None:
    error = refused(answered("line 1: no\x07 " + "such function " * 500, "text/plain", 400))
    assert isinstance(error, QueryError)
    assert "line 1: no\ufffd such function" in error.what
    assert len(error.what) < 400


# ---------------------------------------------------------------- sizes


@pytest.mark.parametrize(
    "size", [1000, 2500, 5000, 10_000, 50_000, 65_536, 100_000, 120_000, 1_000_000, 2**20]
)
def test_limits_are_round_numbers(size: int) -> None:
    assert is_round(size, 2)


@pytest.mark.parametrize("size", [0, 1, 100, 500, 999, 1001, 1234, 99_999, 123_000])
def test_other_numbers_are_not(size: int) -> None:
    assert not is_round(size, 2)


@pytest.mark.parametrize(
    ("query", "limit"),
    [
        ("SELECT * { ?s ?p ?o } LIMIT 10", 10),
        ("SELECT * { ?s ?p ?o } OFFSET 5 limit 1000 # LIMIT 7", 1000),
        ("SELECT * { { SELECT ?s { ?s ?p ?o } LIMIT 5 } }", None),
        ('SELECT * { ?s ?p "LIMIT 5" }', None),
    ],
)
def test_the_limit_of_a_query_is_that_of_the_outermost(query: str, limit: int | None) -> None:
    assert own_limit(query) == limit


def world() -> OxigraphStore:
    store = OxigraphStore()
    lines = [f"<{E}s{n}> <{E}p> <{E}o{n % 3}> <{E}g{n % 2}> ." for n in range(12)]
    store.load_text("\n".join(lines).encode(), Format.NQUADS, "x.nq")
    return store


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT DISTINCT ?o WHERE { ?s ?p ?o } ORDER BY ?o",
        f"PREFIX e: <{E}> SELECT ?s (COUNT(?o) AS ?n) {{ ?s e:p ?o }} GROUP BY ?s HAVING (?n > 0) LIMIT 5",
        "SELECT (EXISTS { ?x ?y ?z } AS ?a)\nFROM <https://example.org/g0> FROM NAMED <https://example.org/g1> {} # x",
        f"SELECT ?s {{ ?s ?p ?o }} VALUES ?o {{ <{E}o1> }}",
    ],
)
def test_the_rows_of_a_query_can_be_counted(query: str) -> None:
    store = world()
    counted = store.select(rows_query(query))
    assert counted.columns == (NUMBER,)
    assert counted.rows == ((literal(str(len(store.select(query).rows)), XSD.integer),),)


@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "CONSTRUCT WHERE { ?s ?p ?o . }",
        f"PREFIX e: <{E}> CONSTRUCT {{ ?o a e:T . }} FROM <{E}g0> {{ ?s ?p ?o }}",
        f"CONSTRUCT FROM <{E}g1> WHERE {{ ?s <{E}p> ?o }}",
        "CONSTRUCT { ?s ?p ?s } { ?s ?p ?o } ORDER BY ?s LIMIT 4",
    ],
)
def test_the_triples_of_a_simple_graph_can_be_counted(query: str) -> None:
    store = world()
    number = store.select(triples_query(query)).rows[0][0]
    assert number == literal(str(len(store.construct(query).triples)), XSD.integer)


@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT { ?s ?p ?o . ?o ?p ?s } { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p [] } { ?s ?p ?o }",
        "CONSTRUCT { _:x ?p ?o } { ?s ?p ?o }",
        "CONSTRUCT {} { ?s ?p ?o }",
        "DESCRIBE <a:b>",
    ],
)
def test_the_triples_of_other_graphs_cannot(query: str) -> None:
    assert triples_query(query) == ""


# ---------------------------------------------------------------- graphs that are asked


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s { ?s ?p ?o }",
        "SELECT (EXISTS { ?x ?y ?z } AS ?any) WHERE { ?s ?p ?o }",
        "ASK { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "CONSTRUCT WHERE { ?s ?p ?o }",
        "CONSTRUCT {} {}",
        f"DESCRIBE <{E}s1> LIMIT 5",
        f"DESCRIBE <{E}s1>",
        "DESCRIBE ?s { ?s ?p ?o }",
        'PREFIX from: <a:> SELECT ?from { GRAPH ?from { ?s ?p ?o } FILTER("FROM" != "}") } ORDER BY ?from',
    ],
)
def test_a_query_is_asked_of_the_graphs_that_are_named(query: str) -> None:
    store, small = world(), OxigraphStore()
    lines = [f"<{E}s{n}> <{E}p> <{E}o{n % 3}> <{E}g0> ." for n in range(0, 12, 2)]
    small.load_text("\n".join(lines).encode(), Format.NQUADS, "x.nq")
    assert store.query(with_dataset(query, (E + "g0",))) == small.query(query)


def test_a_query_with_graphs_of_its_own_stays_as_it_is() -> None:
    query = "SELECT ?s FROM <https://example.org/g1> { ?s ?p ?o }"
    assert with_dataset(query, (E + "g0",)) == query
    assert with_dataset("ASK {}", ()) == "ASK {}"


# ---------------------------------------------------------------- order


def test_rows_are_put_in_the_order_of_code_points() -> None:
    names = ["acute", "Crohn", "ALS", "Ärger"]
    pairs = [(literal(name), literal(str(n), XSD.integer)) for name in names for n in (10, 9)]
    table = Result(("name", "n"), tuple(pairs))
    found = in_order(table, "SELECT ?name ?n { ?s ?p ?name } ORDER BY ?name DESC(?n)")
    assert [(row[0].value, row[1].value) for row in found.rows if row[0] and row[1]] == [
        (name, n) for name in sorted(names) for n in ("10", "9")
    ]


def test_nothing_and_names_come_before_values() -> None:
    column = [literal("x"), iri("a:b"), None, literal("a")]
    table = Result(("x",), tuple((term,) for term in column))
    assert [row[0] for row in in_order(table, "SELECT ?x {} ORDER BY ?x").rows] == [
        None,
        iri("a:b"),
        literal("a"),
        literal("x"),
    ]


@pytest.mark.parametrize(
    "column",
    [
        [literal("2", XSD.integer), literal("a")],
        [literal("x"), literal("a", lang="en")],
        [literal("x", XSD.integer), literal("1", XSD.integer)],
        [Term("bnode", "b1"), Term("bnode", "b0")],
    ],
)
def test_what_has_no_order_stays_as_it_is(column: list[Term]) -> None:
    table = Result(("x",), tuple((term,) for term in column))
    assert in_order(table, "SELECT ?x {} ORDER BY ?x") == table


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * {} ORDER BY ?a DESC(?b) asc(?c) LIMIT 5", [("a", False), ("b", True), ("c", False)]),
        ("SELECT * { { SELECT * {} ORDER BY ?x } }", []),
        ("SELECT * {} ORDER BY ?a STR(?b) ?c", [("a", False)]),
        ("SELECT * {} ORDER BY DESC(STR(?b))", []),
        ("SELECT * {} ORDER BY ?a VALUES ?b { 1 }", [("a", False)]),
        ("SELECT * {}", []),
    ],
)
def test_the_order_of_a_query_is_read_as_far_as_it_is_names(
    query: str, expected: list[tuple[str, bool]]
) -> None:
    assert order_of(query) == expected


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(TEXTS, st.integers(-3, 3)), max_size=8), st.randoms(use_true_random=False))
def test_any_order_is_that_of_the_embedded_store(found: list[tuple[str, int]], random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    query = "SELECT ?t ?n { ?s <a:t> ?t ; <a:n> ?n } ORDER BY DESC(?n) ?t"
    store = OxigraphStore()
    lines = [
        f"<a:{at}> <a:t> {json.dumps(text, ensure_ascii=False)} ; <a:n> {n} ."
        for at, (text, n) in enumerate(found)
    ]
    store.load_text("\n".join([*lines, "<a:a> <a:a> <a:a> ."]).encode(), Format.TURTLE, "x.ttl")
    table = tuple((literal(text), literal(str(n), XSD.integer)) for text, n in shuffled)
    assert in_order(Result(("t", "n"), table), query) == store.select(query)


# ---------------------------------------------------------------- what is sent


def test_comments_are_not_sent_and_every_token_keeps_its_place() -> None:
    query = "#+ summary: x\nSELECT ?s # SELECT\r\n{ ?s <a:#b> '#' }#\rLIMIT 1"
    bare = without_remarks(query)
    assert "summary" not in bare
    assert [line.rstrip() for line in bare.split("\n")] == ["", "SELECT ?s", "{ ?s <a:#b> '#' }", "LIMIT 1"]
    assert bare.index("<a:#b>") == query.index("<a:#b>")


@pytest.mark.parametrize(
    "query",
    [
        r"SELECT * { SERV\u0049CE <a:b> { ?s ?p ?o } }",
        r"SELECT * { \U00000053ERVICE <a:b> { ?s ?p ?o } }",
        r"SELECT * { ?s ?p ?o } #\u000A SERVICE",
        r"IN\u0053ERT DATA { <a:a> <a:b> <a:c> }",
    ],
)
def test_escapes_for_characters_hide_nothing_from_the_guard(query: str) -> None:
    with pytest.raises(KgError):
        refuse_unsafe(query)


def test_graph_answers_are_sorted_and_each_triple_comes_once() -> None:
    text = f"<{E}b> <{E}p> <{E}x> .\n<{E}a> <{E}p> <{E}x> .\n<{E}b> <{E}p> <{E}x> .\n"
    answer = read(text, NT, "CONSTRUCT")
    assert answer == graph_of((iri(E + name), iri(E + "p"), iri(E + "x")) for name in "ab")
