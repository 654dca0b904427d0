"""The benchmark of similarity measures what it says: rankings with ties, texts without names, peers on a small graph."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise, permutations
from statistics import mean
from types import SimpleNamespace
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.similarity_measures import (
    MEASURES,
    average_precision,
    blocks_of,
    discounted,
    hit,
    interval,
    measured,
    precision,
    reciprocal_rank,
)
from benchmarks.similarity_peers import Postings, cosine, jaccard
from benchmarks.similarity_quality import Task, chosen, differences
from benchmarks.similarity_walks import biased, graph_of, pagerank
from benchmarks.similarity_world import Target, names_of, without
from kg.similar.facets import find_facet
from kg.similar.terms import Terms

CANDIDATES = st.lists(
    st.tuples(st.integers(0, 2), st.booleans(), st.sampled_from([0.0, 0.5, 1.0])), min_size=1, max_size=6
).filter(lambda found: any(right for _, right, _ in found))


def every_order(scores: list[int], of_order: Callable[[list[int]], float]) -> float:
    """Return the mean of a measure over all orders in which no lower score stands before a higher one."""
    orders = [
        order
        for order in permutations(range(len(scores)))
        if all(scores[one] >= scores[two] for one, two in pairwise(order))
    ]
    return mean(of_order(list(order)) for order in orders)


@settings(deadline=None, max_examples=60)
@given(CANDIDATES)
def test_a_measure_of_tied_scores_is_its_mean_over_every_order(found: list[tuple[int, bool, float]]) -> None:
    scores, right, gains = (list(column) for column in zip(*found, strict=True))
    blocks = blocks_of(np.array(scores, float), np.array(right), np.array(gains))

    def first(order: list[int]) -> float:
        return 1 / (1 + next(place for place, at in enumerate(order) if right[at]))

    def averaged(order: list[int]) -> float:
        return mean(
            sum(right[at] for at in order[: place + 1]) / (place + 1)
            for place in range(len(order))
            if right[order[place]]
        )

    def gained(order: list[int]) -> float:
        return sum(gains[at] / np.log2(place + 2) for place, at in enumerate(order[:3]))

    assert reciprocal_rank(blocks) == pytest.approx(every_order(scores, first))
    assert hit(blocks, 2) == pytest.approx(
        every_order(scores, lambda order: any(right[at] for at in order[:2]))
    )
    assert precision(blocks, 2) == pytest.approx(
        every_order(scores, lambda order: sum(right[at] for at in order[:2]) / 2)
    )
    assert average_precision(blocks) == pytest.approx(every_order(scores, averaged))
    assert discounted(blocks, 3) == pytest.approx(every_order(scores, gained))


def test_a_ranking_by_the_gains_themselves_has_the_best_gain_that_there_is() -> None:
    gains = np.array([0.2, 1.0, 0.0, 1.0])
    found = dict(zip(MEASURES, measured(gains, gains == 1.0, gains), strict=True))
    assert found == {"MRR": 1.0, "hits@10": 1.0, "P@5": 0.4, "AP": 1.0, "nearest": 1.0, "nDCG@10": 1.0}


def test_scores_that_differ_in_the_last_bits_only_are_tied() -> None:
    blocks = blocks_of(np.array([0.1 + 0.2, 0.3]), np.array([True, False]), np.zeros(2))
    assert [block.size for block in blocks] == [2]


def test_the_interval_of_equal_values_is_their_value_and_of_others_holds_the_mean() -> None:
    assert interval(np.full((5, 1), 0.25), seed=1, draws=100) == (0.25, 0.25)
    values = np.arange(10.0)[:, None]
    low, high = interval(values, seed=1)
    assert low < 4.5 < high
    assert interval(values, seed=1) == (low, high)


def test_the_interval_draws_the_questions_about_a_trial_together_and_leaves_out_what_is_not_asked() -> None:
    values = np.array([[0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [np.nan] * 3])
    assert interval(values, seed=1, draws=1000) == (0.0, 1.0)
    uneven = np.array([[0.0, 0.0, 0.0], [1.0, np.nan, np.nan]] * 500)
    assert interval(uneven, seed=1, draws=1000) == pytest.approx((0.25, 0.25), abs=0.03)


def test_names_are_taken_out_of_a_text_as_whole_words_the_longest_first() -> None:
    text = "Acute GvHD, GVHDs and agvhd after graft versus host disease"
    assert without(text, ["gvhd", "acute gvhd", "graft versus host disease"]).split() == [
        ",",
        "and",
        "agvhd",
        "after",
    ]
    assert without(text, []) == text


def test_an_amount_is_named_by_a_quarter_of_its_span() -> None:
    dose, schedule = find_facet("dose"), find_facet("schedule")
    assert names_of(dose, (("unit", 6.0, 6.3),)) == {"unit 10^6"}
    assert names_of(dose, (("unit", 6.3, 6.3),)) == {"unit 10^6.5"}
    assert names_of(schedule, (("interval", 0.85, 0.85),)) == {"interval 10^0.75"}


class FourTrials:
    """Four trials: 0 and 1 share a disease and a row, 2 and 3 share a route, 2 has what 0 and 1 have but narrower."""

    terms = Terms({}, {"narrow": ("wide",)})
    stated = {  # noqa: RUF012
        "disease": [
            frozenset({"wide"}),
            frozenset({"wide"}),
            frozenset({"wide", "narrow"}),
            frozenset({"other"}),
        ],
        "route": [frozenset({"a"}), frozenset({"b"}), frozenset({"a", "c"}), frozenset({"c"})],
    }
    rows = (frozenset({"r1"}), frozenset({"r1"}), frozenset({"r2"}), frozenset({"r3"}))
    tables = (frozenset({"t1"}), frozenset({"t1"}), frozenset({"t1"}), frozenset({"t2"}))

    def __len__(self) -> int:
        return 4

    def named(self, hidden: str, *, broader: bool = False) -> list[frozenset[str]]:
        """Return the names of the other facet."""
        return [
            frozenset(
                name
                for facet, sets in self.stated.items()
                for one in (sets[at] if facet != hidden else ())
                for name in (self.terms.closure(one) if broader else (one,))
            )
            for at in range(4)
        ]


WORLD: Any = FourTrials()


def asked(facet: str, *, across: bool = False, sample: int = 0) -> Task:
    arguments: Any = SimpleNamespace(across=across, sample=sample, seed=1)
    return Task(WORLD, facet, arguments)


def test_only_the_narrowest_values_are_right_but_what_is_broader_is_near() -> None:
    target = Target(WORLD, "disease")
    assert target.right(0).tolist() == [True, True, False, False]
    assert target.gains(0).tolist() == [1.0, 1.0, 0.5, 0.0]


def test_a_trial_of_the_same_row_or_on_request_of_the_same_table_is_no_candidate() -> None:
    assert asked("disease").candidates(0).tolist() == [False, False, True, True]
    assert asked("disease", across=True).candidates(0).tolist() == [False, False, False, True]


def test_a_trial_without_a_right_answer_asks_nothing_and_a_sample_asks_no_more_than_it_may() -> None:
    assert asked("disease").asking == []
    assert asked("route").asking == [0, 2, 3]
    assert asked("route", across=True).asking == [2, 3]
    assert len(asked("route", sample=2).asking) == 2


def test_peers_do_not_see_the_hidden_facet() -> None:
    assert jaccard(WORLD, "disease", 1)(0).tolist() == pytest.approx([1.0, 0.0, 0.5, 0.0])
    assert jaccard(WORLD, "route", 1)(2).tolist() == pytest.approx([0.5, 0.5, 1.0, 0.0])
    assert not any(str(node).startswith("disease") for node in graph_of(WORLD, "disease"))


def test_the_cosine_weights_rare_names_more_and_is_one_of_a_trial_with_itself() -> None:
    scores = cosine(broader=False)(WORLD, "disease", 1)(2)
    assert scores[2] == pytest.approx(1.0)
    assert scores[0] == scores[3] > scores[1] == 0


def test_postings_add_the_weights_of_the_names_that_two_share() -> None:
    postings = Postings([{"x", "y"}, {"y"}, {"z"}])
    assert postings.sums(0, {"x": 1.0, "y": 4.0, "z": 9.0}.__getitem__).tolist() == [5.0, 4.0, 0.0]


def test_pagerank_reaches_what_is_linked_and_nothing_else() -> None:
    pytest.importorskip("scipy")
    scores = pagerank(WORLD, "disease", 1)(0)
    assert scores[0] > scores[2] > scores[3] > 0
    assert scores[1] == 0


def test_a_walk_goes_along_edges_and_stays_where_there_are_none() -> None:
    graph = nx.path_graph(4)
    near = [*(list(graph[node]) for node in graph), []]
    walk = [int(node) for node in biased(near, 0, np.random.default_rng(1))]
    assert len(walk) > 4
    assert all(graph.has_edge(one, two) for one, two in pairwise(walk))
    assert biased(near, 4, np.random.default_rng(1)) == ["4"]


def test_a_method_whose_package_is_missing_is_left_out_with_a_word() -> None:
    missing: Any = SimpleNamespace(name="peer", needs="no_such_package", most=10)
    slow: Any = SimpleNamespace(name="slow", needs="numpy", most=1)
    usable, words = chosen([missing, slow], 2)
    assert usable == []
    assert ["no_such_package" in words[0], "too long" in words[1]] == [True, True]


def test_a_difference_is_bold_only_when_its_interval_leaves_out_zero() -> None:
    lower, same = np.zeros((20, len(MEASURES))), np.ones((20, len(MEASURES)))
    names = ("disease", "cell_source", "phase", "route")
    found = {name: dict.fromkeys(names, values) for name, values in (("a", same), ("b", lower), ("c", same))}
    lines = list(differences(found, seed=1))
    assert "**−1.000 [−1.000, −1.000]**" in lines[2]
    assert "**" not in lines[3]
