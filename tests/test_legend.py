"""Legends are read in every form, checked against the vocabulary, and may override an ambiguous form."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.cells.legend import check_legend, legend_forms, letters_fit, read_legend
from kg.cells.mentions import form_key
from kg.model import LegendEntry, Severity
from kg.vocabulary.lexicon import Concept, Lexicon
from kg.vocabulary.namespaces import TKG, VOCABULARY


def concept(scheme: str, forms: str, only_in_column: str = "") -> Concept:
    names = tuple(forms.split(" | "))
    notes = {TKG.columnForm: (only_in_column,)} if only_in_column else {}
    iri = f"{VOCABULARY}{scheme}/{names[0].replace(' ', '-')}"
    return Concept(iri, scheme, names[0], forms=names, notes=notes)


SMALL = Lexicon(
    [
        concept("disease", "ulcerative colitis | UC", "UC"),
        concept("disease", "Alzheimer disease | AD", "AD"),
        concept("disease", "atopic dermatitis"),
        concept("cell-source", "umbilical cord | UC"),
        concept("cell-source", "bone marrow | BM"),
        concept("route", "intravenous | i.v. | IV"),
        concept("route", "intramuscular | IM", "IM"),
        concept("route", "intramyocardial"),
        concept("measure", "overall survival | OS"),
        concept("measure", "interleukin 17 | IL-17"),
        concept("measure", "Perianal Disease Activity Index | PDAI"),
    ],
    {},
)


def pairs(text: str) -> list[tuple[str, str]]:
    return [(entry.form, entry.expansion) for entry in read_legend(text)]


def findings(text: str) -> list[tuple[str, str]]:
    return [(finding.code, finding.raw) for finding in check_legend(read_legend(text), SMALL)]


@pytest.mark.parametrize(
    "text",
    [
        "BM bone marrow, UC umbilical cord",
        "BM bone marrow, UC umbilical cord.",
        "BM: bone marrow; UC: umbilical cord",
        "BM = bone marrow, UC = umbilical cord",
        "BM, bone marrow; UC, umbilical cord",
        "BM, bone marrow, UC, umbilical cord",
        "BM – bone marrow; UC – umbilical cord",
        "Abbreviations: BM, bone marrow; UC, umbilical cord.",
        "bone marrow (BM), umbilical cord (UC)",
        "BM bone marrow. UC umbilical cord.",
        "Values are means. BM bone marrow, UC umbilical cord. Asked on one day",
    ],
)
def test_every_form_of_a_legend_is_read(text: str) -> None:
    assert pairs(text) == [("BM", "bone marrow"), ("UC", "umbilical cord")]


def test_a_comma_inside_an_expansion_does_not_cut_it() -> None:
    text = "MFS a score, simple, of many parts, BM bone marrow"
    assert pairs(text) == [("MFS", "a score, simple, of many parts"), ("BM", "bone marrow")]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("i.v. intravenous, BM bone marrow", "i.v."),
        ("N.A. not applicable, BM bone marrow", "N.A."),
        ("TGF-β1 transforming growth factor-beta 1, BM bone marrow", "TGF-β1"),
        ("APACHE III acute physiology score three, BM bone marrow", "APACHE III"),
        ("Ang-2 angiopoietin-2, BM bone marrow", "Ang-2"),
        ("BM-MSC-EV vesicles of the marrow, BM bone marrow", "BM-MSC-EV"),
    ],
)
def test_abbreviations_have_many_shapes(text: str, form: str) -> None:
    assert pairs(text)[0][0] == form
    assert pairs(text)[1] == ("BM", "bone marrow")


def test_small_letters_are_a_form_between_semicolons() -> None:
    assert pairs("BM, bone marrow; h, hours; mo months")[-1] == ("mo", "months")


@pytest.mark.parametrize("text", ["", " ", "...", ",;,", "nothing to explain here"])
def test_a_legend_without_abbreviations_has_no_entries(text: str) -> None:
    assert pairs(text) == []


def test_a_correct_legend_has_no_findings() -> None:
    assert findings("BM bone marrow, i.v. intravenous, XYZ something new") == []


def test_an_expansion_that_names_another_concept_contradicts() -> None:
    (finding,) = check_legend(read_legend("OS overall survival, IL-17 overall survival"), SMALL)
    assert (finding.code, finding.severity) == ("legend-contradicts", Severity.WARNING)
    assert "interleukin 17" in finding.message
    assert "same words for OS" in finding.message
    assert "letters" in finding.message


def test_an_unknown_expansion_of_a_known_form_is_unfamiliar() -> None:
    assert findings("PDAI Pouchitis disease activity index") == [
        ("legend-unfamiliar", "PDAI Pouchitis disease activity index")
    ]


def test_a_known_name_in_more_words_is_familiar() -> None:
    assert findings("BM human bone marrow of adults") == []


def test_two_meanings_of_one_form_are_a_remark() -> None:
    assert findings("UC ulcerative colitis, UC umbilical cord") == [("legend-ambiguous", "UC")]


def test_the_same_entry_twice_is_a_remark() -> None:
    assert findings("BM bone marrow, BM bone marrow") == [("legend-repeated", "BM")]


def test_an_ambiguous_form_may_be_given_another_meaning() -> None:
    entries = read_legend("AD: atopic dermatitis; IM: intramyocardial; BM: bone marrow")
    assert [finding.code for finding in check_legend(entries, SMALL)] == ["legend-overrides"] * 2
    assert legend_forms(entries, SMALL) == {
        ("disease", "ad"): SMALL.find("disease", "atopic dermatitis"),
        ("route", "im"): SMALL.find("route", "intramyocardial"),
    }


def test_a_new_abbreviation_of_a_known_name_is_learnt() -> None:
    assert legend_forms(read_legend("B.Mw. bone marrow"), SMALL) == {
        ("cell-source", form_key("B.Mw.")): SMALL.find("cell-source", "bone marrow")
    }


def test_a_wrong_entry_overrides_nothing() -> None:
    assert legend_forms(read_legend("IL-17 overall survival"), SMALL) == {}


def test_a_form_with_two_concepts_of_one_scheme_stays_as_it_is() -> None:
    assert legend_forms(read_legend("AD atopic dermatitis, AD Alzheimer disease"), SMALL) == {}


def test_letters_fit_when_they_stand_in_order() -> None:
    assert letters_fit("TNF-α", "tumor necrosis factor alpha")
    assert letters_fit("COVID-19", "Coronavirus disease 2019")
    assert not letters_fit("IL-17", "overall survival")


WORDS = ["bone marrow", "umbilical cord", "a score of pain", "swelling of joints"]


@given(
    st.lists(
        st.tuples(st.from_regex("[A-Z]{2,5}", fullmatch=True), st.sampled_from(WORDS)), min_size=1, max_size=6
    ),
    st.sampled_from(["{} {}, ", "{}: {}; ", "{}, {}; ", "{} = {}, "]),
)
@settings(deadline=None, max_examples=100)
def test_any_legend_is_read_back(entries: list[tuple[str, str]], style: str) -> None:
    text = "".join(style.format(*entry) for entry in entries).strip(",; ")
    assert pairs(text) == entries


@given(st.text(max_size=80) | st.text("ABC abc.,;:=() –", max_size=60))
@settings(deadline=None, max_examples=200)
def test_any_text_is_read_and_checked_without_an_error(text: str) -> None:
    entries = read_legend(text)
    assert all(isinstance(entry, LegendEntry) and entry.form for entry in entries)
    check_legend(entries, SMALL)
    legend_forms(entries, SMALL)


@pytest.mark.parametrize(
    "text",
    [
        "Abbreviations: IM, intramyocardial; BM, bone marrow.\na In two portions.",
        "a In two portions.\nAbbreviations: IM, intramyocardial; BM, bone marrow",
        "a In two portions\nIM, intramyocardial; BM, bone marrow",
        "* p < 0.05\nIM, intramyocardial\nBM, bone marrow",
        "IM, intramyo-\ncardial; BM,\nbone marrow".replace("-\n", ""),
        "IM, intramyocardial; BM, bone\nmarrow",
    ],
)
def test_footnotes_and_line_ends_between_abbreviations_change_none_of_them(text: str) -> None:
    found = {entry.form: entry.expansion for entry in read_legend(text)}
    assert found == {"IM": "intramyocardial", "BM": "bone marrow"}
