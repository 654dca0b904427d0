"""Cutting rows that lost their borders: by what the cells are, in header order, never losing a word."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.cells.read import CellReader
from kg.model import Line, Parsed
from kg.parse.tables import parse_source
from kg.readers.base import Source, open_source
from kg.records import CELL_KEYS
from kg.resources import bundled_table
from kg.segment.cut import cut
from kg.segment.rows import group_rows
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon
from kg.vocabulary.text import squeeze

SAMPLE = Path(__file__).parent / "samples" / "paste.txt"
PAGE = Path(__file__).resolve().parents[2] / "shared" / "seed" / "table2.txt"
KEYS = CELL_KEYS  # the header order of the first table is that of the record
HEADER = "Diseases Cell source Route Dose Frequency Patients Clinical Trials number Study phase Outcomes Ref"
GOOD = "GVHD BM i.v. 2 × 106 cells/kg Once 54 NCT02336230 III All was well. 68"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return bundled_lexicon()


@pytest.fixture(scope="module")
def sample(lexicon: Lexicon) -> Parsed:
    (parsed,) = parse_source(open_source(SAMPLE), lexicon)
    return parsed


def cells(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    found = cut(text, KEYS, CellReader(lexicon))
    assert found is not None
    return found.cells


def paste(*rows: str) -> Source:
    page = [
        "Table 1.",
        "",
        "A caption",
        "",
        HEADER,
        *rows,
        "",
        "BM bone marrow, UC umbilical cord, i.v. intravenous",
    ]
    return Source("page.txt", "\n".join(page).encode())


# one row each: what is hard, and the cells that must come out
CASES = {
    "the same letters mean a disease and a tissue": (
        "UC UC i.v. 1 × 108 cells Once 6 NCT03299413 I Nothing happened. 493",
        ("UC", "UC", "i.v.", "1 × 108 cells", "Once", "6", "NCT03299413", "I", "Nothing happened.", "493"),
    ),
    "a schedule that ends in a number stands before the count": (
        "GVHD BM i.v. 1 × 106 cells/kg On day 0 and 7 10 NCT03158896 I Fine. 1",
        ("GVHD", "BM", "i.v.", "1 × 106 cells/kg", "On day 0 and 7", "10", "NCT03158896", "I", "Fine.", "1"),
    ),
    "a schedule that ends in words stands before the count": (
        "OA UC Intra-articular 1 × 107 cells Once every 2 weeks, 4 doses in total 78 N.A. NA Better. 476",
        (
            "OA",
            "UC",
            "Intra-articular",
            "1 × 107 cells",
            "Once every 2 weeks, 4 doses in total",
            "78",
            "N.A.",
            "NA",
            "Better.",
            "476",
        ),
    ),
    "an outcome that begins with a number follows the phase": (
        "CD BM Intralesional 3 × 107 cells Once 10 N.A. I/II 4 patients left. 495",
        (
            "CD",
            "BM",
            "Intralesional",
            "3 × 107 cells",
            "Once",
            "10",
            "N.A.",
            "I/II",
            "4 patients left.",
            "495",
        ),
    ),
    "an outcome that ends in a number stands before the reference": (
        "CD BM i.v. N.A. Once 10 N.A. I Seen again on day 28 495",
        ("CD", "BM", "i.v.", "N.A.", "Once", "10", "N.A.", "I", "Seen again on day 28", "495"),
    ),
    "two numbers in one cell, a blank lost": (
        "SLE BM or UC i.v. 1 × 106 cells/kg Once or twice 69 NCT00698191 andNCT01741857 NA 40 got better. 485",
        (
            "SLE",
            "BM or UC",
            "i.v.",
            "1 × 106 cells/kg",
            "Once or twice",
            "69",
            "NCT00698191 andNCT01741857",
            "NA",
            "40 got better.",
            "485",
        ),
    ),
    "a number that no registry gives out": (
        "ARDS BM i.v. 1 × 106 cells/kg 2 or 3 doses 23 432/2020BO I It was safe. 511",
        (
            "ARDS",
            "BM",
            "i.v.",
            "1 × 106 cells/kg",
            "2 or 3 doses",
            "23",
            "432/2020BO",
            "I",
            "It was safe.",
            "511",
        ),
    ),
    "doses and routes in pairs": (
        "ALS BM Intrathecal and Intramuscular 1.25 × 108 cells and 4.8 × 107 cells Once 36 NCT02017912 II Slower. 551",
        (
            "ALS",
            "BM",
            "Intrathecal and Intramuscular",
            "1.25 × 108 cells and 4.8 × 107 cells",
            "Once",
            "36",
            "NCT02017912",
            "II",
            "Slower.",
            "551",
        ),
    ),
}


@pytest.mark.parametrize(("row", "expected"), CASES.values(), ids=CASES.keys())
def test_a_row_is_cut_by_what_its_cells_are(row: str, expected: tuple[str, ...], lexicon: Lexicon) -> None:
    assert cells(row, lexicon) == expected


def test_words_that_no_vocabulary_knows_stay_in_the_cell_between_known_neighbours(lexicon: Lexicon) -> None:
    row = "Weeping sore syndrome Placenta i.v. 1 × 106 cells/kg Once 5 NCT02336230 III Fine. 18"
    assert cells(row, lexicon)[:2] == ("Weeping sore syndrome", "Placenta")


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        (GOOD.replace("BM", "BM (autologous)"), "cell_source", "BM (autologous)"),
        (GOOD.replace("54", "54 (27/27)"), "patients", "54 (27/27)"),
        (GOOD.replace("68", "[68, 70]"), "reference", "[68, 70]"),
        (GOOD.replace("2 × 106 cells/kg Once", "15 mL At least 6 times"), "frequency", "At least 6 times"),
        (GOOD.replace("All was well.", "Seen until month 3"), "outcome", "Seen until month 3"),
        (GOOD.replace("BM", "Human bone marrow"), "cell_source", "Human bone marrow"),
    ],
)
def test_a_cell_is_not_torn_apart_in_brackets_or_behind_small_words(
    row: str, column: str, expected: str, lexicon: Lexicon
) -> None:
    found = cut(row, KEYS, CellReader(lexicon))
    assert found is not None
    at = KEYS.index(column)
    assert found.cells[at] == expected
    assert found.confidence[at] > 0.7


def test_an_unknown_name_of_many_words_and_an_unknown_frequency_are_cut_too(lexicon: Lexicon) -> None:
    row = "Weeping sore of the nose BM i.v. 1 × 106 cells/kg as the nurse saw fit 5 NCT02336230 III Fine. 18"
    assert cells(row, lexicon)[::4] == ("Weeping sore of the nose", "as the nurse saw fit", "Fine.")


def test_another_order_of_columns_is_cut_as_well(lexicon: Lexicon) -> None:
    keys = ("trial_number", "phase", "disease", "patients", "dose", "route", "reference")
    found = cut("NCT02336230 I/II Stroke 12 2 × 106 cells/kg intravenous 7", keys, CellReader(lexicon))
    assert found is not None
    assert found.cells == ("NCT02336230", "I/II", "Stroke", "12", "2 × 106 cells/kg", "intravenous", "7")


def test_a_clear_cut_is_sure_and_says_why(lexicon: Lexicon) -> None:
    found = cut(GOOD, KEYS, CellReader(lexicon))
    assert found is not None
    assert min(found.confidence) > 0.9
    assert all(found.reasons)


@given(words=st.lists(st.sampled_from([*GOOD.split(), "foo", "7", "and", "×", "N.A.", "weeks"]), max_size=25))
@settings(max_examples=60, deadline=None)
def test_a_cut_never_loses_or_moves_a_word(words: list[str]) -> None:
    found = cut(" ".join(words), KEYS, CellReader(bundled_lexicon_once()))
    if found is not None:
        assert squeeze(" ".join(found.cells)) == " ".join(words)
        assert all(0 <= share <= 1 for share in found.confidence)


def bundled_lexicon_once(_kept: list[Lexicon] = []) -> Lexicon:  # noqa: B006 - one lexicon for all examples
    if not _kept:
        _kept.append(bundled_lexicon())
    return _kept[0]


def test_lines_that_make_sense_only_together_are_one_row(lexicon: Lexicon) -> None:
    lines = [
        Line(1, GOOD),
        Line(2, "SLE BM i.v. 1 × 106 cells/kg Once 7 NCT02336230 II"),
        Line(4, "The lungs got better."),
        Line(6, "IL-6 fell."),
        Line(8, "525"),
        Line(9, GOOD),
    ]
    groups = group_rows(lines, KEYS, CellReader(lexicon))
    assert [(group.first_line, group.last_line) for group in groups] == [(1, 1), (2, 8), (9, 9)]
    assert groups[1].cut is not None
    assert groups[1].cut.cells[8:] == ("The lungs got better. IL-6 fell.", "525")


def test_a_heading_between_rows_does_not_become_a_part_of_the_next_one(lexicon: Lexicon) -> None:
    groups = group_rows([Line(1, GOOD), Line(2, "Heart disease"), Line(3, GOOD)], KEYS, CellReader(lexicon))
    assert [group.cut is not None for group in groups] == [True, False, True]


def test_a_name_that_breaks_at_its_comma_is_one_row_with_the_next_line(lexicon: Lexicon) -> None:
    rest = GOOD.removeprefix("GVHD ")
    groups = group_rows([Line(1, "GVHD,"), Line(2, "SLE " + rest)], KEYS, CellReader(lexicon))
    (group,) = groups
    assert group.cut is not None
    assert group.cut.cells[0] == "GVHD, SLE"


def test_a_whole_row_that_takes_in_a_further_line_is_not_sure_of_it(lexicon: Lexicon) -> None:
    (group,) = group_rows([Line(1, GOOD), Line(2, "It stayed so. 9")], KEYS, CellReader(lexicon))
    assert group.cut is not None
    assert group.cut.cells[8:] == ("All was well. 68 It stayed so.", "9")
    assert min(group.cut.confidence) <= 0.5


def test_two_rows_that_are_both_unclear_are_not_read_as_one(lexicon: Lexicon) -> None:
    torn = "GVHD BM i.v. 2 × 106 cells/kg Once 54 NCT02336230 III Response was"
    groups = group_rows([Line(1, torn), Line(2, torn + " better in 9 of")], KEYS, CellReader(lexicon))
    assert [group.cut for group in groups] == [None, None]


@pytest.mark.parametrize(
    "strange",
    ["lorem 12 BM " * 30_000, "x" * 300_000, "9" * 300_000 + " 7", GOOD[:12] + "foo bar " * 250 + GOOD[12:]],
    ids=["words of cells", "one word", "one number", "words between cells"],
)
def test_a_very_long_line_is_quarantined_in_short_time(strange: str, lexicon: Lexicon) -> None:
    (parsed,) = parse_source(paste(GOOD, strange, GOOD), lexicon)
    assert (len(parsed.records), len(parsed.quarantined)) == (2, 1)


@pytest.mark.parametrize(
    "broken",
    [
        "GVHD BM i.v. 2 × 106 cells/kg Twice a week",
        "GVHD BM i.v. 2 × 106 cells/kg Once 54 NCT02336230 III Response was",
        "GVHD BM i.v. 2 × 106 cells/kg Once 54 NCT02336230 III The response improved on day 28",
        "No row at all",
        "\\ \" ' <script>alert(1)</script>",
    ],
)
def test_a_row_cut_in_the_middle_is_quarantined_and_its_neighbours_are_read(
    broken: str, lexicon: Lexicon
) -> None:
    (parsed,) = parse_source(paste(GOOD, broken, GOOD), lexicon)
    assert [record.row for record in parsed.records] == [1, 3]
    (away,) = parsed.quarantined
    assert (away.row, away.text, away.lines) == (2, squeeze(broken), (7, 7))
    assert away.finding.hint


def test_markup_and_quotes_in_a_cell_are_text(lexicon: Lexicon) -> None:
    text = 'He said "so" \\ <script>alert(1)</script> & more.'
    (parsed,) = parse_source(paste(GOOD.replace("All was well.", text)), lexicon)
    assert parsed.records[0].text("outcome") == text


def test_every_row_of_the_sample_is_read(sample: Parsed) -> None:
    assert len(sample.records) == 8
    assert not sample.quarantined


def test_the_cells_of_the_sample_joined_by_blanks_are_its_lines(sample: Parsed) -> None:
    lines = SAMPLE.read_text(encoding="utf-8").split("\n")
    for record in sample.records:
        first, last = record.lines
        assert " ".join(cell.text for cell in record.cells) == squeeze(" ".join(lines[first - 1 : last]))


def test_the_cells_of_the_sample_are_those_one_would_cut_by_hand(sample: Parsed) -> None:
    assert [record.text("frequency") for record in sample.records] == [
        "Twice a week, in total three weeks",
        "Once",
        "On day 0 and 14",
        "Every week for 3 weeks",
        "2 or 3 doses",
        "Once every 2 weeks, 4 doses in total",
        "Once",
        "At least 6 times",
    ]
    assert [record.patients for record in sample.records] == [12, 7, 106, 20, 9, 33, 5, 8]
    assert [record.text("reference") for record in sample.records] == [str(n) for n in range(12, 20)]


@pytest.mark.skipif(not PAGE.exists(), reason="the real page is not part of the project")
def test_the_real_page_is_cut_as_the_facts_of_the_bundled_table_stand(lexicon: Lexicon) -> None:
    (page,) = parse_source(open_source(PAGE), lexicon)
    with open(bundled_table(), encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if len(row) == len(KEYS)][1:]
    assert len(page.records) == 92
    for record, row in zip(page.records, rows, strict=True):
        facts = [cell.text for cell in record.cells]
        assert facts[:8] + facts[9:] == row[:8] + row[9:]


@pytest.mark.skipif(not PAGE.exists(), reason="the real page is not part of the project")
def test_the_cells_of_the_real_page_joined_by_blanks_are_its_lines(lexicon: Lexicon) -> None:
    (page,) = parse_source(open_source(PAGE), lexicon)
    lines = PAGE.read_text(encoding="utf-8").split("\n")
    for record in page.records:
        first, last = record.lines
        assert " ".join(cell.text for cell in record.cells) == squeeze(" ".join(lines[first - 1 : last]))
