"""Registration numbers are found, told apart from other numbers, and never corrected by guess."""

from __future__ import annotations

import json
import re
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.cells.pattern import describe_pattern
from kg.cells.registration import nct_digits, read_registrations, registry_page
from kg.model import Reading, Registration, Severity, State
from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import Concept, Lexicon, load_lexicon
from kg.vocabulary.namespaces import TKG

SHARED = Path(__file__).resolve().parents[2] / "shared"
LEXICON = load_lexicon(vocabulary_files())


def read(text: str) -> Reading[tuple[Registration, ...]]:
    return read_registrations(text, LEXICON)


def numbers(text: str) -> list[str]:
    return [registration.number for registration in read(text).value]


def codes(text: str) -> list[str]:
    return [finding.code for finding in read(text).findings]


def unread(text: str) -> list[str]:
    return [text[span.start : span.end] for span in read(text).unread]


@pytest.mark.parametrize(
    ("number", "registry"),
    [
        ("NCT01234567", "ClinicalTrials.gov"),
        ("ChiCTR-INR-16008399", "ChiCTR"),
        ("ChiCTR2000035740", "ChiCTR"),
        ("UMIN000032819", "UMIN-CTR"),
        ("jRCTs041220087", "jRCT"),
        ("KCT0001894", "CRIS"),
        ("CTRI/2020/01/022743", "CTRI"),
        ("IRCT2017010531786N1", "IRCT"),
        ("IRCT20130812014333N164", "IRCT"),
        ("2008-005144-16", "EU-CTR"),
        ("2023-503698-40-00", "CTIS"),
        ("ISRCTN10175490", "ISRCTN"),
        ("DRKS00031815", "DRKS"),
        ("ACTRN12623000498695", "ANZCTR"),
        ("NTR4269", "NTR"),
        ("TCTR20230429001", "TCTR"),
        ("SLCTR/2023/010", "SLCTR"),
        ("PACTR202304525632216", "PACTR"),
        ("RBR-6qvdftm", "ReBec"),
        ("LBCTR2023015204", "LBCTR"),
        ("RPCEC00000423", "RPCEC"),
        ("PER-046-19", "REPEC"),
        ("ITMCTR2023000002", "ITMCTR"),
    ],
)
def test_a_well_formed_number_names_its_registry(number: str, registry: str) -> None:
    reading = read(number)
    (registration,) = reading.value
    assert (registration.number, registration.valid) == (number, True)
    assert registration.registry is not None
    assert registration.registry.label == registry
    assert reading.complete
    assert reading.rule == "registration.well-formed"
    assert reading.findings == ()


@pytest.mark.parametrize(
    "text",
    [
        "NCT01234567 andNCT07654321",
        "NCT01234567, NCT07654321",
        "NCT01234567/ NCT07654321",
        "NCT01234567\nNCT07654321",
        "NCT01234567 & NCT07654321",
        "(NCT01234567; NCT07654321)",
        "NCT01234567NCT07654321",
        "NCT01234567-NCT07654321",
    ],
)
def test_several_numbers_in_one_cell_are_several_registrations(text: str) -> None:
    assert numbers(text) == ["NCT01234567", "NCT07654321"]
    assert read(text).complete


def test_numbers_of_two_registries_stand_in_one_cell() -> None:
    registries = [r.registry.label for r in read("NCT01234567, KCT0001894").value if r.registry]
    assert registries == ["ClinicalTrials.gov", "CRIS"]


def test_a_number_said_twice_counts_once() -> None:
    assert numbers("NCT01234567; NCT01234567") == ["NCT01234567"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("NCT 01234567", "NCT01234567"),
        ("NCT-01234567", "NCT01234567"),
        ("nct01234567", "NCT01234567"),
        ("ChiCTR INR 16008399", "ChiCTR-INR-16008399"),
        ("CTRI-2020-01-022743", "CTRI/2020/01/022743"),
        ("RBR6qvdftm", "RBR-6qvdftm"),
        ("UMIN 000032819", "UMIN000032819"),
    ],
)
def test_blanks_dashes_and_case_are_normalised_with_a_remark(text: str, number: str) -> None:
    (registration,) = read(text).value
    assert (registration.number, registration.valid) == (number, True)
    assert codes(text) == ["registration-normalised"]
    assert read(text).findings[0].severity is Severity.INFO
    assert read(text).findings[0].raw == text


