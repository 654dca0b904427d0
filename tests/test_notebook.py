"""The interface for notebooks: rows that a data frame takes as they are, and a networkx graph."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from similar_world import graph_store, graph_world

import kg
from kg.errors import GraphError, QueryError
from kg.similar.facets import FACETS
from kg.similar.index import Index
from kg.similar.storage.file import save

NAMES = [facet.name for facet in FACETS]


def test_neighbours_are_rows_whose_contributions_sum_to_the_score(tmp_path: Path) -> None:
    alike = kg.similarity(graph_store(tmp_path))
    rows = alike.neighbours("NCT00000101", k=3)
    assert [row["this"] for row in rows] == ["NCT00000101"] * 3
    assert {row["other"] for row in rows[:2]} == {"NCT00000102", "NCT00000103"}
    for row in rows:
        assert sum(float(row[name]) for name in NAMES) == pytest.approx(float(row["score"]), abs=1e-9)


def test_a_data_frame_takes_the_table_as_it_is(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(kg.similarity(graph_store(tmp_path)).table(k=2))
    assert list(frame.columns) == ["this", "other", "label", "score", *NAMES, "iri"]
    assert set(frame["this"]) == {f"NCT0000010{n}" for n in range(1, 7)}
    assert (frame[NAMES].sum(axis=1) - frame["score"]).abs().max() < 1e-9


def test_the_table_agrees_with_single_questions(tmp_path: Path) -> None:
    alike = kg.similarity(graph_store(tmp_path), weights={"route": 2}, only=("disease", "route"))
    for row in alike.table(k=3):
        assert row == alike.compare(str(row["this"]), str(row["other"]))
        assert row in alike.neighbours(str(row["this"]), k=3)


def test_a_described_trial_has_neighbours(tmp_path: Path) -> None:
    rows = kg.similarity(graph_store(tmp_path)).like({"disease": "stroke", "route": "IV"}, k=2)
    assert {row["other"] for row in rows} == {"NCT00000104", "NCT00000105"}
    # what is not described does not count
    assert float(rows[0]["disease"]) + float(rows[0]["route"]) == pytest.approx(
        float(rows[0]["score"]), abs=1e-9
    )
    assert "dose" not in rows[0]


def test_only_what_counts_can_be_described(tmp_path: Path) -> None:
    alike = kg.similarity(graph_store(tmp_path), only=("route",))
    with pytest.raises(QueryError, match="none of these facets counts"):
        alike.like({"disease": "stroke"})


def test_an_index_file_is_opened_by_its_path(tmp_path: Path) -> None:
    save(Index.of(graph_world(tmp_path)), tmp_path / "trials.index")
    assert (
        kg.similarity(tmp_path / "trials.index").neighbours("NCT00000104", k=1)[0]["other"] == "NCT00000105"
    )


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(QueryError, match="trials, diseases, cell_sources"):
        kg.similarity(among="routes")


def test_the_graph_has_the_trials_and_who_is_like_whom(tmp_path: Path) -> None:
    graph = kg.similarity(graph_store(tmp_path)).graph(k=2)
    trials = [node for node, kind in graph.nodes(data="kind") if kind == "trial"]
    assert len(trials) == 6
    assert any(kind == "similar" for _, _, kind in graph.edges(data="kind"))


def test_diseases_can_be_compared_in_the_same_way(tmp_path: Path) -> None:
    rows = kg.similarity(graph_store(tmp_path), among="diseases").neighbours("knee osteoarthritis", k=1)
    assert rows[0]["other"] == "hip osteoarthritis"
    assert "disease" not in rows[0]


def test_a_graph_file_is_read_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "few.ttl"
    file.write_text(
        "<https://w3id.org/trialkg/trial/x> a <https://w3id.org/trialkg/ontology#ClinicalTrial> ."
    )
    assert kg.similarity(str(file)).table() == []
    with pytest.raises(GraphError):
        kg.similarity(str(tmp_path / "none.ttl"))
    with pytest.raises(QueryError):
        kg.similarity(str(file)).neighbours("NCT00000101")


def test_importing_the_package_loads_nothing_else() -> None:
    code = "import sys, kg; assert not {'numpy', 'networkx', 'kg.notebook'} & set(sys.modules); kg.similarity"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_package_has_no_other_name() -> None:
    with pytest.raises(AttributeError, match="likeness"):
        _ = kg.likeness
