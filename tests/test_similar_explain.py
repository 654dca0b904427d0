"""What is said of two profiles is what the score rests on: shared, broader, near; and figures are as people write them."""

from __future__ import annotations

import math
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from similar_world import TERMS, collection, graph_world, trial, world

from kg.records.figures import figure, figures
from kg.similar.aggregate import collect
from kg.similar.answers.answers import best_pairs, comparison, most_alike, ranking
from kg.similar.answers.explain import FacetWords, amount_words, explain, percent, say
from kg.similar.facets import FACETS
from kg.similar.index import Index
from kg.similar.pairs.nearest import Nearest, nearest
from kg.similar.profile import Profile
from kg.similar.score import Scorer
from kg.similar.terms import Terms


def told(facet: str, one: Profile, other: Profile, terms: Terms = TERMS) -> FacetWords:
    return explain(one, other, terms)[facet]


def test_a_concept_that_both_state_is_shared_and_no_difference() -> None:
    words = told("disease", trial(1, disease="knee"), trial(2, disease="knee"))
    assert words == FacetWords(("knee osteoarthritis",), ("knee osteoarthritis",), ("knee osteoarthritis",))


def test_the_narrowest_broader_concept_is_shared_where_the_concepts_differ() -> None:
    words = told("disease", trial(1, disease="knee"), trial(2, disease="hip"))
    assert words.shared == ("osteoarthritis (broader)",)
    assert (words.only_this, words.only_other) == (("knee osteoarthritis",), ("hip osteoarthritis",))


def test_what_is_broader_for_one_side_only_is_marked_too() -> None:
    words = told("disease", trial(1, disease="knee"), trial(2, disease="joint"))
    assert words.shared == ("osteoarthritis (broader)",)
    assert words.only_other == ("osteoarthritis",)


def test_beside_what_both_state_only_what_is_not_above_it_is_shared() -> None:
    words = told("disease", trial(1, disease=["knee", "stroke"]), trial(2, disease=["hip", "stroke"]))
    assert words.shared == ("stroke", "osteoarthritis (broader)")


def test_unrelated_concepts_share_nothing() -> None:
    assert told("disease", trial(1, disease="knee"), trial(2, disease="stroke")).shared == ()


def test_a_facet_that_one_side_lacks_differs_and_shares_nothing() -> None:
    words = told("route", trial(1, route="vein"), trial(2, disease="knee"))
    assert words == FacetWords(this=("intravenous",), only_this=("intravenous",))


def test_a_facet_that_both_lack_is_absent() -> None:
    assert set(explain(trial(1, route="vein"), trial(2, disease="knee"), TERMS)) == {"disease", "route"}


def test_only_the_facets_that_count_are_told() -> None:
    both = trial(1, route="vein", disease="knee"), trial(2, route="vein", disease="knee")
    assert set(explain(*both, TERMS, FACETS[:1])) == {"disease"}


def test_equal_amounts_are_shared_as_they_are() -> None:
    both = (trial(n, dose=[("cells-per-kg", "2e6", "2e6")]) for n in (1, 2))
    assert told("dose", *both) == FacetWords(*(("2×10⁶ cells/kg",),) * 3)


def test_near_amounts_share_the_range_that_holds_both() -> None:
    words = told("dose", trial(1, dose=[("cells", "1e6", "1e6")]), trial(2, dose=[("cells", "2e6", "4e6")]))
    assert words.shared == ("1×10⁶–4×10⁶ cells (range of both)",)
    assert (words.only_this, words.only_other) == (("1×10⁶ cells",), ("2×10⁶–4×10⁶ cells",))


def test_amounts_that_are_far_apart_share_nothing() -> None:
    words = told("dose", trial(1, dose=[("cells", "1e6", "1e6")]), trial(2, dose=[("cells", "1e8", "1e8")]))
    assert words.shared == ()