@pytest.mark.parametrize("text", ["NCT0123456", "NCT012345678", "ISCRTN10175490", "IRCT20130812014333"])
def test_a_malformed_number_keeps_its_registry_and_its_spelling(text: str) -> None:
    (registration,) = read(text).value
    assert (registration.number, registration.valid) == (text, False)
    assert registration.registry is not None
    (finding,) = read(text).findings
    assert (finding.code, finding.severity) == ("registration-malformed", Severity.WARNING)
    assert text in finding.message


def test_a_malformed_number_is_told_what_is_allowed() -> None:
    assert "allowed is NCT and 8 digits" in read("NCT0123456").findings[0].message


@pytest.mark.parametrize("text", ["432/2020BO", "1066023736", "000024291", "EK-2019/1234"])
def test_a_number_of_no_registry_is_kept_as_written(text: str) -> None:
    (registration,) = read(text).value
    assert (registration.number, registration.registry, registration.valid) == (text, None, False)
    assert codes(text) == ["registration-unknown"]


def test_candidates_for_a_bare_number_stand_in_the_hint_only() -> None:
    reading = read("000024291")
    assert "UMIN000024291" in reading.findings[0].hint
    assert [r.number for r in reading.value] == ["000024291"]


def test_letters_in_the_wrong_order_are_a_candidate_and_no_correction() -> None:
    reading = read("NTC01234567")
    assert [r.number for r in reading.value] == ["NTC01234567"]
    assert "NCT01234567" in reading.findings[0].hint


@pytest.mark.parametrize(
    "text",
    [
        "23",
        "106",
        "1,200",
        "I/II",
        "Smith et al.9",
        "Smith et al., 2020",
        "2 × 106 cells/kg",
        "20(10/10)",
        "0/7/28 day",
        "Sponsor",
        "2020-01-31",
        "31/01/2020",
        "10.1000/jx.12345",
        "100,000",
    ],
)
def test_other_cells_do_not_look_like_a_registration(text: str) -> None:
    reading = read(text)
    assert reading.value == ()
    assert reading.state is State.UNRECOGNISED
    assert not reading.complete


@pytest.mark.parametrize("text", ["", "N.A.", "-", "NR"])
def test_nothing_given_is_empty(text: str) -> None:
    assert read(text).state is State.EMPTY
    assert read(text).value == ()


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("NCT01234567 III", ["III"]),
        ("54 NCT01234567", ["54"]),
        ("NCT01234567 (phase 1)", ["phase 1"]),
        ("NCT01234567a", ["a"]),
        ("xNCT01234567", ["x"]),
        ("registered as NCT01234567", ["registered"]),
    ],
)
def test_words_beside_the_number_are_unread_and_the_number_is_read(text: str, foreign: list[str]) -> None:
    assert numbers(text) == ["NCT01234567"]
    assert unread(text) == foreign
    assert "registration-text" in codes(text)


@pytest.mark.parametrize("text", ["ClinicalTrials.gov: NCT01234567", "NCT01234567*", "[NCT01234567]"])
def test_the_name_of_the_registry_and_marks_are_no_foreign_words(text: str) -> None:
    assert read(text).complete


def test_the_page_of_a_number_is_percent_encoded() -> None:
    (registration,) = read("CTRI/2020/01/022743").value
    assert (registry_page(registration) or "").endswith("TrialID=CTRI%2F2020%2F01%2F022743")


@pytest.mark.parametrize("text", ["NCT0123456", "432/2020BO", "KCT0001894"])
def test_there_is_no_page_without_a_valid_number_and_a_known_address(text: str) -> None:
    assert registry_page(read(text).value[0]) is None


def test_only_valid_nct_numbers_have_an_order() -> None:
    assert nct_digits(read("NCT01234567").value[0]) == 1234567
    assert nct_digits(read("NCT0123456").value[0]) is None
    assert nct_digits(read("KCT0001894").value[0]) is None


def test_a_registry_that_is_only_in_the_vocabulary_is_read() -> None:
    notes = {
        TKG.pattern: ("^MOON[0-9]{3}$",),
        TKG.searchPattern: ("MOON ?[0-9]+",),
        TKG.numberStem: ("MOON",),
    }
    moon = Concept("https://w3id.org/trialkg/vocabulary/registry/moon", "registry", "Moon", notes=notes)
    reading = read_registrations("MOON 123, MOON12", Lexicon([moon], {}))
    assert [(r.number, r.valid) for r in reading.value] == [("MOON123", True), ("MOON12", False)]


def test_a_pattern_is_said_in_words() -> None:
    assert describe_pattern(r"^NCT\d{8}$") == "NCT and 8 digits"
    assert describe_pattern("^CTRI/[0-9]{4}/[0-9]{2,3}$") == "CTRI/ and 4 digits / and 2 to 3 digits"
    assert describe_pattern("^(?:UMIN|C)[0-9]{9}$") == "(UMIN or C) and 9 digits"


