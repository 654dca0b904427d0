"""Gaps: combinations that no trial of the graph tried, and the trials that support them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.similarity_gaps import FORMULAS, Rank, hidings, play
from kg.errors import QueryError
from kg.similar.facets import find_facet
from kg.similar.gaps.gaps import FACETS, Gap, gaps
from kg.similar.index import Index
from kg.similar.profile import ALL, UNIT, Collection, Profile
from kg.similar.terms import Terms

Row = tuple[str, str, str]  # disease, cell source, route: names apart by spaces, "" for not stated

BROADER = {
    "asthma": "lung",
    "copd": "lung",
    "fibrosis": "lung",
    "knee": "joint",
    "hip": "joint",
    "jelly": "cord",
    "coronary": "arterial",
}


def world(rows: Sequence[Row], broader: Mapping[str, str] = BROADER) -> Collection:
    """Return trials t00, t01 … with these values."""
    profiles = []
    for at, row in enumerate(rows):
        values = {
            facet: tuple((one, ALL) for one in sorted(set(cell.split())))
            for facet, cell in zip(FACETS, row, strict=True)
            if cell
        }
        profiles.append(Profile(f"t{at:02}", f"NCT{at:08}", "", values))
    return Collection(tuple(profiles), Terms({}, {one: (above,) for one, above in broader.items()}))


def index(rows: Sequence[Row], broader: Mapping[str, str] = BROADER) -> Index:
    return Index.of(world(rows, broader), [find_facet(facet) for facet in FACETS])


def combination(gap: Gap) -> Row:
    return gap.disease, gap.cell_source, gap.route


def combinations(rows: Sequence[Row], broader: Mapping[str, str] = BROADER) -> list[Row]:
    return [combination(gap) for gap in gaps(index(rows, broader), 10_000)]


LUNGS: list[Row] = [
    ("asthma", "marrow", "vein"),
    ("fibrosis", "marrow", "vein"),
    ("copd", "marrow", "airway"),
    ("copd", "cord", "vein"),
    ("asthma", "cord", "vein"),
    ("stroke", "fat", "spine"),
    ("knee", "fat", "joint-space"),
]


def test_the_gap_that_all_three_kinds_of_trials_support_comes_first() -> None:
    first = gaps(index(LUNGS), 5)[0]

    assert combination(first) == ("copd", "marrow", "vein")
    assert all(first.kinds.values())


def test_evidence_names_the_trial_what_it_shares_and_how_alike_the_rest_is() -> None:
    evidence = {one.iri: one for one in gaps(index(LUNGS), 1)[0].evidence}

    assert sorted(evidence) == ["t00", "t01", "t02", "t03"]
    asthma, copd = evidence["t00"], evidence["t02"]
    assert (asthma.name, asthma.position) == ("NCT00000000", 0)
    assert (asthma.shared, asthma.differs, asthma.values) == (
        ("cell_source", "route"),
        "disease",
        ("asthma",),
    )
    assert asthma.through == ("lung",)
    assert 0 < asthma.alike < UNIT
    assert (copd.shared, copd.differs, copd.values) == (("disease", "cell_source"), "route", ("airway",))
    assert (copd.through, copd.alike) == ((), 0)


def test_a_trial_of_a_more_alike_disease_contributes_more() -> None:
    rows: list[Row] = [("asthma", "marrow", "vein"), ("stroke", "marrow", "vein"), ("copd", "fat", "vein")]

    found = next(gap for gap in gaps(index(rows), 100) if combination(gap) == ("copd", "marrow", "vein"))

    part = {one.values: one.contribution for one in found.evidence if one.differs == "disease"}
    assert part[("asthma",)] > part[("stroke",)] > 0


def test_contributions_sum_to_the_score_and_kinds_do_too() -> None:
    found = gaps(index(LUNGS), 1000)

    assert len(found) > 20
    for gap in found:
        assert sum(one.contribution for one in gap.evidence) == gap.score == sum(gap.kinds.values())
        assert 0 < gap.score < UNIT


def test_evidence_is_ordered_by_contribution_then_by_trial() -> None:
    for gap in gaps(index(LUNGS), 1000):
        assert list(gap.evidence) == sorted(gap.evidence, key=lambda one: (-one.contribution, one.iri))


def test_what_was_tried_is_no_gap() -> None:
    assert set(combinations(LUNGS)).isdisjoint(LUNGS)


def test_a_trial_of_something_narrower_covers_what_is_broader() -> None:
    rows: list[Row] = [("knee", "marrow", "vein"), ("joint", "fat", "vein"), ("stroke", "marrow", "vein")]

    assert ("joint", "marrow", "vein") not in combinations(rows)
    assert ("joint", "marrow", "vein") in combinations(rows, broader={})


def test_a_trial_of_something_broader_may_have_been_of_what_is_narrower() -> None:
    rows: list[Row] = [("joint", "marrow", "vein"), ("knee", "fat", "vein"), ("stroke", "marrow", "vein")]

    assert ("knee", "marrow", "vein") not in combinations(rows)
    assert ("knee", "marrow", "vein") in combinations(rows, broader={})


def test_sources_and_routes_cover_by_hierarchy_as_diseases_do() -> None:
    rows: list[Row] = [("stroke", "jelly", "arterial"), ("knee", "cord", "coronary"), ("knee", "fat", "vein")]

    assert ("stroke", "cord", "coronary") not in combinations([*rows, ("stroke", "fat", "coronary")])


def test_two_narrower_ones_of_the_same_do_not_cover_each_other() -> None:
    rows: list[Row] = [("knee", "marrow", "vein"), ("hip", "fat", "vein")]

    assert ("hip", "marrow", "vein") in combinations(rows)


def test_a_trial_of_several_values_tried_each_with_each() -> None:
    rows: list[Row] = [("knee stroke", "marrow fat", "vein"), ("asthma", "marrow", "spine")]

    tried = set(product(("knee", "stroke"), ("marrow", "fat"), ("vein",)))
    assert tried.isdisjoint(combinations(rows))


def test_what_a_trial_states_beside_something_narrower_is_no_part() -> None:
    rows: list[Row] = [("joint knee", "marrow", "vein"), ("stroke", "fat", "vein")]

    assert {disease for disease, _, _ in combinations(rows)} == {"knee", "stroke"}


def test_a_trial_that_does_not_state_the_third_part_supports_it_the_least() -> None:
    rows: list[Row] = [("asthma", "marrow", ""), ("copd", "marrow", "vein"), ("asthma", "fat", "vein")]

    found = next(gap for gap in gaps(index(rows), 100) if combination(gap) == ("asthma", "marrow", "vein"))

    silent = next(one for one in found.evidence if one.iri == "t00")
    assert (silent.differs, silent.values, silent.through, silent.alike) == ("route", (), (), 0)
    assert silent.contribution > 0


def test_what_no_trial_of_two_of_the_parts_supports_is_not_returned() -> None:
    rows: list[Row] = [("asthma", "marrow", "vein"), ("stroke", "fat", "spine"), ("knee", "cord", "skin")]

    found = combinations(rows)

    assert len(found) == 18  # each trial with one of its parts exchanged for one of the two others
    assert ("asthma", "fat", "skin") not in found
    assert all(max(sum(map(str.__eq__, row, gap)) for row in rows) == 2 for gap in found)


@pytest.mark.parametrize(
    "rows",
    [[], [("asthma", "marrow", "vein")], [("asthma", "", ""), ("", "marrow", "")], [("", "", "")] * 3],
    ids=["no trials", "one trial", "nothing together", "nothing stated"],
)
def test_where_nothing_is_missing_there_is_no_gap(rows: list[Row]) -> None:
    assert gaps(index(rows), 10) == ()


def test_of_equal_scores_that_with_the_lesser_iris_comes_first() -> None:
    found = gaps(index(LUNGS), 1000)

    assert len({gap.score for gap in found}) < len(found)
    assert list(found) == sorted(found, key=lambda gap: (-gap.score, combination(gap)))


def test_fewer_gaps_are_the_first_of_more() -> None:
    many = gaps(index(LUNGS), 1000)

    for k in (-1, 0, 1, 7):
        assert gaps(index(LUNGS), k) == many[: max(k, 0)]


def test_the_order_of_the_trials_does_not_matter() -> None:
    forward = [(combination(gap), gap.score) for gap in gaps(index(LUNGS), 1000)]
    backward = [(combination(gap), gap.score) for gap in gaps(index(LUNGS[::-1]), 1000)]

    assert forward == backward


def test_facets_that_change_places_change_nothing_but_the_names() -> None:
    """A third is a third: no facet counts more than another."""
    turned = [(route, disease, source) for disease, source, route in LUNGS]

    found = {combination(gap): gap.score for gap in gaps(index(LUNGS), 1000)}

    for gap in gaps(index(turned), 1000):
        route, disease, source = combination(gap)
        assert found.pop((disease, source, route)) == gap.score
    assert not found


def test_gaps_of_one_disease_are_those_of_the_narrower_ones_too() -> None:
    every = gaps(index(LUNGS), 1000)

    lungs = gaps(index(LUNGS), 1000, within={"disease": "lung"})
    both = gaps(index(LUNGS), 1000, within={"disease": "lung", "route": "vein"})

    assert lungs == tuple(gap for gap in every if gap.disease in ("asthma", "copd", "fibrosis"))
    assert both == tuple(gap for gap in lungs if gap.route == "vein") != ()
    assert gaps(index(LUNGS), 1000, within={"disease": "gout"}) == ()


def test_only_the_three_facets_have_gaps() -> None:
    with pytest.raises(QueryError, match="no such facet"):
        gaps(index(LUNGS), 3, within={"phase": "phase/ii"})


NAMES = {
    "disease": ("joint", "knee", "hip", "stroke", "lung", "asthma"),
    "cell_source": ("cord", "jelly", "fat"),
    "route": ("arterial", "coronary", "vein"),
}


def cells(names: Sequence[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(names), max_size=2, unique=True).map(" ".join)


ROWS = st.lists(st.tuples(*(cells(names) for names in NAMES.values())), max_size=14)


def near(one: str, other: str) -> bool:
    return one == other or BROADER.get(one) == other or BROADER.get(other) == one


def narrowest(cell: str) -> list[str]:
    stated = cell.split()
    return [one for one in stated if one not in [BROADER.get(other) for other in stated]]


def by_hand(rows: Sequence[Row], made: Index) -> Iterator[tuple[int, Row]]:
    """Yield -score and parts of every gap, one after the other, as the docstring of `kg.similar.gaps.gaps` has it."""
    stated = [[narrowest(cell) for cell in row] for row in rows]
    parts = [sorted({one for row in stated for one in row[facet]}) for facet in range(3)]
    for gap in product(*parts):
        if any(all(any(near(part, one) for one in row[at]) for at, part in enumerate(gap)) for row in stated):
            continue
        score = sum(worth_by_hand(gap, kind, stated, made) for kind in range(3))
        if score:
            yield -score, gap  # type: ignore[misc]


def worth_by_hand(
    gap: Sequence[str], kind: int, stated: Sequence[Sequence[Sequence[str]]], made: Index
) -> int:
    column = made.columns[FACETS[kind]]
    value = ((gap[kind], ALL),)
    likeness = column.row(value)[made.codes[FACETS[kind]]] / column.own(value)
    counted = sum(
        round(200_000 + 0.8 * round(min(float(likeness[at]), 1.0) * UNIT))
        for at, row in enumerate(stated)
        if all(part in row[facet] for facet, part in enumerate(gap) if facet != kind)
    )
    return round(counted / (counted + 8 * UNIT) * (UNIT / 3))


@settings(deadline=None, max_examples=150)
@given(ROWS)
def test_gaps_are_all_that_no_trial_covers_in_the_order_of_the_formula(rows: list[Row]) -> None:
    made = index(rows)

    found = gaps(made, 10_000)

    assert [(-gap.score, combination(gap)) for gap in found] == sorted(by_hand(rows, made))
    for gap in found:
        assert sum(one.contribution for one in gap.evidence) == gap.score
        assert all(one.contribution >= 0 for one in gap.evidence)
        assert len({one.iri for one in gap.evidence}) == len(gap.evidence)


@settings(deadline=None, max_examples=100)
@given(ROWS)
def test_no_gap_is_covered_by_a_trial(rows: list[Row]) -> None:
    for gap in combinations(rows):
        for row in rows:
            same = [
                any(near(part, one) for one in narrowest(cell)) for part, cell in zip(gap, row, strict=True)
            ]
            assert not all(same), f"{row} covers {gap}"


def test_equal_scores_share_their_ranks() -> None:
    assert Rank(1, 1, 10).reciprocal == 1
    assert Rank(1, 2, 10).reciprocal == 0.75
    assert Rank(10, 11, 100).within(10) == 0.5
    assert (Rank(1, 1, 11).percentile, Rank(11, 11, 11).percentile, Rank(1, 11, 11).percentile) == (1, 0, 0.5)


def test_a_combination_is_hidden_with_its_only_trial_or_with_all_of_them() -> None:
    collection = world([*LUNGS, LUNGS[0]])

    assert (("asthma", "marrow", "vein"), frozenset({0, 7})) in hidings(collection, unique=False)
    assert all(len(trials) == 1 for _, trials in hidings(collection, unique=True))
    assert len(hidings(collection, unique=True)) == len(hidings(collection, unique=False)) - 1


def test_every_formula_ranks_every_hidden_combination() -> None:
    done = play(world([*LUNGS, ("copd", "marrow", "vein")]), unique=True)

    counts = {name: len(ranks) for name, ranks in done.ranks.items()}
    assert set(counts) == set(FORMULAS)
    assert set(counts.values()) == {4}
    assert done.lost == 4
    assert done.ranks["kg.similar.gaps.gaps"][-1].last <= 3
