"""Dose cells: every spelling of an amount, lost exponents, shared units, doubts, and what is left unread."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.cells.dose import dose_operator, read_dose
from kg.model import Dose, Reading, Severity, State
from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import load_lexicon

SHARED = Path(__file__).resolve().parents[2] / "shared"
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@cache
def lexicon() -> Lexicon:
    return load_lexicon(vocabulary_files())


def read(text: str, header: str = "") -> Reading[tuple[Dose, ...]]:
    return read_dose(text, lexicon(), header)


Amounts = list[tuple[Decimal, Decimal, str | None]]


def plain(reading: Reading[tuple[Dose, ...]]) -> Amounts:
    return [(d.low, d.high, d.unit.label if d.unit else None) for d in reading.value]


def levels(unit: str | None, *amounts: str, scale: int = 10**6) -> Amounts:
    """Expected doses: "5" for a single amount, "1-5" for a range, in millions."""
    ends = [[Decimal(end) * scale for end in amount.split("-")] for amount in amounts]
    return [(low[0], low[-1], unit) for low in ends]


def codes(reading: Reading[tuple[Dose, ...]]) -> list[str]:
    return [finding.code for finding in reading.findings]


SPELLINGS = [
    ("2 × 106 cells/kg", "cells/kg", ["2"]),
    ("7.5 ×107 cells", "cells", ["75"]),
    ("1.5–3 × 106 cells/kg", "cells/kg", ["1.5-3"]),
    ("1 × 106 or 2 × 106 cells/kg", "cells/kg", ["1", "2"]),
    ("1 or 3 × 107 cells", "cells", ["10", "30"]),
    ("3 × 108 or 1.5 × 107 cells", "cells", ["300", "15"]),
    ("1.25 × 108 cells and 4.8 × 107 cells", "cells", ["125", "48"]),
    ("1,5,10 × 106/kg", "cells/kg", ["1", "5", "10"]),
    ("1, 2 × 106/kg", "cells/kg", ["1", "2"]),
    ("1∼10 × 107 cells/kg", "cells/kg", ["10-100"]),
    ("300/900million", "cells", ["300", "900"]),
    ("0.5*10e6, 1.0*10e6, or 1.5 × 10e6 cells/kg", "cells/kg", ["0.5", "1", "1.5"]),
    ("3, 5, or 10 million cells per kg body weight", "cells/kg", ["3", "5", "10"]),
    ("120-180 M", "cells", ["120-180"]),
    ("100M", "cells", ["100"]),
    ("24-36 MM", "cells", ["24-36"]),
    ("1,3,6, and 10 M/kg", "cells/kg", ["1", "3", "6", "10"]),
    ("8.73 × 106/person", "cells", ["8.73"]),
    ("8 × 106/kg 2 × 106/kg", "cells/kg", ["8", "2"]),
    ("1×10^6/kg", "cells/kg", ["1"]),
    ("5 × 10E7 cells / time", "cells", ["50"]),
    ("1.35 × 106 cells/ kg", "cells/kg", ["1.35"]),
    ("2 × 106cells/kg", "cells/kg", ["2"]),
    ("1.5–2 × 109 EVs/kg", "EVs/kg", ["1500-2000"]),
    ("1 × 107 units", "units", ["10"]),
    ("1 × 107 – 1 × 108 cells", "cells", ["10-100"]),
    ("7 × 105 to 1.2 × 106 cells", "cells", ["0.7-1.2"]),
    ("between 1 and 2 × 10^6 cells", "cells", ["1-2"]),
    ("(1.5 ± 0.3) × 10^6 cells/kg", "cells/kg", ["1.5"]),
    ("5 × 10^6 (cells/kg)", "cells/kg", ["5"]),
    ("10⁶ cells", "cells", ["1"]),
    ("10^6–10^7 cells", "cells", ["1-10"]),
    ("1e6 cells", "cells", ["1"]),
    ("5.0E+06cells", "cells", ["5"]),
    ("2.10^6 cells/kg", "cells/kg", ["2"]),
    ("0,5 × 10^6 cells/kg", "cells/kg", ["0.5"]),
    ("2 million cells", "cells", ["2"]),
    ("5 × 10 6 cells", "cells", ["5"]),
    ("1.0x10(6) cells", "cells", ["1"]),
    ("2×10**6 cells", "cells", ["2"]),
    ("100,000 cells", "cells", ["0.1"]),
    ("2 × 10⁶ cells·kg⁻¹", "cells/kg", ["2"]),
    ("3 million exosomes per kg", "EVs/kg", ["3"]),
    ("2 × 106 Schwann cells", "cells", ["2"]),
    ("2 × 106* cells/kg.", "cells/kg", ["2"]),
    ("4800–6000 × 10^6 cells", "cells", ["4800-6000"]),
    ("1.4x10 (6) cells", "cells", ["1.4"]),
    ("5.0 × 10 ⁷ cells", "cells", ["50"]),
    ("1 000 000 cells", "cells", ["1"]),
    ("2 500\u2009000 cells", "cells", ["2.5"]),
    ("10 M/kg", "cells/kg", ["10"]),
    ("2 million cells/kg", "cells/kg", ["2"]),
    ("1 billion", "cells", ["1000"]),
    ("1-2x10E6/kg", "cells/kg", ["1-2"]),
    ("15 ± 4.5 × 10⁶ cells", "cells", ["15"]),
    ("1 × 106 ~ 5 × 106 cells", "cells", ["1-5"]),
    ("1.0 × 10⁶–2.0 × 10⁶ cells", "cells", ["1-2"]),
    ("0.5, 1.0, and 2.0 × 10⁶ cells", "cells", ["0.5", "1", "2"]),
    ("1 × 10⁶ and 3 × 10⁶ cells/kg", "cells/kg", ["1", "3"]),
    ("20 × 10⁶ per joint", "cells/joint", ["20"]),
    ("40 × 10⁶ cells/knee", "cells/joint", ["40"]),
    ("1 × 10⁶/m²", "cells/m2", ["1"]),
    ("1 × 10⁶ cells/m^2", "cells/m2", ["1"]),
    ("2 × 106 cells / kg BW", "cells/kg", ["2"]),
    ("2 × 106/kg b.w.", "cells/kg", ["2"]),
    ("1 × 10^6 cells kg^-1", "cells/kg", ["1"]),
    ("2 × 106/eye", "cells", ["2"]),
    ("3 × 10⁷ cells each time", "cells", ["30"]),
    ("2 × 10⁷ cells per patient per time", "cells", ["20"]),
    ("2 × 10⁶ CD34+/kg", "cells/kg", ["2"]),
    ("4 × 10^6 CD34+ cells", "cells", ["4"]),
    ("2 × 10⁹ EV particles", "particles", ["2000"]),
    ("1 × 10⁶ (low), 3 × 10⁶ (high) cells", "cells", ["1", "3"]),
    ("Low: 1 × 106; High: 1 × 107 cells", "cells", ["1", "10"]),
    ("Low-dose 50 × 10⁶ cells, high-dose 100 × 10⁶ cells", "cells", ["50", "100"]),
    ("Cohort 1 (1 × 106 cells/kg), cohort 2 (2 × 106 cells/kg)", "cells/kg", ["1", "2"]),
    ("cohort 1: 1 × 106 cells/kg; cohort 2: 2 × 106 cells/kg", "cells/kg", ["1", "2"]),
    ("1st: 1 × 10⁶; 2nd: 2 × 10⁶ cells", "cells", ["1", "2"]),
    ("1 × 10⁶/kg (n = 3) or 2 × 10⁶/kg (n = 6)", "cells/kg", ["1", "2"]),
    ("dose escalation 1, 2, 4 × 10⁶/kg", "cells/kg", ["1", "2", "4"]),
    ("A total of 120 × 106 cells", "cells", ["120"]),
    ("12.5 M (low)/25 M (mid)/50 M (high)", "cells", ["12.5", "25", "50"]),
]


@pytest.mark.parametrize(("text", "unit", "amounts"), SPELLINGS)
def test_every_real_spelling_is_read_completely(text: str, unit: str, amounts: list[str]) -> None:
    reading = read(text)
    assert plain(reading) == levels(unit, *amounts)
    assert reading.state is State.MAPPED
    assert reading.complete


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("180mg / time", "180", "mg"),
        ("100 μg/kg", "100", "µg/kg"),
        ("15 mL", "15", "mL"),
        ("1 × 10⁻³ mg", "0.001", "mg"),
        ("2 ml/kg", "2", "mL/kg"),
        ("5 mg/kg", "5", "mg/kg"),
        ("5 mg/m2", "5", "mg/m2"),
        ("100 pmol/kg", "100", "pmol/kg"),
        ("40 IU", "40", "IU"),
        ("3 × 10^8 TU", "300000000", "TU"),
        ("5000 IEQ/kg", "5000", "IEQ/kg"),
        ("2 × 10^12 vg/kg", "2000000000000", "vg/kg"),
    ],
)
def test_volumes_and_masses_are_amounts_too(text: str, amount: str, unit: str) -> None:
    assert plain(read(text)) == levels(unit, amount, scale=1)
    assert read(text).complete


def test_each_level_of_a_list_has_its_own_words() -> None:
    reading = read("10 mL or 15 mL")
    assert [d.verbatim for d in reading.value] == ["10 mL", "15 mL"]
    assert [d.verbatim for d in read("1 or 3 × 107 cells").value] == ["1", "3 × 107 cells"]


@pytest.mark.parametrize(
    ("text", "rule", "operator"),
    [
        ("2 × 106 cells", "dose.single", ""),
        ("1–2 × 106 cells", "dose.range", ""),
        ("1, 2 × 106 cells", "dose.list", ""),
        ("1 or 2 × 106 cells", "dose.list-or", "or"),
        ("1 × 106 cells and 2 × 106 cells", "dose.list-and", "and"),
        ("106", "dose.number", ""),
    ],
)
def test_the_rule_says_how_doses_are_joined(text: str, rule: str, operator: str) -> None:
    assert read(text).rule == rule
    assert dose_operator(read(text)) == operator


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("2 × 10⁶ cells", "exact"),
        ("2 × 10^6 cells", "exact"),
        ("2e6 cells", "exact"),
        ("2 million cells", "exact"),
        ("2 × 106 cells", "restored"),
        ("2 × 10 6 cells", "restored"),
        ("2*10e6 cells", "restored"),
        ("5 × 103 cells/kg", "ambiguous"),
        ("2 × 1020 cells", "ambiguous"),
        ("3 × 106 mL", "ambiguous"),
        ("10e6 cells", "ambiguous"),
        ("106 cells", "ambiguous"),
        ("1,5 × 106 cells", "ambiguous"),
        ("10,100 × 10^6 cells", "ambiguous"),
        ("107–108", "ambiguous"),
        ("106 cells/kg", "ambiguous"),
        ("2 × 10^60 cells", "ambiguous"),
    ],
)
def test_the_status_says_how_sure_an_amount_is(text: str, status: str) -> None:
    reading = read(text)
    assert {dose.status for dose in reading.value} == {status}
    doubts = set(codes(reading)) - {"dose-without-unit", "exponent-restored"}
    assert (status == "ambiguous") == bool(doubts)


def test_a_restored_exponent_is_reported_with_the_raw_words() -> None:
    finding = next(f for f in read("4 × 107 cells").findings if f.code == "exponent-restored")
    assert finding.severity is Severity.INFO
    assert finding.raw == "4 × 107 cells"
    assert "10^7" in finding.message


def test_a_number_without_a_multiplication_sign_is_not_a_power_of_ten() -> None:
    assert plain(read("106")) == levels(None, "106", scale=1)
    assert plain(read("106 mL")) == levels("mL", "106", scale=1)


@pytest.mark.parametrize(
    ("text", "unit", "amounts"),
    [
        ("106 cells/kg", "cells/kg", ["1"]),
        ("107–108", None, ["10-100"]),
        ("107-108 cells", "cells", ["10-100"]),
    ],
)
def test_powers_that_lost_their_superscript_and_have_no_factor_keep_both_readings(
    text: str, unit: str | None, amounts: list[str]
) -> None:
    reading = read(text)
    assert plain(reading) == levels(unit, *amounts)
    (finding,) = [f for f in reading.findings if f.code == "exponent-lost"]
    assert "10^" in finding.message
    assert "the number itself" in finding.message


def test_a_comma_between_two_numbers_keeps_both_readings() -> None:
    reading = read("1,5 × 10⁶ cells/kg")
    assert plain(reading) == levels("cells/kg", "1", "5")
    assert any("1.5 × 10⁶" in f.message for f in reading.findings if f.code == "comma-doubtful")
    assert "comma-doubtful" in codes(read("1,5", "Dose (×10⁶ cells/kg)"))
    assert "comma-doubtful" not in codes(read("1,5,10 × 10⁶ cells/kg"))


def test_ten_e_behind_a_factor_is_a_power_of_ten_and_says_so() -> None:
    reading = read("5 × 10E7 cells")
    assert plain(reading) == levels("cells", "50")
    assert any("ten times as much" in f.message for f in reading.findings if f.code == "exponent-restored")


def test_the_routes_before_brackets_are_those_of_the_doses_in_them() -> None:
    reading = read("IV(0.5-2 M/kg), intranasal (5-12.6M) + IV (10-50 M)")
    assert plain(reading) == levels("cells/kg", "0.5-2") + levels("cells", "5-12.6", "10-50")
    assert [d.route and d.route.label for d in reading.value] == ["intravenous", "intranasal", "intravenous"]
    assert reading.complete
    products = read("MSC for iv (120-180 M), MSC for IT (240-260 M), NSC (24-36 MM)")
    assert [d.route and d.route.label for d in products.value] == ["intravenous", "intrathecal", None]
    assert products.complete


def test_a_foreign_word_before_a_bracket_gives_no_route() -> None:
    reading = read("weekday IV (5 M), IT (6 M)")
    assert [d.route and d.route.label for d in reading.value] == [None, "intrathecal"]
    assert not reading.complete


def test_what_a_foreign_word_counts_is_not_cells() -> None:
    assert plain(read("5 × 10⁹ XU/kg")) == levels(None, "5000")


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("1 × 10^6 cells, 40 ml", levels("cells", "1")),
        ("5 ml, 2 × 10^6 cells/ml", levels("mL", "5", scale=1)),
        ("5 × 10^6 cells and 5 × 10^6 cells/mL", levels("cells", "5")),
    ],
)
def test_a_volume_or_concentration_only_describes_a_dose(text: str, amounts: Amounts) -> None:
    assert plain(read(text)) == amounts
    assert "dose-volume" in codes(read(text))


def test_a_concentration_alone_is_kept_with_a_warning() -> None:
    reading = read("5 × 10^6 cells/mL")
    assert plain(reading) == levels("cells/mL", "5")
    assert "dose-concentration" in codes(reading)


@pytest.mark.parametrize("text", ["10–1 × 106 cells", "5 × 107–2 × 106 cells"])
def test_a_range_that_goes_down_is_kept_as_written_and_doubted(text: str) -> None:
    (dose,) = read(text).value
    assert dose.low > dose.high
    assert dose.status == "ambiguous"
    assert "dose-range-reversed" in codes(read(text))


def test_a_range_keeps_both_ends_and_a_spread_only_the_mean() -> None:
    assert plain(read("3–9 × 10⁶ cells")) == levels("cells", "3-9")
    assert plain(read("3 ± 9 × 10⁶ cells")) == levels("cells", "3")


def test_an_amount_without_a_unit_has_none_and_says_so() -> None:
    assert plain(read("2 × 106")) == levels(None, "2")
    assert "dose-without-unit" in codes(read("2 × 106"))


def test_cells_that_are_only_implied_are_reported() -> None:
    assert "unit-implied" in codes(read("2 × 10⁶/kg"))
    assert "unit-implied" not in codes(read("2 × 10⁶ cells/kg"))


@pytest.mark.parametrize(
    ("header", "text", "unit", "amounts"),
    [
        ("Cell dose (× 106)", "72 ± 9", "cells", ["72"]),
        ("Cell dose (× 106)", "0.5/1.6/5 per kg", "cells/kg", ["0.5", "1.6", "5"]),
        ("Cell dose (× 106)", "20–40", "cells", ["20-40"]),
        ("Dose per infusion (×10⁶/kg)", "2", "cells/kg", ["2"]),
        ("Dose (million cells)", "5", "cells", ["5"]),
        ("Dose (106 cells)", "3", "cells", ["3"]),
        ("No. of MSCs", "2 × 106", "cells", ["2"]),
        ("Cell dose (× 106)", "2 × 107", "cells", ["20"]),
    ],
)
def test_the_header_gives_what_the_cell_lacks(header: str, text: str, unit: str, amounts: list[str]) -> None:
    assert plain(read(text, header)) == levels(unit, *amounts)


def test_the_header_never_changes_an_amount_that_has_its_own_unit() -> None:
    assert plain(read("15 mL", "Cell dose (× 106)")) == levels("mL", "15", scale=1)


def test_a_power_in_both_cell_and_header_is_applied_once_and_reported() -> None:
    assert "header-power-not-applied" in codes(read("2 × 106", "Dose (× 106)"))


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("2 × 106 cells/kg Twice", "Twice"),
        ("2 × 106 cells/kg 54", "54"),
        ("2 × 106 cells/kg, 54", "54"),
        ("i.v. 2 × 106 cells/kg", "i.v."),
        ("single dose of 2 × 106 cells/kg", "single dose of"),
        ("2 × 106 cells/kg × 3", "× 3"),
        ("2 × 106 cells/kg NCT01234567", "NCT01234567"),
    ],
)
def test_foreign_words_are_unread_and_change_no_value(text: str, unread: str) -> None:
    reading = read(text)
    assert plain(reading) == levels("cells/kg", "2")
    assert [text[s.start : s.end] for s in reading.unread] == [unread]
    assert not reading.complete
    assert "word-unknown" in codes(reading)


def test_the_volume_that_cells_are_given_in_is_no_second_dose() -> None:
    assert plain(read("1 × 10^6 cells in 10 mL")) == levels("cells", "1")


def test_days_are_no_doses() -> None:
    assert plain(read("day 0: 1 × 10^6 cells/kg; day 7: 2 × 10^6 cells/kg")) == levels("cells/kg", "1", "2")


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("3 × 107 cells, on day 1, 4, and 7", ["30"]),
        ("on day 1, 4, and 7; 3 × 10^7 cells", ["30"]),
        ("2 doses of 1 × 108 cells", ["100"]),
        ("4 × 106 cells; 3 doses; 3 days apart", ["4"]),
        ("3 cohorts: 3, 5, or 10 million cells", ["3", "5", "10"]),
        ("4 × 106 cells, 3 infusions at 1-month intervals", ["4"]),
        ("4 × 10^6 cells, up to 4 doses", ["4"]),
    ],
)
def test_a_schedule_in_the_cell_adds_no_dose(text: str, amounts: list[str]) -> None:
    assert plain(read(text)) == levels("cells", *amounts)
    assert not read(text).complete


@pytest.mark.parametrize("text", ["5 × 107 cells/2 mL", "50 million cells/10 mL saline"])
def test_the_volume_behind_a_slash_is_no_second_dose(text: str) -> None:
    assert plain(read(text)) == levels("cells", "50")
    assert not read(text).complete


def test_a_concentration_that_stands_alone_is_said_to_be_one() -> None:
    assert plain(read("40 × 10⁶ /mL")) == levels("cells/mL", "40")
    assert "dose-concentration" in codes(read("40 × 10⁶ /mL"))


def test_a_bracket_behind_an_amount_is_not_another_level() -> None:
    reading = read("1 × 10^8 cells (2 × 10^6 cells/kg)")
    assert plain(reading) == levels("cells", "100")
    assert "dose-restated" in codes(reading)


def test_brackets_behind_words_hold_doses() -> None:
    reading = read("arm A (12-18 M), arm B (24 M/kg)")
    assert plain(reading) == levels("cells", "12-18") + levels("cells/kg", "24")


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("up to 10^6 cells", "no least amount"),
        ("maximum 10^6 cells", "no least amount"),
        ("≥ 10^6 cells", "no greatest amount"),
        ("at least 1 million cells", "no greatest amount"),
    ],
)
def test_the_end_that_is_written_stands_for_an_amount_that_is_open_to_one_side(text: str, side: str) -> None:
    reading = read(text)
    assert plain(reading) == levels("cells", "1")
    assert [dose.status for dose in reading.value] == ["ambiguous"]
    (finding,) = (f for f in reading.findings if f.code == "dose-open")
    assert side in finding.message
    assert reading.complete


def test_only_the_open_level_of_a_list_is_ambiguous() -> None:
    assert [dose.status for dose in read("≤ 2 × 10⁶, 4 × 10⁶ cells").value] == ["ambiguous", "exact"]


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Dose, vg/kga", "vg/kg"),
        ("Dose (vg/kg)^a", "vg/kg"),
        ("Cells infused (CD34+/kg)", "cells/kg"),
        ("Cells/kg", "cells/kg"),
        ("Number of MSCs per kg", "cells/kg"),
        ("Dose (vg/eye)", "vg"),
        ("Dose (mg)", "mg"),
    ],
)
def test_the_header_has_a_unit_whose_parts_stand_apart_or_bear_a_mark(header: str, unit: str) -> None:
    assert plain(read("2 × 10^6", header)) == levels(unit, "2")
    assert plain(read("2 × 10^6 cells/m2", header)) == levels("cells/m2", "2")


@pytest.mark.parametrize("text", ["80 × 10^6 total", "80 × 10⁶ flat", "80 × 10⁶ in total"])
def test_a_total_amount_is_not_divided_by_what_the_header_divides_by(text: str) -> None:
    assert plain(read(text, "Dose (cells/kg)")) == levels("cells", "80")


def test_what_is_measured_may_stand_between_a_unit_and_its_basis() -> None:
    assert plain(read("20 or 60 pmol phospholipid/kg")) == levels("pmol/kg", "20", "60", scale=1)
    assert plain(read("2, 4 × 10⁶ CAR + cells/kg")) == levels("cells/kg", "2", "4")


def test_a_bracket_may_hold_the_power_for_the_numbers_before_it() -> None:
    assert plain(read("5, 10 (× 10⁶) cells")) == levels("cells", "5", "10")


def test_an_exponent_may_be_a_range_or_have_a_fraction() -> None:
    assert plain(read("10⁶⁻⁷ cells")) == levels("cells", "1-10")
    (dose,) = read("10¹⁰·⁶ vg").value
    assert (int(dose.low), dose.status) == (39_800_000_000, "ambiguous")


def test_about_is_read_with_a_warning() -> None:
    assert plain(read("~2 × 10^6 cells")) == levels("cells", "2")
    assert "dose-approximate" in codes(read("~2 × 10^6 cells"))


@pytest.mark.parametrize(
    "text",
    [
        "Once",
        "BM i.v.",
        "NCT02336230",
        "-5 × 10^6 cells",
        "2 x 100 mL",
        "5 × 10 cells",
        "× 106 cells",
        "low (2)",
        "1, 2, or 3 doses",
    ],
)
def test_what_is_no_dose_is_unrecognised_and_nothing_is_guessed(text: str) -> None:
    reading = read(text)
    assert (reading.value, reading.state) == ((), State.UNRECOGNISED)
    assert not reading.complete
    assert reading.findings[0].raw == text


@pytest.mark.parametrize("text", ["", "N.A.", "NA", "-", "–", "/", "not reported"])
def test_not_given_is_empty_without_a_finding(text: str) -> None:
    reading = read(text)
    assert (reading.value, reading.state, reading.findings) == ((), State.EMPTY, ())


def test_a_number_that_stands_for_itself_does_not_borrow_a_power() -> None:
    reading = read("500000 or 1 × 10^6 cells")
    assert plain(reading) == levels("cells", "0.5", "1")
    assert reading.value[0].status == "ambiguous"


@pytest.mark.parametrize("piece", ["1, ", "1 × 10^6 ", "(", "1-", "a ", "10,", "/"])
def test_a_very_long_cell_is_prose_and_costs_nothing(piece: str) -> None:
    assert read(piece * 400_000).value == ()


# ---------------------------------------------------------------- properties

NUMBERS = st.decimals(Decimal("0.1"), Decimal("9.9"), places=1)
POWERS = st.sampled_from(
    [
        (" × 10{}", False, "restored"),
        ("x10^{}", False, "exact"),
        (" × 10{}", True, "exact"),
        ("*10e{}", False, "restored"),
        (" × 10 {}", False, "restored"),
        ("·10**{}", False, "exact"),
        ("e{}", False, "exact"),
    ]
)
UNITS = st.sampled_from(
    [(" cells/kg", "cells/kg"), (" cells per kg", "cells/kg"), (" cells", "cells"), ("/kg", "cells/kg")]
)


def shown(pattern: tuple[str, bool, str], exponent: int) -> str:
    spelling, raised, _ = pattern
    return spelling.format(str(exponent).translate(SUPERSCRIPT) if raised else exponent)


@settings(deadline=None, max_examples=200)
@given(
    st.lists(NUMBERS, min_size=1, max_size=4),
    st.integers(5, 9),
    POWERS,
    UNITS,
    st.sampled_from([", ", " or ", "/", " and "]),
)
def test_a_list_reads_back_however_it_is_written(
    values: list[Decimal], exponent: int, power: tuple[str, bool, str], unit: tuple[str, str], joiner: str
) -> None:
    text = joiner.join(str(v) for v in values) + shown(power, exponent) + unit[0]
    reading = read(text)
    assert reading.complete
    assert [d.low for d in reading.value] == [v * 10**exponent for v in values]
    assert [d.high for d in reading.value] == [d.low for d in reading.value]
    assert {d.unit.label for d in reading.value if d.unit} == {unit[1]}
    assert {d.status for d in reading.value} == {power[2]}


@settings(deadline=None, max_examples=200)
@given(NUMBERS, NUMBERS, st.integers(5, 9), POWERS, UNITS, st.sampled_from(["–", "-", " to ", " ~ ", "∼"]))
def test_a_range_reads_back_however_it_is_written(
    one: Decimal,
    other: Decimal,
    exponent: int,
    power: tuple[str, bool, str],
    unit: tuple[str, str],
    dash: str,
) -> None:
    low, high = sorted((one, other))
    (dose,) = read(f"{low}{dash}{high}{shown(power, exponent)}{unit[0]}").value
    assert (dose.low, dose.high) == (low * 10**exponent, high * 10**exponent)


PIECES = (
    "1|2.5|106|1,000|×| |  |10^6|10⁶|-|–|~|or|and|,|/|cells|/kg|mg|M|(|)|±|up to|about|per dose|Twice"
    "|million|*|.|10e6|between|kg-1|day"
)


@settings(deadline=None, max_examples=400)
@given(
    st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES.split("|")), max_size=14).map("".join))
)
def test_any_text_is_read_without_an_exception_and_with_honest_spans(text: str) -> None:
    reading = read(text, text)
    for span in (*reading.spans, *reading.unread):
        assert 0 <= span.start < span.end <= len(text)
    for dose in reading.value:
        assert dose.verbatim == text[dose.span.start : dose.span.end] != ""
        assert dose.low <= dose.high or dose.status == "ambiguous"
        assert "E" not in str(dose.low)
    assert bool(reading.value) == (reading.state is State.MAPPED)


# ---------------------------------------------------------------- real tables


@pytest.mark.skipif(not SHARED.is_dir(), reason="the tables of other layouts are not here")
def test_the_doses_of_real_tables_are_those_that_people_read() -> None:
    wrong = []
    for path in sorted((SHARED / "tables").glob("*.gold.jsonl")):
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            if row["dose"] is None:
                continue
            header = "Cell dose (× 106)" if path.name.startswith("12-") else "Dose"
            got = [(d.low, d.high, d.unit.label if d.unit else None) for d in read(row["dose"], header).value]
            gold = [(Decimal(str(d["low"])), Decimal(str(d["high"])), d["unit"]) for d in row["doses"]]
            if got != gold:
                wrong.append((path.name, row["row"], row["dose"], got))
    assert wrong == []


@pytest.mark.parametrize("text", ["15 mL At least", "2 × 106 cells/kg Up to"])
def test_words_that_open_a_bound_behind_the_last_amount_are_not_part_of_the_dose(text: str) -> None:
    reading = read(text)
    assert [text[span.start : span.end] for span in reading.unread] == [" ".join(text.split()[-2:])]


@pytest.mark.parametrize(
    "text", ["10^x6 cells", "2 × 10^×1 cells/kg", "1 × 10^a cells", "5 mıllion cells", "1 BİLLİON cells"]
)
def test_what_only_looks_like_a_power_of_ten_is_none(text: str) -> None:
    reading = read(text)
    assert not reading.complete or reading.state is State.UNRECOGNISED
    assert all(dose.status != "exact" or dose.high < 100 for dose in reading.value)


def test_a_signed_exponent_is_one() -> None:
    assert [read(f"2 × 10^{sign}6 cells").value[0].low for sign in ("", "+")] == [Decimal(2_000_000)] * 2


def test_an_exponent_behind_a_blank_is_doubtful_and_needs_a_unit_that_counts() -> None:
    (dose,) = read("10 6 cells").value
    assert (int(dose.low), dose.status) == (10**6, "ambiguous")
    assert read("10 6 mL").value == ()
