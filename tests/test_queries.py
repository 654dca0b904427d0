"""The bundled queries, their parameters, and the formats of their answers."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.describe.void import describe
from kg.errors import OutputError, QueryError
from kg.graph.iris import Minter
from kg.graph.stream import quad_blocks
from kg.model import Block
from kg.parse.tables import parse_source
from kg.queries.bind import bind
from kg.queries.blocks import parameters_of, value_blocks
from kg.queries.catalogue import Parameter, QueryFile, list_queries, load_query, parse_query
from kg.queries.formats import FORMATS, catalogue_table
from kg.queries.run import run
from kg.queries.terms import term_text
from kg.readers.base import Source, open_source
from kg.resources import bundled_table
from kg.stores.base import Format, Graph, Result, Store, Term, Verdict, graph_of, iri, literal
from kg.stores.oxigraph import OxigraphStore
from kg.stores.rdf_lib import RdflibStore
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon
from kg.vocabulary.namespaces import ROOT, VOCABULARY, XSD

QUERIES = {query.id: query for query in list_queries()}

# Made-up rows that hold one of everything that the queries ask for.
SMALL = """Table 7. Trials of MSCs

Diseases,Cell source,Route,Dose,Frequency,Patients,Clinical Trials number,Study phase,Outcomes,Ref
GVHD,BM,i.v.,2 × 106 cells/kg,Twice a week for 4 weeks,54,NCT02336230,III,"Overall response improved, no adverse events",1
GVHD,BM,i.v.,1 × 106 or 2 × 106 cells/kg,Once,12,NCT02359929,I/II,CRP decreased; few responses,2
GVHD,UC,i.v.,1.5 × 107 cells/kg,Once,9,NCT00000017,II,Not yet public,3
CD,BM or UC,Intralesional,3 × 107 cells,Once,16,N.A.,IIa,Half of the fistulas closed,4
CD,Adipose,Intralesional,1.2 × 108 cells,Once,25,NCT01541579,III,Clinical remission in 12 of 25; CRP fell,5
COVID-19 ARDS,BM,i.v.,1 × 107 cells/kg,Once,17,NCT02097641,IIa,CRP was lower; fever in 2 patients,6
ARDS,BM,i.v.,1 × 107 cells/kg,Once,60,NCT02097641,II,No adverse events,7
COVID-19,BM-MSC-EV,i.v.,15 mL,Once,25,NCT04493242,N.A.,Better oxygenation,8
ALS,BM,Intrathecal,1 × 106 cells/kg,2 doses,30,NCT0291768,I/II,Not yet public,9
SCI,UC,Intrathecal,1 × 106 cells/kg,3 times,20,"NCT04288934, NCT02054208",III,Motor function may improve,10
MI,UC,Intracoronary,1 × 107 cells,Once,130,NCT05043610,III,Not yet public,11
OA,Placenta,Intra-articular,1 × 107 cells,Once,8,NCT06078059,I,Less pain,12
"""


@cache
def lexicon() -> Lexicon:
    return bundled_lexicon()


def blocks_of(source: Source) -> list[Block]:
    blocks = list(quad_blocks(parse_source(source, lexicon()), lexicon(), Minter(ROOT)))
    return [*blocks, *describe(blocks)]


def filled(make: Callable[[], Store], source: Source) -> Store:
    store = make()
    store.load_blocks(blocks_of(source))
    return store


@pytest.fixture(scope="module")
def small() -> Store:
    return filled(OxigraphStore, Source("small.csv", SMALL.encode()))


@pytest.fixture(scope="module")
def small_rdflib() -> Store:
    return filled(RdflibStore, Source("small.csv", SMALL.encode()))


@pytest.fixture(scope="module")
def bundled() -> Store:
    return filled(OxigraphStore, open_source(bundled_table()))


def size(answer: object) -> int:
    return len(answer.rows) if isinstance(answer, Result) else len(getattr(answer, "triples", ()))


def texts(result: Result, column: str) -> list[str]:
    at = result.columns.index(column)
    return [term.value if (term := row[at]) else "" for row in result.rows]


def ask(store: Store, name: str, **values: str) -> Result:
    answer = run(store, QUERIES[name], values, lexicon)
    assert isinstance(answer, Result)
    return answer


# ---------------------------------------------------------------- the files


def test_the_catalogue_is_ordered_and_large_enough() -> None:
    assert list(QUERIES) == sorted(QUERIES)
    assert len(QUERIES) >= 25


@pytest.mark.parametrize("name", QUERIES)
def test_a_header_is_complete(name: str) -> None:
    query = QUERIES[name]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", query.id)
    assert query.description.endswith("?")
    assert all([query.summary, *query.tags])
    assert all(parameter.example for parameter in query.parameters)
    assert all(parameter.description for parameter in query.parameters)
    assert all(description for _, description in query.columns)


@pytest.mark.parametrize("name", QUERIES)
def test_each_parameter_has_its_block_on_a_line_of_its_own(name: str) -> None:
    query = QUERIES[name]
    lines = [line.strip() for line in query.text.splitlines()]
    for parameter in query.parameters:
        assert (
            sum(line.startswith(f"VALUES ?{parameter.name} {{") and line.endswith("}") for line in lines) == 1
        )


@pytest.mark.parametrize("name", QUERIES)
def test_columns_are_those_of_the_result(name: str, small: Store) -> None:
    answer = run(small, QUERIES[name], {}, lexicon)
    columns = tuple(column for column, _ in QUERIES[name].columns)
    assert columns == (answer.columns if isinstance(answer, Result) else ())


@pytest.mark.parametrize("name", [name for name in QUERIES if "CONSTRUCT" not in QUERIES[name].text])
def test_the_order_of_a_table_is_written_down(name: str) -> None:
    assert "\nORDER BY " in QUERIES[name].text


@pytest.mark.parametrize("name", QUERIES)
def test_a_path_of_any_length_has_an_end_that_is_bound(name: str) -> None:
    ends = set(re.findall(r"[*+] \?(\w+)", QUERIES[name].text))
    assert ends <= {parameter.name for parameter in QUERIES[name].parameters}


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_returns_rows_on_the_bundled_table(name: str, bundled: Store) -> None:
    assert size(run(bundled, QUERIES[name], {}, lexicon)) > 0


@pytest.mark.parametrize("name", QUERIES)
def test_the_example_is_what_stands_in_the_file(name: str, bundled: Store) -> None:
    query = QUERIES[name]
    values = {parameter.name: parameter.example for parameter in query.parameters}
    assert run(bundled, query, values, lexicon) == run(bundled, query, {}, lexicon)


@pytest.mark.parametrize("name", QUERIES)
def test_both_engines_give_the_same_answer(name: str, small: Store, small_rdflib: Store) -> None:
    expected = run(small, QUERIES[name], {}, lexicon)
    assert run(small_rdflib, QUERIES[name], {}, lexicon) == expected
    assert size(expected) > 0


@pytest.mark.parametrize("name", QUERIES)
def test_the_order_does_not_depend_on_the_order_of_loading(name: str, small: Store) -> None:
    turned = OxigraphStore()
    for block in reversed(blocks_of(Source("small.csv", SMALL.encode()))):
        turned.load_blocks([block])
    assert turned.query(QUERIES[name].text) == small.query(QUERIES[name].text)


# ---------------------------------------------------------------- what they answer


def test_a_disease_is_found_with_its_narrower_ones(small: Store) -> None:
    result = ask(small, "trials-for-disease", disease="inflammatory bowel disease")
    assert set(texts(result, "condition")) == {"Crohn disease"}


def test_trials_are_found_by_disease_and_phase(small: Store) -> None:
    assert texts(ask(small, "trials-by-disease-and-phase", disease="CD"), "number") == ["NCT01541579"]
    narrow = ask(small, "trials-by-disease-and-phase", disease="ARDS", phase="IIa")
    assert texts(narrow, "participants") == ["17"]


def test_doses_per_kilogram_are_ranged_by_source(small: Store) -> None:
    result = ask(small, "dose-per-kg-by-source", disease="GVHD")
    rows = list(zip(texts(result, "cell_source"), texts(result, "low"), texts(result, "high"), strict=True))
    assert rows == [("bone marrow", "1000000", "2000000"), ("umbilical cord", "15000000", "15000000")]


def test_conflicting_reports_show_both_values_and_rows(small: Store) -> None:
    result = ask(small, "conflicting-reports")
    sizes = [
        (value, row)
        for prop, value, row in zip(
            texts(result, "property"), texts(result, "value"), texts(result, "row"), strict=True
        )
        if prop.endswith("#participants")
    ]
    assert sizes == [("17", "6"), ("60", "7")]


def test_a_malformed_number_is_shown_with_its_raw_text(small: Store) -> None:
    result = ask(small, "malformed-registrations")
    assert texts(result, "verbatim") == ["NCT0291768"]
    assert texts(result, "row") == ["9"]


def test_a_number_older_than_its_disease_is_found(small: Store) -> None:
    assert texts(ask(small, "numbers-older-than-disease"), "number") == ["NCT02097641"]


def test_gaps_are_sources_that_only_others_use(small: Store) -> None:
    assert "bone marrow" in texts(ask(small, "gaps", disease="SCI"), "cell_source")
    assert "umbilical cord" not in texts(ask(small, "gaps", disease="SCI"), "cell_source")


def test_the_evidence_of_a_trial_is_every_cell_of_its_rows(small: Store) -> None:
    result = ask(small, "evidence-for-report", trial="NCT02097641")
    assert sorted(texts(result, "row")) == ["6"] * 10 + ["7"] * 10


def test_outcomes_are_searched_without_letter_case(small: Store) -> None:
    assert texts(ask(small, "text-search", text="ADVERSE Events"), "row") == ["1", "7"]


def test_a_decimal_parameter_takes_an_exponent(small: Store) -> None:
    assert texts(ask(small, "doses-above", minimum="1.2e7", unit="cells/kg"), "high") == ["15000000"]


def test_outcomes_of_a_disease_are_counted_by_measure_and_direction(small: Store) -> None:
    result = ask(small, "outcomes-for-disease", disease="GVHD")
    found = dict(zip(texts(result, "measure_name"), texts(result, "direction_name"), strict=True))
    assert found["C-reactive protein"] == "decreased"
    assert found["overall response"] == "improved"


def test_the_balance_of_the_evidence_counts_each_report_once(small: Store) -> None:
    result = ask(small, "evidence-balance")
    parts = [column for column in result.columns if column not in ("condition", "cell_source", "reports")]
    counts = [texts(result, column) for column in ("reports", *parts)]
    assert all(int(whole) == sum(map(int, rest)) for whole, *rest in zip(*counts, strict=True))
    assert sum(map(int, texts(result, "unpublished"))) == 3


def test_biomarkers_are_counted_by_trial(small: Store) -> None:
    assert texts(ask(small, "biomarkers-that-fell"), "measure_name") == ["C-reactive protein"]
    assert texts(ask(small, "biomarkers-that-fell"), "trials") == ["3"]
    assert texts(ask(small, "biomarkers-that-fell", minimum="4"), "trials") == []


def test_adverse_events_are_shown_with_their_words_and_good_tolerance_is_not(small: Store) -> None:
    result = ask(small, "safety-events")
    assert set(texts(result, "row")) == {"6"}
    assert any("fever" in quote for quote in texts(result, "quote"))


def test_a_claim_is_shown_with_its_words_and_their_place(small: Store) -> None:
    result = ask(small, "claims-of-trial", trial="NCT02359929")
    row = dict(zip(result.columns, result.rows[0], strict=True))
    assert row["concept_name"] == literal("C-reactive protein")
    assert (row["quote"], row["start"]) == (literal("CRP decreased"), literal("0", XSD.integer))


def test_the_classes_of_the_graph_are_counted(small: Store) -> None:
    result = ask(small, "dataset-description")
    found = dict(zip(texts(result, "class_name"), texts(result, "entities"), strict=True))
    assert (found["trial report"], found["dose"]) == ("12", "13")


def test_a_claim_that_the_table_weakens_is_shown_with_what_weakens_it(small: Store) -> None:
    result = ask(small, "hedged-claims")
    assert (texts(result, "measure_name"), texts(result, "row")) == (["Motor function"], ["10"])


# ---------------------------------------------------------------- parameters


@pytest.mark.parametrize(
    "words", ["Crohn disease", "crohn's disease", "CD", f"{VOCABULARY}disease/crohn-disease", "crohn-disease"]
)
def test_a_concept_is_named_by_any_form(words: str) -> None:
    text = bind(QUERIES["trials-for-disease"], {"disease": words}, lexicon)
    assert f"VALUES ?disease {{ <{VOCABULARY}disease/crohn-disease> }}" in text


def test_an_unknown_concept_is_refused_with_the_nearest_labels() -> None:
    with pytest.raises(QueryError) as caught:
        bind(QUERIES["trials-for-disease"], {"disease": "Chron disease"}, lexicon)
    assert "Crohn disease" in caught.value.hint


@pytest.mark.parametrize("words", ["", "bone marrow", "\u0000", "} DELETE WHERE { ?s ?p ?o"])
def test_a_concept_of_another_scheme_is_refused(words: str) -> None:
    with pytest.raises(QueryError):
        bind(QUERIES["trials-for-disease"], {"disease": words}, lexicon)


@pytest.mark.parametrize(
    "words", ["NCT02336230", " nct02336230 ", f"{ROOT}trial/NCT02336230", f"<{ROOT}trial/NCT02336230>"]
)
def test_a_trial_is_named_by_number_or_iri(small: Store, words: str) -> None:
    text = bind(QUERIES["trial-card"], {"trial": words}, lexicon, small)
    assert f"VALUES ?trial {{ <{ROOT}trial/NCT02336230> }}" in text


def test_a_trial_without_number_is_named_by_the_end_of_its_iri(small: Store) -> None:
    unnumbered = texts(ask(small, "reports-without-registration"), "trial")[0]
    assert size(ask(small, "trial-card", trial=unnumbered.rsplit("/", 1)[-1])) > 0


def test_an_unknown_trial_is_refused_with_the_nearest_number(small: Store) -> None:
    with pytest.raises(QueryError) as caught:
        ask(small, "trial-card", trial="NCT02336231")
    assert "NCT02336230" in caught.value.hint


@pytest.mark.parametrize("words", ["", "ten", "1.5", "1e3", "1 } UNION { ?s ?p ?o", "٣", "NaN", "9" * 2000])
def test_an_integer_is_digits(words: str) -> None:
    with pytest.raises(QueryError):
        bind(QUERIES["largest-arms"], {"minimum": words}, lexicon)


@pytest.mark.parametrize("words", ["", "x", "NaN", "Infinity", "1e999999999", "1,5"])
def test_a_decimal_is_a_finite_number(words: str) -> None:
    with pytest.raises(QueryError):
        bind(QUERIES["doses-above"], {"minimum": words}, lexicon)


def test_an_unknown_parameter_is_refused_with_the_known_ones() -> None:
    with pytest.raises(QueryError) as caught:
        bind(QUERIES["trials-for-disease"], {"illness": "CD"}, lexicon)
    assert "disease" in caught.value.allowed


def test_the_lexicon_is_not_read_without_need() -> None:
    def never() -> Lexicon:
        raise AssertionError

    assert bind(QUERIES["trials-for-disease"], {}, never) == QUERIES["trials-for-disease"].text
    assert "{ 7 }" in bind(QUERIES["largest-arms"], {"minimum": "+7"}, never)


ECHO = 'SELECT ?text { VALUES ?text { "x" } }'
ATTACKS = [
    '"',
    "'",
    "\\",
    '" } DELETE WHERE { ?s ?p ?o } #',
    "} }",
    "{",
    "a\nb\r\tc",
    "\\u0022",
    "\\\\u0022",
    "\\U00000022",
    "\\u000a",
    "# ",
    '"""',
    "💊",
    "\x01\x7f\x85\u2028",
    "?text",
    "<a:b>",
    "\\",
]