def test_amounts_of_different_units_share_nothing() -> None:
    one = trial(1, dose=[("cells", "2e6", "2e6")])
    assert told("dose", one, trial(2, dose=[("cells-per-kg", "2e6", "2e6")])).shared == ()


def test_what_is_shared_and_what_contributes_are_the_same_facets() -> None:
    scorer = Scorer(Index.of(world()))
    for at in range(6):
        for match in ranking(scorer, "trial", scorer.index.profile(at), 6).matches:
            shared = {facet for facet, words in match.words.items() if words.shared}
            assert shared == {facet for facet, parts in match.contributions.items() if parts}


@pytest.mark.parametrize(
    ("what", "low", "high", "text"),
    [
        ("v/cells-per-kg", "2e6", "2e6", "2×10⁶ cells/kg"),
        ("v/cells", "1.5e6", "3e7", "1.5×10⁶–3×10⁷ cells"),
        ("v/cells", "123456", "123456", "1.23456×10⁵ cells"),
        ("mL", "0.5", "10", "0.5–10 mL"),
        ("administrations", "1", "1", "1 administration"),
        ("administrations", "3", "3", "3 administrations"),
        ("administrations", "1", "8", "1–8 administrations"),
        ("interval", "14", "14", "every 14 days"),
        ("interval", "1", "1", "every day"),
        ("interval", "0.5", "0.5", "every 0.5 days"),
        ("interval", "7", "14", "every 7–14 days"),
        ("interval", "30.436875", "30.436875", "every month"),
        ("interval", "91.310625", "91.310625", "every 3 months"),
        ("interval", "30", "30", "every 30 days"),
        ("interval", "365.2425", "365.2425", "every 12 months"),
    ],
)
def test_amounts_read_as_people_write_them(what: str, low: str, high: str, text: str) -> None:
    ends = (round(math.log10(float(end)), 9) for end in (low, high))
    assert amount_words(what, *ends, TERMS) == text


def test_the_mean_of_several_trials_has_three_digits() -> None:
    assert amount_words("v/cells", 6.167389, 6.284818, TERMS) == "1.47×10⁶–1.93×10⁶ cells"
    assert amount_words("administrations", 0.4303, 0.4303, TERMS) == "2.69 administrations"
    assert amount_words("administrations", 0.349485002, 0.349485002, TERMS) == "2.24 administrations"


@settings(deadline=None)
@given(st.integers(1, 999_999), st.integers(0, 6))
def test_a_number_of_up_to_six_digits_comes_back_from_its_logarithm(digits: int, zeros: int) -> None:
    number = digits * 10**zeros
    logarithm = round(math.log10(number), 9)
    assert amount_words("v/cells", logarithm, logarithm, TERMS) == figures(
        Decimal(number), Decimal(number), "cells"
    )


def test_large_numbers_have_a_power_of_ten_and_small_ones_all_their_digits() -> None:
    assert [figure(Decimal(n)) for n in ("0", "15", "0.25", "9999", "10000", "2e6")] == [
        "0",
        "15",
        "0.25",
        "9999",
        "1×10⁴",
        "2×10⁶",
    ]


def test_shares_of_a_disease_are_told_in_per_cent_the_greatest_first() -> None:
    diseases = collect(
        collection(
            *(trial(n, disease="knee", cell_source="marrow", route="vein") for n in (1, 2, 3)),
            trial(4, disease="knee", cell_source="fat", route="vein"),
            trial(5, disease="hip", cell_source="marrow", route="vein"),
            trial(6, disease="hip", cell_source="fat", route="vein"),
        ),
        "disease",
    )
    hip, knee = diseases.profiles
    assert say(knee, TERMS) == {
        "cell_source": ("bone marrow (75 %)", "adipose tissue (25 %)"),
        "route": ("intravenous",),
    }
    words = told("cell_source", knee, hip)
    assert words.shared == ("bone marrow (75 % ↔ 50 %)", "adipose tissue (25 % ↔ 50 %)")
    assert (words.only_this, words.only_other) == ((), ())


