"""Scores are sums of what facets contribute, symmetric, greatest for a trial itself, and told by rare things."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from similar_world import TERMS, collection, graph_world, trial, words, world

from kg.errors import QueryError
from kg.similar.aggregate import collect
from kg.similar.facets import FACETS, find_facet
from kg.similar.index import Index
from kg.similar.like import hypothetical
from kg.similar.profile import UNIT, Profile, Value
from kg.similar.score import Scorer
from kg.similar.terms import Terms
from kg.similar.values import amounts_of, days
from kg.similar.weights import Weights
from kg.vocabulary.load import bundled_lexicon

SHARES = {name: share * UNIT for name, share in Weights.of().shares.items()}
CONCEPTS = sorted(TERMS.labels)


def score(one: int, other: int, *trials: Profile, weights: Weights | None = None) -> int:
    """Return the score of two of `trials`, by their places."""
    scorer = Scorer(Index.of(collection(*trials)), weights)
    return scorer.compare(scorer.index.profile(one), other).score


# ---- what every score obeys

facet_values: dict[str, st.SearchStrategy[Value]] = {
    facet.name: (
        st.lists(st.sampled_from(CONCEPTS), min_size=1, max_size=4, unique=True).map(
            lambda iris: tuple((iri, 1000) for iri in sorted(iris))
        )
        if facet.kind == "concepts"
        else st.dictionaries(
            st.sampled_from(["administrations", "interval"] if facet.name == "schedule" else ["a", "b", "c"]),
            st.tuples(st.integers(-3, 9), st.integers(0, 3)),
            min_size=1,
        ).map(
            lambda ends: tuple(
                (what, low / 3, (low + more) / 3) for what, (low, more) in sorted(ends.items())
            )
        )
    )
    for facet in FACETS
}
some_values = st.fixed_dictionaries({}, optional=facet_values)
collections = st.lists(some_values, min_size=1, max_size=12).map(
    lambda rows: collection(*(Profile(f"t/{n:02}", f"N{n}", "", row) for n, row in enumerate(rows)))
)
weights = st.dictionaries(
    st.sampled_from([facet.name for facet in FACETS]), st.integers(1, 9), max_size=3
).map(Weights.of)


@settings(deadline=None, max_examples=60)
@given(collections, weights)
def test_contributions_sum_to_a_score_that_is_symmetric_and_greatest_for_the_trial_itself(
    made, chosen
) -> None:
    index = Index.of(made)
    scorer = Scorer(index, chosen)
    profiles = [index.profile(at) for at in range(len(index))]
    assert [dict(one.values) for one in profiles] == [dict(one.values) for one in made.profiles]
    scores = np.array([scorer.scores(one) for one in profiles])
    assert (scores == scores.T).all()
    assert (scores.max(axis=1) == scores.diagonal()).all()
    assert ((scores >= 0) & (scores < UNIT)).all()
    for at, one in enumerate(profiles):
        assert sum(scorer.most(one).values()) == scores[at, at]
        for neighbour in scorer.neighbours(one, 5):
            assert sum(neighbour.contributions.values()) == neighbour.score == scores[at, neighbour.position]
            assert list(neighbour.contributions) == list(chosen.shares)


@settings(deadline=None, max_examples=60)
@given(collections, st.sampled_from([facet.name for facet in FACETS]), st.data())
def test_changing_one_facet_changes_only_its_term(made, facet, data) -> None:
    before = Scorer(Index.of(made))
    first = made.profiles[0]
    value = data.draw(facet_values[facet])
    changed = replace(first, values={**first.values, facet: value})
    after = Scorer(Index.of(replace(made, profiles=(changed, *made.profiles[1:]))))
    for at in range(len(made.profiles)):
        old, new = before.compare(first, at), after.compare(changed, at)
        others = [name for name in old.contributions if name != facet]
        assert [old.contributions[name] for name in others] == [new.contributions[name] for name in others]


@settings(deadline=None, max_examples=40)
@given(collections, st.sampled_from([facet.name for facet in FACETS]))
def test_what_both_lack_adds_nothing(made, facet) -> None:
    bare = [
        replace(one, values={name: value for name, value in one.values.items() if name != facet})
        for one in made.profiles
    ]
    scorer = Scorer(Index.of(collection(*bare)))
    assert all(scorer.compare(one, 0).contributions[facet] == 0 for one in bare)


@settings(deadline=None, max_examples=40)
@given(collections, st.integers(1, 12))
def test_neighbours_come_by_score_then_by_iri_and_never_share_nothing(made, k) -> None:
    scorer = Scorer(Index.of(made))
    for at, one in enumerate(made.profiles):
        scores = scorer.scores(one)
        wanted = sorted((-scores[n], n) for n in range(len(scores)) if n != at and scores[n] > 0)[:k]
        assert [(-one.score, one.position) for one in scorer.neighbours(one, k)] == wanted


# ---- the formula, worked out by hand


def test_a_shared_concept_counts_by_its_rarity() -> None:
    trials = [trial(n, route="vein") for n in range(3)] + [trial(n, route="into-joint") for n in (3, 4)]
    # of 5 trials 3 and 2: p = 3/6 and 2/6
    assert score(0, 1, *trials) == round((1 - 3 / 6) * SHARES["route"])
    assert score(3, 4, *trials) == round((1 - 2 / 6) * SHARES["route"])


def test_a_shared_broader_concept_counts_by_its_information() -> None:
    trials = [trial(1, disease="knee"), trial(2, disease="hip"), trial(3, disease="stroke")]
    knee, joint = math.log2(4 / 1), math.log2(4 / 2)
    # knee and hip share joint and skeleton, which two of three trials have
    wanted = 2 * (2 * joint) / (2 * (knee + 2 * joint)) * (1 - 2 / 4)
    assert score(0, 1, *trials) == round(wanted * SHARES["disease"])
    assert score(0, 2, *trials) == 0


def test_knee_is_nearer_to_joint_than_to_bone_and_nearer_to_bone_than_to_stroke() -> None:
    trials = [trial(n, disease=name) for n, name in enumerate(["knee", "joint", "bone", "stroke", "hip"])]
    scores = [score(0, at, *trials) for at in range(4)]
    assert all(more > less for more, less in pairwise(scores))


def test_doses_are_alike_by_their_distance_in_powers_of_ten() -> None:
    amounts = ["1e6", "1e7", "1e8", "1e6"]
    trials = [trial(n, dose=[("cells", amount, amount)]) for n, amount in enumerate(amounts)]
    # 10 times apart is half of two decades; of 4 trials 3 lie between 1e6 and 1e7
    assert score(0, 1, *trials) == round(0.5 * (1 - 3 / 5) * SHARES["dose"])
    assert score(0, 2, *trials) == 0
    assert score(0, 3, *trials) == round((1 - 2 / 5) * SHARES["dose"])


def test_a_dose_for_each_kilogram_is_never_like_one_in_total() -> None:
    trials = [trial(1, dose=[("cells", "1e6", "1e6")]), trial(2, dose=[("cells-per-kg", "1e6", "1e6")])]
    assert score(0, 1, *trials) == 0


def test_several_units_count_for_their_part() -> None:
    both = [("cells", "1e6", "1e6"), ("cells-per-kg", "1e5", "1e5")]
    trials = [trial(1, dose=both), trial(2, dose=both[:1]), trial(3, dose=both[1:])]
    assert score(0, 1, *trials) == round((1 - 2 / 4) / 2 * SHARES["dose"])


def test_each_aspect_of_a_trial_counts_the_same_and_its_administration_half() -> None:
    aspects = (
        ["disease"],
        ["cell_source", "product", "donor"],
        ["route"],
        ["dose", "schedule"],
        ["measures", "outcome"],
    )
    assert [sum(SHARES[name] for name in names) for names in aspects] == [pytest.approx(2 / 11 * UNIT)] * 5
    assert SHARES["phase"] + SHARES["registry"] == pytest.approx(1 / 11 * UNIT)


def test_weights_and_only_change_the_shares() -> None:
    trials = [trial(1, dose=[("a", "1", "1")], schedule=[("interval", "7", "7")]) for _ in "ab"]
    both = Weights.of({"dose": 3}, only=("dose", "schedule"))
    assert both.shares == {"dose": 0.75, "schedule": 0.25}
    # of 2 trials both: p = 2/3
    assert score(0, 1, *trials, weights=both) == round(0.75 / 3 * UNIT) + round(0.25 / 3 * UNIT)
    alone = Weights.of({"dose": 0}, only=("dose", "schedule"))
    assert score(0, 1, *trials, weights=alone) == round(UNIT / 3)


def test_a_weight_is_how_many_times_as_much_as_usual_a_facet_counts() -> None:
    usual, twice = Weights.of().shares, Weights.of({"route": 2}).shares
    assert twice["route"] / twice["disease"] == pytest.approx(2 * usual["route"] / usual["disease"])


@pytest.mark.parametrize(
    ("weights", "only", "says"),
    [
        ({"rout": 1}, (), "route"),
        ({"route": -1}, (), "positive"),
        ({"route": math.nan}, (), "positive"),
        ({"route": math.inf}, (), "positive"),
        ({"route": 0}, ("route",), "nothing counts|no facet counts"),
        ({"route": 2}, ("disease",), "disease"),
        ({}, ("diseases",), "disease"),
    ],
)
def test_weights_that_make_no_sense_are_refused(weights, only, says) -> None:
    with pytest.raises(QueryError) as error:
        Weights.of(weights, only)
    assert any(word in str(error.value) for word in says.split("|"))


# ---- terms


def test_a_circle_of_broader_concepts_ends() -> None:
    terms = Terms({}, {"a": ("b",), "b": ("a",), "c": ("a",)})
    assert terms.closure("c") == {"a", "b", "c"}
    assert terms.narrowest(["a", "b", "c"]) == ("c",)
    assert terms.narrowest(["a", "b"]) == ("a", "b")
    assert terms.top("c") == ("c",)


def test_the_narrowest_are_those_that_are_not_broader_than_another() -> None:
    assert TERMS.narrowest(["v/knee", "v/joint", "v/skeleton", "v/stroke"]) == ("v/knee", "v/stroke")
    assert TERMS.top("v/knee") == ("v/skeleton",)


# ---- reading a graph


def test_a_table_becomes_profiles_by_way_of_its_graph(tmp_path: Path) -> None:
    made = graph_world(tmp_path)
    first, _, third, fourth, *_ = made.profiles
    assert first.name == "NCT00000101"
    assert first.label == "knee osteoarthritis, bone marrow, intra-articular"
    assert words(first, made.terms) == {
        "disease": ["knee osteoarthritis"],
        "cell_source": ["bone marrow"],
        "product": ["cells"],
        "route": ["intra-articular"],
        "phase": ["Phase I"],
        "measures": ["WOMAC"],
        "outcome": ["improved", "no serious events"],
        "registry": ["ClinicalTrials.gov"],
    }
    assert [(what.rsplit("/", 1)[-1], low) for what, low, _ in first.values["dose"]] == [
        ("cells", pytest.approx(math.log10(2e7), abs=1e-8))
    ]
    assert third.values["schedule"] == (
        ("administrations", pytest.approx(math.log10(2)), pytest.approx(math.log10(2))),
        ("interval", pytest.approx(math.log10(30.436875)), pytest.approx(math.log10(30.436875))),
    )
    assert len(fourth.values["phase"]) == 2


def test_an_outcome_that_says_nothing_of_the_effect_has_no_code(tmp_path: Path) -> None:
    second = graph_world(tmp_path).profiles[1]
    assert [one[0].rsplit("/", 2)[-2:] for one in second.values["outcome"]] == [["efficacy", "improved"]]


def test_the_two_reports_of_one_trial_are_one_profile(tmp_path: Path) -> None:
    rows = """Disease,Route,Dose,Trial number
