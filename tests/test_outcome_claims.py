"""What a cell says of a measure is a claim with a direction, by whatever kind of words it says so."""

from __future__ import annotations

import pytest
from outcome_coding import Pairs, claims, code, efficacy, kinds

from kg.model import Claim

UP, DOWN, BETTER, WORSE, SAME, TOLD = (
    *("increased", "decreased", "improved", "worsened", "unchanged", "reported"),
)


def one(text: str) -> Claim:
    (claim,) = code(text).claims
    return claim


def of_all(names: str, direction: str) -> Pairs:
    return {(name, direction) for name in names.split("; ")}


# ---------------------------------------------------------------- words of a direction


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Pain fell.", ("pain", DOWN)),  # a verb behind its measure
        ("LVEF improved", ("lvef", BETTER)),
        ("The infusion reduced pain.", ("pain", DOWN)),  # a verb before it
        ("Treatment prolonged survival", ("survival", UP)),
        ("Pain was reduced by the treatment.", ("pain", DOWN)),  # passive
        ("Scar size was significantly decreased", ("scar size", DOWN)),
        ("Reduction in pain", ("pain", DOWN)),  # a noun with "in" and "of"
        ("An increase of LVEF was seen.", ("lvef", UP)),
        ("A significant decrease in pain was seen in 12 patients", ("pain", DOWN)),
        ("Higher walking distance.", ("walking distance", UP)),  # an adjective before and behind
        ("Walking distance was higher", ("walking distance", UP)),
        ("worse dyspnoea", ("dyspnoea", WORSE)),
        ("LVEF up", ("lvef", UP)),
        ("Function remained stable.", ("function", SAME)),
        ("FEV1: no change.", ("fev1", SAME)),
        ("FEV1: n.s.", ("fev1", SAME)),
    ],
)
def test_each_kind_of_word_gives_its_measure_a_direction(text: str, claim: tuple[str, str]) -> None:
    assert claims(text) == {claim}


@pytest.mark.parametrize(
    "text",
    [
        "↑ LVEF, ↓ scar size",
        "LVEF ↑, scar size ↓",
        "↑LVEF; ↓scar size",
        "LVEF up, scar size down",
        "LVEF rose, scar size fell",
        "Increased LVEF and reduced scar size",
    ],
)
def test_arrows_before_or_behind_and_words_say_the_same(text: str) -> None:
    assert claims(text) == {("lvef", UP), ("scar size", DOWN)}
    assert efficacy(text) == "improved"


def test_a_level_arrow_is_no_change() -> None:
    assert claims("Pain ↓, function ↔") == {("pain", DOWN), ("function", SAME)}


def test_a_number_that_became_another_one_has_a_direction() -> None:
    assert claims("LVEF +4.7%, scar −3%") == {("lvef", UP), ("scar", DOWN)}
    assert claims("ABI 0.41 → 0.63") == {("abi", UP)}


def test_the_wording_gives_the_direction_and_not_what_is_better() -> None:
    assert claims("Pain was lower; survival was longer") == {("pain", DOWN), ("survival", UP)}
    assert claims("Pain was better") == {("pain", BETTER)}


def test_each_statement_of_a_cell_is_a_claim_of_its_own() -> None:
    text = "Reduced pain and better function; FVC did not change, dyspnoea worsened."
    assert claims(text) == {
        ("pain", DOWN),
        ("function", BETTER),
        ("fvc", SAME),
        ("dyspnoea", WORSE),
    }


# ---------------------------------------------------------------- lists and brackets


@pytest.mark.parametrize(
    ("text", "names", "direction"),
    [
        ("KOOS pain, symptoms and ADL improved.", "koos pain; koos symptoms; koos adl", BETTER),
        ("WOMAC and VAS scores fell.", "womac scores; vas scores", DOWN),
        (
            "Overall and progression-free survival were longer.",
            "overall survival; progression-free survival",
            UP,
        ),
        (
            "No difference in overall or progression-free survival.",
            "overall survival; progression-free survival",
            SAME,
        ),
        (
            "Clinical and laboratory parameters improved.",
            "clinical parameters; laboratory parameters",
            BETTER,
        ),
        ("Motor and sensory scores improved.", "motor scores; sensory scores", BETTER),
        ("Pain, stiffness & function improved", "pain; stiffness; function", BETTER),
        ("Reduction in pain and stiffness", "pain; stiffness", DOWN),
    ],
)
def test_a_list_shares_its_direction_and_its_noun(text: str, names: str, direction: str) -> None:
    assert claims(text) == of_all(names, direction)


def test_a_shared_noun_is_part_of_the_words_that_each_claim_rests_on() -> None:
    outcome = code("WOMAC and VAS scores fell.")
    for claim in outcome.claims:
        assert {"scores", "fell"} <= set(" ".join(outcome.words(span) for span in claim.spans).split())


@pytest.mark.parametrize(
    ("text", "names", "direction"),
    [
        (
            "Inflammatory markers (IL-6, TNF-α) decreased.",
            "inflammatory markers; il-6; tnf-α",
            DOWN,
        ),
        ("Serum cytokines (IL-6 and IL-10) did not change", "serum cytokines; il-6; il-10", SAME),
        ("Lung function (FEV1, FVC, DLCO) improved", "lung function; fev1; fvc; dlco", BETTER),
    ],
)
def test_a_term_and_its_members_in_brackets_are_all_claims(text: str, names: str, direction: str) -> None:
    assert claims(text) == of_all(names, direction)