@pytest.mark.parametrize("words", ATTACKS)
@pytest.mark.parametrize("make", [OxigraphStore, RdflibStore])
def test_no_value_breaks_out_of_its_block(make: Callable[[], Store], words: str) -> None:
    result = run(make(), parse_query(ECHO, "echo"), {"text": words}, lexicon)
    assert result == Result(("text",), ((literal(words),),))


@given(st.text(st.characters(exclude_categories=["Cs"])))
@settings(deadline=None, max_examples=150)
def test_any_text_comes_back_as_it_was(words: str) -> None:
    for store in (OxigraphStore(), RdflibStore()):
        assert run(store, parse_query(ECHO, "echo"), {"text": words}, lexicon) == Result(
            ("text",), ((literal(words),),)
        )


@given(st.text())
@settings(deadline=None, max_examples=200)
def test_any_text_as_iri_is_one_term_or_an_error(words: str) -> None:
    query = parse_query("SELECT ?x { VALUES ?x { <a:b> } }", "echo")
    try:
        result = run(OxigraphStore(), query, {"x": words}, lexicon)
    except QueryError:
        return
    assert isinstance(result, Result)
    assert len(result.rows) == 1


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(QueryError):
        bind(parse_query(ECHO, "echo"), {"text": "\ud83d"}, lexicon)