stroke,intravenous,1e6 cells/kg,NCT00000101
stroke,intrathecal,1e7 cells/kg,NCT00000101
"""
    (only,) = graph_world(tmp_path, rows).profiles
    assert len(only.values["route"]) == 2
    ((_, low, high),) = only.values["dose"]
    assert (low, high) == (6, 7)


@pytest.mark.parametrize(
    ("duration", "wanted"),
    [("P2W", 14), ("P1M", 30.436875), ("P10D", 10), ("P1Y", 365.2425), ("PT12H", 0.5), ("P1.5D", 1.5)],
)
def test_a_duration_is_a_number_of_days(duration, wanted) -> None:
    assert float(days(duration)) == wanted


@pytest.mark.parametrize("duration", ["", "monthly", "P", "P1M2D", "P-1D"])
def test_what_is_no_duration_of_one_part_is_no_number(duration) -> None:
    assert days(duration) == ""


def test_an_amount_of_nothing_has_no_place_on_a_scale_of_powers_of_ten() -> None:
    assert amounts_of([("cells", "0", "1e6")]) == (("cells", 6.0, 6.0),)
    assert amounts_of([("cells", "0", "0"), ("mg", "", "")]) == ()


# ---- finding


def test_a_trial_is_found_by_any_spelling_of_its_number() -> None:
    index = Index.of(world())
    assert [index.find(name) for name in ("NCT00000002", "nct 00000002", "t/0002", "<t/0002>")] == [
        1,
        1,
        1,
        1,
    ]


def test_a_number_that_is_not_there_gets_the_nearest() -> None:
    with pytest.raises(QueryError, match="did you mean NCT0000000"):
        Index.of(world()).find("NCT00000012")


def test_a_name_of_several_is_no_answer() -> None:
    twins = collection(trial(1), replace(trial(2), name="NCT00000001"))
    with pytest.raises(QueryError, match="t/0001, t/0002"):
        Index.of(twins).find("NCT00000001")


def test_an_empty_collection_has_nothing_to_find() -> None:
    index = Index.of(collection())
    assert len(index) == 0
    assert Scorer(index).neighbours(trial(1, route="vein"), 3) == ()
    with pytest.raises(QueryError):
        index.find("NCT00000001")


@pytest.mark.parametrize("name", ["source", "cell source", "Cell-Source", "cell_source"])
def test_a_facet_has_the_names_that_people_use(name) -> None:
    assert find_facet(name).name == "cell_source"


# ---- a trial that is only described


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """The index of the trials of the table."""
    return Index.of(graph_world(tmp_path_factory.mktemp("tried")))


def test_what_is_described_is_found_among_what_was_tried(tried: Index) -> None:
    plan = hypothetical([("disease", "osteoarthritis"), ("route", "IA")], tried, bundled_lexicon)
    nearest = Scorer(tried).neighbours(plan, 3)
    assert sorted(tried.names[one.position] for one in nearest) == [
        "NCT00000101",
        "NCT00000102",
        "NCT00000103",
    ]


def test_all_kinds_of_facets_can_be_described(tried: Index) -> None:
    said = [
        ("disease", "knee OA"),
        ("source", "UC"),
        ("source", "bone marrow"),
        ("dose", "1-5 × 10^7 cells"),
        ("schedule", "twice, 1 month apart"),
        ("phase", "I/II"),
        ("measures", "WOMAC"),
        ("outcome", "no serious adverse events"),
        ("donor", "autologous"),
        ("product", "exosomes"),
        ("registry", "ClinicalTrials.gov"),
    ]
    plan = hypothetical(said, tried, bundled_lexicon)
    short = {
        name: [str(one[0]).rsplit("/", 1)[-1] for one in value] for name, value in sorted(plan.values.items())
    }
    assert short == {
        "disease": ["knee-osteoarthritis"],
        "cell_source": ["bone-marrow", "umbilical-cord"],
        "dose": ["cells"],
        "schedule": ["administrations", "interval"],
        "phase": ["i", "ii"],
        "measures": ["womac"],
        "outcome": ["no-serious-events"],
        "donor": ["autologous"],
        "product": ["extracellular-vesicles"],
        "registry": ["clinicaltrials-gov"],
    }


def test_of_a_cell_that_says_more_the_facet_takes_its_own(tried: Index) -> None:
    said = [("product", "exosomes of adipose MSCs"), ("source", "autologous bone marrow MSCs")]
    plan = hypothetical(said, tried, bundled_lexicon)
    assert {name: [one[0].rsplit("/", 1)[-1] for one in value] for name, value in plan.values.items()} == {
        "product": ["extracellular-vesicles"],
        "cell_source": ["bone-marrow"],
    }


def test_words_of_a_graph_that_no_vocabulary_has_are_understood(tmp_path: Path) -> None:
    rows = "Disease,Route,Trial number,Outcome\nstroke,intravenous,NCT00000101,Zorbic index improved.\n"
    index = Index.of(graph_world(tmp_path, rows))
    plan = hypothetical([("measures", "zorbic index")], index, bundled_lexicon)
    assert plan.values == {"measures": (("zorbic index", 1000),)}


@pytest.mark.parametrize(
    ("facet", "text", "says"),
    [
        ("disease", "knee osteoartritis", "did you mean knee osteoarthritis"),
        ("disease", "", "allowed"),
        ("route", "sideways", "allowed"),
        ("dose", "a lot", "2e6 cells/kg"),
        ("dose", "2e6", "a number and a unit"),
        ("schedule", "now and then", "how often"),
        ("phase", "V", "Phase I"),
        ("colour", "blue", "disease, cell_source"),
    ],
)
def test_a_description_that_cannot_be_read_says_what_can(tried: Index, facet, text, says) -> None:
    with pytest.raises(QueryError) as error:
        hypothetical([(facet, text)], tried, bundled_lexicon)
    assert says in str(error.value)


# ---- diseases and cell sources


def test_a_disease_is_what_its_trials_do_and_how_often() -> None:
    knee, *_ = (one for one in collect(world(), "disease").profiles if one.iri == "v/knee")
    assert (knee.name, knee.label) == ("knee osteoarthritis", "2 trials")
    assert knee.values["cell_source"] == (("v/fat", 500), ("v/marrow", 500))
    assert knee.values["route"] == (("v/into-joint", 1000),)
    assert knee.values["dose"] == (("v/cells", 7.0, 8.0),)
    assert "disease" not in knee.values


def test_a_cell_source_counts_what_is_broader_than_its_diseases_too() -> None:
    marrow, *_ = (one for one in collect(world(), "cell_source").profiles if one.iri == "v/marrow")
    shares = dict(marrow.values["disease"])
    assert shares == {"v/knee": 333, "v/hip": 333, "v/joint": 667, "v/skeleton": 667, "v/stroke": 333}


def test_diseases_treated_alike_are_neighbours() -> None:
    diseases = Index.of(collect(world(), "disease"))
    scorer = Scorer(diseases)
    nearest = scorer.neighbours(diseases.profile(diseases.find("hip osteoarthritis")), 1)
    assert [diseases.names[one.position] for one in nearest] == ["knee osteoarthritis"]
    scores = np.array([scorer.scores(diseases.profile(at)) for at in range(len(diseases))])
    assert (scores == scores.T).all()
    assert (scores.max(axis=1) == scores.diagonal()).all()
