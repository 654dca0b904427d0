"""The validator: files in, a report out that names shape, file, row, column and text, in five formats."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections import Counter
from html import escape
from pathlib import Path

import pyoxigraph
import pyshacl
import pytest
import rdflib
import rdflib.term
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef
from shape_patches import FOLDER, SHAPE, Patch, add, bad_graphs, good_graph, iri, remove

from kg.errors import GraphError
from kg.model import Severity
from kg.validate.check import validate
from kg.validate.formats import FORMATS
from kg.validate.lift import lift_property_shapes
from kg.validate.load import load_graph, load_shapes
from kg.validate.model import FOCUS_REQUIRED, Place, Report, Result
from kg.validate.paths import path_properties, path_text
from kg.vocabulary.namespaces import ROOT, TKG

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return load_shapes()


@pytest.fixture(scope="module")
def report(shapes: Graph) -> Report:
    """A report with results of all severities, on text that could break a format."""
    graph = good_graph()
    remove(graph, "report:made-up-r2 tkg:reports *")
    remove(graph, "cell:made-up-r2-patients tkg:verbatim *")
    add(graph, r'cell:made-up-r2-patients tkg:verbatim "<script>alert(\"24\")</script> & \\ \n 24 😀" .')
    add(graph, 'report:made-up-r2 tkg:participants "twenty-four" ; tkg:donor [] , "a b\\n<c>" .')
    return validate(graph, shapes)


def _of(report: Report, shape: str) -> Result:
    return next(r for r in report.results if r.shape == SHAPE + shape)


# ---------------------------------------------------------------- files


def test_every_format_of_a_graph_is_read_alike(tmp_path: Path) -> None:
    line = '<http://a> <http://b> "x"@en .'
    files = {
        "a.ttl": line,
        "a.nt": line,
        "a.nq": '<http://a> <http://b> "x"@en <http://g> .',
        "a.trig": "<http://g> { " + line + " }",
        "a.jsonld": '{"@id": "http://a", "http://b": {"@value": "x", "@language": "en"}}',
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
        assert set(load_graph(tmp_path / name)) == {
            (URIRef("http://a"), URIRef("http://b"), Literal("x", lang="en"))
        }


def test_several_files_are_one_graph_and_their_blank_nodes_stay_apart(tmp_path: Path) -> None:
    for name in ("a.nt", "b.nt"):
        (tmp_path / name).write_text("_:x <http://p> <http://o> .\n")

    assert len(load_graph(tmp_path / "a.nt", tmp_path / "b.nt")) == 2


@pytest.mark.parametrize(
    ("lexical", "datatype"), [("01", "integer"), ("1.50", "decimal"), ("1", "boolean"), ("words", "integer")]
)
def test_a_literal_keeps_its_lexical_form(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], lexical: str, datatype: str
) -> None:
    path = tmp_path / "a.nt"
    path.write_text(f'<http://a> <http://b> "{lexical}"^^<{XSD[datatype]}> .\n')

    ((_, _, found),) = load_graph(path)

    assert (str(found), found.datatype) == (lexical, XSD[datatype])
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("missing.ttl", None, "there is no such file"),
        ("empty.ttl", "", "no statement"),
        ("comment.nt", "# nothing\n", "no statement"),
        ("graph.csv", "a,b\n", "the format is not known"),
        ("broken.ttl", "<http://a> <http://b> <http://c> .\n<http://a> ; .\n", "broken.ttl, line 2"),
        ("broken.nq", "<http://a> <http://b> <http://c> .\n\n<http://a> <b c> .\n", "broken.nq, line 3"),
        ("binary.nt", "\udcff\udcfe", "not valid"),
    ],
)
def test_a_file_that_is_no_graph_is_an_error_that_names_it(
    tmp_path: Path, name: str, text: str | None, said: str
) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_bytes(text.encode("utf-8", "surrogateescape"))

    with pytest.raises(GraphError) as caught:
        load_graph(path)

    assert said in str(caught.value)
    assert name in str(caught.value)


def test_a_folder_is_no_graph(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="this is a folder"):
        load_graph(tmp_path)


# ---------------------------------------------------------------- results


def test_a_report_without_a_trial_is_named_with_its_shape_and_its_row(report: Report) -> None:
    result = _of(report, "TrialReport-reports")

    assert not report.conforms
    assert result.severity is Severity.VIOLATION
    assert result.focus == iri("report:made-up-r2")
    assert result.owner == f"{SHAPE}TrialReport"
    assert result.place is not None
    assert (result.place.source, result.place.row, result.place.lines) == ("made-up.csv", 2, (7, 7))
    assert "tkg:reports" in result.message
    assert result.hint


def test_warnings_and_remarks_alone_conform(shapes: Graph) -> None:
    report = validate(good_graph(), shapes)

    assert report.conforms
    assert report.counts_by_severity() == {"violation": 0, "warning": 2, "info": 2}


def test_a_required_shape_without_focus_nodes_is_a_violation(shapes: Graph) -> None:
    graph = Graph()
    add(graph, 'scheme:unit a skos:ConceptScheme ; skos:prefLabel "unit"@en .')
    add(graph, 'unit:cells a skos:Concept ; skos:prefLabel "cells"@en ; skos:inScheme scheme:unit .')

    report = validate(graph, shapes)

    required = {"ClinicalTrial", "TrialReport", "Table", "TableRow", "TableCell"}
    assert {r.shape for r in report.results} == {SHAPE + name for name in required}
    assert {r.constraint for r in report.results} == {FOCUS_REQUIRED}
    assert not report.conforms


def test_a_shape_counts_its_focus_nodes(report: Report) -> None:
    counts = {c.shape.removeprefix(SHAPE): (c.focus_nodes, c.optional) for c in report.counts}

    assert counts["TrialReport"] == (3, False)
    assert counts["Dose"] == (2, True)
    assert counts["TableCell"] == (10, False)
    assert counts["RouteValue"] == (1, True)
    assert report.of(f"{SHAPE}Discrepancy")[Severity.WARNING] == 1


# shape: what is removed, what is added, then row, header and beginning of the text of the place
PLACES = {
    "Dose-unit": ("dose:made-up-r1-d1 tkg:unit *", "tkg:unit <urn:x>", (1, "Dose", "1.5-2 × 106")),
    "Schedule-interval": ("schedule:made-up-r1 tkg:interval *", 'tkg:interval "x"', (1, "Times", "2 to 3")),
    "Outcome-status": ("outcome:made-up-r2 tkg:status *", "", (2, "Result", "Results pending")),
    "OutcomeClaim-timepoint": (
        "claim:made-up-r1-c1 tkg:timepoint *",
        'tkg:timepoint ""',
        (1, "Result", "Fever may be shorter"),
    ),
    "OutcomeFigure-value": ("figure:made-up-r1-f1 tkg:value *", "", (1, "Result", "Fever may be shorter")),
    "DirectionValue-scheme": (
        "direction:decreased skos:inScheme *",
        "skos:inScheme scheme:cue",
        (1, "Result", "Fever may be shorter"),
    ),
    "OutcomeQuotes": (
        "outcome:made-up-r1 tkg:safetyQuote *",
        'tkg:safetyQuote "all were well"',
        (1, "Result", "Fever may be shorter"),
    ),
    "Registration-formed": (
        "registration:NCT04900001 tkg:wellFormed *",
        "tkg:wellFormed false",
        (1, "Trial", "NCT04900001 [41]"),
    ),
    "TrialReport-participants": (
        "report:made-up-r2 tkg:participants *",
        'tkg:participants "x"',
        (2, "Patients", "24"),
    ),
    "TableCell-recognised": (
        "cell:made-up-r3-dose tkg:state *",
        "tkg:state state:unrecognised",
        (3, "Dose", "0.5 mL"),
    ),
    "Reference-label": ("reference:made-up-41 rdfs:label *", "", (1, "", "")),
    "TableRow-remark": ("row:made-up-r4 tkg:remark *", "tkg:remark 5", (4, "", "stroke,one cell")),
    "ClinicalTrial-label": ("trial:osteoarthritis-0a1b2c3d rdfs:label *", "", (3, "", "")),
    "ClinicalTrial-conditions": (
        "trial:NCT04900001 tkg:studiesCondition *",
        "",
        (1, "Disease", "COVID-19"),
    ),
}


@pytest.mark.parametrize("shape", PLACES)
def test_a_result_leads_back_to_row_column_and_text(shapes: Graph, shape: str) -> None:
    removed, added, (row, header, raw) = PLACES[shape]
    graph = good_graph()
    remove(graph, removed)
    if added:
        add(graph, f"{removed.split()[0]} {added} .")

    place = _of(validate(graph, shapes), shape).place

    assert place is not None
    assert (place.source, place.row, place.column) == ("made-up.csv", row, header)
    assert place.raw.startswith(raw)


def test_a_concept_that_is_out_of_place_leads_to_the_row_that_uses_it(shapes: Graph) -> None:
    graph = good_graph()
    remove(graph, "report:made-up-r1 tkg:donor *")
    add(graph, "report:made-up-r1 tkg:donor phase:ii .")

    result = _of(validate(graph, shapes), "DonorValue-scheme")

    assert result.focus == iri("phase:ii")
    assert result.place is not None
    assert result.place.row == 1


def test_a_number_older_than_the_disease_leads_to_the_row_that_names_the_disease(shapes: Graph) -> None:
    graph = good_graph()
    remove(graph, "registration:NCT04900001 tkg:nctNumber *")
    remove(graph, "report:made-up-r1 tkg:condition *")
    add(graph, "registration:NCT04900001 tkg:nctNumber 1900001 .")
    add(graph, "report:made-up-r1 tkg:condition disease:osteoarthritis .")
    add(graph, "trial:NCT04900001 tkg:studiesCondition disease:osteoarthritis .")

    result = _of(validate(graph, shapes), "Registration-age")

    assert result.severity is Severity.WARNING
    assert result.place is not None
    assert result.place.row == 2


def test_a_discrepancy_names_both_rows(shapes: Graph) -> None:
    report = validate(good_graph(), shapes)

    result = _of(report, "Discrepancy-agreement")

    assert result.place is not None
    assert [(place.row, place.raw) for place in (result.place, *result.also)] == [(1, "20"), (2, "24")]
    assert "row 2, line 7, column 'Patients'" in FORMATS["text"](report)


def test_a_node_that_nothing_leads_to_has_no_place(shapes: Graph) -> None:
    graph = good_graph()
    add(graph, 'reference:made-up-42 a tkg:Reference ; rdfs:label "42" ; dcterms:identifier "42" .')

    assert _of(validate(graph, shapes), "Reference-report").place is None


def test_results_stand_in_one_order_worst_first(report: Report) -> None:
    ranks = [list(Severity).index(r.severity) for r in report.results]

    assert ranks == sorted(ranks)
    assert len(set(ranks)) == 3


# ---------------------------------------------------------------- the engine


def _plain_facts(graph: Graph, shapes: Graph) -> Counter[tuple[object, ...]]:
    _, found, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none")
    facts = (SH.focusNode, SH.sourceShape, SH.sourceConstraintComponent, SH.resultSeverity, SH.value)
    nodes = found.objects(None, SH.result)
    return Counter(tuple(found.value(node, fact) for fact in facts) for node in nodes)


def test_lifted_shapes_find_what_the_shapes_find() -> None:
    graph, shapes = good_graph(), load_shapes()
    for patch in bad_graphs()[::5]:
        for line in patch.added:
            if "[]" not in line and "[ " not in line:
                add(graph, line)
    lifted = lift_property_shapes(shapes)

    plain = _plain_facts(graph, shapes)

    assert sum(plain.values()) > 60
    assert _plain_facts(graph, lifted) == plain


# ---------------------------------------------------------------- constraints in SPARQL


QUOTES = [patch for patch in bad_graphs() if patch.name.startswith("OutcomeQuotes")]


@pytest.mark.parametrize("patch", QUOTES, ids=lambda patch: patch.name)
def test_a_query_finds_here_what_it_finds_in_pyshacl_without_its_advanced_features(patch: Patch) -> None:
    graph, shapes = patch.apply(good_graph()), load_shapes()
    for shape in set(shapes.subjects(SH.targetClass)) - {URIRef(f"{SHAPE}OutcomeQuotes")}:
        shapes.remove((shape, None, None))

    plain = _plain_facts(graph, shapes)
    ours = Counter((r.focus, r.shape, r.constraint, _words(r)) for r in validate(graph, shapes).results)

    assert sum(plain.values()) > 0
    assert ours == Counter(
        {
            (str(focus), str(shape), str(component), str(value)): n
            for (focus, shape, component, _, value), n in plain.items()
        }
    )


def _words(result: Result) -> str:
    return result.value if isinstance(result.value, str) else (result.value or ("",))[0]


def test_the_place_of_a_quote_is_counted_in_characters_whatever_they_are(shapes: Graph) -> None:
    graph = good_graph()
    remove(graph, "outcome:made-up-r2 tkg:verbatim *")
    remove(graph, "outcome:made-up-r2 tkg:statusQuote *")
    add(
        graph,
        'outcome:made-up-r2 tkg:verbatim "😀 𝟚 é: (5.*%) \\"x\\"" ; tkg:statusQuote "(5.*%) \\"x" ; tkg:figure figure:f .',
    )
    add(graph, 'figure:f a tkg:OutcomeFigure ; tkg:value 5 ; tkg:quote "5.*%" ; tkg:quoteStart 8 .')

    assert not [r for r in validate(graph, shapes).results if r.severity is Severity.VIOLATION]


ASKED = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix tkg: <https://w3id.org/trialkg/ontology#> .
<urn:s> a sh:NodeShape ; sh:targetClass tkg:Dose ; sh:message "no"@en ; sh:sparql <urn:c> .
<urn:c> a sh:SPARQLConstraint ; sh:select '''%s''' %s .
"""
LOW = "SELECT $this ?value WHERE { $this <https://w3id.org/trialkg/ontology#low> ?value }"
ASKED_OF = {
    "plain": (LOW, ""),
    "with a message of its own": (LOW, '; sh:message "low: {?value}"@en'),
    "with $currentShape": ("SELECT $this WHERE { $this ?p 0.5 . FILTER($currentShape = <urn:s>) }", ""),
}


