"""What a statement leaves out, denies at a distance or shares with its neighbours is still read."""

from __future__ import annotations

import pytest
from outcome_coding import claims, code, efficacy


@pytest.mark.parametrize(
    "text",
    [
        "None of 6 patients responded.",
        "0 of 6 responded",
        "No remission was achieved.",
        "Complete response: none",
        "A benefit in survival could not be shown.",
    ],
)
def test_a_response_that_nobody_had_is_no_benefit(text: str) -> None:
    assert efficacy(text) == "no-difference"


def test_a_difference_that_was_not_significant_is_no_change() -> None:
    text = "Pain fell, although the difference was not significant."
    assert claims(text) == {("pain", "unchanged")}
    assert efficacy(text) == "no-difference"


@pytest.mark.parametrize("text", ["Pain improved, but function did not.", "Pain improved; function did not."])
def test_a_verb_that_is_left_out_is_that_of_the_statement_before(text: str) -> None:
    assert claims(text) == {("pain", "improved"), ("function", "unchanged")}
    assert efficacy(text) == "mixed"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Overall or progression-free survival was longer.",
            {"overall survival", "progression-free survival"},
        ),
        ("Motor and sensory function improved.", {"motor function", "sensory function"}),
    ],
)
def test_a_noun_is_shared_before_a_verb_too(text: str, names: set[str]) -> None:
    assert {name for name, _ in claims(text)} == names


@pytest.mark.parametrize(
    "text",
    [
        "ORR and OS were 86.7% and 53.3%",
        "ORR and OS were 86.7% and 53.3%, respectively",
    ],
)
def test_figures_with_a_sign_each_are_shared_out_to_the_list_of_measures(text: str) -> None:
    assert [figure.of_what for figure in code(text).figures] == ["ORR", "OS"]


@pytest.mark.parametrize(
    "text", ["Decline in FVC was slower", "The decline of FVC was slower than in controls"]
)
def test_a_slower_decline_is_a_benefit(text: str) -> None:
    assert efficacy(text) == "improved"
