"""ontology/: it parses everywhere, declares exactly the terms of the code, maps to verified terms only."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.resources import ontology_file, ontology_folder, vocabulary_files
from kg.vocabulary.lexicon import Concept, Lexicon, load_lexicon
from kg.vocabulary.namespaces import DCTERMS, RDF_TYPE, RDFS, SKOS, TKG, VOCABULARY

SHARED = Path(__file__).resolve().parents[2] / "shared"
OWL = "http://www.w3.org/2002/07/owl#"
FILES = [ontology_file(), *vocabulary_files()]
SCHEMES = [
    *("adverse-event", "basis", "cell-source", "column", "cue", "delivery", "direction", "disease", "donor"),
    *(
        "dose-status",
        "efficacy",
        "endpoint-kind",
        "mark",
        "measure",
        "name-word",
        "outcome-status",
        "phase",
        "preparation",
    ),
    *("product", "registry", "route", "safety", "stage", "state", "unit"),
]
# terminologies whose labels may not be handed on
LICENSED = {"SNOMEDCT", "EDQM", "ICD10", "ICD10CM", "icd11.foundation", "LOINC"}
# labels in the evidence that are not a form of the concept they are the evidence for
RENAMED = {
    "cell-source:fetal-liver": "liver (fetal)",
    "disease:covid-19-ards": "COVID-19 ARDS",
    "registry:cris": "CRIS (Korea)",
    "registry:eu-ctr": "EU CTR (EudraCT)",
    "registry:ntr": "NTR (Netherlands)",
    "registry:omon": "OMON (ex-NTR)",
    "unit:units": 'arbitrary unit (table: "units")',
}


@cache
def lexicon() -> Lexicon:
    return load_lexicon(vocabulary_files())


@cache
def statements() -> tuple[pyoxigraph.Quad, ...]:
    quads: list[pyoxigraph.Quad] = []
    for path in FILES:
        quads.extend(pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE))
    return tuple(quads)


@cache
def said() -> dict[tuple[str, str], list[str]]:
    """Return what the files say by subject and predicate."""
    found: dict[tuple[str, str], list[str]] = {}
    for quad in statements():
        found.setdefault((quad.subject.value, quad.predicate.value), []).append(str(quad.object.value))
    return found


def values(subject: str, predicate: str) -> list[str]:
    return sorted(said().get((subject, predicate), []))


def concepts() -> Iterator[Concept]:
    for scheme in lexicon().schemes():
        yield from lexicon().concepts(scheme)


def mappings() -> set[tuple[str, str, str]]:
    """Subject, name of the matching property, and object of every mapping in the Turtle files."""
    return {
        (quad.subject.value, quad.predicate.value.removeprefix(SKOS.iri), quad.object.value)
        for quad in statements()
        if quad.subject.value.startswith(VOCABULARY) and quad.predicate.value.endswith("Match")
    }


def sssom() -> tuple[dict[str, object], list[dict[str, str]]]:
    lines = (ontology_folder() / "mappings.sssom.tsv").read_text(encoding="utf-8").splitlines()
    head = [line.removeprefix("#") for line in lines if line.startswith("#")]
    body = [line for line in lines if not line.startswith("#")]
    return yaml.safe_load("\n".join(head)), list(csv.DictReader(body, delimiter="\t"))


def expand(curie: str, prefixes: dict[str, str]) -> str:
    prefix, local = curie.split(":", 1)
    return prefixes[prefix] + local


# ---------------------------------------------------------------- form


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_two_parsers_read_the_same_statements_without_blank_nodes(path: Path) -> None:
    graph = rdflib.Graph().parse(path, format="turtle")
    quads = set(pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE))
    assert len(graph) == len(quads) > 0
    assert not any(isinstance(term, rdflib.BNode) for triple in graph for term in triple)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_prefix_of_a_file_is_used(path: Path) -> None:
    words = re.sub(r'"(?:[^"\\]|\\.)*"', "", path.read_text(encoding="utf-8"))
    body = re.sub(r"(?m)^(?:@prefix|#).*$", "", words)
    declared_there = re.findall(r"(?m)^@prefix ([\w.-]+):", words)
    assert [name for name in declared_there if not re.search(rf"(?<![\w-]){name}:", body)] == []


@pytest.mark.tools
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rapper_reads_every_file(path: Path) -> None:
    rapper = shutil.which("rapper")
    if rapper is None:
        pytest.skip("rapper is not installed")
    done = subprocess.run(
        [rapper, "-q", "-i", "turtle", "-c", path], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_literals_are_strings_english_text_or_integers() -> None:
    for quad in statements():
        if isinstance(quad.object, pyoxigraph.Literal):
            language, datatype = quad.object.language, quad.object.datatype.value
            assert language in (None, "en"), quad
            assert language or datatype.endswith(("#string", "#integer")), quad


def test_labels_are_english_and_have_no_stray_blanks() -> None:
    labels = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.definition, RDFS.label)
    for quad in statements():
        if quad.predicate.value in labels:
            assert isinstance(quad.object, pyoxigraph.Literal)
            assert quad.object.language == "en", quad
            assert " ".join(quad.object.value.split()) == quad.object.value, quad


def test_no_name_is_used_for_two_things() -> None:
    assert sorted(lexicon().schemes()) == SCHEMES
    assert [path.stem for path in vocabulary_files()] == SCHEMES
    for concept in concepts():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", concept.name), concept.iri
        assert concept.iri == f"{VOCABULARY}{concept.scheme}/{concept.name}"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_scheme_says_what_it_is(scheme: str) -> None:
    iri = f"{VOCABULARY}{scheme}"
    assert values(iri, RDF_TYPE) == [SKOS.ConceptScheme]
    for predicate in (SKOS.prefLabel, SKOS.definition, DCTERMS.license):
        assert len(values(iri, predicate)) == 1, predicate


def test_a_label_stands_once_with_its_concept() -> None:
    kinds = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
    said = Counter(
        (quad.subject.value, quad.object.value) for quad in statements() if quad.predicate.value in kinds
    )
    assert [pair for pair, count in said.items() if count > 1] == []


def test_exactly_the_concepts_without_a_broader_one_are_the_top_concepts_of_their_scheme() -> None:
    for concept in concepts():
        scheme = f"{VOCABULARY}{concept.scheme}"
        assert values(concept.iri, SKOS.inScheme) == [scheme]
        assert values(concept.iri, SKOS.topConceptOf) == ([] if concept.broader else [scheme]), concept.iri


def test_no_concept_is_its_own_ancestor_or_leaves_its_scheme_or_skips_a_step() -> None:
    for concept in concepts():
        parents = [lexicon().concept(iri) for iri in concept.broader]
        assert {parent.scheme for parent in parents} <= {concept.scheme}, concept.iri
        assert concept not in lexicon().ancestors(concept), concept.iri
        further = {above for parent in parents for above in lexicon().ancestors(parent)}
        assert further.isdisjoint(parents), concept.iri


def test_the_schemes_that_a_reader_must_understand_are_defined() -> None:
    known_to_readers = {
        *("adverse-event", "cell-source", "disease", "measure", "phase", "product", "registry", "route"),
    }
    for concept in concepts():
        if concept.scheme not in known_to_readers:
            assert len(values(concept.iri, SKOS.definition)) == 1, concept.iri


@pytest.mark.parametrize(
    ("disease", "groups"),
    [
        ("graft-versus-host-disease", ["immune-system-disorder"]),
        ("inflammatory-bowel-disease", ["digestive-system-disorder", "immune-system-disorder"]),
        ("covid-19", ["infectious-disease"]),
        (
            "covid-19-ards",
            [
                *("acute-respiratory-distress-syndrome", "covid-19"),
                *("infectious-disease", "respiratory-system-disorder"),
            ],
        ),
        ("spinal-cord-injury", ["injury", "nervous-system-disorder"]),
        ("stroke", ["cardiovascular-disorder", "nervous-system-disorder"]),
        ("acute-kidney-injury", ["kidney-disease"]),
        ("diabetic-foot-ulcer", ["diabetes-mellitus", "endocrine-system-disorder", "metabolic-disease"]),
        (
            "perianal-crohn-disease",
            [
                *("crohn-disease", "digestive-system-disorder"),
                *("immune-system-disorder", "inflammatory-bowel-disease"),
            ],
        ),
    ],
)
def test_a_disease_is_browsed_by_the_groups_that_a_clinician_would_look_in(
    disease: str, groups: list[str]
) -> None:
    found = lexicon().ancestors(lexicon().named("disease", disease))
    assert sorted(concept.name for concept in found) == groups


# ---------------------------------------------------------------- the OWL file


def declared() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for quad in statements():
        if quad.predicate.value == RDF_TYPE and quad.subject.value.startswith(TKG.iri):
            found.setdefault(quad.subject.value.removeprefix(TKG.iri), set()).add(quad.object.value)
    return found


def test_the_ontology_declares_exactly_the_terms_that_code_uses() -> None:
    assert sorted(declared()) == sorted(TKG.terms)
    assert len(set(TKG.terms)) == len(TKG.terms)


def test_every_term_is_of_one_kind_and_says_what_it_means() -> None:
    kinds = {f"{OWL}{kind}" for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")}
    for term, types in declared().items():
        iri = TKG.iri + term
        assert len(types & kinds) == 1, term
        assert len(values(iri, RDFS.label)) == 1, term
        assert len(values(iri, SKOS.definition)) == 1, term
        assert values(iri, RDFS.isDefinedBy) == [TKG.iri.rstrip("#")], term


def test_object_and_datatype_properties_have_a_range_that_fits_their_kind() -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    for term, types in declared().items():
        ranges = values(TKG.iri + term, RDFS.range)
        if f"{OWL}ObjectProperty" in types:
            assert len(ranges) == 1, term
            assert ranges[0] == SKOS.Concept or ranges[0].removeprefix(TKG.iri) in TKG.terms, term
        elif f"{OWL}DatatypeProperty" in types:
            assert len(ranges) == 1, term
            assert ranges[0].startswith(xsd), term
        else:
            assert ranges == [], term


def test_every_domain_is_a_class_of_the_ontology() -> None:
    for term, types in declared().items():
        for domain in values(TKG.iri + term, f"{RDFS.iri}domain"):
            assert domain == SKOS.Concept or f"{OWL}Class" in declared()[domain.removeprefix(TKG.iri)], term
            assert f"{OWL}AnnotationProperty" not in types, term


def test_the_owl_file_declares_every_class_and_property_that_it_takes_from_elsewhere() -> None:
    graph = rdflib.Graph().parse(ontology_file(), format="turtle")
    built_in = (str(rdflib.RDF), str(rdflib.RDFS), OWL, str(rdflib.XSD))
    classes = set(graph.objects(None, rdflib.RDFS.subClassOf)) | set(graph.objects(None, rdflib.RDFS.range))
    for term in {*graph.predicates(), *classes}:
        assert str(term).startswith(built_in) or (term, rdflib.RDF.type, None) in graph, term


def test_any_two_classes_are_disjoint_and_none_is_a_concept() -> None:
    classes = [TKG.iri + term for term, types in declared().items() if f"{OWL}Class" in types]
    apart = {frozenset((one, other)) for one in classes for other in values(one, f"{OWL}disjointWith")}
    assert apart == {frozenset(pair) for pair in combinations([*classes, SKOS.Concept], 2)}


def test_the_header_names_version_licence_and_makers() -> None:
    iri = TKG.iri.rstrip("#")
    version = values(iri, f"{OWL}versionInfo")
    assert values(iri, RDF_TYPE) == [f"{OWL}Ontology"]
    assert values(iri, f"{OWL}versionIRI") == [f"{iri}/{version[0]}"]
    assert values(iri, "http://purl.org/dc/elements/1.1/creator") == ["the trialkg developers"]
    assert len(values(iri, DCTERMS.license)) == 1
    assert values(iri, f"{OWL}imports") == []


def test_the_vocabularies_use_declared_terms_only() -> None:
    for quad in statements():
        for term in (quad.predicate, quad.object):
            if isinstance(term, pyoxigraph.NamedNode) and term.value.startswith(TKG.iri):
                assert term.value.removeprefix(TKG.iri) in TKG.terms, quad


# ---------------------------------------------------------------- single schemes


def test_every_column_of_the_record_has_its_key_and_fills_properties() -> None:
    keyed = [concept for concept in lexicon().concepts("column") if concept.notation]
    record = "disease cell_source route dose frequency patients trial_number phase outcome reference"
    assert {concept.notation for concept in keyed} == {*record.split(), "donor", "product"}
    for concept in keyed:
        assert concept.notes[TKG.fills], concept.iri


def test_a_column_without_a_key_is_kept_as_text_or_holds_several_things_that_have_keys() -> None:
    for concept in lexicon().concepts("column"):
        above = {one.name for one in (concept, *lexicon().ancestors(concept))}
        assert bool(concept.notation) != bool(above & {"own-column", "several"}), concept.iri
        parts = [lexicon().concept(iri) for iri in concept.notes.get(TKG.combines, ())]
        assert all(part.notation for part in parts), concept.iri
        assert bool(parts) == ("several" in above and concept.name != "several"), concept.iri


def test_every_unit_has_a_code_a_counted_thing_and_a_basis() -> None:
    for unit in lexicon().concepts("unit"):
        assert unit.notation == unit.label
        assert all(unit.note(prop) for prop in (TKG.ucumCode, TKG.countedThing)), unit.iri
        basis = lexicon().concept(unit.note(TKG.basis))
        per = basis.note(TKG.perQuantity)
        assert unit.note(TKG.ucumCode).endswith(f"/{per}") == (per != "1"), unit.iri


def test_every_combined_phase_leads_to_single_phases() -> None:
    for phase in lexicon().concepts("phase"):
        single = re.findall(r"[IV]+|0", phase.notation)
        above = {phase, *lexicon().ancestors(phase)}
        assert {p.notation for p in above if re.fullmatch(r"[IV]+|0", p.notation)} == set(single), phase.iri
        assert phase.label == f"Phase {phase.notation}"


def test_every_measure_is_of_one_kind_of_endpoint_and_has_a_better_direction_at_most() -> None:
    for measure in lexicon().concepts("measure"):
        (kind,) = measure.notes[TKG.endpointKind]
        assert lexicon().concept(kind).scheme == "endpoint-kind", measure.iri
        better = [lexicon().concept(iri) for iri in measure.notes.get(TKG.betterWhen, ())]
        assert [b.scheme for b in better] in ([], ["direction"]), measure.iri
        assert {b.name for b in better} <= {"increased", "decreased"}, measure.iri


def test_only_a_laboratory_value_is_named_as_a_measure_of_the_activity_of_a_disease() -> None:
    for measure in lexicon().concepts("measure"):
        diseases = [lexicon().concept(iri) for iri in measure.notes.get(TKG.activityMeasureOf, ())]
        assert {disease.scheme for disease in diseases} <= {"disease"}, measure.iri
        if diseases:
            assert lexicon().concept(measure.note(TKG.endpointKind)).name == "biomarker", measure.iri


def test_every_cue_has_one_class_and_names_a_direction_at_most() -> None:
    for cue in lexicon().concepts("cue"):
        assert len(cue.notes[TKG.wordClass]) == 1, cue.iri
        named = [lexicon().concept(iri) for iri in cue.notes.get(TKG.namesDirection, ())]
        assert [concept.scheme for concept in named] in ([], ["direction"]), cue.iri


def test_a_code_of_an_outcome_has_a_meaning_and_no_words_of_its_own() -> None:
    """What the words of a cell say is found by cues and adverse events."""
    for scheme in ("direction", "efficacy", "endpoint-kind", "safety"):
        for concept in lexicon().concepts(scheme):
            assert concept.notation, concept.iri
            assert set(concept.forms) <= {concept.label, concept.notation}, concept.iri


def registries(prop: str) -> list[object]:
    return [pytest.param(c, id=c.name) for c in lexicon().concepts("registry") if c.note(prop)]


@pytest.mark.parametrize("registry", registries(TKG.searchPattern))
@given(data=st.data())
@settings(deadline=None, max_examples=40)
def test_a_well_formed_number_is_found_in_running_text(registry: Concept, data: st.DataObject) -> None:
    number = data.draw(st.from_regex(registry.note(TKG.pattern), fullmatch=True)).rstrip("\n")
    assert number.isascii()
    for text in (number, f"registered as {number}, phase II", f"({number})", f"{number} III"):
        match = re.search(registry.note(TKG.searchPattern), text)
        assert match is not None
        assert match.group() == number


@pytest.mark.parametrize("registry", registries(TKG.pattern))
def test_a_registry_pattern_is_anchored_and_a_page_has_one_place_for_the_number(registry: Concept) -> None:
    assert registry.note(TKG.pattern)[0] + registry.note(TKG.pattern)[-1] == "^$"
    template = registry.note(TKG.urlTemplate)
    assert not template or (template.startswith("https://") and template.count("$1") == 1)


@pytest.mark.parametrize(
    ("registry", "text", "number"),
    [
        ("clinicaltrials-gov", "NCT0291768", "NCT0291768"),
        ("clinicaltrials-gov", "see NCT 0291768 II", "NCT 0291768"),
        ("clinicaltrials-gov", "NCT00698191 andNCT01741857", "NCT00698191"),
        ("clinicaltrials-gov", "NCT02336230 54", "NCT02336230"),
        ("clinicaltrials-gov", "NCT0291768 24", "NCT0291768"),
        ("chictr", "ChiCTR-INR- 16008399", "ChiCTR-INR- 16008399"),
        ("isrctn", "ISCRTN10175490", "ISCRTN10175490"),
        ("eu-ctr", "EUCTR2008-005144-16-DE", "EUCTR2008-005144-16-DE"),
        ("eu-ctr", "EudraCT 2008-005144-16", "2008-005144-16"),
        ("ctri", "CTRI / 2018/09/015785", "CTRI / 2018/09/015785"),
    ],
)
def test_a_number_is_found_with_digits_missing_or_blanks_inside(
    registry: str, text: str, number: str
) -> None:
    match = re.search(lexicon().named("registry", registry).note(TKG.searchPattern), text)
    assert match is not None
    assert match.group() == number


@pytest.mark.parametrize(
    "text", ["432/2020BO", "1066023736", "000024291", "2023-503698-40-00", "0.8–1.2 × 108"]
)
def test_numbers_of_other_kinds_are_not_taken_for_a_registry(text: str) -> None:
    hits = [
        concept.name
        for concept in lexicon().concepts("registry")
        if concept.note(TKG.searchPattern) and re.search(concept.note(TKG.searchPattern), text)
    ]
    assert hits == (["ctis"] if text.startswith("2023") else [])


# ---------------------------------------------------------------- mappings


def test_the_mapping_table_says_what_the_vocabularies_say() -> None:
    head, rows = sssom()
    prefixes = head["curie_map"]
    assert isinstance(prefixes, dict)
    table = [
        (
            expand(r["subject_id"], prefixes),
            r["predicate_id"].removeprefix("skos:"),
            expand(r["object_id"], prefixes),
        )
        for r in rows
    ]
    assert len(table) == len(set(table))
    assert set(table) == mappings()


def test_the_mapping_table_is_sorted_labelled_and_licensed() -> None:
    head, rows = sssom()
    assert {"mapping_set_id", "license", "curie_map"} <= set(head)
    assert [head["mapping_set_version"]] == values(TKG.iri.rstrip("#"), f"{OWL}versionInfo")
    order = [(r["subject_id"], r["subject_label"], r["predicate_id"], r["object_id"]) for r in rows]
    assert order == sorted(order)
    for row in rows:
        scheme, name = row["subject_id"].split(":")
        assert row["subject_label"] == lexicon().named(scheme, name).label
        assert row["mapping_justification"].startswith("semapv:")
        assert not (row["object_label"] and row["object_id"].split(":")[0] in LICENSED), row
        assert not re.search(r"[][]|^\s|\s$", row["object_label"]), row  # a label, and no note on it


def test_a_concept_has_one_exact_match_in_each_terminology() -> None:
    """Two would be the same thing by transitivity; an acronym and its gene are two terminologies."""
    found = Counter((s, namespace_of(o)) for s, kind, o in mappings() if kind == "exactMatch")
    assert [pair for pair, count in found.items() if count > 1] == []


def test_no_term_is_matched_in_two_ways_by_one_concept() -> None:
    found = Counter((subject, target) for subject, _, target in mappings())
    assert [pair for pair, count in found.items() if count > 1] == []


def test_mappings_and_broader_concepts_tell_the_same_story() -> None:
    """If one concept is below a term and another is that term, then the one is below the other."""
    exact: dict[str, list[Concept]] = {}
    for subject, kind, target in sorted(mappings()):
        if kind == "exactMatch":
            exact.setdefault(target, []).append(lexicon().concept(subject))
    for subject, kind, target in sorted(mappings()):
        one = lexicon().concept(subject)
        for other in exact.get(target, ()):
            if other.scheme == one.scheme:
                above, below = lexicon().ancestors(one), lexicon().ancestors(other)
                assert (other in above) == (kind == "broadMatch"), (one.iri, kind, target)
                assert (one in below) == (kind == "narrowMatch"), (one.iri, kind, target)
                assert one == other or kind != "closeMatch", (one.iri, kind, target)


def namespace_of(iri: str) -> str:
    return re.split(r"(?<=[/#_])(?=[^/#_]+$)", iri)[0]


def test_a_term_is_the_exact_match_of_one_concept_of_a_scheme() -> None:
    seen: dict[tuple[str, str], str] = {}
    for subject, kind, target in sorted(mappings()):
        if kind == "exactMatch":
            scheme = subject.removeprefix(VOCABULARY).split("/")[0]
            assert seen.setdefault((scheme, target), subject) == subject


def test_every_mapping_is_verified() -> None:
    source = SHARED / "vocabulary" / "alignments.csv"
    if not source.exists():
        pytest.skip("the evidence for the mappings is not here")
    with source.open(encoding="utf-8") as lines:
        verified = [row for row in csv.DictReader(lines) if row["verified"] == "yes"]
    evidence: dict[str, list[tuple[str, str]]] = {}
    for row in verified:
        curie = row["curie"].replace("unit:", "QUDT:")
        target = row["ontology_label"].split(" [")[0]  # the term may be another concept's name: APACHE II
        evidence.setdefault(curie, []).extend([(row["match"], row["label"]), (row["match"], target)])
    for row in sssom()[1]:
        kind = row["predicate_id"].removeprefix("skos:").removesuffix("Match")
        assert any(supports(row["subject_id"], kind, *seen) for seen in evidence[row["object_id"]]), row


# what may stand for what the evidence says: less, or what follows from the hierarchy (tested above)
WEAKER = {("exact", "close"), ("close", "broad")}


def supports(subject: str, kind: str, seen_kind: str, label: str) -> bool:
    """Whether evidence for `label` is evidence for the concept, which may have taken in a narrower one."""
    scheme, name = subject.split(":")
    concept = lexicon().named(scheme, name)
    if RENAMED.get(subject) != label and lexicon().find(scheme, label) != concept:
        return False
    return (
        kind == seen_kind
        or (seen_kind, kind) in WEAKER
        or (kind == "narrow" and seen_kind == "exact" and label != concept.label)
    )
