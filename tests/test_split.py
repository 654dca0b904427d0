"""A cell that holds several things is cut into what it says of each, and no character counts twice."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.cells.read import CellReader
from kg.cells.split import ORDER, PartReading, split_cell, unclaimed
from kg.model import State
from kg.vocabulary.load import bundled_lexicon

COURSE = ("dose", "route", "frequency")


@pytest.fixture(scope="module")
def reader() -> CellReader:
    return CellReader(bundled_lexicon())


def said(text: str, keys: tuple[str, ...], reader: CellReader) -> dict[str, str]:
    return {key: found.part.text for key, found in split_cell(text, keys, reader).items()}


@pytest.mark.parametrize(
    ("text", "dose", "route", "frequency"),
    [
        (
            "1 × 10⁶ cells/kg, via 2 repeated intrathecal injections",
            "1 × 10⁶ cells/kg",
            "intrathecal injections",
            "2 repeated",
        ),
        (
            "1.35 × 10⁶ cells/ kg, 3 intravenous infusions at 1-month intervals",
            "1.35 × 10⁶ cells/ kg",
            "intravenous infusions",
            "3 ; at 1-month intervals",
        ),
        ("Single dose of 1 × 106 cells per kg, IV", "1 × 106 cells per kg", "IV", "Single dose"),
        ("3 × 107 cells IV on day 1, 4, and 7", "3 × 107 cells", "IV", "on day 1, 4, and 7"),
        (
            "3 doses of 1 × 106 cells per kg IV, 3 days apart from each other",
            "1 × 106 cells per kg",
            "IV",
            "3 doses ; 3 days apart from each other",
        ),
        (
            "3 cohorts: 3, 5, or 10 million cells per kg body weight IV",
            "3, 5, or 10 million cells per kg body weight",
            "IV",
            "",
        ),
        (
            "Injected into the gastroduodenal artery/ pancreaticoduodenal artery",
            "",
            "Injected into the gastroduodenal artery/ pancreaticoduodenal artery",
            "",
        ),
        (
            "7 × 10⁵ to 1.2 × 10⁶ cells, via intrathecal administration",
            "7 × 10⁵ to 1.2 × 10⁶ cells",
            "intrathecal administration",
            "",
        ),
        (
            "9 × 10⁶ cells, via intra-arterial or intravenous administration",
            "9 × 10⁶ cells",
            "intra-arterial or intravenous administration",
            "",
        ),
        (
            "IV; 2 × 10⁶ cells/kg; weekly for 4 weeks",
            "2 × 10⁶ cells/kg",
            "IV",
            "weekly for 4 weeks",
        ),
        ("2 × 10⁶/kg, once, i.v.", "2 × 10⁶/kg", "i.v.", "once"),
        ("IV, single dose", "", "IV", "single dose"),
        ("up to 2 × 10⁶ cells/kg, IV", "up to 2 × 10⁶ cells/kg", "IV", ""),
        ("1–2 × 10⁶ cells/kg IV ×3", "1–2 × 10⁶ cells/kg", "IV", "×3"),
        ("IV (2 × 10⁶ cells/kg)", "2 × 10⁶ cells/kg", "IV", ""),
        ("IM and IV, 3 times", "", "IM and IV", "3 times"),
        ("single intracoronary infusion of 150 million cells", "150 million cells", "intracoronary infusion", "single"),
        ("2 × 10⁸ vesicles/3 ml, 5 times", "2 × 10⁸ vesicles/3 ml", "", "5 times"),
        ("200 μg total protein", "200 μg total protein", "", ""),
        ("10 μg/drop, four times a day for 14 days", "10 μg/drop", "", "four times a day for 14 days"),
        ("140 million, implanted at core decompression", "140 million", "implanted at core decompression", ""),
        ("low: 0.5 × 10⁶/kg high: 1.5 × 10⁶/kg; IV", "low: 0.5 × 10⁶/kg high: 1.5 × 10⁶/kg", "IV", ""),
        ("5 × 10⁶ cells followed by rest, IV", "5 × 10⁶ cells", "IV", ""),
        (
            "IV infusion of a product, of this and that and of yet another long thing: 2 × 10⁶ cells, on day 0 and 7",
            "2 × 10⁶ cells",
            "IV infusion",
            "on day 0 and 7",
        ),
        ("", "", "", ""),
    ],
)  # fmt: skip
def test_a_course_of_treatment_is_cut_into_dose_route_and_frequency(
    text: str, dose: str, route: str, frequency: str, reader: CellReader
) -> None:
    assert said(text, COURSE, reader) == {"dose": dose, "route": route, "frequency": frequency}


@pytest.mark.parametrize(
    ("text", "least", "interval"),
    [
        ("1 × 10⁶ cells/kg, 3 intravenous infusions at 1-month intervals", 3, "P1M"),
        ("1 × 10⁶ cells/kg, via 2 repeated intrathecal injections", 2, ""),
        ("3 × 107 cells IV on day 1, 4, and 7", 3, "P3D"),
        ("3 doses of 1 × 106 cells per kg IV, 3 days apart from each other", 3, "P3D"),
        ("IV; 2 × 10⁶ cells/kg; weekly for 4 weeks", 4, "P1W"),
    ],
)
def test_the_schedule_of_a_mixed_cell_is_read_as_if_it_stood_alone(
    text: str, least: int, interval: str, reader: CellReader
) -> None:
    schedule = split_cell(text, COURSE, reader)["frequency"].reading.value
    assert (schedule.minimum, schedule.maximum, schedule.interval) == (least, least, interval)


def test_without_a_route_column_the_words_of_the_route_stay_with_the_count(reader: CellReader) -> None:
    assert said("3 intravenous infusions", ("dose", "frequency"), reader)["frequency"] == (
        "3 intravenous infusions"
    )


@pytest.mark.parametrize(
    ("text", "number", "reference"),
    [
        ("[119, 120]", "", "[119, 120]"),
        ("NCT01363401", "NCT01363401", ""),
        ("Leng et al., 2020", "", "Leng et al., 2020"),
        ("NCT04348461 [45]", "NCT04348461", "[45]"),
        ("NCT04348461; Ortega et al. 2019", "NCT04348461", "Ortega et al. 2019"),
        ("NCT04348461, NCT04336254", "NCT04348461 ; NCT04336254", ""),
    ],
)
def test_a_number_or_a_reference_stands_in_one_column(
    text: str, number: str, reference: str, reader: CellReader
) -> None:
    assert said(text, ("trial_number", "reference"), reader) == {
        "trial_number": number,
        "reference": reference,
    }


@pytest.mark.parametrize(
    ("text", "keys", "expected"),
    [
        ("Phase 1 clinical trial; recruiting", ("phase",), ["Phase 1"]),
        ("Not yet recruiting", ("phase",), [""]),
        ("NCT04313322 (Phase 1)", ("trial_number", "phase"), ["NCT04313322", "Phase 1"]),
        ("NCT04313322 (I/II)", ("trial_number", "phase"), ["NCT04313322", "I/II"]),
        ("START, Phase IIa [45]", ("phase", "reference"), ["Phase IIa", "[45]"]),
        ("START-2, II [9]", ("phase", "reference"), ["II", "[9]"]),
        ("Crohn's disease (n = 12)", ("disease", "patients"), ["Crohn's disease", "n = 12"]),
        ("12 patients with GVHD", ("disease", "patients"), ["GVHD", "12 patients"]),
        ("Foo syndrome (n=3)", ("disease", "patients"), ["Foo syndrome", "n=3"]),
        ("Crohn's disease⁴⁵", ("disease", "reference"), ["Crohn's disease", "⁴⁵"]),
        ("Phase I (n = 12)", ("phase", "patients"), ["Phase I", "n = 12"]),
        ("UC-MSC 1 × 10⁶/kg i.v.", ("cell_source", "route", "dose"), ["UC-MSC", "i.v.", "1 × 10⁶/kg"]),
        ("GVHD, BM-MSCs", ("disease", "cell_source"), ["GVHD", "BM-MSCs"]),
        ("GVHD, BM-MSCs", ("cell_source", "disease"), ["BM-MSCs", "GVHD"]),
    ],
)
def test_other_pairs_are_told_apart(
    text: str, keys: tuple[str, ...], expected: list[str], reader: CellReader
) -> None:
    assert list(said(text, keys, reader).items()) == list(zip(keys, expected, strict=True))


def test_a_number_that_may_be_a_count_or_a_citation_is_nobodys(reader: CellReader) -> None:
    assert said("Crohn's disease 12", ("disease", "patients", "reference"), reader)["patients"] == ""


def test_a_key_of_which_the_cell_says_nothing_is_empty_and_has_an_empty_value(reader: CellReader) -> None:
    parts = split_cell("2 × 10⁶ cells/kg", COURSE, reader)
    assert parts["route"].part.state is State.EMPTY
    assert parts["route"].reading.value.concepts == ()
    assert parts["frequency"].reading.value is None


@pytest.mark.parametrize("mark", ["N/A", "-", "not reported"])
def test_a_mark_for_not_given_stands_with_the_first_key(mark: str, reader: CellReader) -> None:
    parts = split_cell(mark, COURSE, reader)
    assert [found.part.text for found in parts.values()] == [mark, "", ""]
    assert {found.part.state for found in parts.values()} == {State.EMPTY}


def test_an_unknown_name_is_unrecognised_and_not_lost(reader: CellReader) -> None:
    assert split_cell("Foo syndrome (n=3)", ("disease", "patients"), reader)["disease"].part.state is (
        State.UNRECOGNISED
    )


def test_values_know_their_place_in_the_whole_cell(reader: CellReader) -> None:
    text = "IV on day 1; 2 × 10⁶ cells/kg, then 3 × 10⁶ cells/kg"
    doses = split_cell(text, COURSE, reader)["dose"].reading.value
    assert [text[dose.span.start : dose.span.end] for dose in doses] == [
        "2 × 10⁶ cells/kg",
        "3 × 10⁶ cells/kg",
    ]
    numbers = split_cell("see NCT01363401", ("trial_number",), reader)["trial_number"].reading.value
    assert (numbers[0].span.start, numbers[0].span.end) == (4, 15)


def test_what_no_part_speaks_of_is_said(reader: CellReader) -> None:
    text = "Phase 1 clinical trial; recruiting"
    parts = split_cell(text, ("phase",), reader)
    rest = unclaimed(text, [found.part for found in parts.values()])
    assert [text[span.start : span.end] for span in rest] == ["clinical trial; recruiting"]


def test_words_that_only_join_the_parts_are_not_left_over(reader: CellReader) -> None:
    text = "Single dose of 2 × 10⁶ cells/kg via IV"
    assert unclaimed(text, [found.part for found in split_cell(text, COURSE, reader).values()]) == ()


def test_prose_is_not_cut(reader: CellReader) -> None:
    parts = split_cell("IV once, and " + "so on, " * 300, COURSE, reader)
    assert {found.part.state for found in parts.values()} == {State.EMPTY}


_PIECES = "IV|2 × 10⁶ cells/kg|3 times|(n = 12)|[4, 5]|Phase I/II|NCT01363401|GVHD|BM-MSC|once|autologous"
_MARKS = ", ; ( ) and 12 weekly up to foo · i.v. /"
PIECES = st.sampled_from([*_PIECES.split("|"), *_MARKS.split()])


@settings(deadline=None, max_examples=60)
@given(
    st.lists(PIECES, max_size=9).map(" ".join),
    st.lists(st.sampled_from(ORDER), min_size=1, max_size=4, unique=True).map(tuple),
)
def test_no_character_is_claimed_twice_and_every_part_says_its_own_words(
    reader: CellReader, text: str, keys: tuple[str, ...]
) -> None:
    parts = split_cell(text, keys, reader)
    assert tuple(parts) == keys
    spans = sorted((s.start, s.end) for found in parts.values() for s in found.part.spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert all(_words(text, found) in (found.part.text, "") for found in parts.values())


def _words(text: str, found: PartReading) -> str:
    return " ; ".join(" ".join(text[s.start : s.end].split()) for s in found.part.spans)