@pytest.mark.parametrize(
    ("inside", "type_", "scheme"),
    [
        ("1", "integer", ""),
        ("1.5", "decimal", ""),
        ('"x"', "string", ""),
        ("UNDEF", "string", ""),
        ("<https://example.org/a>", "iri", ""),
        (f"<{VOCABULARY}route/intravenous>", "concept", "route"),
        ("disease:stroke", "concept", "disease"),
        ("<https://example.org/trial/NCT02336230>", "trial", ""),
    ],
)
def test_a_parameter_without_header_has_the_type_of_its_term(inside: str, type_: str, scheme: str) -> None:
    text = f"PREFIX disease: <{VOCABULARY}disease/> SELECT ?x {{ VALUES ?x {{ {inside} }} }}"
    (parameter,) = parameters_of(parse_query(text, "query"))
    assert (parameter.type, parameter.scheme) == (type_, scheme)


def test_only_blocks_are_parameters_not_words_in_comments_or_strings() -> None:
    text = """# VALUES ?a { 1 }
    SELECT ?b { BIND("VALUES ?c { 1 }" AS ?b) VALUES (?d ?e) { (1 2) } VALUES ?f { "}" } }"""
    assert [block.name for block in value_blocks(text)] == ["f"]


def test_two_blocks_for_one_parameter_are_refused() -> None:
    with pytest.raises(QueryError, match="two VALUES"):
        value_blocks("SELECT ?x { VALUES ?x { 1 } VALUES ?x { 2 } }")