@pytest.mark.parametrize(("query", "more"), ASKED_OF.values(), ids=ASKED_OF)
def test_a_constraint_of_any_shape_is_asked_of_each_of_its_nodes(query: str, more: str) -> None:
    shapes = Graph().parse(data=ASKED % (query, more), format="turtle")
    found = [r for r in validate(good_graph(), shapes).results if r.shape == "urn:s"]

    assert {r.constraint for r in found} == {str(SH.SPARQLConstraintComponent)}
    assert iri("dose:made-up-r3-d1") in {r.focus for r in found}


def test_a_query_without_a_value_gives_the_node_itself() -> None:
    query = "SELECT $this WHERE { $this <https://w3id.org/trialkg/ontology#low> 0.5 }"
    shapes = Graph().parse(data=ASKED % (query, ""), format="turtle")
    (result,) = [r for r in validate(good_graph(), shapes).results if r.shape == "urn:s"]

    assert (result.focus, result.value) == (iri("dose:made-up-r3-d1"), iri("dose:made-up-r3-d1"))


@pytest.mark.parametrize("query", ["SELECT $this WHERE {", "ASK { $this ?p ?o }"])
def test_a_constraint_that_is_no_select_is_an_error_of_the_shapes(query: str) -> None:
    shapes = Graph().parse(data=ASKED % (query, ""), format="turtle")
    with pytest.raises(GraphError, match="the shapes cannot be used"):
        validate(good_graph(), shapes)


