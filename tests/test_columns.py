"""What a header means, and how a header that lost its borders is cut."""

from __future__ import annotations

import pytest

from kg.columns.cuts import header_cuts
from kg.columns.understand import is_numbering, understand
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon

LINE = "Diseases Cell source Route Dose Frequency Patients (treated) Clinical Trials number Study phase Outcomes Ref"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return bundled_lexicon()


def test_a_known_header_gives_its_key_with_full_confidence(lexicon: Lexicon) -> None:
    (column,) = understand(["Clinical Trials number"], lexicon)
    assert (column.key, column.confidence) == ("trial_number", 1.0)


def test_a_header_with_further_words_is_understood_with_less_confidence(lexicon: Lexicon) -> None:
    (column,) = understand(["Patients (experiment group)"], lexicon)
    assert column.key == "patients"
    assert 0 < column.confidence <= 1


def test_an_unknown_header_keeps_its_own_name(lexicon: Lexicon) -> None:
    (column,) = understand(["Weather"], lexicon)
    assert (column.key, column.name) == ("", "Weather")


def test_two_headers_for_one_thing_do_not_share_its_key(lexicon: Lexicon) -> None:
    columns = understand(["Dose", "Dose"], lexicon)
    assert [column.key for column in columns] == ["dose", ""]
    assert len({column.name for column in columns}) == 2


def test_columns_without_a_header_stay_apart(lexicon: Lexicon) -> None:
    names = [column.name for column in understand(["", "", "Disease"], lexicon)]
    assert len(set(names)) == 3


def test_one_way_to_cut_a_header_line_is_the_true_one(lexicon: Lexicon) -> None:
    expected = (
        "Diseases",
        "Cell source",
        "Route",
        "Dose",
        "Frequency",
        "Patients (treated)",
        "Clinical Trials number",
        "Study phase",
        "Outcomes",
        "Ref",
    )
    assert expected in header_cuts(LINE, lexicon)


def test_every_way_to_cut_a_header_line_keeps_all_its_words(lexicon: Lexicon) -> None:
    for cut in header_cuts(LINE + " Weather forecast", lexicon):
        assert " ".join(cut) == LINE + " Weather forecast"


def test_unknown_words_between_known_headers_are_a_header_of_their_own(lexicon: Lexicon) -> None:
    assert ("Disease", "Weather forecast", "Route") in header_cuts("Disease Weather forecast Route", lexicon)


def test_an_open_bracket_does_not_end_the_world(lexicon: Lexicon) -> None:
    cuts = header_cuts("Disease Patients (n Route", lexicon)
    assert {"".join(cut).replace(" ", "") for cut in cuts} == {"DiseasePatients(nRoute"}


@pytest.mark.parametrize(
    "header",
    [
        ("Disease", "Clinical trial", "Stage of study", "Outcomes"),
        ("Disease", "Dose", "Patients (n)", "Ref no.", "Outcome(s)"),
        ("Clinical trial identifier", "Trial drugs (dose)", "Delivery"),
        ("Publication", "Dosing", "Schedule", "Phase (I/II/III)"),
    ],
)
def test_a_header_is_cut_so_that_all_its_words_are_known(header: tuple[str, ...], lexicon: Lexicon) -> None:
    assert header in header_cuts(" ".join(header), lexicon)


def test_a_header_of_very_many_words_has_few_ways_to_be_cut(lexicon: Lexicon) -> None:
    assert 0 < len(header_cuts("Dose Frequency Study Phase " * 30, lexicon)) <= 16


def test_a_column_that_numbers_the_rows_is_no_number_of_patients(lexicon: Lexicon) -> None:
    columns = understand(["No.", "Disease", "Patients"], lexicon, numbered=True)
    assert [column.key for column in columns] == ["", "disease", "patients"]
    assert [column.key for column in understand(["No.", "Disease"], lexicon)] == ["patients", "disease"]


@pytest.mark.parametrize(
    ("firsts", "expected"),
    [
        (["1", "2", "3", "4"], True),
        (["1.", "2.", "so", "3."], True),
        (["3", "1", "2"], False),
        (["1"], False),
    ],
)
def test_rows_are_numbered_when_they_count_from_one(firsts: list[str], expected: bool) -> None:
    assert is_numbering(firsts) is expected
