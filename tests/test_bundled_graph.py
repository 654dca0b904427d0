"""The graph of the bundled table with ontology and vocabulary: explained, traceable, typed, kept by every store."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pyoxigraph
import pytest

from kg import resources
from kg.describe.void import describe, in_default_graph
from kg.graph.iris import Minter
from kg.graph.stream import merged_blocks, quad_blocks
from kg.model import Block, Literal, Parsed
from kg.parse.tables import parse_source
from kg.readers.base import open_source
from kg.serialise.formats import FORMATS
from kg.serialise.oxigraph_store import to_oxigraph
from kg.serialise.prefixes import prefixes_for
from kg.vocabulary.load import bundled_lexicon
from kg.vocabulary.namespaces import KINDS, PROV, RDF_TYPE, RDFS, ROOT, SD, TKG, VOCABULARY, VOID, XSD


def values(block: Block, predicate: str) -> list[str]:
    nodes = [node for name, node in block.statements if name == predicate]
    return [node if isinstance(node, str) else node.lexical for node in nodes]


@pytest.fixture(scope="module")
def quads() -> list[Block]:
    blocks = list(quad_blocks(bundled_tables(), bundled_lexicon(), Minter()))
    return [*blocks, *describe(blocks)]


@pytest.fixture(scope="module")
def bundled(quads: list[Block]) -> list[Block]:
    """Return the graph in no named graph, with what it says of itself."""
    blocks = merged_blocks(bundled_tables(), bundled_lexicon(), Minter())
    return [*blocks, *in_default_graph(block for block in quads if block.graph.endswith("graph/dataset"))]


@cache
def bundled_tables() -> tuple[Parsed, ...]:
    return parse_source(open_source(resources.bundled_table()), bundled_lexicon())


def test_all_that_the_bundled_table_speaks_of_is_explained_in_its_graph(bundled: list[Block]) -> None:
    subjects = {block.subject for block in bundled}
    # a graph is explained by what is said of it under its name, a vocabulary by its terms
    names = {o for block in bundled for p, o in block.statements if p in (SD.name, VOID.vocabulary)}
    ours = (VOCABULARY, TKG.iri, *(f"{ROOT}{kind}/" for kind in KINDS))
    objects = {
        o for block in bundled for _, o in block.statements if isinstance(o, str) and o.startswith(ours)
    }
    assert objects - subjects - names == set()


# For each statement of a report, its doses, schedule and outcome: the verbatim cells that it rests on. What
# stands with its own cell says so; for the rest the concept of the column says which properties it fills, and where no
# column has the words, what is their context says for which column they stand.
EVIDENCE = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX tkg: <https://w3id.org/trialkg/ontology#>
SELECT ?subject ?property ?object (GROUP_CONCAT(?words; SEPARATOR="|") AS ?evidence) (COUNT(?words) AS ?cells) {
  ?report a tkg:TrialReport ; (tkg:dose|tkg:schedule|tkg:outcome)? ?subject .
  ?subject ?property ?object .
  FILTER(?property NOT IN (rdf:type, rdfs:label, prov:wasDerivedFrom))
  OPTIONAL {
    { ?subject prov:wasDerivedFrom ?cell . ?cell a tkg:TableCell ; tkg:verbatim ?words }
    UNION
    { ?subject prov:wasDerivedFrom ?row .
      ?cell tkg:row ?row ; (tkg:column|tkg:contextFor)/tkg:fills ?property ; tkg:verbatim ?words }
    UNION
    { ?subject prov:wasDerivedFrom/tkg:table ?table . ?table tkg:contextFor/tkg:fills ?property .
      ?table tkg:caption|dcterms:title ?words }
  }
} GROUP BY ?subject ?property ?object
"""


def test_a_query_finds_the_words_behind_every_statement_of_a_report(bundled: list[Block]) -> None:
    store = pyoxigraph.Store()
    to_oxigraph(bundled, store)
    found = list(store.query(EVIDENCE))  # type: ignore[union-attr]
    own = (RDF_TYPE, RDFS.label, PROV.wasDerivedFrom)
    kinds = (TKG.TrialReport, TKG.Dose, TKG.Schedule, TKG.Outcome)
    said = [b for b in bundled if any((RDF_TYPE, kind) in b.statements for kind in kinds)]
    assert len(found) == sum(name not in own for block in said for name, _ in block.statements)
    assert [row for row in found if int(row["cells"].value) == 0] == []
    doses = {row["evidence"].value for row in found if row["property"].value == TKG.high}
    assert "2 × 106 cells/kg" in doses


@pytest.mark.parametrize(
    ("union", "said"),
    [("studiesCondition", "condition"), ("usesCellSource", "cellSource"), ("usesRoute", "route")],
)
def test_a_trial_says_what_its_reports_say_and_nothing_else(
    bundled: list[Block], union: str, said: str
) -> None:
    by_report: dict[str, set[str]] = {}
    for block in bundled:
        if (RDF_TYPE, TKG.TrialReport) in block.statements:
            for trial in values(block, TKG.reports):
                by_report.setdefault(trial, set()).update(values(block, getattr(TKG, said)))
    trials = [block for block in bundled if (RDF_TYPE, TKG.ClinicalTrial) in block.statements]
    assert {b.subject: set(values(b, getattr(TKG, union))) for b in trials} == by_report