@pytest.mark.parametrize(
    "value", ["[]", "<urn:x>", '"words"', '"1"^^xsd:date', '"2020-01-01"^^xsd:date', '"x"^^<urn:d>']
)
def test_a_value_that_cannot_be_compared_is_a_result_and_not_an_error(shapes: Graph, value: str) -> None:
    graph = good_graph()
    remove(graph, "dose:made-up-r1-d1 tkg:low *")
    add(graph, f"dose:made-up-r1-d1 tkg:low {value} .")

    found = {r.constraint for r in validate(graph, shapes).results if r.shape == f"{SHAPE}Dose-low"}

    assert str(SH.LessThanOrEqualsConstraintComponent) in found
    assert str(SH.OrConstraintComponent) in found


_ODD = [
    *(BNode("b"), URIRef("urn:x"), Literal(""), Literal("x", lang="en"), Literal("1", datatype=XSD.decimal)),
    *(Literal("2020-01-01", datatype=XSD.date), Literal("NaN", datatype=XSD.double), Literal(True)),
    *(
        Literal("12:00:00", datatype=XSD.time),
        Literal("P1D", datatype=XSD.duration),
        Literal("x", datatype=URIRef("urn:d")),
    ),
]


@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_any_graph_has_a_report_in_every_format(shapes: Graph, data: st.DataObject) -> None:
    graph = good_graph()
    triples = sorted(graph, key=str)
    for _ in range(12):
        subject, predicate, value = data.draw(st.sampled_from(triples))
        if data.draw(st.booleans()):
            graph.remove((subject, predicate, value))
        graph.add((subject, predicate, data.draw(st.sampled_from(_ODD))))

    report = validate(graph, shapes)

    assert all(write(report) for write in FORMATS.values())


