"""What a graph says of itself is true: its figures are those that SPARQL counts, its checksums those of the files."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from small_graph import blocks_for, number, record, small_table, table, whole

from kg.build.sources import bundled_quads, licence_of, read_all
from kg.cli import run
from kg.describe.dcat import File, with_files
from kg.describe.names import Names
from kg.describe.statistics import Figures, PropertyFigures, count, description_graph
from kg.describe.terminologies import terminologies
from kg.describe.void import describe, in_default_graph
from kg.errors import GraphError, VocabularyError
from kg.model import Block, Literal
from kg.resources import terminologies_file
from kg.serialise.oxigraph_store import to_oxigraph
from kg.serialise.rdflib_graph import to_rdflib
from kg.validate.check import load_graph, load_shapes, validate
from kg.vocabulary.load import bundled_lexicon
from kg.vocabulary.namespaces import (
    DCAT,
    DCTERMS,
    FOAF,
    PREFIXES,
    RDF_TYPE,
    ROOT,
    SD,
    SPDX,
    TKG,
    VOID,
    XSD,
)

DATASET = f"{ROOT}dataset/trials"
GRAPH = f"{ROOT}graph/dataset"
MONDO = "http://purl.obolibrary.org/obo/MONDO_"
BASE = "https://example.org/data/"
HEADER = "Diseases,Cell source,Route,Dose,Frequency,Patients,Clinical Trials number,Study phase,Outcomes,Ref"
GOOD = "GVHD,BM,i.v.,2 × 106 cells/kg,Once,54,NCT02336230,III,No adverse events,1"

# rdflib calls its own deprecated names
pytestmark = pytest.mark.filterwarnings("ignore:(Dataset\\.|ConjunctiveGraph):DeprecationWarning")


@cache
def bundled() -> tuple[Block, ...]:
    """Return the graph of the bundled table, with its description."""
    return tuple(bundled_quads())


@cache
def small() -> tuple[Block, ...]:
    """Return two small tables that share a trial and a reference, with what the graph says of itself."""
    other = table(record(1, number("NCT02336230"), references=("68",)), label="Table 8")
    return tuple(whole("nquads", small_table(), other))


ONCE = "{ SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"
GRAPHS = pytest.mark.parametrize("make", [bundled, small], ids=["bundled", "small"])


@cache
def store_of(blocks: tuple[Block, ...]) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    to_oxigraph(blocks, store)
    return store


def asked(blocks: tuple[Block, ...], pattern: str, head: str) -> list[tuple[str, ...]]:
    """Return the rows of a query over the union of all graphs but that of the description.

    A triple that stands in two graphs comes twice from Oxigraph, so that `pattern` asks for distinct ones.
    """
    store = store_of(blocks)
    graphs = [graph for graph in store.named_graphs() if graph.value != GRAPH]
    query = f"PREFIX void: <{VOID.iri}> SELECT {head} {pattern}"
    rows = store.query(query, default_graph=[*graphs, pyoxigraph.DefaultGraph()])
    return [tuple(value.value for value in row) for row in rows]  # type: ignore[union-attr]


def said(blocks: Iterable[Block], subject: str, predicate: str) -> list[str]:
    """Return what the description says of a node, as text."""
    nodes = [
        node
        for one in blocks
        if (one.graph, one.subject) == (GRAPH, subject)
        for name, node in one.statements
        if name == predicate
    ]
    return [node if isinstance(node, str) else node.lexical for node in nodes]


def parts(blocks: Iterable[Block], of: str, *values: str) -> dict[str, tuple[str, ...]]:
    """Return what the description says of its parts: the first of `values` → the others."""
    found = {}
    for iri in said(blocks, DATASET, of):
        name, *figures = (said(blocks, iri, value)[0] for value in values)
        found[name] = tuple(figures)
    return found


# ---------------------------------------------------------------- the figures


@GRAPHS
def test_the_totals_are_those_that_sparql_counts(make) -> None:  # type: ignore[no-untyped-def]
    blocks = make()
    heads = {
        VOID.triples: "(COUNT(*) AS ?n)",
        VOID.distinctSubjects: "(COUNT(DISTINCT ?s) AS ?n)",
        VOID.distinctObjects: "(COUNT(DISTINCT ?o) AS ?n)",
        VOID.properties: "(COUNT(DISTINCT ?p) AS ?n)",
    }
    for name, head in heads.items():
        assert [tuple(said(blocks, DATASET, name))] == asked(blocks, f"{{ {ONCE} }}", head), name
    entities = f'{{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{ROOT}")) }}'
    assert [tuple(said(blocks, DATASET, VOID.entities))] == asked(
        blocks, entities, "(COUNT(DISTINCT ?s) AS ?n)"
    )
    assert [tuple(said(blocks, DATASET, VOID.classes))] == asked(
        blocks, "{ ?s a ?o }", "(COUNT(DISTINCT ?o) AS ?n)"
    )


@GRAPHS
def test_each_class_and_property_has_the_figures_that_sparql_counts(make) -> None:  # type: ignore[no-untyped-def]
    blocks = make()
    counted = asked(blocks, "{ ?s a ?c } GROUP BY ?c", "?c (COUNT(DISTINCT ?s) AS ?n)")
    assert parts(blocks, VOID.classPartition, getattr(VOID, "class"), VOID.entities) == {
        name: (entities,) for name, entities in counted
    }
    head = "?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)"
    figures = (VOID.triples, VOID.distinctSubjects, VOID.distinctObjects)
    assert parts(blocks, VOID.propertyPartition, VOID.property, *figures) == {
        name: tuple(rest) for name, *rest in asked(blocks, f"{{ {ONCE} }} GROUP BY ?p", head)
    }


@GRAPHS
def test_each_named_graph_but_that_of_the_description_has_its_triples(make) -> None:  # type: ignore[no-untyped-def]
    blocks = make()
    counted = Counter(block.graph for block in blocks for _ in block.statements)
    del counted[GRAPH]
    assert parts(blocks, SD.namedGraph, SD.name, VOID.triples) == {
        graph: (str(triples),) for graph, triples in counted.items()
    }


def test_links_to_a_terminology_are_those_that_sparql_counts() -> None:
    blocks = bundled()
    found = {
        (said(blocks, said(blocks, iri, VOID.objectsTarget)[0], VOID.uriSpace)[0], predicate): triples
        for iri in said(blocks, DATASET, VOID.subset)
        for predicate in said(blocks, iri, VOID.linkPredicate)
        for triples in said(blocks, iri, VOID.triples)
    }
    spaces = " ".join(f'"{space}"' for space in terminologies())
    pattern = f"{{ VALUES ?start {{ {spaces} }} ?s ?p ?o FILTER(isIRI(?o) && STRSTARTS(STR(?o), ?start)) }}"
    counted = asked(blocks, f"{pattern} GROUP BY ?start ?p", "?start ?p (COUNT(*) AS ?n)")
    assert found == {(start, predicate): triples for start, predicate, triples in counted}
    assert (MONDO, "http://www.w3.org/2004/02/skos/core#exactMatch") in found


def test_every_terminology_that_the_vocabularies_are_matched_with_is_known() -> None:
    spaces = tuple(terminologies())
    concepts = f"{ROOT}vocabulary/"
    matched = {
        node
        for block in bundled()
        if block.subject.startswith(concepts)
        for name, node in block.statements
        if name.endswith("Match") and isinstance(node, str)
    }
    assert [iri for iri in sorted(matched) if not iri.startswith(spaces)] == []
    assert [space for space in spaces if not any(iri.startswith(space) for iri in matched)] == []


def test_the_file_of_terminologies_says_the_same_of_each() -> None:
    needed = {RDF_TYPE, DCTERMS.title, FOAF.homepage, VOID.uriSpace}
    for block in terminologies().values():
        names = [name for name, _ in block.statements]
        assert needed <= set(names) <= {*needed, DCTERMS.license}
        assert len(names) == len(set(names))
        assert re.fullmatch(rf"{ROOT}dataset/[a-z0-9]+", block.subject)
        assert block.subject != DATASET


def test_a_terminology_without_a_start_of_its_iris_is_an_error(tmp_path: Path) -> None:
    whole_file = terminologies_file().read_text(encoding="utf-8")
    (tmp_path / "t.ttl").write_text(whole_file.replace(MONDO, "http://snomed.info/id/"), encoding="utf-8")
    with pytest.raises(VocabularyError, match="uriSpace of its own"):
        terminologies(tmp_path / "t.ttl")


# ---------------------------------------------------------------- counting


def one(subject: str, *statements: tuple[str, str | Literal], graph: str = "") -> Block:
    return Block(graph, BASE + subject, statements)


def test_a_triple_of_two_graphs_counts_once_and_in_each_graph() -> None:
    say = ("https://example.org/p", f"{BASE}o")
    blocks = [one("s", say, graph="urn:a"), one("s", say, graph="urn:b"), one("s", say, graph="urn:a")]
    found = count(blocks, BASE)
    assert (found.triples, found.subjects, found.objects, found.entities) == (1, 1, 1, 1)
    assert found.graphs == {"urn:a": 1, "urn:b": 1}
    assert found.properties == {"https://example.org/p": PropertyFigures(1, 1, 1)}


def test_statements_may_come_one_by_one_and_twice() -> None:
    whole_blocks = [block for block in small() if block.graph != GRAPH]
    single = [Block(b.graph, b.subject, (statement,)) for b in whole_blocks for statement in b.statements]
    assert count([*single, *single]) == count(whole_blocks)


def test_a_blank_node_is_no_class_and_no_entity() -> None:
    found = count([Block("", "_:a", ((RDF_TYPE, "_:b"), (RDF_TYPE, TKG.Dose)))])
    assert found.entities == 0
    assert (found.subjects, found.objects, found.classes) == (1, 2, {TKG.Dose: 1})


def test_an_empty_graph_has_figures_and_a_description() -> None:
    assert count([]) == Figures(0, 0, 0, 0, {}, {}, {}, {}, (), ())
    described = describe([])
    assert [block.subject for block in described] == [GRAPH, DATASET]
    assert said(described, DATASET, VOID.triples) == ["0"]
    assert len(said(described, DATASET, DCTERMS.title)) == 1


def test_the_longest_start_of_an_iri_decides_where_a_link_leads() -> None:
    say = ("https://example.org/p", "https://example.org/ICD10CM/1"), ("https://example.org/p", "urn:else")
    found = count([one("s", *say)], BASE, ["https://example.org/ICD10", "https://example.org/ICD10CM/"])
    assert found.links == {("https://example.org/ICD10CM/", "https://example.org/p"): 1}


def test_the_class_of_a_thing_is_no_link() -> None:
    assert count([one("s", (RDF_TYPE, f"{MONDO}1"))], BASE, [MONDO]).links == {}


def test_an_example_is_what_most_is_said_of() -> None:
    typed = (RDF_TYPE, TKG.ClinicalTrial)
    more = ("https://example.org/p", Literal("x", XSD.string))
    blocks = [one("a", typed), one("c", typed, more), one("b", typed, more)]
    assert count(blocks, BASE).examples == (f"{BASE}b",)


def test_a_description_is_no_part_of_what_it_describes() -> None:
    blocks = [block for block in small() if block.graph != GRAPH]
    assert describe(small()) == describe(blocks)
    merged = list(whole("turtle"))
    assert count(merged) == count(block for block in merged if "dataset/" not in block.subject)


def test_named_graphs_and_the_merged_graph_have_the_same_figures() -> None:
    named, merged = (list(blocks_for(name)) for name in ("nquads", "turtle"))
    left, right = count(named), count(merged)
    assert right.graphs == {}
    assert (left.triples, left.classes, left.properties) == (right.triples, right.classes, right.properties)


iris = st.sampled_from([BASE + name for name in "abcd"])
nodes = st.one_of(
    iris,
    st.sampled_from([TKG.Table, TKG.ClinicalTrial, f"{MONDO}1", f"{MONDO}2"]),
    st.builds(Literal, st.sampled_from(["", "1", "x"]), st.sampled_from([XSD.string, XSD.integer, "@en"])),
)
predicates = st.sampled_from([RDF_TYPE, DCTERMS.source, "https://example.org/p", "https://example.org/q"])
statements = st.lists(st.tuples(predicates, nodes), unique=True, max_size=5).map(tuple)
graphs = st.sampled_from(["", "urn:a", "urn:b"])
streams = st.lists(st.builds(Block, graphs, iris, statements), max_size=12)


@settings(deadline=None, max_examples=150)
@given(stream=streams, data=st.data())
def test_figures_do_not_depend_on_the_order_of_blocks_or_of_what_they_say(
    stream: list[Block], data: st.DataObject
) -> None:
    turned = [
        Block(block.graph, block.subject, tuple(data.draw(st.permutations(block.statements))))
        for block in data.draw(st.permutations(stream))
    ]
    found = count(stream, BASE, [MONDO])
    assert count(turned, BASE, [MONDO]) == found
    # the order shows in the description, so it must be the same too
    assert [list(m) for m in (found.classes, found.properties, found.graphs, found.links)] == [
        sorted(m) for m in (found.classes, found.properties, found.graphs, found.links)
    ]
    assert describe(turned, BASE) == describe(stream, BASE)


@settings(deadline=None, max_examples=150)
@given(stream=streams)
def test_figures_are_those_of_the_set_of_triples(stream: list[Block]) -> None:
    triples = {(block.subject, p, o) for block in stream for p, o in block.statements}
    found = count(stream, BASE)
    assert (found.triples, found.subjects) == (len(triples), len({s for s, _, _ in triples}))
    assert found.objects == len({o for _, _, o in triples})
    for name, figures in found.properties.items():
        own = {(s, o) for s, p, o in triples if p == name}
        assert figures == PropertyFigures(len(own), len({s for s, _ in own}), len({o for _, o in own}))


# ---------------------------------------------------------------- names


def test_a_part_is_named_by_prefix_and_name_or_by_its_whole_iri() -> None:
    names = Names(BASE)
    assert names.of_class(TKG.Dose) == f"{BASE}dataset/trials/class/tkg-Dose"
    assert names.of_property("urn:é/x y") == f"{BASE}dataset/trials/property/urn%3A%C3%A9%2Fx%20y"
    assert names.of_graph(f"{BASE}graph/table-2") == f"{BASE}dataset/trials/graph/table-2"
    assert names.of_graph("urn:g") == f"{BASE}dataset/trials/graph/urn%3Ag"


def test_no_usual_prefix_has_a_hyphen() -> None:
    assert [prefix for prefix in PREFIXES if not re.fullmatch("[a-z]+", prefix)] == []


@given(
    one=st.sampled_from([*PREFIXES.values(), "urn:"]).flatmap(
        lambda n: st.text("ab-%:/#", max_size=4).map(n.__add__)
    ),
    other=st.sampled_from([*PREFIXES.values(), "urn:"]).flatmap(
        lambda n: st.text("ab-%:/#", max_size=4).map(n.__add__)
    ),
)
def test_two_terms_never_share_a_name(one: str, other: str) -> None:
    names = Names(ROOT)
    assert (names.of_class(one) == names.of_class(other)) == (one == other)


def test_a_base_or_a_licence_that_is_no_iri_is_refused() -> None:
    with pytest.raises(GraphError):
        describe([], "no base")
    with pytest.raises(GraphError):
        describe([], licence="CC BY")


# ---------------------------------------------------------------- the description


def test_the_description_of_the_bundled_graph_is_read_by_rdflib() -> None:
    graph = to_rdflib(in_default_graph(block for block in bundled() if block.graph == GRAPH))
    dataset = rdflib.URIRef(DATASET)
    assert set(graph.objects(dataset, rdflib.RDF.type)) >= {
        rdflib.VOID.Dataset,
        rdflib.DCAT.Dataset,
        rdflib.URIRef(SD.Dataset),
    }
    assert graph.value(dataset, rdflib.VOID.triples).toPython() > 40_000  # type: ignore[union-attr]
    assert not any(isinstance(term, rdflib.BNode) for triple in graph for term in triple)
    for name in (VOID, DCAT):
        known = {str(getattr(rdflib, "VOID" if name is VOID else "DCAT")[term]) for term in name.terms}
        assert known == {name.iri + term for term in name.terms}


def test_title_source_and_licence_come_from_the_tables() -> None:
    assert said(bundled(), DATASET, DCTERMS.title) == [
        "Clinical trials in Table 2 of doi:10.1038/s41392-025-02313-9"
    ]
    assert said(bundled(), DATASET, DCTERMS.source) == ["https://doi.org/10.1038/s41392-025-02313-9"]
    assert said(bundled(), DATASET, DCTERMS.license) == ["https://www.apache.org/licenses/LICENSE-2.0"]
    assert said(small(), DATASET, DCTERMS.license) == []
    assert said(small(), DATASET, DCTERMS.title) == [
        "Clinical trials in Table 7 of doi:10.1000/small and Table 8 of doi:10.1000/small"
    ]


def test_many_tables_are_counted_in_the_title() -> None:
    tables = [table(record(1), label=f"Table {n}") for n in range(1, 6)]
    described = describe(blocks_for("nquads", *tables))
    assert said(described, DATASET, DCTERMS.title) == ["Clinical trials in 5 tables"]


def test_every_node_of_a_description_has_one_block_and_every_part_is_described() -> None:
    own = [block for block in bundled() if block.graph == GRAPH]
    subjects = Counter(block.subject for block in own)
    assert max(subjects.values()) == 1
    led = {o for block in own for _, o in block.statements if isinstance(o, str)}
    assert {iri for iri in led if "/dataset/" in iri} <= set(subjects)


# ---------------------------------------------------------------- the files


def written(folder: Path, *options: str) -> Path:
    source = folder / "made-up.csv"
    source.write_text(f"{HEADER}\n{GOOD}\n", encoding="utf-8")
    out = folder / "out"
    assert run(["build", str(source), "-o", str(out), "-q", *options]) == 0
    return out


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(
        tmp_path_factory.mktemp("one"), "--format", "jsonld", "--format", "ntriples", "--format", "trig"
    )


def read(path: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(path, format="turtle")


def test_each_distribution_has_the_size_and_the_checksum_of_its_file(built: Path) -> None:
    graph = read(built / "dataset.ttl")
    names = set()
    for file in graph.objects(rdflib.URIRef(DATASET), rdflib.DCAT.distribution):
        name = str(graph.value(file, rdflib.DCTERMS.title))
        data = (built / name).read_bytes()
        checksum = graph.value(file, rdflib.URIRef(SPDX.checksum))
        assert str(graph.value(file, rdflib.DCAT.byteSize)) == str(len(data))
        digest = hashlib.sha256(data).hexdigest()
        assert str(graph.value(checksum, rdflib.URIRef(SPDX.checksumValue))) == digest
        assert str(graph.value(file, rdflib.DCAT.mediaType)).startswith("https://www.iana.org/assignments/")
        names.add(name)
    graphs = {f"trials.{suffix}" for suffix in ("ttl", "nq", "nt", "trig", "jsonld", "csv")}
    assert names == {*graphs, "ledger.csv"}


def test_the_description_in_a_file_is_that_in_the_graph_and_the_distributions(built: Path) -> None:
    quads = pyoxigraph.parse(path=str(built / "trials.nq"), format=pyoxigraph.RdfFormat.N_QUADS)
    inside = {quad.triple for quad in quads if quad.graph_name == pyoxigraph.NamedNode(GRAPH)}
    beside = {quad.triple for quad in pyoxigraph.parse(path=str(built / "dataset.ttl"))}
    assert inside < beside
    more = {triple.subject.value for triple in beside - inside}
    assert all(iri == DATASET or iri.startswith(f"{DATASET}/file/") for iri in more)


def test_two_builds_give_the_same_bytes(built: Path, tmp_path: Path) -> None:
    again = written(tmp_path, "--format", "trig", "--format", "jsonld", "--format", "ntriples")
    for name in ("trials.nq", "trials.ttl"):
        assert (built / name).read_bytes() == (again / name).read_bytes()
    # the files were asked for in another order, and say the same
    assert read(built / "dataset.ttl").isomorphic(read(again / "dataset.ttl"))


def test_graph_and_distributions_obey_the_shapes(built: Path) -> None:
    graph = load_graph(str(built / "trials.nq"), str(built / "dataset.ttl"))
    found = validate(graph, load_shapes())
    assert found.conforms
    assert {count.focus_nodes for count in found.counts if count.shape.endswith("/Checksum")} == {7}


def test_a_file_in_a_form_that_is_not_known_has_no_media_type() -> None:
    with pytest.raises(KeyError):
        list(with_files(describe([]), [File("trials.xyz", 1, "0" * 64)], ROOT))


# ---------------------------------------------------------------- the licence


CC_BY = "https://creativecommons.org/licenses/by/4.0/"


def licences(out: Path, base: str = ROOT) -> list[str]:
    dataset = rdflib.URIRef(f"{base}dataset/trials")
    return sorted(map(str, read(out / "dataset.ttl").objects(dataset, rdflib.DCTERMS.license)))


def test_base_and_licence_are_what_the_user_says(tmp_path: Path) -> None:
    out = written(tmp_path, "--license", CC_BY, "--base", BASE)
    assert licences(out, BASE) == [CC_BY]
    assert f'"license": "{CC_BY}"' in (out / "manifest.json").read_text(encoding="utf-8")
    graph = read(out / "dataset.ttl")
    assert graph.value(rdflib.URIRef(f"{BASE}dataset/trials"), rdflib.VOID.uriSpace) == rdflib.Literal(BASE)
    assert f"<{description_graph(BASE)}> ." in (out / "trials.nq").read_text(encoding="utf-8")


def test_a_graph_whose_licence_nobody_says_has_none(built: Path) -> None:
    assert licences(built) == []
    assert '"license"' not in (built / "manifest.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text", ["CC BY 4.0", "ftp://example.org/licence", "https://", "https://a b/", "https://[x"]
)
def test_a_licence_that_is_no_web_address_is_refused(tmp_path: Path, text: str) -> None:
    source = tmp_path / "a.csv"
    source.write_text(f"{HEADER}\n{GOOD}\n", encoding="utf-8")
    assert run(["build", str(source), "-o", str(tmp_path / "out"), "--license", text]) == 2
    assert not (tmp_path / "out").exists()
    source.with_name("a.csv.toml").write_text(f'[table]\nlicense = "{text}"\n', encoding="utf-8")
    assert run(["build", str(source), "-o", str(tmp_path / "out")]) == 2


@pytest.mark.parametrize(("other", "found"), [(CC_BY, CC_BY), ("https://example.org/", ""), ("", "")])
def test_the_licence_of_the_sources_counts_where_all_have_the_same(
    tmp_path: Path, other: str, found: str
) -> None:
    names = []
    for name, licence, row in (("a", CC_BY, GOOD), ("b", other, GOOD.replace("GVHD", "CD"))):
        path = tmp_path / f"{name}.csv"
        path.write_text(f"{HEADER}\n{row}\n", encoding="utf-8")
        if licence:
            (tmp_path / f"{name}.csv.toml").write_text(f'[table]\nlicense = "{licence}"\n', encoding="utf-8")
        names.append(str(path))
    assert licence_of(read_all(names, bundled_lexicon(), lambda _: None)) == found