# ---------------------------------------------------------------- headers


def test_a_query_is_loaded_by_name_path_or_text(tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    path.write_text("#+ summary: Mine\nASK {}\n", encoding="utf-8")
    assert load_query("gaps").id == "gaps"
    assert load_query(str(path)).summary == "Mine"
    assert load_query("ASK {}").text == "ASK {}"
    assert load_query("gaps", is_text=True).text == "gaps"


def test_an_unknown_query_is_refused_with_the_nearest_names() -> None:
    with pytest.raises(QueryError) as caught:
        load_query("trial-for-diseases")
    assert "trials-for-disease" in caught.value.hint


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("#+ summary: [", "not YAML"),
        ("#+ - a", "not a mapping"),
        ("#+ sumary: x", "unknown key"),
        ("#+ summary: [x]", "summary must be a text"),
        ("#+ tags: x", "list of words"),
        ("#+ columns: [x]", "mapping"),
        ("#+ parameters: {x: 1}", "must be a mapping"),
        ("#+ parameters: {x: {type: text}}", "unknown type"),
        ("#+ parameters: {x: {type: string, default: y}}", "unknown key"),
        ("#+ parameters: {x: {type: concept}}", "scheme"),
        ("#+ parameters: {x: {type: string, scheme: disease}}", "scheme"),
    ],
)
def test_a_broken_header_says_what_is_wrong(header: str, words: str) -> None:
    with pytest.raises(QueryError, match=words) as caught:
        parse_query(f"{header}\nASK {{}}", "query", where="mine.rq")
    assert "mine.rq" in str(caught.value)


