"""The shapes of ontology/shapes/: each refuses the graph it is made for, and says why in words."""

from __future__ import annotations

from collections import Counter

import pytest
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from shape_patches import SHAPE, Patch, bad_graphs, facts, good_graph, iri

from kg.validate.check import validate
from kg.validate.load import load_shapes
from kg.vocabulary.namespaces import TKG

_CONSTRAINTS = {
    "minCount": "MinCount",
    "maxCount": "MaxCount",
    "datatype": "Datatype",
    "nodeKind": "NodeKind",
    "class": "Class",
    "pattern": "Pattern",
    "minLength": "MinLength",
    "minInclusive": "MinInclusive",
    "maxInclusive": "MaxInclusive",
    "minExclusive": "MinExclusive",
    "lessThanOrEquals": "LessThanOrEquals",
    "equals": "Equals",
    "disjoint": "Disjoint",
    "hasValue": "HasValue",
    "or": "Or",
    "not": "Not",
    "closed": "Closed",
    "sparql": "SPARQL",
}
# the one shape that SHACL Core cannot say, docs/decisions/0018-quotes.md
_BEYOND_CORE = "OutcomeQuotes"
# what a shape may say beside its constraints
_TARGETS = ("targetClass", "targetObjectsOf", "targetSubjectsOf")
_ANNOTATIONS = {"name", "message", "description", "severity", "path", "property", *_TARGETS}
_KINDS = (SH.NodeShape, SH.PropertyShape)


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return load_shapes()


@pytest.fixture(scope="module")
def remarks(shapes: Graph) -> Counter[tuple[str, str, str, str]]:
    """The results of the good graph."""
    return facts(validate(good_graph(), shapes))


def _all(shapes: Graph) -> list[URIRef]:
    return sorted({shape for kind in _KINDS for shape in shapes.subjects(RDF.type, kind)})


def _targeted(shapes: Graph) -> list[URIRef]:
    """Return the shapes that are checked by themselves, and not as a part of sh:not or sh:or."""
    tops = [s for s in _all(shapes) if {SH[name] for name in _TARGETS} & set(shapes.predicates(s))]
    return sorted({*tops, *(child for top in tops for child in shapes.objects(top, SH.property))})


def test_the_good_graph_conforms_and_has_only_the_remarks_of_good_data(
    remarks: Counter[tuple[str, str, str, str]],
) -> None:
    expected = {
        ("warning", "shape:Discrepancy-agreement", "discrepancy:NCT04900001-participants"),
        ("warning", "shape:TableRow-read", "row:made-up-r4"),
        ("info", "shape:Dose-restored", "dose:made-up-r1-d1"),
        ("info", "shape:ClinicalTrial-registered", "trial:osteoarthritis-0a1b2c3d"),
    }
    assert {(severity, shape, focus) for severity, shape, _, focus in remarks} == {
        (severity, iri(shape), iri(focus)) for severity, shape, focus in expected
    }


@pytest.mark.parametrize("patch", bad_graphs(), ids=lambda patch: patch.name)
def test_a_bad_graph_breaks_exactly_the_constraints_that_its_file_names(
    patch: Patch, shapes: Graph, remarks: Counter[tuple[str, str, str, str]]
) -> None:
    found = facts(validate(patch.apply(good_graph()), shapes))

    assert found - remarks == Counter(patch.expected)


def test_every_bad_graph_is_named_after_the_shape_that_refuses_it_or_a_part_of_it(shapes: Graph) -> None:
    for patch in bad_graphs():
        refusing = {shape for _, shape, _, _ in patch.expected}
        users = {str(user) for user in shapes.subjects(SH["not"], URIRef(patch.shape))}
        assert refusing & {patch.shape, *users}, patch.name


def test_every_constraint_of_every_shape_is_broken_by_a_bad_graph(shapes: Graph) -> None:
    wanted = {
        (str(shape), f"{SH}{_CONSTRAINTS[name]}ConstraintComponent")
        for shape in _targeted(shapes)
        for name in (str(p).removeprefix(str(SH)) for p in shapes.predicates(shape))
        if name in _CONSTRAINTS
    }
    broken = {(shape, constraint) for patch in bad_graphs() for _, shape, constraint, _ in patch.expected}

    assert wanted - broken == set()
    assert broken - wanted == set()


def test_every_shape_that_is_a_part_of_another_has_a_bad_graph(shapes: Graph) -> None:
    parts = {str(part) for part in shapes.objects(None, SH["not"])}

    assert parts - {patch.shape for patch in bad_graphs()} == set()


def test_every_shape_says_in_words_what_is_wrong_what_to_do_and_how_bad_it_is(shapes: Graph) -> None:
    severities = {SH.Violation, SH.Warning, SH.Info}
    for shape in _all(shapes):
        for said in (SH.name, SH.message, SH.description):
            texts = list(shapes.objects(shape, said))
            assert len(texts) == 1, (shape, said)
            assert isinstance(texts[0], Literal), (shape, said)
            assert texts[0].language == "en", (shape, said)
        assert len(set(shapes.objects(shape, SH.severity)) & severities) == 1, shape


def test_all_shapes_but_one_are_shacl_core(shapes: Graph) -> None:
    core = {*_CONSTRAINTS, *_ANNOTATIONS} - {"sparql"}
    known = {SH[name] for name in core} | {RDF.type, URIRef(TKG.optional)}
    assert list(shapes.subjects(SH.sparql)) == [URIRef(SHAPE + _BEYOND_CORE)]
    for shape in set(_all(shapes)) - {URIRef(SHAPE + _BEYOND_CORE)}:
        assert set(shapes.predicates(shape)) <= known, shape


def test_a_shape_has_an_iri_and_only_paths_and_lists_are_blank_nodes(shapes: Graph) -> None:
    for shape in _all(shapes):
        assert isinstance(shape, URIRef)
        assert shape.startswith(SHAPE)
    for node in {s for s in shapes.subjects() if isinstance(s, BNode)}:
        assert set(shapes.predicates(node)) <= {SH.inversePath, RDF.first, RDF.rest}


def test_the_shapes_use_only_terms_of_the_ontology(shapes: Graph) -> None:
    used = {str(term) for triple in shapes for term in triple if str(term).startswith(TKG.iri)}

    assert {term.removeprefix(TKG.iri) for term in used} <= {*TKG.terms, ""}


def test_every_class_of_the_graph_has_a_closed_shape(shapes: Graph) -> None:
    classes = {term for term in TKG.terms if term[0].isupper()}
    closed = {
        str(cls)
        for shape in shapes.subjects(SH.closed, Literal(True))
        for cls in shapes.objects(shape, SH.targetClass)
    }

    assert {cls.removeprefix(TKG.iri) for cls in closed if cls.startswith(TKG.iri)} == classes


@pytest.mark.slow
def test_the_shapes_obey_the_shapes_of_shacl_itself(shapes: Graph) -> None:
    import pyshacl

    conforms, _, text = pyshacl.validate(
        good_graph(), shacl_graph=shapes, meta_shacl=True, allow_warnings=True
    )

    assert conforms, text
