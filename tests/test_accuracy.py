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