def test_a_declared_parameter_needs_its_block() -> None:
    query = QueryFile("mine", "ASK {}", parameters=(Parameter("x", "string"),))
    with pytest.raises(QueryError, match="no place"):
        bind(query, {"x": "y"}, lexicon)


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff"])
def test_a_query_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "mine.rq"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(QueryError):
        load_query(str(path))


def test_the_catalogue_shows_every_query_and_its_parameters() -> None:
    table = catalogue_table(list_queries())
    assert all(name in table for name in QUERIES)
    assert 'disease="Crohn disease"' in table


# ---------------------------------------------------------------- formats

AWKWARD = Result(
    ("name", "value"),
    (
        (iri("https://example.org/a"), literal("3", XSD.integer)),
        (literal('quote " comma , pipe | line\nend\t<b>&amp;'), None),
        (Term("literal", "über", "", "de"), literal("2.5", XSD.decimal)),
        (Term("bnode", "b0"), literal("=1+1")),
    ),
)


def test_csv_is_read_back_cell_for_cell() -> None:
    rows = list(csv.reader(io.StringIO(FORMATS["csv"](AWKWARD), newline="")))
    assert rows[0] == ["name", "value"]
    assert rows[1:] == [
        ["https://example.org/a", "3"],
        ['quote " comma , pipe | line\nend\t<b>&amp;', ""],
        ["über", "2.5"],
        ["_:b0", "=1+1"],
    ]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("json", pyoxigraph.QueryResultsFormat.JSON),
        ("xml", pyoxigraph.QueryResultsFormat.XML),
        ("tsv", pyoxigraph.QueryResultsFormat.TSV),
    ],
)
def test_the_standard_formats_are_read_back_term_for_term(
    name: str, form: pyoxigraph.QueryResultsFormat
) -> None:
    answer = FORMATS[name](AWKWARD).encode()
    solutions = pyoxigraph.parse_query_results(answer, format=form)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    read = [tuple(_own(solution[column]) for column in ("name", "value")) for solution in solutions]
    assert tuple(read) == AWKWARD.rows