def test_the_bundled_graph_has_only_names_and_literals_that_every_store_keeps(bundled: list[Block]) -> None:
    plain = {XSD.string: r"(?s).*", XSD.boolean: "true|false", XSD.integer: "0|-?[1-9][0-9]*"}
    plain |= {XSD.decimal: r"-?(0|[1-9][0-9]*)\.[0-9]*[1-9]", "@en": r"(?s).+"}
    for block in bundled:
        for predicate, node in block.statements:
            for iri in (block.subject, predicate, *((node,) if isinstance(node, str) else ())):
                assert re.fullmatch(r"https?://[A-Za-z0-9.-]+/[!#$%&'()*+,./:;=?@A-Z\[\]_a-z0-9~-]*", iri), (
                    iri
                )
            if isinstance(node, Literal):
                assert re.fullmatch(plain[node.kind], node.lexical), (block.subject, predicate, node)


def test_the_bundled_graph_uses_only_declared_terms_as_they_are_declared(bundled: list[Block]) -> None:
    """Domains, ranges, kinds and functional properties of the ontology hold without any inference."""
    blocks = {block.subject: block for block in bundled}
    owl = "http://www.w3.org/2002/07/owl#"
    for block in bundled:
        types = set(values(block, RDF_TYPE))
        for predicate, node in block.statements:
            if predicate.startswith((owl, RDFS.iri)) or predicate == RDF_TYPE:
                continue
            kinds = values(blocks[predicate], RDF_TYPE)
            assert set(values(blocks[predicate], RDFS.domain)) <= types, (block.subject, predicate)
            if f"{owl}FunctionalProperty" in kinds:
                assert len(values(block, predicate)) == 1, (block.subject, predicate)
            if f"{owl}AnnotationProperty" not in kinds:
                assert isinstance(node, Literal) == (f"{owl}DatatypeProperty" in kinds), predicate
                _check_range(node, values(blocks[predicate], RDFS.range), blocks)
        assert all(name in blocks for name in types if not name.startswith(owl)), types


def _check_range(node: str | Literal, ranges: list[str], blocks: dict[str, Block]) -> None:
    if isinstance(node, Literal):
        integer = node.kind == XSD.integer and ranges == [XSD.decimal]
        assert integer or ranges in ([], [node.kind]), node
    else:
        assert not ranges or (RDF_TYPE, ranges[0]) in blocks[node].statements, node


def test_every_triple_of_a_report_of_the_bundled_table_traces_to_a_cell(bundled: list[Block]) -> None:
    blocks = {block.subject: block for block in bundled}
    fills = {b.subject: values(b, TKG.fills) for b in bundled if values(b, TKG.fills)}
    filled: dict[str, set[str]] = {}
    for block in bundled:
        for row in values(block, TKG.row):
            filled.setdefault(row, set()).update(
                p for c in values(block, TKG.column) for p in fills.get(c, ())
            )
    own = {RDF_TYPE, RDFS.label, PROV.wasDerivedFrom}
    for report in (b for b in bundled if (RDF_TYPE, TKG.TrialReport) in b.statements):
        said = {name for name, _ in report.statements if name not in own}
        assert said <= filled[values(report, PROV.wasDerivedFrom)[0]]
        for part in values(report, TKG.dose) + values(report, TKG.schedule) + values(report, TKG.outcome):
            assert (RDF_TYPE, TKG.TableCell) in blocks[
                values(blocks[part], PROV.wasDerivedFrom)[0]
            ].statements


@pytest.fixture(scope="module")
def files(
    bundled: list[Block], quads: list[Block], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Return the bundled graph as files of Turtle and, in named graphs, N-Quads."""
    lexicon, folder = bundled_lexicon(), tmp_path_factory.mktemp("bundled")
    blocks = {"turtle": bundled, "nquads": quads}
    for name, stream in blocks.items():
        document = "".join(FORMATS[name].write(stream, prefixes_for(ROOT, lexicon)))
        (folder / name).write_text(document, encoding="utf-8", newline="")
    return {name: folder / name for name in blocks}


def triples(data: bytes | Path, form: pyoxigraph.RdfFormat) -> set[pyoxigraph.Triple]:
    quads = (
        pyoxigraph.parse(path=data, format=form) if isinstance(data, Path) else pyoxigraph.parse(data, form)
    )
    return {quad.triple for quad in quads}


def test_turtle_and_n_quads_hold_the_same_triples(files: dict[str, Path], bundled: list[Block]) -> None:
    turtle = triples(files["turtle"], pyoxigraph.RdfFormat.TURTLE)
    assert len(turtle) == sum(len(block.statements) for block in bundled)
    assert turtle == triples(files["nquads"], pyoxigraph.RdfFormat.N_QUADS)


def test_a_store_gives_back_the_quads_that_it_was_given(files: dict[str, Path]) -> None:
    store = pyoxigraph.Store()
    store.bulk_load(path=str(files["nquads"]), format=pyoxigraph.RdfFormat.N_QUADS)
    back = pyoxigraph.serialize(store, format=pyoxigraph.RdfFormat.N_QUADS)
    assert back is not None
    assert sorted(back.decode("utf-8").splitlines()) == sorted(
        files["nquads"].read_text(encoding="utf-8").splitlines()
    )


@pytest.mark.tools
@pytest.mark.parametrize("name", ["turtle", "nquads"])
@pytest.mark.parametrize("command", ["rapper -q", "serdi"])
def test_other_readers_read_the_same_triples(command: str, name: str, files: dict[str, Path]) -> None:
    program, *options = command.split()
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    ask = [program, *options, "-i", name, "-o", "ntriples", str(files[name])]
    done = subprocess.run(ask, capture_output=True, check=True)
    expected = triples(files["turtle"], pyoxigraph.RdfFormat.TURTLE)
    assert triples(done.stdout, pyoxigraph.RdfFormat.N_TRIPLES) == expected
