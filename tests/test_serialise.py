"""Every format says the same triples, in rdflib, Oxigraph and rapper, for any text that a table can hold."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from small_graph import AWKWARD, GOLDEN, blocks_for, number, record, small_lexicon, table, whole, written

from kg.graph.iris import Minter
from kg.graph.terms import text
from kg.model import Block, Literal
from kg.serialise.formats import FORMATS
from kg.serialise.oxigraph_store import oxigraph_quads, to_oxigraph
from kg.serialise.prefixes import declared_prefixes, prefixes_for
from kg.serialise.rdflib_graph import to_rdflib
from kg.vocabulary.namespaces import RDF_TYPE, RDFS, ROOT, TKG, XSD

OXIGRAPH = {
    "turtle": pyoxigraph.RdfFormat.TURTLE,
    "ntriples": pyoxigraph.RdfFormat.N_TRIPLES,
    "nquads": pyoxigraph.RdfFormat.N_QUADS,
    "trig": pyoxigraph.RdfFormat.TRIG,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
}
RDFLIB = {"turtle": "turtle", "ntriples": "nt", "nquads": "nquads", "trig": "trig", "jsonld": "json-ld"}
SUBJECT = "https://example.org/s"

# rdflib calls its own deprecated names
pytestmark = pytest.mark.filterwarnings("ignore:(Dataset\\.|ConjunctiveGraph):DeprecationWarning")

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
formats = pytest.mark.parametrize("name", FORMATS)


def oxigraph_reads(name: str, document: str) -> set[pyoxigraph.Quad]:
    return set(pyoxigraph.parse(document, format=OXIGRAPH[name]))


def rdflib_reads(name: str, document: str) -> set[tuple[object, ...]]:
    dataset = rdflib.Dataset()
    dataset.parse(data=document, format=RDFLIB[name])
    return {quad[:3] for quad in dataset.quads()}


def document(name: str, *blocks: Block) -> str:
    return "".join(FORMATS[name].write(blocks, prefixes_for(ROOT, small_lexicon(), ())))


def one(node: str | Literal, predicate: str = RDFS.label) -> Block:
    return Block("", SUBJECT, ((predicate, node),))


@pytest.mark.parametrize(("name", "suffix"), [("turtle", "ttl"), ("nquads", "nq")])
def test_the_small_graph_is_written_as_the_golden_file_has_it(name: str, suffix: str) -> None:
    assert (GOLDEN / f"small.{suffix}").read_bytes().decode("utf-8") == written(name)


@formats
def test_oxigraph_reads_the_quads_that_were_written(name: str) -> None:
    assert oxigraph_reads(name, written(name)) == set(oxigraph_quads(whole(name)))


@formats
def test_rdflib_reads_the_triples_that_were_written(name: str) -> None:
    assert rdflib_reads(name, written(name)) == set(to_rdflib(whole(name)))


@formats
def test_every_format_holds_the_same_triples_and_no_blank_node(name: str) -> None:
    triples = {quad.triple for quad in oxigraph_reads(name, written(name))}
    assert triples == {quad.triple for quad in oxigraph_reads("turtle", written("turtle"))}
    assert not [t for t in triples for term in t if isinstance(term, pyoxigraph.BlankNode)]


@pytest.mark.tools
@pytest.mark.skipif(shutil.which("rapper") is None, reason="rapper (raptor2-utils) is not installed")
@pytest.mark.parametrize("name", [name for name in FORMATS if name != "jsonld"])
def test_rapper_reads_the_triples_that_were_written(name: str, tmp_path: Path) -> None:
    path = tmp_path / "graph"
    path.write_text(written(name), encoding="utf-8", newline="")
    command = ["rapper", "-q", "-i", name, "-o", "ntriples", str(path)]
    lines = subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8")
    assert {q.triple for q in oxigraph_reads("ntriples", lines)} == {
        q.triple for q in oxigraph_reads("turtle", written("turtle"))
    }


def test_the_bytes_are_the_same_under_every_hash_seed() -> None:
    tests = Path(__file__).parent
    command = [sys.executable, str(tests / "small_graph.py"), "--hash"]
    env = {**os.environ, "PYTHONPATH": str(tests.parent)}
    outputs = {
        subprocess.run(
            command, check=True, capture_output=True, env={**env, "PYTHONHASHSEED": seed}, cwd=folder
        ).stdout
        for seed, folder in (("0", "/"), ("1", tests), ("4242", tests.parent))
    }
    assert outputs == {"".join(map(written, FORMATS)).encode()}


@formats
@settings(deadline=None, max_examples=60)
@given(value=texts)
def test_any_text_comes_back_from_every_format(name: str, value: str) -> None:
    written_out = document(name, one(text(value)))
    assert [quad.object for quad in oxigraph_reads(name, written_out)] == [pyoxigraph.Literal(value)]
    assert [triple[2] for triple in rdflib_reads(name, written_out)] == [rdflib.Literal(value)]


@formats
@settings(deadline=None, max_examples=40)
@given(value=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_minted_iri_comes_back_from_every_format(name: str, value: str) -> None:
    minter = Minter()
    iri = minter.iri("trial", minter.trial_key(number(value), "table"))
    written_out = document(name, one(iri, TKG.trial))
    assert [quad.object for quad in oxigraph_reads(name, written_out)] == [pyoxigraph.NamedNode(iri)]
    assert [triple[2] for triple in rdflib_reads(name, written_out)] == [rdflib.URIRef(iri)]


@formats
@pytest.mark.parametrize(
    "literal",
    [
        Literal("2000000", XSD.integer),
        Literal("-7", XSD.integer),
        Literal("007", XSD.integer),
        Literal("9" * 30, XSD.integer),
        Literal("0.05", XSD.decimal),
        Literal("2", XSD.decimal),
        Literal("true", XSD.boolean),
        Literal("1", XSD.boolean),
        Literal("2025-08-22", XSD.date),
        Literal("2025", XSD.gYear),
        Literal("https://example.org/a b", XSD.anyURI),
        Literal("Krankheit", "@de"),
    ],
)
def test_lexical_form_and_datatype_come_back_from_every_format(name: str, literal: Literal) -> None:
    written_out = document(name, one(literal))
    assert oxigraph_reads(name, written_out) == set(oxigraph_quads([one(literal)]))


@pytest.mark.parametrize(
    ("literal", "shown"),
    [
        (Literal("12", XSD.integer), "12"),
        (Literal("1.5", XSD.decimal), "1.5"),
        (Literal("2", XSD.decimal), '"2"^^xsd:decimal'),
        (Literal("1.", XSD.decimal), '"1."^^xsd:decimal'),
        (Literal("false", XSD.boolean), "false"),
        (Literal("0", XSD.boolean), '"0"^^xsd:boolean'),
        (Literal("2025-08-22", XSD.date), '"2025-08-22"^^xsd:date'),
        (Literal("liver", "@en"), '"liver"@en'),
        (Literal("12", XSD.string), '"12"'),
    ],
)
def test_turtle_shortens_a_number_only_where_it_is_read_back_the_same(literal: Literal, shown: str) -> None:
    assert f"rdfs:label {shown} .\n" in document("turtle", one(literal))


def test_quotes_backslashes_and_line_breaks_stay_on_one_line() -> None:
    line = document("ntriples", one(text(AWKWARD)))
    assert line.count("\n") == 1
    assert r'"He said \"stop\" \\ <script>alert(1)</script>\nµ 😀"' in line


def test_separators_that_some_editors_take_for_line_ends_are_escaped() -> None:
    assert r'"\u0085\u000B\u000C\u2028\u2029\u007F"' in document(
        "nquads", one(text("\x85\v\f\u2028\u2029\x7f"))
    )


@pytest.mark.parametrize(
    ("local", "shown"),
    [
        ("NCT02336230", "trial:NCT02336230"),
        ("0-a_b", "trial:0-a_b"),
        ("CTRI%2F2020", "<https://w3id.org/trialkg/trial/CTRI%2F2020>"),
        ("a.b", "<https://w3id.org/trialkg/trial/a.b>"),
        ("-a", "<https://w3id.org/trialkg/trial/-a>"),
        ("", "<https://w3id.org/trialkg/trial/>"),
        ("a/b", "<https://w3id.org/trialkg/trial/a/b>"),
        ("été", "<https://w3id.org/trialkg/trial/été>"),
    ],
)
def test_only_local_names_that_every_reader_knows_are_shortened(local: str, shown: str) -> None:
    assert f"tkg:trial {shown} .\n" in document("turtle", one(f"{ROOT}trial/{local}", TKG.trial))


def test_a_namespace_may_end_with_an_underscore() -> None:
    prefixes = {"mondo": "http://purl.obolibrary.org/obo/MONDO_"}
    iri = "http://purl.obolibrary.org/obo/MONDO_0005011"
    for name in ("turtle", "jsonld"):
        lines = "".join(FORMATS[name].write([one(iri, iri)], prefixes))
        assert {q.object.value for q in oxigraph_reads(name, lines)} == {iri}
    assert "mondo:0005011 mondo:0005011 ." in "".join(FORMATS["turtle"].write([one(iri, iri)], prefixes))


def test_json_ld_declares_no_prefix_that_its_readers_would_not_expand() -> None:
    prefixes = {"mondo": "http://purl.obolibrary.org/obo/MONDO_", "rdfs": RDFS.iri}
    assert json.loads("".join(FORMATS["jsonld"].write([], prefixes)))["@context"] == {"rdfs": RDFS.iri}


def test_turtle_groups_objects_and_writes_types_first_as_a() -> None:
    block = Block("", SUBJECT, ((RDF_TYPE, TKG.Dose), (RDFS.label, text("x")), (RDFS.label, text("y"))))
    assert document("turtle", block).endswith(f'\n<{SUBJECT}> a tkg:Dose ;\n    rdfs:label "x", "y" .\n')


def test_turtle_gives_each_object_its_own_line_where_one_line_would_be_too_long() -> None:
    names = [Literal(f"name {number} {'x' * 40}", XSD.string) for number in range(3)]
    short, long = (Block("", SUBJECT, tuple((RDFS.label, n) for n in names[:count])) for count in (1, 3))
    assert max(map(len, document("turtle", long).splitlines())) < 110
    assert document("turtle", long).count("name") == 3
    assert oxigraph_reads("turtle", document("turtle", long)) == set(oxigraph_quads([long]))
    assert f'rdfs:label "name 0 {"x" * 40}" .' in document("turtle", short)


def test_trig_opens_a_graph_once_for_all_its_blocks() -> None:
    blocks = [
        Block(graph, SUBJECT + mark, ((RDFS.label, text("x")),)) for graph, mark in (("", "0"), *_GRAPHS)
    ]
    lines = document("trig", *blocks)
    assert lines.count("{") == lines.count("}") == 2
    assert oxigraph_reads("trig", lines) == set(oxigraph_quads(blocks))


_GRAPHS = (("https://example.org/g", "1"), ("https://example.org/g", "2"), ("https://example.org/h", "1"))


def test_json_ld_keeps_named_graphs_and_small_whole_numbers_as_numbers() -> None:
    block = Block("https://example.org/g", SUBJECT, ((TKG.participants, Literal("12", XSD.integer)),))
    graph = json.loads(document("jsonld", block))["@graph"]
    assert graph == [{"@id": "https://example.org/g", "@graph": [{"@id": SUBJECT, "tkg:participants": 12}]}]


@formats
def test_a_graph_of_nothing_is_still_a_document(name: str) -> None:
    assert oxigraph_reads(name, document(name)) == set()
    assert (
        oxigraph_reads(name, document(name, Block("", SUBJECT), Block("https://example.org/g", SUBJECT)))
        == set()
    )


def test_the_store_holds_the_quads_of_the_blocks() -> None:
    store = pyoxigraph.Store()
    to_oxigraph(blocks_for("nquads"), store)
    assert set(store) == set(oxigraph_quads(blocks_for("nquads")))


def test_rdflib_keeps_lexical_forms_that_it_would_rather_normalise() -> None:
    graph = to_rdflib([one(Literal("007", XSD.integer))])
    assert [str(o) for o in graph.objects()] == ["007"]


def test_formats_agree_with_their_names() -> None:
    assert all(name == form.name for name, form in FORMATS.items())
    assert len({form.suffix for form in FORMATS.values()}) == len(FORMATS)


def test_there_is_a_prefix_for_every_kind_and_every_scheme() -> None:
    prefixes = prefixes_for("https://example.org/kg/", small_lexicon(), ())
    assert prefixes["trial"] == "https://example.org/kg/trial/"
    assert prefixes["cell-source"] == "https://w3id.org/trialkg/vocabulary/cell-source/"
    assert list(prefixes) == sorted(prefixes)


def test_the_prefixes_of_mappings_come_from_the_vocabulary_files_and_replace_no_other(tmp_path: Path) -> None:
    path = tmp_path / "disease.ttl"
    path.write_text(
        "@prefix mondo: <http://purl.obolibrary.org/obo/MONDO_> .\n@prefix trial: <https://example.org/> .\n"
        "@prefix again: <http://www.w3.org/2004/02/skos/core#> .\n",
        encoding="utf-8",
    )
    prefixes = prefixes_for(ROOT, small_lexicon(), [path])
    assert prefixes["mondo"] == "http://purl.obolibrary.org/obo/MONDO_"
    assert prefixes["trial"] == f"{ROOT}trial/"
    assert "again" not in prefixes
    assert len(declared_prefixes([path, path])) == 3


def test_the_same_trial_in_two_tables_merges_in_turtle_and_stays_apart_in_nquads() -> None:
    known = number("NCT02336230")
    tables = table(record(1, known), label="Table 1"), table(record(1, known), label="Table 2")
    start = "\ntrial:NCT02336230 a "
    assert written("turtle", *tables).count(start) == 1
    quads = oxigraph_reads("nquads", written("nquads", *tables))
    typed = [q for q in quads if (q.predicate.value, q.object.value) == (RDF_TYPE, TKG.ClinicalTrial)]
    assert len({q.graph_name for q in typed}) == 2
