"""Diseases, sources, routes, products and donors are read from words only, and unknown words are named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.cells.concept import SourceCell, donor_in_text, product_of, read_mentions, read_sources
from kg.cells.mentions import form_key
from kg.model import Mentions, Reading, State
from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import Concept, Lexicon, load_lexicon
from kg.vocabulary.namespaces import TKG, VOCABULARY

SHARED = Path(__file__).resolve().parents[2] / "shared"


def concept(scheme: str, name: str, forms: str, **more: str) -> Concept:
    """Make a concept of `forms` ("label | other form"); `more`: broader, notation, notes by their term."""
    label, *_ = written = tuple(forms.split(" | "))
    broader = (f"{VOCABULARY}{scheme}/{more.pop('broader')}",) if "broader" in more else ()
    notation = more.pop("notation", "")
    notes = {getattr(TKG, term): tuple(value.split()) for term, value in more.items()}
    return Concept(f"{VOCABULARY}{scheme}/{name}", scheme, label, notation, written, broader, notes)


CARDS = f"{VOCABULARY}disease/covid {VOCABULARY}disease/ards"
SMALL = Lexicon(
    [
        concept("disease", "colitis", "ulcerative colitis | UC", columnForm="UC"),
        concept("disease", "gvhd", "graft versus host disease | GVHD"),
        concept("disease", "covid", "COVID-19"),
        concept("disease", "ards", "acute respiratory distress syndrome | ARDS"),
        concept("disease", "covid-ards", "ARDS due to COVID-19 | CARDS", combines=CARDS),
        concept("disease", "alzheimer", "Alzheimer disease | AD", columnForm="AD"),
        concept("disease", "dermatitis", "atopic dermatitis"),
        concept("cell-source", "cord", "umbilical cord | UC | hUC"),
        concept("cell-source", "marrow", "bone marrow | BM"),
        concept("cell-source", "adipose", "adipose tissue | adipose | AD"),
        concept("cell-source", "hsc", "hematopoietic stem cell"),
        concept("product", "cells", "cells | stem cells | cell"),
        concept("product", "msc", "mesenchymal stromal cells | MSC", broader="cells"),
        concept("product", "hsc", "hematopoietic stem cells | hematopoietic stem cell", broader="cells"),
        concept("product", "ev", "extracellular vesicles | EV | exosomes"),
        concept("donor", "auto", "autologous"),
        concept("donor", "allo", "allogeneic | allogenic"),
        concept("route", "iv", "intravenous | i.v. | IV"),
        concept("route", "it", "intrathecal | IT"),
        concept("route", "im", "intramuscular | IM"),
        concept("route", "lesion", "intralesional"),
        concept("unit", "cells-kg", "cells/kg", countedThing="cells"),
        concept("unit", "evs-kg", "EVs/kg", countedThing="exosomes"),
        concept("unit", "ml", "mL", countedThing="volume"),
        concept("mark", "not-given", "not given | NA | NR"),
        concept("column", "disease", "Disease", notation="disease"),
        concept("column", "cell-source", "Cell source", notation="cell_source"),
        concept("column", "route", "Route | administration", notation="route"),
    ],
    {
        scheme: frozenset(columns)
        for scheme, columns in {
            "disease": ["disease"],
            "cell-source": ["cell_source", "cell-source"],
            "product": ["cell_source", "cell-source"],
            "donor": ["cell_source", "cell-source"],
            "route": ["route"],
            "mark": ["disease", "cell_source", "cell-source", "route"],
        }.items()
    },
)


def mentions(text: str, scheme: str = "disease") -> Reading[Mentions]:
    return read_mentions(text, scheme, SMALL)


def sources(text: str) -> Reading[SourceCell]:
    return read_sources(text, SMALL)


def names(value: Mentions) -> list[str]:
    return [found.name for found in value.concepts]


def unread(text: str, reading: Reading[Mentions] | Reading[SourceCell]) -> list[str]:
    return [text[span.start : span.end] for span in reading.unread]


def codes(reading: Reading[Mentions] | Reading[SourceCell] | Reading[Concept | None]) -> list[str]:
    return [finding.code for finding in reading.findings]


def test_the_column_decides_what_an_abbreviation_means() -> None:
    assert names(mentions("UC").value) == ["colitis"]
    assert names(sources("UC").value.sources) == ["cord"]
    assert names(mentions("AD").value) == ["alzheimer"]
    assert names(sources("AD").value.sources) == ["adipose"]


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        ("BM", ""),
        ("BM or UC", "or"),
        ("BM and UC", "and"),
        ("BM + UC", "and"),
        ("BM, UC", "and"),
        ("BM, UC and adipose", "and"),
        ("BM, UC or adipose", "or"),
        ("BM and/or UC", "or"),
        ("umbilical cord (UC)", ""),
    ],
)
def test_the_operator_is_the_one_that_the_text_says(text: str, operator: str) -> None:
    reading = sources(text)
    assert reading.value.sources.operator == operator
    assert reading.complete


def test_a_slash_leaves_the_operator_open() -> None:
    assert sources("BM/UC").value.sources.operator == ""
    assert codes(sources("BM/UC")) == ["operator-unclear"]


def test_concepts_come_in_the_order_of_the_text_and_once() -> None:
    assert names(sources("UC, BM and hUC").value.sources) == ["cord", "marrow"]


def test_two_diseases_may_stand_side_by_side() -> None:
    reading = mentions("COVID-19 ARDS")
    assert names(reading.value) == ["covid", "ards"]
    assert reading.value.operator == "and"
    assert reading.rule == "concept.side-by-side"
    assert reading.complete


def test_a_combined_concept_is_read_as_its_parts() -> None:
    assert names(mentions("CARDS").value) == ["covid", "ards"]
    assert mentions("CARDS").value.operator == "and"


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("GVHD BM", ["BM"]),
        ("UC UC", ["UC"]),
        ("severe GVHD", ["severe"]),
        ("GVHD i.v. 2 × 106", ["i.v. 2 × 106"]),
    ],
)
def test_foreign_words_are_unread_and_named(text: str, foreign: list[str]) -> None:
    reading = mentions(text)
    assert unread(text, reading) == foreign
    assert codes(reading) == ["word-unknown"]
    assert not reading.complete


def test_a_mark_of_an_empty_cell_is_foreign_to_a_name() -> None:
    assert unread("GVHD NA", mentions("GVHD NA")) == ["NA"]


def test_a_cell_of_unknown_words_is_not_guessed() -> None:
    reading = mentions("moon sickness")
    assert (reading.value, reading.state) == (Mentions(), State.UNRECOGNISED)
    assert codes(reading) == ["concept-unknown"]


@pytest.mark.parametrize("text", ["", "NA", "-"])
def test_nothing_given_is_empty(text: str) -> None:
    assert mentions(text).state is sources(text).state is State.EMPTY


def test_a_remark_in_brackets_is_kept_as_a_remark() -> None:
    reading = mentions("intralesional (with a matrix)", "route")
    assert names(reading.value) == ["lesion"]
    assert codes(reading) == ["remark-in-brackets"]
    assert reading.complete


def test_small_letters_are_an_abbreviation_where_they_leave_nothing_unread() -> None:
    assert names(mentions("iv and intrathecal", "route").value) == ["iv", "it"]
    assert names(mentions("intrathecal im the evening", "route").value) == ["it"]


@pytest.mark.parametrize("text", ["It was good", "it", "It", "As is"])
def test_a_word_of_english_is_no_abbreviation(text: str) -> None:
    assert mentions(text, "route").value == Mentions()


def test_the_same_letters_in_capitals_are_an_abbreviation() -> None:
    assert names(mentions("IT", "route").value) == ["it"]


@pytest.mark.parametrize(("text", "loose"), [("BM and", "and"), ("and BM", "and"), ("BM from", "from")])
def test_a_joint_that_joins_nothing_is_unread(text: str, loose: str) -> None:
    assert unread(text, sources(text)) == [loose]


def test_a_word_of_the_header_beside_the_name_is_no_foreign_word() -> None:
    assert mentions("intrathecal administration", "route").complete


def test_the_legend_may_override_a_form() -> None:
    overrides = {("disease", form_key("AD")): SMALL.named("disease", "dermatitis")}
    assert names(read_mentions("AD", "disease", SMALL, overrides).value) == ["dermatitis"]
    assert names(read_sources("AD", SMALL, overrides).value.sources) == ["adipose"]


def test_the_legend_may_add_a_form() -> None:
    overrides = {("route", form_key("I.Th.")): SMALL.named("route", "it")}
    reading = read_mentions("i.v. and I.Th.", "route", SMALL, overrides)
    assert names(reading.value) == ["iv", "it"]
    assert reading.complete


def test_a_source_cell_names_source_donor_and_product() -> None:
    value = sources("Allogenic BM-MSCs").value
    assert names(value.sources) == ["marrow"]
    assert value.donor == SMALL.named("donor", "allo")
    assert value.product == SMALL.named("product", "cells")


def test_a_source_cell_without_a_source_is_no_failure() -> None:
    reading = sources("allogeneic MSCs")
    assert reading.value.sources == Mentions()
    assert reading.complete
    assert codes(reading) == ["source-not-named"]


def test_two_donors_are_none() -> None:
    assert sources("allogeneic/autologous BM").value.donor is None
    assert codes(sources("allogeneic/autologous BM")) == ["donor-several"]


def test_the_donor_is_never_taken_from_the_tissue() -> None:
    assert sources("UC-MSCs").value.donor is None


def unit(name: str) -> Concept:
    return SMALL.named("unit", name)


def test_vesicles_win_over_the_cells_that_made_them() -> None:
    vesicles = SMALL.named("product", "ev")
    assert product_of("BM-MSC-EV", SMALL, units=[unit("ml")]).value == vesicles
    assert product_of("BM", SMALL, units=[unit("evs-kg")]).value == vesicles
    assert product_of("BM", SMALL, product="exosomes", units=[unit("cells-kg")]).value == vesicles


def test_cells_are_the_root_of_every_kind_of_cells() -> None:
    cells = SMALL.named("product", "cells")
    assert product_of("BM-MSC", SMALL).value == cells
    assert product_of("BM", SMALL, units=[unit("cells-kg")]).value == cells


def test_the_caption_is_asked_last_and_said_so() -> None:
    reading = product_of("BM", SMALL, units=[unit("ml")], context="Trials of MSCs for many diseases")
    assert reading.value == SMALL.named("product", "cells")
    assert codes(reading) == ["product-from-context"]


@pytest.mark.parametrize("context", ["", "Trials", "MSCs and exosomes"])
def test_no_product_is_guessed(context: str) -> None:
    assert product_of("BM", SMALL, context=context).value is None


@pytest.mark.parametrize(
    ("text", "donor"),
    [
        ("Early autologous MSC transplant was safe", "auto"),
        ("allogenic AD-MSC infusion helped", "allo"),
        ("autologous bone marrow-derived MSCs", "auto"),
        ("allogeneic culture-expanded MSCs", "allo"),
        ("allogeneic stem cells were given before", None),
        ("allogeneic hematopoietic stem cells were given before", None),
        ("after an allogeneic graft, MSCs helped", None),
        ("It was autologous. MSCs helped", None),
        ("autologous and allogeneic MSCs", None),
        ("UC-MSCs helped", None),
    ],
)
def test_a_donor_in_free_text_must_qualify_the_product(text: str, donor: str | None) -> None:
    found = donor_in_text(text, SMALL).value
    assert (found.name if found else None) == donor


def test_both_donors_in_free_text_are_remarked() -> None:
    assert codes(donor_in_text("autologous and allogeneic MSCs", SMALL)) == ["donor-several"]


@example("ʼ")  # an apostrophe that Unicode counts as a letter
@given(st.text(max_size=60) | st.text("BMUCor and(),/iv -MSC", max_size=40))
@settings(deadline=None, max_examples=200)
def test_any_text_is_read_without_an_error_and_with_spans_inside(text: str) -> None:
    for reading in (mentions(text), mentions(text, "route"), sources(text), donor_in_text(text, SMALL)):
        assert all(0 <= span.start <= span.end <= len(text) for span in (*reading.spans, *reading.unread))


FORMS = {"cord": "hUC", "marrow": "bone marrow", "adipose": "adipose"}


@given(
    st.lists(st.sampled_from(sorted(FORMS)), min_size=2, max_size=3, unique=True),
    st.sampled_from(["and", "or"]),
)
@settings(deadline=None, max_examples=50)
def test_any_list_of_names_is_read_back(wanted: list[str], operator: str) -> None:
    reading = sources(f" {operator} ".join(FORMS[name] for name in wanted))
    assert names(reading.value.sources) == wanted
    assert reading.value.sources.operator == operator
    assert reading.complete


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real tables are not at hand")
def test_the_sources_and_donors_of_the_real_tables_are_read() -> None:
    lexicon = load_lexicon(vocabulary_files())
    for path in sorted((SHARED / "tables").glob("*.gold.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            gold = json.loads(line)
            if not gold["cell_source"]:
                continue
            value = read_sources(gold["cell_source"], lexicon).value
            wanted = [lexicon.find("cell-source", label) for label in gold["sources"]]
            assert list(value.sources.concepts) == wanted, gold["cell_source"]
            if "donor_cell" not in gold.get("extra", {}):
                assert (value.donor.label if value.donor else None) == gold["donor"], gold["cell_source"]