def test_a_shape_that_another_one_uses_is_not_lifted() -> None:
    shapes = Graph().parse(
        data="""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://x/> .
        :A a sh:NodeShape ; sh:targetClass :C ; sh:not :B .
        :B a sh:NodeShape ; sh:targetClass :D ; sh:property :P .
        :P a sh:PropertyShape ; sh:path :p ; sh:minCount 1 .""",
        format="turtle",
    )

    assert (URIRef("http://x/B"), SH.property, URIRef("http://x/P")) in lift_property_shapes(shapes)


def test_validation_changes_neither_graph_nor_shapes_nor_rdflib(shapes: Graph) -> None:
    graph = good_graph()
    add(graph, 'report:made-up-r1 tkg:participants "x" .')
    logger = logging.getLogger("pyshacl-validate")
    boolean = rdflib.term._toPythonMapping[XSD.boolean]

    def state() -> tuple[object, ...]:
        names = (list(graph.namespaces()), list(shapes.namespaces()))
        return (set(graph), set(shapes), names, rdflib.NORMALIZE_LITERALS, list(logger.handlers))

    before = state()
    validate(graph, shapes)

    assert state() == before
    assert rdflib.term._toPythonMapping[XSD.boolean] is boolean


def test_shapes_that_cannot_be_used_are_an_error_and_leave_rdflib_as_it_was() -> None:
    wrong = Graph().parse(
        data="""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://x/> .
        :A a sh:NodeShape ; sh:targetClass <http://www.w3.org/2004/02/skos/core#Concept> ;
            sh:property [ sh:path :p ; sh:minCount 1 ; sh:minCount 2 ] .""",
        format="turtle",
    )
    before = rdflib.NORMALIZE_LITERALS

    with pytest.raises(GraphError, match="the shapes cannot be used"):
        validate(good_graph(), wrong)

    assert before == rdflib.NORMALIZE_LITERALS