def test_a_broader_concept_is_told_only_where_more_trials_have_it_than_the_narrower() -> None:
    sources = collect(
        collection(
            trial(1, disease="knee", cell_source="fat"),
            trial(2, disease="hip", cell_source="fat"),
            trial(3, disease="stroke", cell_source="cord"),
        ),
        "cell_source",
    )
    cord, fat = sources.profiles
    assert say(cord, TERMS) == {"disease": ("stroke",)}
    # osteoarthritis in all, either joint in half of them; the skeleton says nothing more than osteoarthritis
    assert say(fat, TERMS) == {
        "disease": ("osteoarthritis", "hip osteoarthritis (50 %)", "knee osteoarthritis (50 %)")
    }


def test_a_small_part_is_not_nothing() -> None:
    assert [percent(part, 1000) for part in (0, 1, 4, 10, 655, 1000)] == [
        "0 %",
        "<1 %",
        "<1 %",
        "1 %",
        "66 %",
        "100 %",
    ]
    assert percent(0, 0) == "0 %"


def test_a_ranking_counts_the_others_and_says_what_the_profile_can_reach() -> None:
    scorer = Scorer(Index.of(world()))
    profile = scorer.index.profile(0)
    answer = ranking(scorer, "trial", profile, 2)
    assert answer.asked.compared == 5
    assert answer.most == scorer.compare(profile, 0).score
    assert {match.other.name for match in answer.matches} == {"NCT00000002", "NCT00000003"}


def test_who_is_described_is_compared_with_all() -> None:
    scorer = Scorer(Index.of(world()))
    answer = ranking(
        scorer, "trial", Profile("", "what you describe", "", trial(9, disease="knee").values), 9
    )
    assert answer.asked.compared == 6
    assert answer.matches[0].score == answer.most


def test_a_comparison_is_the_same_from_both_sides() -> None:
    scorer = Scorer(Index.of(world()))
    one, other = (scorer.index.profile(at) for at in (0, 2))
    there, back = comparison(scorer, "trial", one, 2).match, comparison(scorer, "trial", other, 0).match
    assert (there.score, there.contributions) == (back.score, back.contributions)
    assert [words.shared for words in there.words.values()] == [words.shared for words in back.words.values()]


def test_the_most_alike_pairs_are_those_of_all_comparisons() -> None:
    scorer = Scorer(Index.of(world()))
    every = sorted(
        (-scorer.compare(scorer.index.profile(one), other).score, one, other)
        for one in range(6)
        for other in range(one + 1, 6)
    )
    for k in (1, 3, 6, 20):
        answer = most_alike(scorer, "trial", nearest(scorer, k), k)
        expected = [(one, other) for score, one, other in every if score][:k]
        positions = [
            (scorer.index.find(m.this.name), scorer.index.find(m.other.name)) for m in answer.matches
        ]
        assert positions == expected


def test_a_pair_that_is_near_from_one_end_only_is_found_once() -> None:
    import numpy as np

    found = Nearest(np.array([[1], [2], [1]], np.int32), np.array([[5], [9], [9]], np.int32))
    assert best_pairs(found, 5) == [(1, 2), (0, 1)]


def test_a_graph_made_of_a_table_is_explained_in_its_vocabulary(tmp_path: Path) -> None:
    trials = graph_world(tmp_path)
    knee, hip, twice = trials.profiles[:3]
    assert told("disease", knee, hip, trials.terms).shared == ("osteoarthritis (broader)",)
    assert told("dose", knee, hip, trials.terms).shared == ("2×10⁷–4×10⁷ cells (range of both)",)
    assert told("schedule", knee, twice, trials.terms).other == ("2 administrations", "every month")
    assert told("registry", knee, hip, trials.terms).shared == ("ClinicalTrials.gov",)
