"""A network says who is like whom and why, which groups there are, what they share, and what connects the areas."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from similar_world import collection, trial, world

import kg.similar.network.centrality as centrality
from kg.similar.index import Index
from kg.similar.network.bridges import areas_of, find_bridges, find_connectors
from kg.similar.network.centrality import Centrality, find_centralities
from kg.similar.network.communities import find_communities
from kg.similar.network.links import Link, find_links
from kg.similar.network.network import network
from kg.similar.profile import UNIT, Collection
from kg.similar.score import Scorer

ROOT = Path(__file__).resolve().parents[1]


def nearest(scorer: Scorer, k: int) -> SimpleNamespace:
    """Return the nearest of each trial, asked for one by one."""
    size = len(scorer.index)
    positions = np.full((size, k), -1, np.int32)
    for row in range(size):
        near = scorer.neighbours(scorer.index.profile(row), k)
        positions[row, : len(near)] = [one.position for one in near]
    return SimpleNamespace(positions=positions)


def scorer_of(trials: Collection) -> Scorer:
    return Scorer(Index.of(trials))


def near(*rows: list[int]) -> SimpleNamespace:
    return SimpleNamespace(positions=np.array(rows, np.int32))


def link(first: int, second: int, score: int = 500_000) -> Link:
    return Link(first, second, score, {"disease": score})


def two_groups() -> Collection:
    """Ten trials of joints with cells of fat, eight of stroke with cells of marrow; the last has both routes."""
    joints = [
        trial(n, disease="knee" if n % 2 else "hip", cell_source="fat", route="into-joint")
        for n in range(1, 11)
    ]
    strokes = [trial(n, disease="stroke", cell_source="marrow", route="vein") for n in range(11, 18)]
    between = trial(18, disease="stroke", cell_source="marrow", route=["vein", "into-joint"])
    return collection(*joints, *strokes, between)


# ---- links


def test_a_pair_is_linked_once_when_either_is_among_the_nearest_of_the_other() -> None:
    found = find_links(scorer_of(world()), near([1, -1], [0, 2], [-1, -1], [4, 0], [3, -1], [-1, -1]))
    assert [(one.first, one.second) for one in found] == [(0, 1), (0, 3), (1, 2), (3, 4)]


def test_a_pair_that_nothing_makes_alike_is_not_linked() -> None:
    found = find_links(scorer_of(world()), near(*[[5]] * 5, [4]))
    assert [(one.first, one.second) for one in found] == [(0, 5), (1, 5), (2, 5)], "stroke is no bone disease"


def test_a_trial_is_not_linked_with_itself_and_an_empty_collection_has_no_links() -> None:
    assert find_links(scorer_of(world()), near(*([n] for n in range(6)))) == ()
    nothing = SimpleNamespace(positions=np.zeros((0, 3), np.int32))
    assert find_links(scorer_of(collection()), nothing) == ()


def test_the_contributions_of_a_link_are_those_of_the_comparison_and_sum_to_its_score() -> None:
    scorer = scorer_of(two_groups())
    found = find_links(scorer, nearest(scorer, 4))
    assert found
    for one in found:
        for here, there in ((one.first, one.second), (one.second, one.first)):
            compared = scorer.compare(scorer.index.profile(here), there)
            assert one.score == compared.score == sum(one.contributions.values())
            assert dict(one.contributions) == {f: n for f, n in compared.contributions.items() if n}


# ---- the graph


def test_trials_come_first_and_then_what_they_state() -> None:
    scorer = scorer_of(world())
    graph = network(scorer, nearest(scorer, 2))
    kinds = [kind for _, kind in graph.nodes(data="kind")]
    assert list(graph)[:6] == list(scorer.index.iris)
    assert kinds == ["trial"] * 6 + sorted(kinds[6:]), (
        "concepts are ordered by name, which begins with the facet here"
    )
    for node in list(graph)[:6]:
        edges = [a["kind"] for *_, a in graph.edges(node, data=True)]
        assert edges == sorted(edges, reverse=True), "what a trial states comes before whom it is like"


def test_a_trial_says_what_it_is_and_where_it_stands() -> None:
    scorer = scorer_of(world())
    graph = network(scorer, nearest(scorer, 2))
    first = graph.nodes["t/0001"]
    assert list(first) == [
        *("kind", "name", "label", "areas", "community", "community_title", "strength", "betweenness")
    ]
    assert (first["name"], first["label"], first["areas"]) == (
        "NCT00000001",
        "NCT00000001",
        "skeletal disorder",
    )
    weights = [a["weight"] for *_, a in graph.edges("t/0001", data=True) if a["kind"] == "similar"]
    assert first["strength"] == pytest.approx(sum(weights))


def test_a_trial_is_joined_to_the_concepts_that_it_states_not_to_the_broader_ones() -> None:
    graph = network(scorer_of(world()), near(*[[-1]] * 6))
    stated = {a["facet"]: graph.nodes[end]["label"] for _, end, a in graph.edges("t/0001", data=True)}
    assert stated == {
        "disease": "knee osteoarthritis",
        "cell_source": "bone marrow",
        "route": "intra-articular",
    }
    assert "osteoarthritis" not in {label for _, label in graph.nodes(data="label")}


def test_the_parts_of_an_edge_sum_to_its_weight() -> None:
    scorer = scorer_of(two_groups())
    graph = network(scorer, nearest(scorer, 3))
    edges = [a for *_, a in graph.edges(data=True) if a["kind"] == "similar"]
    assert edges
    for edge in edges:
        parts = {name: part for name, part in edge.items() if name not in ("kind", "weight")}
        assert 0 < edge["weight"] < 1
        assert all(parts.values())
        assert round(edge["weight"] * UNIT) == sum(round(part * UNIT) for part in parts.values())


def test_an_iri_is_its_own_node_and_a_name_gets_one_under_its_facet() -> None:
    known = "https://example.org/vocabulary/measure/pain"
    trials = collection(trial(1, measures=[known, "6-minute walk: <m> & “é”"]))
    graph = network(scorer_of(trials), near([-1]))
    assert set(graph) == {
        "t/0001",
        known,
        "measures:6-minute%20walk%3A%20%3Cm%3E%20%26%20%E2%80%9C%C3%A9%E2%80%9D",
    }
    assert graph.nodes[known] == {"kind": "measures", "name": "pain", "label": "pain"}


def test_a_concept_that_is_stated_under_two_facets_is_one_node_with_edges_that_name_both() -> None:
    one = "https://example.org/x"
    graph = network(
        scorer_of(collection(trial(1, outcome=one, disease=one), trial(2, outcome=one))), near([-1], [-1])
    )
    assert graph.nodes[one]["kind"] == "disease"
    assert [graph.edges[name, one]["facet"] for name in ("t/0001", "t/0002")] == [
        "disease, outcome",
        "outcome",
    ]


def test_what_is_compared_may_be_something_else_than_trials() -> None:
    graph = network(scorer_of(world()), near(*[[-1]] * 6), "disease")
    assert [kind for _, kind in graph.nodes(data="kind")][:6] == ["disease"] * 6


def test_no_trials_make_an_empty_graph() -> None:
    graph = network(scorer_of(collection()), SimpleNamespace(positions=np.zeros((0, 5), np.int32)))
    assert len(graph) == 0


# ---- communities


def test_two_groups_are_found_and_told_by_what_their_members_share() -> None:
    scorer = scorer_of(two_groups())
    found = find_communities(scorer.index, find_links(scorer, nearest(scorer, 7)))
    assert [one.members for one in found] == [tuple(range(10)), tuple(range(10, 18))]
    assert [one.number for one in found] == [1, 2]
    joints, strokes = ({shared.label for shared in one.shared} for one in found)
    assert {"intra-articular", "adipose tissue"} < joints
    assert {"stroke", "intravenous", "bone marrow"} == strokes
    told = {str(one) for one in found[1].shared}
    assert "stroke (8 of 8; in all 8 of 18)" in told


def test_of_a_broader_and_a_narrower_concept_one_describes_a_community() -> None:
    scorer = scorer_of(two_groups())
    joints = find_communities(scorer.index, find_links(scorer, nearest(scorer, 7)))[0]
    diseases = [one for one in joints.shared if one.facet == "disease"]
    assert [(one.label, one.inside) for one in diseases] == [("osteoarthritis", 10)], (
        "half have knee, half hip, all this"
    )


def test_what_all_trials_have_describes_nobody() -> None:
    trials = collection(
        *(trial(n, donor="own", route="vein" if n < 4 else "into-joint") for n in range(1, 8))
    )
    index = Index.of(trials)
    links = [link(a, b) for a, b in ((0, 1), (0, 2), (1, 2), (3, 4), (4, 5), (5, 6), (3, 6))]
    assert [[one.label for one in c.shared] for c in find_communities(index, links)] == [
        ["intra-articular"],
        ["intravenous"],
    ]


def test_communities_are_numbered_by_size_and_then_by_the_first_iri() -> None:
    links = [link(2, 5), link(1, 4), link(3, 6), link(3, 7), link(6, 7)]
    found = find_communities(Index.of(collection(*map(trial, range(1, 10)))), links)
    assert [(one.number, one.members) for one in found] == [
        (1, (3, 6, 7)),
        (2, (1, 4)),
        (3, (2, 5)),
        (4, (0,)),
        (5, (8,)),
    ]


def test_a_trial_without_links_is_a_community_called_after_itself() -> None:
    (alone,) = find_communities(Index.of(collection(trial(1, disease="knee"))), [])
    assert (alone.members, alone.shared, alone.title) == ((0,), (), "NCT00000001")


@settings(deadline=None, max_examples=40)
@given(st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda p: p[0] < p[1]), max_size=40))
def test_everyone_is_in_exactly_one_community(pairs: set[tuple[int, int]]) -> None:
    index = Index.of(collection(*(trial(n, disease="knee" if n % 3 else "stroke") for n in range(1, 13))))
    found = find_communities(index, [link(a, b, 1 + a * b) for a, b in sorted(pairs)])
    assert sorted(at for one in found for at in one.members) == list(range(12))
    assert all(len(a.members) >= len(b.members) for a, b in pairwise(found))


# ---- centrality


def test_who_stands_between_all_others_is_the_most_central() -> None:
    star = find_centralities(5, [link(0, n, 100_000 * n) for n in range(1, 5)])
    assert star[0] == Centrality(1_000_000, 1.0)
    assert [one.betweenness for one in star[1:]] == [0.0] * 4
    assert [one.strength for one in star[1:]] == [100_000, 200_000, 300_000, 400_000]


def test_the_shortest_way_leads_over_strong_links() -> None:
    # 0-1-2 in two strong steps is shorter than 0-2 in one weak one
    found = find_centralities(3, [link(0, 1, 800_000), link(0, 2, 100_000), link(1, 2, 800_000)])
    assert [one.betweenness for one in found] == [0.0, 1.0, 0.0]


def test_two_ways_of_one_length_share_what_leads_over_them() -> None:
    square = find_centralities(
        4, [link(0, 1, 300_001), link(1, 2, 700_003), link(0, 3, 700_003), link(2, 3, 300_001)]
    )
    assert [one.betweenness for one in square] == [pytest.approx(1 / 6, abs=1e-6)] * 4


def test_in_a_large_network_betweenness_is_estimated_the_same_way_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = [link(n, n + 1) for n in range(29)]
    exact = find_centralities(30, path)
    monkeypatch.setattr(centrality, "EXACT", 10)
    monkeypatch.setattr(centrality, "PIVOTS", 12)
    estimated = find_centralities(30, path)
    assert estimated == find_centralities(30, path)
    assert estimated != exact
    assert all(abs(a.betweenness - b.betweenness) < 0.2 for a, b in zip(estimated, exact, strict=True))
    assert [one.strength for one in estimated] == [one.strength for one in exact]


# ---- bridges


def test_a_disease_area_is_the_broadest_above_a_disease() -> None:
    index = Index.of(collection(trial(1, disease=["knee", "stroke"]), trial(2, route="vein")))
    assert areas_of(index, 0) == ("v/skeleton", "v/stroke")
    assert areas_of(index, 1) == ()


def test_a_bridge_joins_trials_without_a_common_disease_area_the_strongest_first() -> None:
    index = Index.of(
        collection(
            trial(1, disease="knee"),
            trial(2, disease="hip"),
            trial(3, disease="stroke"),
            trial(4, disease=["stroke", "bone"]),
            trial(5),
        )
    )
    links = [link(0, 1), link(0, 2, 200_000), link(0, 3), link(0, 4), link(1, 2, 300_000), link(2, 3)]
    found = find_bridges(index, links)
    assert [(one.link.first, one.link.second) for one in found] == [(1, 2), (0, 2)]
    assert (found[0].first_areas, found[0].second_areas) == (("v/skeleton",), ("v/stroke",))


def test_the_bridge_of_two_groups_is_the_trial_that_has_something_of_both() -> None:
    scorer = scorer_of(two_groups())
    links = find_links(scorer, nearest(scorer, 12))
    found = find_bridges(scorer.index, links)
    assert {one.link.second for one in found} == {17}
    assert {tuple(one.link.contributions) for one in found} == {("route",)}, "the reason is the shared route"
    first = find_connectors(found)[0]
    assert (first.position, first.areas, first.reached) == (17, ("v/stroke",), ("v/skeleton",))
    assert first.bridges == len(found)
    assert first.strength == sum(one.link.score for one in found)


def test_who_reaches_most_areas_comes_first() -> None:
    index = Index.of(
        collection(*(trial(n, disease=d) for n, d in enumerate(["knee", "stroke", "fat", "cord"], 1)))
    )
    links = [link(0, 1, 900_000), link(1, 2, 100_000), link(1, 3, 200_000)]
    found = find_connectors(find_bridges(index, links))
    assert [(one.position, one.bridges, one.strength) for one in found] == [
        (1, 3, 1_200_000),
        (0, 1, 900_000),
        (3, 1, 200_000),
        (2, 1, 100_000),
    ]
    assert found[0].reached == ("v/skeleton", "v/cord", "v/fat"), "the best linked first"


# ---- always the same


RUN = """
import random, sys
from pathlib import Path
from test_similar_network import nearest, scorer_of
from similar_world import TERMS, collection, trial
from kg.similar.network.bridges import find_bridges, find_connectors
from kg.similar.network.files.formats import write_graph
from kg.similar.network.network import Network

draw = random.Random(7)
diseases, sources = ["knee", "hip", "joint", "bone", "stroke"], ["marrow", "fat", "cord"]
trials = [
    trial(n, disease=draw.sample(diseases, 2), cell_source=draw.choice(sources),
          route=draw.choice(["vein", "into-joint"]), measures=draw.sample(["pain", "walk", "death", "scar"], 2))
    for n in range(60)
]
scorer = scorer_of(collection(*trials))
found = Network.of(scorer, nearest(scorer, 5))
bridges = find_bridges(scorer.index, found.links)
print(found.communities, found.centralities, bridges, find_connectors(bridges))
for suffix in (".graphml", ".gexf", ".cyjs"):
    print(write_graph(found.graph(), Path(sys.argv[1], "network" + suffix)))
"""


def test_the_network_is_the_same_for_any_hash_seed(tmp_path: Path) -> None:
    said = set()
    for seed in ("0", "1", "4711"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
        run = subprocess.run(
            [sys.executable, "-c", RUN, str(tmp_path)],
            env=env,
            capture_output=True,
            text=True,
            check=True,
            cwd=tmp_path,
        )
        said.add(run.stdout)
    assert len(said) == 1
    assert "Community(number=3" in said.pop(), "there is something to tell apart"
