"""The scoring script counts what it says, and the tables with gold records at hand are read as the gold has them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kg.parse.tables import parse_source
from kg.readers.base import open_source
from kg.records import write_jsonl
from kg.vocabulary.load import bundled_lexicon

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "benchmarks" / "accuracy.py"
TABLES = ROOT.parent / "shared" / "tables"
GOLD = {"row": 1, "disease": "Crohn’s disease", "dose": "2 × 10⁶/kg", "trial_numbers": ["NCT01234567"]} | {
    "sources": ["bone marrow"],
    "phases": ["1", "2a"],
    "doses": [{"low": 2e6, "high": 2e6, "unit": "cells/kg"}],
    "patients_n": 12,
}
RECORD = {
    "row": 1,
    "cells": {"disease": "Crohn's  disease", "dose": "2 × 106/kg"},
    "registrations": [{"id": "NCT01234567"}],
    "cell_sources": ["bone marrow"],
    "phase_label": "I/IIa",
    "doses": [{"low": 2000000, "high": 2000000, "unit": "cells/kg"}],
    "patients": 12,
}


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = spec_from_file_location("accuracy", SCRIPT)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wrong(script: ModuleType, record: dict[str, Any], gold: dict[str, Any]) -> set[str]:
    return {field for field, fine, _ in script.compare([record], [gold]) if not fine}


def test_spelling_and_raised_digits_do_not_count(script: ModuleType) -> None:
    assert wrong(script, RECORD, GOLD) == set()


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"patients": 13}, {"patients_n"}),
        ({"phase_label": "I/II"}, {"phases"}),
        ({"cell_sources": None}, {"sources"}),
        ({"doses": [{"low": 2e6, "high": 3e6, "unit": "cells/kg"}]}, {"doses"}),
        ({"cells": {"disease": "lupus", "dose": "2 × 106/kg"}}, {"disease"}),
    ],
)
def test_each_difference_is_one_wrong_field(
    script: ModuleType, change: dict[str, Any], fields: set[str]
) -> None:
    assert wrong(script, {**RECORD, **change}, GOLD) == fields


def test_a_row_that_is_not_there_is_wrong_altogether(script: ModuleType) -> None:
    found = list(script.compare([], [GOLD]))
    assert len(found) == 16
    assert not any(fine for _, fine, _ in found)


def test_the_script_prints_the_share_of_each_field(tmp_path: Path) -> None:
    for name, value in (("records", RECORD), ("gold", {**GOLD, "patients_n": 9})):
        (tmp_path / name).write_text(json.dumps(value) + "\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "records", "gold", "--wrong"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "row 1 patients_n: 12, gold 9" in done.stdout
    assert done.stdout.splitlines()[-1].split() == ["all", "15", "of", "16", "93.8%"]


OUTCOME = {
    "status": "reported",
    "efficacy": "improved",
    "safety": "not_stated",
    "measures": [
        {"name": "overall response", "direction": "reported"},
        {"name": "IL‑6", "direction": "decreased"},
        {"name": "the walking", "direction": "improved"},
    ],
    "percentages": [{"value": 86.7, "of_what": "overall response"}, {"value": 53.3, "of_what": None}],
}
READ = OUTCOME | {
    "efficacy": "mixed",
    "measures": [
        {"name": "Overall  Response", "direction": "reported", "kind": "response"},
        {"name": "IL-6", "direction": "increased"},
        {"name": "walking", "direction": "improved"},
        {"name": "walking", "direction": "improved"},
    ],
    "percentages": [{"value": 86.7, "of_what": "something else"}],
}


def test_a_coded_outcome_is_scored_code_by_code_and_not_as_text(script: ModuleType) -> None:
    gold, record = {**GOLD, "outcome": OUTCOME}, {**RECORD, "outcome": READ}
    assert "outcome" not in {field for field, _, _ in script.compare([record], [gold])}
    score = script.score_outcomes([record], [gold])
    assert [score.share(code) for code in ("status", "efficacy", "safety")] == [1, 0, 1]
    assert score.confusion == {("improved", "mixed"): 1}
    assert (score.values.both, score.values.read, score.values.gold) == (1, 1, 2)


def test_measures_count_as_often_as_they_stand_and_by_name_and_direction(script: ModuleType) -> None:
    score = script.score_outcomes([{"row": 1, "outcome": READ}], [{"row": 1, "outcome": OUTCOME}])
    assert (score.pairs.both, score.pairs.read, score.pairs.gold) == (2, 4, 3)
    assert (score.pairs.precision, score.pairs.recall) == (2 / 4, 2 / 3)
    assert score.pairs.f1 == pytest.approx(4 / 7)
    assert (score.names.both, score.share("directions")) == (3, pytest.approx(2 / 3))


@pytest.mark.parametrize("name", [{"row": 2}, {"id": "made-up-table-2"}])
def test_a_line_may_be_a_coded_outcome_alone(script: ModuleType, name: dict[str, Any]) -> None:
    label = {**name, "text": "All well.", "efficacy": "mixed", "measures": []}
    records = [{"row": 1, "outcome": OUTCOME}, {"row": 2, "outcome": READ | {"measures": []}}]
    assert list(script.compare(records, [label])) == []
    score = script.score_outcomes(records, [label])
    assert (score.rows, +score.count) == (1, {"efficacy": 1})
    assert (score.share("efficacy"), score.pairs.f1) == (1, 1)


def test_an_outcome_whose_row_is_not_there_is_wrong_altogether(script: ModuleType) -> None:
    score = script.score_outcomes([], [{"row": 1, **OUTCOME}])
    assert [score.share(code) for code in ("status", "efficacy", "safety")] == [0, 0, 0]
    assert (score.pairs.recall, score.values.recall) == (0, 0)


def test_a_gold_without_coded_outcomes_has_none_to_score(script: ModuleType) -> None:
    score = script.score_outcomes([RECORD], [{**GOLD, "outcome": "All well."}, {**GOLD, "row": 2}])
    assert score.rows == 0
    assert list(script.outcome_lines(score)) == []


def test_the_script_prints_the_outcomes_before_the_total(tmp_path: Path) -> None:
    for name, value in (("records", {**RECORD, "outcome": READ}), ("gold", {**GOLD, "outcome": OUTCOME})):
        (tmp_path / name).write_text(json.dumps(value) + "\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "records", "gold", "--wrong"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "row 1 efficacy: 'mixed', gold 'improved'" in lines
    assert "row 1 measures, not in the gold: il-6: increased; walking: improved" in lines
    assert "outcome safety 1 of 1 100.0%" in lines
    assert "outcome measures precision 0.500 recall 0.667 F1 0.571 (2 of 4 read, 3 in the gold)" in lines
    assert "improved 0 1" in lines
    assert lines[-1] == "all 15 of 15 100.0%"


@pytest.mark.skipif(not TABLES.is_dir(), reason="the tables with gold records are not part of the project")
def test_the_tables_at_hand_are_read_as_their_gold_has_them(script: ModuleType) -> None:
    lexicon = bundled_lexicon()
    right: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for gold in sorted(TABLES.glob("*.gold.jsonl")):
        name = gold.name.removesuffix(".gold.jsonl")
        (source,) = (path for path in TABLES.glob(f"{name}.*") if path != gold)
        parsed = parse_source(open_source(source), lexicon)
        lines = write_jsonl(record for table in parsed for record in table.records)
        for _, fine, _ in script.compare([json.loads(line) for line in lines], script.read_lines(str(gold))):
            right[name] += fine
            count[name] += 1
    assert {name for name in count if right[name] < 0.9 * count[name]} == set()
    assert right.total() >= 0.97 * count.total(), right
