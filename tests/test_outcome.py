"""An outcome cell has three codes: whether it reports anything, what it says of the effect, and what of harm."""

from __future__ import annotations

import pytest
from outcome_coding import all_spans, claims, code, efficacy, kinds, reading, safety, shipped, status

from kg.cells.read import CellReader
from kg.model import State

# ---------------------------------------------------------------- status


@pytest.mark.parametrize("text", ["Not yet public", "Results pending.", "Not published", "ongoing"])
def test_a_cell_that_only_says_so_is_not_public(text: str) -> None:
    outcome = code(text)
    assert (outcome.verbatim, outcome.status.concept.name) == (text, "not-public")
    assert (outcome.efficacy.concept.name, outcome.safety.concept.name) == ("not-stated", "not-stated")
    assert [outcome.words(span).rstrip(".") for span in outcome.status.spans] == [text.rstrip(".")]
    assert (outcome.claims, reading(text).state) == ((), State.MAPPED)


@pytest.mark.parametrize("text", ["Pain fell; follow-up is ongoing.", "Ongoing remission in 3 of 5."])
def test_the_same_words_inside_a_report_do_not_hide_it(text: str) -> None:
    assert status(text) == "reported"
    assert code(text).claims
    assert reading(text).complete


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        ("Change in WOMAC at 12 months", {"womac"}),
        ("VAS, KOOS", {"vas", "koos"}),
        ("Primary: VAS at 6 months; safety", {"vas"}),
    ],
)
def test_measures_without_any_result_are_planned(text: str, measures: set[str]) -> None:
    assert status(text) == "planned"
    assert claims(text) == {(name, "reported") for name in measures}
    assert (efficacy(text), safety(text)) == ("not-stated", "not-stated")


def test_nothing_given_has_no_outcome() -> None:
    assert reading("N.A.").value is None
    assert reading("N.A.").state is State.EMPTY


def test_words_that_nothing_is_known_of_stay_as_they_are_without_codes() -> None:
    found = reading("The committee met on Tuesdays in the old library")
    assert found.value is not None
    assert found.value.verbatim == "The committee met on Tuesdays in the old library"
    assert found.value.safety.concept.name == "not-stated"


# ---------------------------------------------------------------- efficacy


@pytest.mark.parametrize(
    "text",
    [
        "Pain was reduced.",
        "LVEF increased and scar size fell.",
        "Remission in 3 of 5 patients.",
        "The cells may preserve vision.",
        "8 of 10 ulcers healed",
        "Fewer infections than with placebo; survival was longer.",
    ],
)
def test_a_benefit_in_an_endpoint_is_an_improvement(text: str) -> None:
    assert efficacy(text) == "improved"


@pytest.mark.parametrize(
    "text",
    [
        "EDSS improved, lesion volume unchanged.",
        "Pain decreased; two ulcers were not healed.",
        "Pain improved but stiffness worsened",
        "Walking distance rose and grip strength did not change",
    ],
)
def test_a_benefit_beside_no_benefit_is_mixed(text: str) -> None:
    assert efficacy(text) == "mixed"


@pytest.mark.parametrize(
    "text",
    [
        "MELD did not change.",
        "No difference in survival between groups.",
        "Neither pain nor walking distance improved.",
        "No patient responded",
        "Treatment was ineffective.",
        "Failed to improve survival.",
    ],
)
def test_endpoints_without_any_benefit_are_no_difference(text: str) -> None:
    assert efficacy(text) == "no-difference"


@pytest.mark.parametrize(
    "text",
    [
        "Survival was shorter than in the control group.",
        "Pain worsened.",
        "Mortality was higher.",
        "Relapse was more frequent.",
        "FEV1 and DLCO unchanged; dyspnoea worse",
    ],
)
def test_an_endpoint_that_got_worse_without_a_benefit_is_worsened(text: str) -> None:
    assert efficacy(text) == "worsened"


@pytest.mark.parametrize(
    "text",
    [
        "Safe and well tolerated.",
        "CD4+ T cells increased; IL-10 rose.",
        "IL-6 and TNF-α fell",
        "Fever in 2 patients.",
        "Not yet public",
    ],
)
def test_safety_and_laboratory_values_alone_say_nothing_of_the_effect(text: str) -> None:
    assert efficacy(text) == "not-stated"
    assert code(text).efficacy.spans == ()


@pytest.mark.parametrize(
    "text", ["IL-6 did not change; pain fell.", "Pain fell; T cell subsets were unchanged."]
)
def test_a_laboratory_value_that_did_not_change_does_not_make_a_cell_mixed(text: str) -> None:
    assert efficacy(text) == "improved"


@pytest.mark.parametrize(
    "text", ["Pain fell without increasing relapse.", "Survival was longer without increased relapse."]
)
def test_absence_of_harm_is_no_lack_of_effect(text: str) -> None:
    assert efficacy(text) == "improved"
    assert ("relapse", "unchanged") in claims(text)