def test_a_path_is_written_as_sparql_writes_it() -> None:
    shapes = Graph().parse(
        data="""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://x/> .
        :simple sh:path :p . :inverse sh:path [ sh:inversePath :p ] .
        :sequence sh:path ( [ sh:inversePath :p ] :q ) . :choice sh:path [ sh:alternativePath ( :p :q ) ] .
        :more sh:path [ sh:oneOrMorePath :p ] .""",
        format="turtle",
    )
    paths = {str(s).removeprefix("http://x/"): o for s, o in shapes.subject_objects(SH.path)}

    assert {name: path_text(shapes, path) for name, path in paths.items()} == {
        "simple": "http://x/p",
        "inverse": "^<http://x/p>",
        "sequence": "^<http://x/p>/<http://x/q>",
        "choice": "(<http://x/p>|<http://x/q>)",
        "more": "(<http://x/p>)+",
    }
    assert path_properties(shapes, paths["sequence"]) == ("http://x/p", "http://x/q")
    assert path_text(shapes, None) == ""


# ---------------------------------------------------------------- formats


def test_the_text_names_each_shape_and_leaves_remarks_to_verbose(report: Report) -> None:
    text = FORMATS["text"](report)

    assert "trial report" in text
    assert "place: made-up.csv, row 2, line 7" in text
    assert "exponent" not in text
    assert "exponent" in FORMATS["text"](report, verbose=True)
    assert text.rstrip().endswith("2 warnings, 2 infos.")


def test_the_json_holds_every_result_with_its_place(report: Report) -> None:
    document = json.loads(FORMATS["json"](report))

    assert document["conforms"] is False
    assert document["counts"] == report.counts_by_severity()
    assert len(document["results"]) == len(report.results)
    (result,) = (r for r in document["results"] if r["shape"] == f"{SHAPE}TrialReport-reports")
    assert result["place"]["row"] == 2
    assert result["focus"] == iri("report:made-up-r2")


def test_the_page_escapes_what_the_source_says(report: Report) -> None:
    page = FORMATS["html"](report)

    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert page.count("<details open>") == 2
    assert FORMATS["html"](report, verbose=True).count("<details open>") == 3


