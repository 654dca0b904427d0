"""Cells with a number of patients: one number, arms that add up, and everything that is refused."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.cells.count import read_count
from kg.model import Reading, State
from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import load_lexicon

SHARED = Path(__file__).resolve().parents[2] / "shared"


@cache
def lexicon() -> Lexicon:
    return load_lexicon(vocabulary_files())


def read(text: str, header: str = "") -> Reading[int | None]:
    return read_count(text, lexicon(), header)


def codes(reading: Reading[int | None]) -> list[str]:
    return [finding.code for finding in reading.findings]


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("54", 54, "count.number"),
        (" 54 ", 54, "count.number"),
        ("106", 106, "count.number"),
        ("0", 0, "count.number"),
        ("20(10/10)", 20, "count.arms"),
        ("9 (3/3/3)", 9, "count.arms"),
        ("n = 20", 20, "count.text"),
        ("N=20", 20, "count.text"),
        ("Estimated: 100 patients", 100, "count.text"),
        ("20 participants", 20, "count.text"),
        ("twelve patients", 12, "count.text"),
        ("1,200", 1200, "count.text"),
        ("20 + 15", 35, "count.sum"),
        ("Active arm:30;Control arm:28;", 58, "count.sum"),
    ],
)
def test_a_count_is_read_completely(text: str, value: int, rule: str) -> None:
    reading = read(text)
    assert (reading.value, reading.state, reading.rule) == (value, State.MAPPED, rule)
    assert reading.complete


def test_arms_that_do_not_add_up_are_reported_and_the_total_is_kept() -> None:
    reading = read("20(10/9)")
    assert reading.value == 20
    assert codes(reading) == ["count-arms-differ"]
    assert "19" in reading.findings[0].message


def test_a_sum_over_arms_says_that_it_is_one() -> None:
    assert codes(read("Active arm:30;Control arm:28;")) == ["count-summed"]


@pytest.mark.parametrize(
    ("text", "value", "unread"),
    [
        ("7 patients with severe pneumonia", 7, "with severe pneumonia"),
        ("54 NCT02336230", 54, "NCT02336230"),
        ("54 III", 54, "III"),
        ("45 (30 treated)", 45, "(30 treated)"),
    ],
)
def test_a_foreign_tail_is_unread(text: str, value: int, unread: str) -> None:
    reading = read(text)
    assert reading.value == value
    assert [text[s.start : s.end] for s in reading.unread] == [unread]
    assert codes(reading) == ["word-unknown"]


@pytest.mark.parametrize(
    "text",
    [
        "10–12",
        "10 to 12 13",
        "-5",
        "5.5",
        "30/30",
        "~50",
        ">50",
        "about 50",
        "54 54",
        "1 200",
        "2024-01-01",
        "12 %",
        "Once",
    ],
)
def test_what_is_not_one_whole_number_is_never_guessed(text: str) -> None:
    reading = read(text)
    assert (reading.value, reading.state) == (None, State.UNRECOGNISED)
    assert codes(reading) == ["count-unrecognised"]
    assert not reading.complete


@pytest.mark.parametrize("text", ["", "NA", "N.A.", "–", "not reported"])
def test_not_given_is_empty_without_a_finding(text: str) -> None:
    reading = read(text)
    assert (reading.value, reading.state, reading.findings) == (None, State.EMPTY, ())


@settings(deadline=None, max_examples=100)
@given(
    st.integers(0, 99_999),
    st.sampled_from(["{}", "n={}", "N = {}", "{:,}", "{} patients", "Estimated: {} participants"]),
)
def test_any_number_reads_back_in_every_spelling(number: int, spelling: str) -> None:
    assert read(spelling.format(number)).value == number


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(1, 500), min_size=2, max_size=4))
def test_arms_in_brackets_that_add_up_raise_no_finding(arms: list[int]) -> None:
    reading = read(f"{sum(arms)}({'/'.join(map(str, arms))})")
    assert (reading.value, reading.findings) == (sum(arms), ())


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.text(max_size=30), st.text("0123456789 ,.;:/()+-–nN=", max_size=20)))
def test_any_text_is_read_without_an_exception_and_with_honest_spans(text: str) -> None:
    reading = read(text)
    for span in (*reading.spans, *reading.unread):
        assert 0 <= span.start < span.end <= len(text)
    assert (reading.value is None) == (reading.state is not State.MAPPED)
    assert reading.value is None or reading.value >= 0


@pytest.mark.skipif(not SHARED.is_dir(), reason="the tables of other layouts are not here")
def test_the_counts_of_real_tables_are_those_that_people_read() -> None:
    rows = [
        (path.name, row["row"], row["patients"], row["patients_n"])
        for path in sorted((SHARED / "tables").glob("*.gold.jsonl"))
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
        if row["patients"] is not None
    ]
    assert len(rows) > 70
    assert [row for row in rows if read(row[2]).value != row[3]] == []


@pytest.mark.parametrize(
    "text", ["sıx patients", "SİX patients", "1234567890123 patients", "n = 12345678901"]
)
def test_a_number_is_never_cut_short_or_taken_from_letters_of_another_alphabet(text: str) -> None:
    assert (read(text).value, read(text).state) == (None, State.UNRECOGNISED)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(
            ("20.0", 20),
            ("14*", 14),
            ("15 pts", 15),
            ("1,200", 1200),
            ("twenty", 20),
            ("Thirty-five patients", 35),
        ),
        *(
            ("Estimated: 100 patients", 100),
            ("100 (estimated)", 100),
            ("60 [Anticipated]", 60),
            ("8 children", 8),
        ),
        *(("12 (6 treated, 6 control)", 12), ("58 (29 MSC/29 placebo)", 58), ("5 (3M/2F)", 5)),
        ("17 patients (9 in the cell group; 8 in the control group)", 17),
        *(("10 treated/10 control", 20), ("10 MSC vs 10 control", 20), ("10 vs. 12", 22), ("40/20", 60)),
        *(("n=10 (MSC), n=11 (control)", 21), ("MSCs (10), placebo (9)", 19), ("10/10/12", 32)),
        ("20 (MSC group) and 20 (control group)", 40),
        ("Target condition:100;Difficult condition:0", 100),
    ],
)
def test_patients_and_arms_are_counted_however_they_are_named(text: str, value: int) -> None:
    assert read(text).value == value
    assert read(text).complete


def test_a_header_of_arms_says_what_equal_numbers_count() -> None:
    assert (read("20/20").value, read("20/20", "Number: Trial/Control").value) == (None, 40)
    assert "20 of 20" in read("20/20").findings[0].message
    assert read("12/20").value is None


def test_of_eyes_and_patients_the_patients_are_counted() -> None:
    assert (read("60 eyes of 30 patients").value, read("30 patients (60 eyes)").value) == (30, 30)


@pytest.mark.parametrize(
    "text",
    [
        "18 eyes",
        "12 knees",
        "6 in each group",
        "10/group",
        "9 per arm",
        "3 cohorts of 3",
        "10, 10",
        "12 of 20",
    ],
)
def test_a_number_of_something_else_is_no_number_of_patients(text: str) -> None:
    assert (read(text).value, codes(read(text))) == (None, ["count-unrecognised"])