# ---------------------------------------------------------------- negation


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Pain did not differ between groups.", "pain"),
        ("Pain did not improve", "pain"),
        ("Pain was not reduced.", "pain"),
        ("The treatment did not reduce pain.", "pain"),
        ("No difference in WOMAC or VAS.", "womac; vas"),
        ("Neither WOMAC nor VAS changed.", "womac; vas"),
        ("There was no significant change in FEV1 or DLCO.", "fev1; dlco"),
        ("No significant improvement was seen in walking.", "walking"),
        ("No effect on walking.", "walking"),
        ("Failed to improve survival.", "survival"),
        ("Could not be shown to improve survival.", "survival"),
        ("Walking not better than with placebo", "walking"),
    ],
)
def test_a_negation_turns_any_direction_to_unchanged(text: str, names: str) -> None:
    assert claims(text) == of_all(names, SAME)
    assert efficacy(text) == "no-difference"


def test_a_negation_holds_for_its_own_statement_only() -> None:
    assert claims("Pain did not change; FVC rose.") == {("pain", SAME), ("fvc", UP)}
    assert claims("Pain fell, FVC did not change") == {("pain", DOWN), ("fvc", SAME)}


def test_a_negation_is_among_the_words_of_its_claim() -> None:
    outcome = code("Pain was not reduced.")
    assert "not" in " ".join(outcome.words(span) for span in outcome.claims[0].spans).split()


# ---------------------------------------------------------------- hedges and circumstances


@pytest.mark.parametrize(
    ("text", "direction", "hedge"),
    [
        ("Pain may be lower.", DOWN, "hedge-may"),
        ("Possible benefit on walking distance", BETTER, "hedge-may"),
        ("A trend to longer survival.", UP, "hedge-trend"),
        ("Pain tended to be lower", DOWN, "hedge-trend"),
        ("Suggests improved walking", BETTER, "hedge-suggests"),
        ("Pain was lower, but not significantly.", SAME, "hedge-not-significant"),
        ("Pain was lower (ns).", SAME, "hedge-not-significant"),
    ],
)
def test_a_hedge_is_kept_and_only_what_is_not_significant_is_no_change(
    text: str, direction: str, hedge: str
) -> None:
    claim = one(text)
    assert claim.direction.name == direction
    assert [concept.name for concept in claim.hedges] == [hedge]


def test_a_plain_statement_has_no_hedge() -> None:
    assert one("Pain was lower.").hedges == ()


def test_when_than_what_and_how_surely_stand_with_the_claim() -> None:
    claim = one("Pain was lower than with placebo at 6 months (p = 0.03).")
    assert (claim.timepoint, claim.comparison, claim.p_value) == (
        "6 months",
        "than with placebo",
        "p = 0.03",
    )


@pytest.mark.parametrize(
    ("text", "timepoint", "comparison", "p_value"),
    [
        ("Significant reduction of pain at 3 and 6 months.", "3 and 6 months", "", ""),
        ("6MWD increased (p < 0.001).", "", "", "p < 0.001"),
        ("Pain did not differ between groups.", "", "between groups", ""),
        ("6MWD increased vs placebo at 12 months (P = .02)", "12 months", "vs placebo", "P = .02"),
        ("Pain fell", "", "", ""),
    ],
)
def test_a_claim_has_the_circumstances_that_its_statement_names(
    text: str, timepoint: str, comparison: str, p_value: str
) -> None:
    claim = one(text)
    assert (claim.timepoint, claim.comparison, claim.p_value) == (timepoint, comparison, p_value)


@pytest.mark.parametrize("text", ["Pain was lower (n.s.).", "Pain was lower, n.s.", "Pain lower (ns)"])
def test_what_a_short_mark_calls_not_significant_is_no_change(text: str) -> None:
    assert claims(text) == {("pain", SAME)}
    assert efficacy(text) == "no-difference"


# ---------------------------------------------------------------- measures


def test_a_known_measure_has_its_concept_and_its_kind() -> None:
    claim = one("LVEF rose")
    assert claim.concept is not None
    assert (claim.concept.scheme, claim.kind.name) == ("measure", "clinical")


def test_a_measure_that_no_vocabulary_knows_keeps_its_words() -> None:
    claim = one("Button fastening improved.")
    assert (claim.name, claim.concept, claim.direction.name) == ("Button fastening", None, BETTER)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Pain fell", "clinical"), ("Overall response rose", "response"), ("IL-6 fell", "biomarker")],
)
def test_each_measure_has_a_kind_of_endpoint(text: str, kind: str) -> None:
    assert {found for _, found in kinds(text)} == {kind}


def test_levels_are_no_part_of_a_name() -> None:
    assert claims("Serum IL-6 levels fell.") == {("serum il-6", DOWN)}
    assert claims("The level of IL-6 was lower.") == {("il-6", DOWN)}


def test_what_a_cell_says_twice_is_one_claim() -> None:
    assert len(code("Pain fell. Pain fell.").claims) == 1
    assert claims("Pain fell at 6 months; pain rose at 12 months.") == {("pain", DOWN), ("pain", UP)}


def test_a_reported_rate_or_count_has_no_other_direction() -> None:
    assert claims("Overall response in 40%; remission in 3 of 5") == {
        ("overall response", TOLD),
        ("remission", TOLD),
    }