def _own(term: object) -> Term | None:
    if term is None:
        return None
    if isinstance(term, pyoxigraph.NamedNode):
        return iri(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return Term("bnode", term.value)
    assert isinstance(term, pyoxigraph.Literal)
    return literal(term.value, term.datatype.value, term.language or "")


def test_a_verdict_has_its_standard_forms() -> None:
    assert json.loads(FORMATS["json"](Verdict(True))) == {"head": {}, "boolean": True}
    assert ElementTree.fromstring(FORMATS["xml"](Verdict(False)))[1].text == "false"
    assert FORMATS["table"](Verdict(True)) == "yes\n"
    assert FORMATS["csv"](Verdict(False)) == "answer\r\nfalse\r\n"


def test_markdown_escapes_what_would_break_the_table() -> None:
    lines = FORMATS["markdown"](AWKWARD).splitlines()
    assert len(lines) == 6
    assert lines[3].count(" | ") == 1
    assert all(mark in lines[3] for mark in ("\\|", "<br>", "\\<b\\>"))


def test_numbers_stand_to_the_right_only_in_columns_of_numbers() -> None:
    numbers = Result(("n",), ((literal("3", XSD.integer),), (literal("12", XSD.integer),)))
    assert FORMATS["table"](numbers) == " n\n--\n 3\n12\n(2 rows)\n"
    assert FORMATS["markdown"](numbers).splitlines()[1] == "| ---: |"


def test_a_table_outside_a_terminal_is_plain_and_uncut() -> None:
    table = FORMATS["table"](Result(("a",), ((literal("x" * 500),), (iri(f"{VOCABULARY}route/oral"),))))
    assert "x" * 500 in table
    assert "route:oral" in table
    assert "\x1b" not in table


def test_a_table_in_a_terminal_fits_its_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("NO_COLOR", "1")
    table = FORMATS["table"](Result(("a", "n"), ((literal("x" * 100), literal("3", XSD.integer)),)))
    assert table.count("x") == 100
    assert max(len(re.sub("\x1b\\[[0-9;]*m", "", line)) for line in table.splitlines()) <= 40


def test_a_table_never_steers_the_terminal() -> None:
    assert "\x1b" not in FORMATS["table"](Result(("a",), ((literal("\x1b[31mred"),),)))


def test_an_empty_table_still_has_its_columns() -> None:
    empty = Result(("a", "b"), ())
    for name in ("table", "csv", "tsv", "json", "xml", "markdown"):
        assert "a" in FORMATS[name](empty)


def test_a_graph_is_written_as_turtle_and_read_back(small: Store) -> None:
    answer = run(small, QUERIES["trial-neighbourhood"], {}, lexicon)
    again = OxigraphStore()
    again.load_text(FORMATS["turtle"](answer).encode(), Format.TURTLE, "answer")
    assert again.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }") == answer


