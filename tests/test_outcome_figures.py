"""Percentages and counts of a cell, each with what it is a share of, and the direction that two of them give."""

from __future__ import annotations

from decimal import Decimal

import pytest
from outcome_coding import claims, code, efficacy

Figures = list[tuple[Decimal, int | None]]


def percentages(text: str) -> list[tuple[Decimal, str]]:
    return [(one.value, one.of_what.lower()) for one in code(text).figures if one.is_percentage]


def figures_by_claim(text: str) -> dict[str, Figures]:
    return {
        claim.name.lower(): [(one.value, one.out_of) for one in claim.figures] for claim in code(text).claims
    }


@pytest.mark.parametrize(
    "text",
    [
        "Complete response in 3 of 5 patients",
        "Complete response: 3/5",
        "3/5 complete response",
        "3 out of 5 had a complete response",
        "Three of five patients had a complete response.",
    ],
)
def test_a_count_has_its_number_and_what_it_is_out_of(text: str) -> None:
    assert figures_by_claim(text) == {"complete response": [(Decimal(3), 5)]}
    (figure,) = code(text).figures
    assert not figure.is_percentage


def test_each_count_stands_with_its_own_measure() -> None:
    text = "Complete response in 3 of 5 and partial response in 1/5."
    assert figures_by_claim(text) == {
        "complete response": [(Decimal(3), 5)],
        "partial response": [(Decimal(1), 5)],
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [("ORR 61.5%", "61.5"), ("ORR: 7 %", "7"), ("ORR was 100 percent", "100"), ("ORR of 0.5%", "0.5")],
)
def test_a_percentage_is_read_to_its_last_digit(text: str, value: str) -> None:
    assert percentages(text) == [(Decimal(value), "orr")]


@pytest.mark.parametrize(
    "text",
    [
        "ORR, CR and OS were 86.7, 53.3 and 86.7%",
        "ORR, CR and OS: 86.7, 53.3 and 86.7 %, respectively",
    ],
)
def test_a_list_of_percentages_is_shared_out_to_the_list_of_measures(text: str) -> None:
    assert percentages(text) == [
        (Decimal("86.7"), "orr"),
        (Decimal("53.3"), "cr"),
        (Decimal("86.7"), "os"),
    ]
    assert figures_by_claim(text)["cr"] == [(Decimal("53.3"), None)]


def test_one_sign_closes_a_list_of_one_measure() -> None:
    text = "Complete healing in 40, 50 and 60% at 1, 2 and 3 months"
    assert percentages(text) == [(Decimal(value), "complete healing") for value in (40, 50, 60)]
    outcome = code(text)
    assert [outcome.words(figure.span).rstrip(" %") for figure in outcome.figures] == ["40", "50", "60"]


def test_a_figure_of_adverse_events_belongs_to_no_claim() -> None:
    outcome = code("Adverse events in 30%; ORR 40%")
    assert [figure.value for figure in outcome.figures] == [30, 40]
    assert figures_by_claim("Adverse events in 30%; ORR 40%") == {"orr": [(Decimal(40), None)]}


def test_a_number_without_a_sign_is_no_percentage() -> None:
    assert code("LVEF rose from 31 to 36 at day 28").figures == ()


@pytest.mark.parametrize(
    ("text", "direction", "code_of_all"),
    [
        ("Overall response rate 51% vs 35%.", "increased", "improved"),
        ("Healing in 51% versus 35% of controls.", "increased", "improved"),
        ("Mortality 13% (control: 45%).", "decreased", "improved"),
        ("Mortality 45% vs 13%", "increased", "worsened"),
        ("Relapse rate 20% vs 20%.", "unchanged", "no-difference"),
        ("Overall response rate 51% vs 35% (p = 0.2).", "unchanged", "no-difference"),
        ("Overall response rate 51% vs 35% (p = 0.01).", "increased", "improved"),
    ],
)
def test_two_figures_that_are_compared_give_a_direction(text: str, direction: str, code_of_all: str) -> None:
    assert {found for _, found in claims(text)} == {direction}
    assert efficacy(text) == code_of_all


def test_figures_are_in_the_order_of_the_text() -> None:
    outcome = code("Remission in 3 of 5 (60%), relapse 10%; ORR 70% in 7/10")
    starts = [figure.span.start for figure in outcome.figures]
    assert len(starts) >= 5
    assert starts == sorted(starts)


def test_every_figure_of_a_claim_is_one_of_the_cell() -> None:
    outcome = code("ORR, CR and OS were 86.7, 53.3 and 86.7%; remission in 3 of 5")
    for claim in outcome.claims:
        assert set(claim.figures) <= set(outcome.figures)
