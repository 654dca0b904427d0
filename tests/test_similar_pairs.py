"""The nearest of all are those that comparing each profile with each other finds, whatever way leads there."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from similar_world import TERMS, collection, world

from kg.similar.aggregate import collect
from kg.similar.index import Index
from kg.similar.pairs import block, merged, parts
from kg.similar.pairs.nearest import Nearest, group, nearest
from kg.similar.profile import ALL, Collection, Profile, Value
from kg.similar.score import Scorer
from kg.similar.weights import Weights

CONCEPTS = sorted(TERMS.labels)
CONCEPT_FACETS = ("disease", "route", "measures", "outcome")

# Each way through the search is forced in turn; what is found must not depend on it.
WAYS = {
    "tables": {},
    "bounds": {"parts.TABLED": 0, "block._CROWDED": 1.0},
    "rows": {"parts.TABLED": 0, "block._CROWDED": -1.0},
    "some of each": {"parts.TABLED": 6, "merged._MOST": 12},
    "small pieces": {"block._AT_ONCE": 3, "block._PROBED": 1},
}


def brute_force(scorer: Scorer, k: int) -> Nearest:
    """Return the nearest as the scorer ranks them for one profile after the other."""
    size = len(scorer.index)
    found = Nearest(np.full((size, k), -1, np.int32), np.zeros((size, k), np.int32))
    for at in range(size):
        for rank, one in enumerate(scorer.neighbours(scorer.index.profile(at), k)):
            found.positions[at, rank], found.scores[at, rank] = one.position, one.score
    return found


def same(one: Nearest, other: Nearest) -> bool:
    return np.array_equal(one.positions, other.positions) and np.array_equal(one.scores, other.scores)


def taking(way: Mapping[str, float], patch: pytest.MonkeyPatch) -> None:
    for name, value in way.items():
        module, constant = name.split(".")
        patch.setattr({"block": block, "parts": parts, "merged": merged}[module], constant, value)


def random_world(size: int, seed: int, kinds: int = 40) -> Collection:
    """Return `size` made trials; each facet has up to `kinds` values and is left out of one in six."""
    random = np.random.default_rng(seed)
    terms = [*CONCEPTS, *(f"plain {number}" for number in range(kinds))]

    def value(facet: str) -> Value:
        if facet == "dose":
            low, more = random.integers(0, kinds, 2) / 7
            return tuple((unit, low, low + more) for unit in ("a", "b")[: random.integers(1, 3)])
        chosen = random.choice(len(terms), random.integers(1, 4), replace=False)
        return tuple((terms[one], ALL) for one in sorted(chosen, key=lambda one: terms[one]))

    facets = (*CONCEPT_FACETS, "dose")
    values = [{f: value(f) for f in facets if random.random() > 1 / 6} for _ in range(size)]
    return collection(*(Profile(f"t/{at:06}", f"N{at}", "", row) for at, row in enumerate(values)))


concepts = st.lists(st.sampled_from(CONCEPTS), min_size=1, max_size=3, unique=True).map(
    lambda iris: tuple((iri, ALL) for iri in sorted(iris))
)
amounts = st.dictionaries(st.sampled_from("ab"), st.integers(0, 6), min_size=1).map(
    lambda ends: tuple((what, low / 3, low / 3) for what, low in sorted(ends.items()))
)
rows = st.fixed_dictionaries({}, optional={**dict.fromkeys(CONCEPT_FACETS, concepts), "dose": amounts})
# few different rows, so that many are equal and many more tie
worlds = st.lists(rows, min_size=1, max_size=6).flatmap(
    lambda kinds: st.lists(st.sampled_from(kinds), max_size=25)
)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@settings(deadline=None, max_examples=40)
@given(made=worlds, k=st.integers(1, 30), disease=st.integers(0, 9), workers=st.integers(1, 2))
def test_all_ways_find_what_comparing_each_with_each_finds(made, k, disease, workers, way) -> None:
    profiles = (Profile(f"t/{at:02}", f"N{at}", "", row) for at, row in enumerate(made))
    scorer = Scorer(Index.of(collection(*profiles)), Weights.of({"disease": disease, "measures": 2}))
    with pytest.MonkeyPatch.context() as patch:
        taking(way, patch)
        assert same(nearest(scorer, k, workers), brute_force(scorer, k))


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("kinds", [2, 40])
def test_in_a_larger_world_too(way, kinds, monkeypatch) -> None:
    scorer = Scorer(Index.of(random_world(700, kinds, kinds)))
    expected = brute_force(scorer, 3)
    taking(way, monkeypatch)
    assert same(nearest(scorer, 3, 1), expected)
    assert same(nearest(scorer, 3, 2), expected)


def test_shares_of_diseases_are_compared_as_sets_of_concepts_are(monkeypatch) -> None:
    diseases = Scorer(Index.of(collect(random_world(200, 5), "disease")))
    expected = brute_force(diseases, 5)
    assert same(nearest(diseases, 5), expected)
    taking(WAYS["bounds"], monkeypatch)
    assert same(nearest(diseases, 5), expected)


@pytest.mark.parametrize("size", [0, 1, 2])
def test_few_profiles_have_few_neighbours(size) -> None:
    index = Index.of(collection(*world().profiles[:size]))
    found = nearest(Scorer(index), 3)
    assert found.positions.shape == found.scores.shape == (size, 3)
    assert found.positions[:, 0].tolist() == ([1, 0] if size == 2 else [-1] * size)
    assert (found.positions[:, 1:] == -1).all()


def test_where_nothing_is_shared_there_is_no_neighbour() -> None:
    apart = [Profile(f"t/{at}", f"N{at}", "", {"disease": ((iri, ALL),)}) for at, iri in enumerate("abc")]
    found = nearest(Scorer(Index.of(collection(*apart, Profile("t/4", "N4", "", {})))), 2)
    assert (found.positions == -1).all()
    assert (found.scores == 0).all()


def test_equal_trials_are_each_others_nearest_and_never_their_own() -> None:
    rare, common = {"disease": (("v/knee", ALL),)}, {"disease": (("v/stroke", ALL),)}
    made = [Profile(f"t/{at}", f"N{at}", "", rare if at in (1, 4, 5) else common) for at in range(8)]
    found = nearest(Scorer(Index.of(collection(*made))), 3)
    assert found.positions[1].tolist() == [4, 5, -1]
    assert found.positions[4].tolist() == [1, 5, -1]
    assert found.positions[0].tolist() == [2, 3, 6]
    assert found.scores[4, 0] == found.scores[4, 1] > 0


def test_groups_are_numbered_by_their_first_member() -> None:
    groups = group({"a": np.array([3, 0, 3, 0, 2], np.int32), "b": np.array([1, 1, 1, 0, 1], np.int32)})
    assert groups.of.tolist() == [0, 1, 0, 2, 3]
    assert groups.members.tolist() == [0, 2, 1, 3, 4]
    assert groups.first.tolist() == [0, 1, 3, 4]
