"""Phases are read in every spelling and written as one label."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.cells.phase import read_phase
from kg.model import Phase, Reading, State
from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import load_lexicon

SHARED = Path(__file__).resolve().parents[2] / "shared"
LEXICON = load_lexicon(vocabulary_files())


def read(text: str) -> Reading[Phase]:
    return read_phase(text, LEXICON)


def names(text: str) -> list[str]:
    return [concept.name for concept in read(text).value.phases]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("III", "III"),
        ("0", "0"),
        ("1", "I"),
        ("2a", "IIa"),
        ("IIb", "IIb"),
        ("I/II", "I/II"),
        ("I/IIa", "I/IIa"),
        ("Ib/IIa", "Ib/IIa"),
        ("IB/IIA", "Ib/IIa"),
        ("IIa/b", "IIa/IIb"),
        ("II/I", "I/II"),
        ("Phase 1", "I"),
        ("Phase2a", "IIa"),
        ("Phase 1/2", "I/II"),
        ("Phase 1b/2a", "Ib/IIa"),
        ("Phase 1 Phase 2", "I/II"),
        ("Phase 1|Phase 2", "I/II"),
        ("Phase 2/Phase 3", "II/III"),
        ("PHASE1, PHASE2", "I/II"),
        ("Phase I and II", "I/II"),
        ("1-2", "I/II"),
        ("I–II", "I/II"),
        ("2,3", "II/III"),
        ("phase ii", "II"),
        ("i/ii", "I/II"),
        ("IV", "IV"),
        ("(III)", "III"),
    ],
)
def test_each_spelling_has_one_label(text: str, label: str) -> None:
    reading = read(text)
    assert reading.value.label == label
    assert reading.state is State.MAPPED
    assert reading.complete


def test_a_combined_phase_is_its_single_phases_in_order() -> None:
    assert names("IIb/Ia") == ["i", "ii"]
    assert read("IIb/Ia").value.label == "Ia/IIb"


@pytest.mark.parametrize("text", ["Early Phase 1", "EARLY_PHASE1"])
def test_an_early_phase_is_phase_one_with_a_remark(text: str) -> None:
    assert read(text).value.label == "I"
    assert [finding.code for finding in read(text).findings] == ["phase-early"]


def test_a_skipped_phase_is_not_added() -> None:
    assert names("I to III") == ["i", "iii"]
    assert [finding.code for finding in read("I to III").findings] == ["phase-skipped"]


@pytest.mark.parametrize("text", ["NA", "N/A", "Not Applicable", "-", ""])
def test_nothing_given_is_empty(text: str) -> None:
    assert read(text).state is State.EMPTY
    assert read(text).value == Phase()


@pytest.mark.parametrize(
    "text",
    [
        "V",
        "Phase V",
        "Pilot",
        "IIT",
        "i.v.",
        "iv",
        "23",
        "106",
        "12",
        "1 patient",
        "4 weeks",
        "3-year",
        "Ill",
        "5",
    ],
)
def test_what_is_no_phase_is_not_read(text: str) -> None:
    assert read(text).value == Phase()
    assert read(text).state is State.UNRECOGNISED
    assert [finding.code for finding in read(text).findings] == ["phase-unknown"]


@pytest.mark.parametrize(
    ("text", "label", "foreign"),
    [
        ("I No", "I", ["No"]),
        ("Phase 1 clinical trial; recruiting", "I", ["recruiting"]),
        ("No serious phase 2", "II", ["No serious"]),
        ("I/II NCT01234567", "I/II", ["NCT01234567"]),
    ],
)
def test_words_beside_the_phase_are_unread_and_the_phase_is_read(
    text: str, label: str, foreign: list[str]
) -> None:
    reading = read(text)
    assert reading.value.label == label
    assert [text[span.start : span.end] for span in reading.unread] == foreign
    assert not reading.complete


STEPS = ["0", "I", "Ia", "Ib", "II", "IIa", "IIb", "III", "IIIa", "IIIb", "IV"]


@given(
    st.lists(st.sampled_from(STEPS), min_size=1, max_size=3, unique=True).map(
        lambda s: sorted(s, key=STEPS.index)
    )
)
@settings(deadline=None, max_examples=100)
def test_every_label_reads_back_as_itself(steps: list[str]) -> None:
    label = "/".join(steps)
    assert read(label).value.label == label
    assert read(f"Phase {label}").value == read(label).value


@given(st.text(max_size=40) | st.text("phaseIV1234/ab -,|", max_size=30))
@settings(deadline=None, max_examples=200)
def test_any_text_is_read_without_an_error_and_with_spans_inside(text: str) -> None:
    reading = read(text)
    assert all(0 <= span.start <= span.end <= len(text) for span in (*reading.spans, *reading.unread))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real tables are not at hand")
def test_the_phases_of_the_real_tables_are_read() -> None:
    roman = {"0": "0", "1": "i", "2": "ii", "3": "iii", "4": "iv"}
    for path in sorted((SHARED / "tables").glob("*.gold.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            gold = json.loads(line)
            if gold["phase"] is not None:
                assert names(gold["phase"]) == list(dict.fromkeys(roman[p[0]] for p in gold["phases"])), (
                    path.name
                )


@pytest.mark.parametrize("text", ["phase İ", "phase ıı", "İ/İİ"])
def test_other_letters_are_no_roman_numbers(text: str) -> None:
    assert read(text).state is State.UNRECOGNISED


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Ⅱ", "II"),
        ("Phase Ⅰ/Ⅱ", "I/II"),
        ("Ⅰ-Ⅱa", "I/IIa"),
        ("Phase Ι", "I"),
        ("Ι/ΙΙ", "I/II"),
        ("ⅰ/ⅱ", None),
        ("I & II", "I/II"),
        ("I~II", "I/II"),
        ("1 and 2", "I/II"),
        ("I / IIa", "I/IIa"),
        ("II b", "IIb"),
        ("Phase1 Phase2", "I/II"),
        ("PHASE1|PHASE2", "I/II"),
        ("Ph 1", "I"),
        ("Ph. I/II", "I/II"),
        ("Phase one/two", "I/II"),
        ("Phase l/ll", "I/II"),
        ("Phase Il", "II"),
    ],
)
def test_phases_in_unusual_letters_are_read_completely(text: str, label: str | None) -> None:
    reading = read(text)
    assert reading.value.label == (label or "I/II")
    assert reading.complete
    assert [text[s.start : s.end] for s in reading.spans] == [text]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        *(("01-Feb", "I/II"), ("1-Feb", "I/II"), ("Feb-01", "I/II"), ("2-Jan", "I/II"), ("43862", "I/II")),
        *(("2-Mar", "II/III"), ("43892", "II/III"), ("2020-02-01 00:00:00", "I/II"), ("3-Apr-20", "III/IV")),
    ],
)
def test_a_date_that_a_spreadsheet_made_of_two_phases_is_read_back_with_a_warning(
    text: str, label: str
) -> None:
    reading = read(text)
    assert (reading.value.label, reading.rule) == (label, "phase.from-date")
    assert [f.code for f in reading.findings] == ["phase-from-date"]


@pytest.mark.parametrize("text", ["12-Feb", "1-Mar", "4-May", "43900", "2019-12-30", "February", "2020"])
def test_any_other_date_is_no_phase(text: str) -> None:
    assert read(text).value == Phase()


FORM = (
    "Human pharmacology (Phase I): {} Therapeutic exploratory (Phase II): {} Confirmatory - (Phase III): {}"
)


@pytest.mark.parametrize(
    ("answers", "label"), [(("no", "yes", "no"), "II"), (("yes", "yes", "no"), "I/II"), (("no",) * 3, "")]
)
def test_of_a_form_with_yes_and_no_only_yes_counts(answers: tuple[str, ...], label: str) -> None:
    reading = read(FORM.format(*answers))
    assert reading.value.label == label
    assert reading.state is (State.MAPPED if label else State.EMPTY)
    assert read(FORM.format(*answers).replace("Ther", "\nTher")).value.label == label


@pytest.mark.parametrize("text", ["three", "two", "Pilot", "P-value", "l", "Not yet recruiting", "Complete"])
def test_words_that_only_resemble_a_phase_are_none(text: str) -> None:
    assert read(text).value == Phase()
    assert not read(text).complete


def test_a_word_behind_the_number_is_no_letter_of_the_phase() -> None:
    assert read("phase 1 a pilot study").value.label == "I"
    assert read("Early Phase 1").value.label == "I"