SEARCHABLE = [c for c in LEXICON.concepts("registry") if c.note(TKG.searchPattern)]


@st.composite
def well_formed(draw: st.DrawFn) -> str:
    concept = draw(st.sampled_from(SEARCHABLE))
    pattern = concept.note(TKG.pattern).replace(r"\d", "[0-9]")
    match = re.fullmatch(pattern, draw(st.from_regex(pattern, fullmatch=True)).strip())
    assert match
    return match.groupdict().get("number") or match.group()


def test_what_the_who_portal_writes_around_a_european_number_is_no_part_of_it() -> None:
    reading = read("EUCTR2008-005144-16-DE")
    assert [(r.number, r.valid) for r in reading.value] == [("2008-005144-16", True)]
    assert reading.rule == "registration.normalised"


@given(
    st.lists(well_formed(), min_size=1, max_size=4, unique=True),
    st.sampled_from([", ", "; ", " and ", "\n", " / "]),
)
@settings(deadline=None, max_examples=150)
def test_any_joined_well_formed_numbers_are_read_back(written: list[str], joiner: str) -> None:
    reading = read(joiner.join(written))
    assert [r.number for r in reading.value] == written
    assert all(r.valid for r in reading.value)
    assert reading.complete


@given(st.text(max_size=60) | st.text("NCT0123456789 /-.,ChiRIUM", max_size=60))
@settings(deadline=None, max_examples=200)
def test_any_text_is_read_without_an_error_and_with_spans_inside(text: str) -> None:
    reading = read(text)
    for span in (*reading.spans, *reading.unread, *(r.span for r in reading.value)):
        assert 0 <= span.start < span.end <= len(text) or (span.start == 0 and not text)


@given(st.text(string.ascii_letters + " ", max_size=40))
@settings(deadline=None, max_examples=50)
def test_text_without_digits_holds_no_number(text: str) -> None:
    assert read(text).value == ()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real tables are not at hand")
def test_the_numbers_of_the_real_tables_are_read() -> None:
    for path in sorted((SHARED / "tables").glob("*.gold.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            wanted = json.loads(line)["trial_numbers"]
            if wanted:
                assert [r.number for r in read("; ".join(wanted)).value if r.valid] == wanted, path.name


@pytest.mark.parametrize(
    "text", ["NCT0 1234567", "NC T01234567", "NCT01,234,567", "NCT 0123 4567", "NCT No. 01234567"]
)
def test_blanks_and_commas_inside_a_number_are_normalised(text: str) -> None:
    (registration,) = read(text).value
    assert (registration.number, registration.valid) == ("NCT01234567", True)
    assert codes(text) == ["registration-normalised"]
    assert read(text).complete


def test_a_lone_digit_behind_a_short_number_is_not_taken_into_it() -> None:
    assert numbers("NCT0123456 7")[0] == "NCT0123456"


def test_a_header_that_names_one_registry_completes_bare_digits() -> None:
    (registration,) = read_registrations("01234567", LEXICON, "NCT number").value
    assert (registration.number, registration.valid) == ("NCT01234567", True)
    assert registration.registry == LEXICON.named("registry", "clinicaltrials-gov")
    for header in ("Trial ID", "NCT or ISRCTN number", ""):
        assert read_registrations("01234567", LEXICON, header).value[0].registry is None
    assert read_registrations("0123456", LEXICON, "NCT number").value[0].valid is False


def test_digits_that_ran_into_the_next_cell_keep_both_readings() -> None:
    (registration,) = read("NCT0403812430").value
    assert (registration.number, registration.valid) == ("NCT0403812430", False)
    (finding,) = read("NCT0403812430").findings
    assert "NCT04038124 and '30' of the next cell" in finding.message


@pytest.mark.parametrize("text", ["NTC01234567", "NCTO1234567", "NCT0l234567", "NCT012345O7"])
def test_letters_that_stand_for_digits_are_a_candidate_and_no_correction(text: str) -> None:
    assert [(r.number, r.valid) for r in read(text).value] == [(text, False)]
    assert "NCT012345" in read(text).findings[0].hint


@pytest.mark.parametrize(
    "text",
    [
        "ClinicalTrials.gov Identifier: NCT01234567",
        "https://clinicaltrials.gov/ct2/show/NCT01234567",
        "JPRN-UMIN000012345",
        "EudraCT 2010-012345-12",
    ],
)
def test_what_stands_around_a_number_in_its_registry_is_no_foreign_word(text: str) -> None:
    assert read(text).complete
    assert [r.valid for r in read(text).value] == [True]