def test_the_words_of_each_code_are_those_that_gave_it() -> None:
    outcome = code("Pain fell; FVC did not change; no serious adverse events.")
    assert [outcome.words(span) for span in outcome.efficacy.spans] == ["Pain fell", "FVC did not change"]
    assert [outcome.words(span) for span in outcome.safety.spans] == ["no serious adverse events"]


# ---------------------------------------------------------------- accepted laboratory measures


@pytest.mark.parametrize(
    ("text", "disease", "other"),
    [
        ("CRP fell.", "Rheumatoid arthritis", "COVID-19"),
        ("ESR fell.", "Rheumatoid arthritis", "Knee osteoarthritis"),
        ("HbA1c was lower.", "Type 2 diabetes", "Stroke"),
        ("Proteinuria decreased.", "Systemic lupus erythematosus", "Stroke"),
    ],
)
def test_a_laboratory_value_counts_as_effect_only_in_a_disease_whose_activity_it_measures(
    text: str, disease: str, other: str
) -> None:
    assert efficacy(text, disease) == "improved"
    assert {kind for _, kind in kinds(text, disease)} == {"clinical"}
    for elsewhere in (other, ""):
        assert efficacy(text, elsewhere) == "not-stated"
        assert {kind for _, kind in kinds(text, elsewhere)} == {"biomarker"}


def test_an_accepted_laboratory_measure_that_did_not_change_is_no_difference() -> None:
    assert efficacy("HbA1c did not change.", "Type 2 diabetes") == "no-difference"
    assert efficacy("HbA1c did not change.", "Stroke") == "not-stated"


# ---------------------------------------------------------------- safety


@pytest.mark.parametrize(
    "text",
    [
        "Safe and well tolerated.",
        "No serious adverse events.",
        "No dose-limiting toxicity was seen.",
        "AE: none",
        "Fever did not occur.",
        "Without adverse events",
        "There were no treatment-related adverse events.",
    ],
)
def test_a_denial_of_harm_is_no_serious_events(text: str) -> None:
    assert safety(text) == "no-serious-events"


@pytest.mark.parametrize(
    "text",
    [
        "Fever in 2 patients.",
        "Headache, nausea and transient fever.",
        "Adverse events in 30%",
        "One serious adverse event",
        "Grade 3 cytokine release syndrome in 1 of 10.",
    ],
)
def test_named_events_are_reported_events(text: str) -> None:
    assert safety(text) == "events-reported"


@pytest.mark.parametrize(
    "text",
    [
        "Well tolerated; two had mild fever.",
        "No serious adverse events, but headache in 3 of 9.",
        "Safe, transient headache",
    ],
)
def test_a_denial_of_harm_beside_events_is_both(text: str) -> None:
    assert safety(text) == "both"


@pytest.mark.parametrize("text", ["Pain fell.", "IL-6 rose", "Safety and tolerability", "Not yet public"])
def test_a_cell_without_a_word_on_harm_has_no_code_of_safety(text: str) -> None:
    assert safety(text) == "not-stated"
    assert code(text).safety.spans == ()


@pytest.mark.parametrize(
    "text", ["Fever, chills and one pulmonary embolism", "Two had infusion reactions", "No toxicity"]
)
def test_listed_adverse_events_are_no_measures(text: str) -> None:
    assert claims(text) == set()


def test_an_adverse_event_that_became_rarer_is_a_measure() -> None:
    assert claims("Infections were less frequent than with placebo.") == {("infections", "decreased")}


# ---------------------------------------------------------------- places


@pytest.mark.parametrize(
    "text",
    [
        "  Pain  was\nlower (p = 0.03)\tthan with placebo; 3/5 in remission (60 %), two had fever.  ",
        "KOOS pain, symptoms and ADL improved by 20, 30 and 40%; IL‑6 ↓",
        "İstanbul: PAİN fell",
        "Primary: VAS at 6 months",
    ],
)
def test_every_code_claim_and_figure_stands_at_a_place_in_the_cell(text: str) -> None:
    outcome = code(text)
    assert outcome.verbatim == text
    for span in all_spans(outcome):
        assert 0 <= span.start < span.end <= len(text)
        assert outcome.words(span) == outcome.words(span).strip() != ""
    for claim in outcome.claims:
        assert claim.spans
        assert list(claim.spans) == sorted(claim.spans, key=lambda span: span.start)
        assert outcome.words(claim.quote) in text
        for words in (claim.timepoint, claim.comparison, claim.p_value):
            assert words in text


@pytest.mark.parametrize(
    ("header", "planned"),
    [
        ("Primary outcome measures", True),
        ("Outcome Measures", True),
        ("Primary endpoint", True),
        ("Outcomes", False),
        ("Results", False),
    ],
)
def test_a_header_of_end_points_makes_names_of_results_plans(header: str, planned: bool) -> None:
    reader = CellReader(shipped(), headers={"outcome": header})
    outcome = reader.read("outcome", "Remission; Improvement; Time to improve walking; Adverse events").value
    assert (outcome.status.concept.name == "planned") is planned
    assert (outcome.efficacy.concept.name == "not-stated") is planned
    told = reader.read("outcome", "Pain was lower in 3 of 5; no adverse events").value
    assert told.efficacy.concept.name == "improved"