def test_the_turtle_is_a_validation_report_without_blank_nodes(report: Report) -> None:
    text = FORMATS["turtle"](report)

    graph = Graph().parse(data=text, format="turtle")
    quads = list(pyoxigraph.parse(input=text.encode(), format=pyoxigraph.RdfFormat.TURTLE))

    assert len(quads) == len(graph)
    assert not any(isinstance(term, BNode) for triple in graph for term in triple)
    (node,) = graph.subjects(rdflib.RDF.type, SH.ValidationReport)
    assert graph.value(node, SH.conforms) == Literal(False)
    assert graph.value(node, URIRef(f"{SH}conformanceDisallows")) == SH.Violation
    assert len(set(graph.objects(node, SH.result))) == len(report.results)
    for result in graph.objects(node, SH.result):
        for needed in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent, SH.sourceShape):
            assert len(list(graph.objects(result, needed))) == 1


def test_the_sarif_log_points_at_lines_of_the_source(report: Report) -> None:
    log = json.loads(FORMATS["sarif"](report))

    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert log["version"] == "2.1.0"
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert len(run["results"]) == len(report.results)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
    (found,) = (r for r in run["results"] if r["ruleId"] == f"{SHAPE}TrialReport-reports")
    physical = found["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "made-up.csv"
    assert (physical["region"]["startLine"], physical["region"]["endLine"]) == (7, 7)


def test_a_report_without_results_has_every_format() -> None:
    for name, write in FORMATS.items():
        text = write(Report((), ()))
        assert text.endswith("\n"), name
        assert not text.endswith("\n\n"), name


@settings(deadline=None, max_examples=60)
@given(raw=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40))
def test_any_text_of_a_source_comes_through_every_format(raw: str) -> None:
    place = Place(raw or "x.csv", 1, (1, 1), raw, raw)
    result = Result(
        severity=Severity.WARNING,
        shape=f"{SHAPE}X",
        shape_name="x",
        focus=raw,
        path="http://x/p",
        value=raw,
        message=raw,
        constraint=str(SH.PatternConstraintComponent),
        place=place,
        hint=raw,
        owner=f"{SHAPE}X",
    )
    report = Report((result,), ())

    assert json.loads(FORMATS["json"](report))["results"][0]["place"]["raw"] == raw
    assert json.loads(FORMATS["sarif"](report))["runs"][0]["results"][0]["properties"]["focus"] == raw
    assert escape(raw).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in FORMATS["html"](report)
    assert list(
        pyoxigraph.parse(input=FORMATS["turtle"](report).encode(), format=pyoxigraph.RdfFormat.TURTLE)
    )


_PRINT = """
import sys
sys.path.insert(0, "tests")
from shape_patches import add, bad_graphs, good_graph
from kg.validate.check import validate
from kg.validate.formats import FORMATS
from kg.validate.load import load_shapes
graph = good_graph()
for patch in bad_graphs()[::7]:
    for line in patch.added:
        if "[" not in line:
            add(graph, line)
report = validate(graph, load_shapes())
for write in FORMATS.values():
    sys.stdout.write(write(report, verbose=True))
"""


def test_a_report_is_the_same_bytes_for_every_hash_seed() -> None:
    texts = {
        subprocess.run(
            [sys.executable, "-c", _PRINT],
            cwd=REPOSITORY,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(REPOSITORY), "PYTHONUTF8": "1"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(texts) == 1


def test_importing_the_formats_loads_no_heavy_library() -> None:
    code = (
        "import sys, kg.validate.formats; print(sorted({'rdflib', 'pyshacl', 'jinja2'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, check=True)

    assert done.stdout.strip() == b"[]"


def test_the_good_graph_is_where_the_tests_think() -> None:
    assert len(load_graph(FOLDER / "good.ttl")) > 300


def test_a_value_that_is_no_number_is_not_in_order_with_any(shapes: Graph) -> None:
    dose = URIRef(f"{ROOT}dose/made-up")
    graph = Graph()
    graph.add((dose, RDF.type, URIRef(TKG.Dose)))
    graph.add((dose, URIRef(TKG.low), Literal("nan", datatype=XSD.double)))
    graph.add((dose, URIRef(TKG.high), Literal("1.5", datatype=XSD.decimal)))
    assert not validate(graph, shapes).conforms
