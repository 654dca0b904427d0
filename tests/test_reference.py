"""Reference cells give the keys of the cited works."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.cells.reference import read_references
from kg.model import Reading, State
from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import load_lexicon

LEXICON = load_lexicon(vocabulary_files())


def read(text: str) -> Reading[tuple[str, ...]]:
    return read_references(text, LEXICON)


@pytest.mark.parametrize(
    ("text", "keys", "rule"),
    [
        ("68", ("68",), "reference.numbers"),
        ("[68]", ("68",), "reference.numbers"),
        ("[159, 160]", ("159", "160"), "reference.numbers"),
        ("[12]–[14]", ("12", "13", "14"), "reference.numbers"),
        ("12, 14–16", ("12", "14", "15", "16"), "reference.numbers"),
        ("5 and 6", ("5", "6"), "reference.numbers"),
        ("¹²", ("12",), "reference.numbers"),
        ("Smith et al.9", ("9",), "reference.glued"),
        ("Smith et al. 53", ("53",), "reference.glued"),
        ("van der Moor et al.9", ("9",), "reference.glued"),
        ("Moor‐Stone et al. [59]", ("59",), "reference.glued"),
        ("Smith et al., 2020", ("Smith et al., 2020",), "reference.author-year"),
        ("Smith et al. (2017)", ("Smith et al. (2017)",), "reference.author-year"),
        ("Smith and Jones, 2019a", ("Smith and Jones, 2019a",), "reference.author-year"),
        (
            "Smith et al., 2020; Jones et al., 2021",
            ("Smith et al., 2020", "Jones et al., 2021"),
            "reference.author-year",
        ),
        ("Smith et al.", ("Smith et al.",), "reference.author"),
        ("https://doi.org/10.1000/j.x.5-1.", ("10.1000/j.x.5-1",), "reference.doi"),
        ("PMID: 12345678", ("PMID:12345678",), "reference.pubmed"),
        ("12345678", ("PMID:12345678",), "reference.pubmed"),
        ("1234567; 12345678", ("PMID:1234567", "PMID:12345678"), "reference.pubmed"),
    ],
)
def test_each_kind_of_reference_has_its_key(text: str, keys: tuple[str, ...], rule: str) -> None:
    reading = read(text)
    assert (reading.value, reading.rule) == (keys, rule)
    assert reading.complete


def test_a_falling_range_is_kept_as_written() -> None:
    assert read("14–12").value == ("14-12",)


@pytest.mark.parametrize(
    ("text", "key", "foreign"),
    [("healing. 68", "68", ["healing"]), ("III 7", "7", ["III"]), ("ACRONYM 58", "58", ["ACRONYM"])],
)
def test_words_before_the_number_are_unread_and_the_number_is_read(
    text: str, key: str, foreign: list[str]
) -> None:
    reading = read(text)
    assert reading.value == (key,)
    assert [text[span.start : span.end] for span in reading.unread] == foreign
    assert [finding.code for finding in reading.findings] == ["reference-text"]


def test_words_before_an_author_do_not_belong_to_the_key() -> None:
    reading = read("healing in Smith et al., 2020")
    assert reading.value == ("Smith et al., 2020",)
    assert not reading.complete


@pytest.mark.parametrize("text", ["NCT01234567", "12345", "II", "1.5", "cells/kg", "Once"])
def test_what_is_no_reference_is_not_read(text: str) -> None:
    assert read(text).value == ()
    assert read(text).state is State.UNRECOGNISED


@pytest.mark.parametrize("text", ["N.A.", "-", ""])
def test_nothing_given_is_empty(text: str) -> None:
    assert read(text).state is State.EMPTY


@given(
    st.lists(st.integers(1, 9999), min_size=1, max_size=5, unique=True), st.sampled_from([", ", ",", "; "])
)
@settings(deadline=None, max_examples=100)
def test_any_list_of_numbers_is_read_back(numbers: list[int], joiner: str) -> None:
    text = joiner.join(map(str, numbers))
    assert read(text).value == read(f"[{text}]").value == tuple(map(str, numbers))
    assert read(text).complete


@given(st.text(max_size=60) | st.text("Aeal. ,0123456789[]()-–;", max_size=40))
@settings(deadline=None, max_examples=200)
def test_any_text_is_read_without_an_error_and_with_spans_inside(text: str) -> None:
    reading = read(text)
    assert all(0 <= span.start <= span.end <= len(text) for span in (*reading.spans, *reading.unread))


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        *(("Ref. 12", ("12",)), ("refs 12, 13", ("12", "13")), ("Ref. [12]", ("12",)), ("#12", ("12",))),
        *(("12*", ("12",)), ("⁹⁻¹¹", ("9", "10", "11")), ("Lee et al⁹", ("9",)), ("Lee et al.9", ("9",))),
        *(("Lee et al. 2010 [23]", ("23",)), ("Lee et al. (2010)[23]", ("23",)), ("Kim, 2012 (7)", ("7",))),
        ("Lee et al. 2004 [12]; Kim et al. 2012 [13,14]", ("12", "13", "14")),
        ("PMC1234567", ("PMC1234567",)),
        ("PMID: 12345678", ("PMID:12345678",)),
    ],
)
def test_the_number_of_the_list_is_the_key_however_it_is_written(text: str, keys: tuple[str, ...]) -> None:
    assert read(text).value == keys
    assert read(text).complete


def test_years_keep_their_authors_where_not_all_have_a_number() -> None:
    assert read("Lee et al. 2004 [12]; Kim et al. 2012").value == ("Lee et al. 2004", "Kim et al. 2012")


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Vega7", ("7",)),
        ("Lee8,9", ("8", "9")),
        ("Vega7; Lee8", ("7", "8")),
        ("van den Berg12–14", ("12", "13", "14")),
    ],
)
def test_a_number_behind_a_surname_is_the_key(text: str, keys: tuple[str, ...]):
    assert read(text).value == keys


@pytest.mark.parametrize("text", ["CD34", "MSC2", "Vega2010"])
def test_a_number_behind_capitals_or_a_year_is_no_number_of_the_list(text: str):
    assert read(text).value in ((), (text,))


@pytest.mark.parametrize("text", ["Mar 2015", "September 2019", "May 2020", "Dec. 2018"])
def test_a_month_is_no_author(text: str) -> None:
    assert not read(text).complete
    assert text not in read(text).value
    assert read("Marsh 2015").value == ("Marsh 2015",)