def test_blank_nodes_become_names_in_turtle() -> None:
    node = Term("bnode", "x")
    text = FORMATS["turtle"](graph_of([(node, iri("https://example.org/p"), node)]))
    assert text.count("/.well-known/genid/x") + text.count("genid") >= 1
    assert "_:" not in text


def test_a_table_is_no_turtle() -> None:
    with pytest.raises(OutputError):
        FORMATS["turtle"](AWKWARD)


def test_a_graph_is_a_table_of_three_columns_elsewhere() -> None:
    graph = Graph(((iri("a:b"), iri("a:c"), literal("x")),))
    assert FORMATS["csv"](graph) == "subject,predicate,object\r\na:b,a:c,x\r\n"


def test_a_character_that_xml_cannot_hold_is_refused() -> None:
    with pytest.raises(OutputError, match=r"U\+0001"):
        FORMATS["xml"](Result(("a",), ((literal("\x01"),),)))


@given(st.text(st.characters(exclude_categories=["Cs"])))
@settings(deadline=None, max_examples=100)
def test_any_literal_survives_json_tsv_and_turtle(words: str) -> None:
    result = Result(("x",), ((literal(words),),))
    binding = json.loads(FORMATS["json"](result))["results"]["bindings"][0]["x"]
    assert binding == {"type": "literal", "value": words}
    assert FORMATS["tsv"](result) == f"?x\n{term_text(literal(words))}\n"
    store = OxigraphStore()
    graph = graph_of([(iri("a:b"), iri("a:c"), literal(words))])
    store.load_text(FORMATS["turtle"](graph).encode(), Format.TURTLE, "graph")
    assert store.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }") == graph


@pytest.mark.parametrize(
    "header",
    [
        "summary: " + "[" * 3000,
        "columns: {a: &a [*a]}",
        "parameters: {x: &x {type: *x}}",
        "summary: !!python/object:os.x [1]",
    ],
)
def test_a_header_that_misuses_yaml_is_a_message(header: str) -> None:
    with pytest.raises(QueryError, match="broken header"):
        parse_query(f"#+ {header}\nASK {{}}", "odd")


@pytest.mark.parametrize("value", ["2024-13-45", "1" * 5000, '!!int ""', "!!bool x", "007", "1_000", "12:30"])
def test_a_header_holds_words_and_computes_nothing(value: str) -> None:
    query = parse_query(f"#+ summary: {value}\nASK {{}}", "odd")
    assert query.summary == value.split(" ")[-1].strip('"')


def test_a_file_may_have_braces_in_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a{b}.rq"
    path.write_bytes(b"\xef\xbb\xbf#+ summary: Mine\nASK {}\n")
    assert load_query(str(path)).summary == "Mine"
