"""Rows whose cells have grown together, or lack cells that the row above has, or have columns of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.model import Parsed
from kg.parse.tables import parse_source
from kg.readers.base import Source, open_source
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon

TABLES = Path(__file__).resolve().parents[2] / "shared" / "tables"
HEAD = ["Disease", "Cell source", "Route", "Dose", "Frequency", "Patients", "Trial number", "Phase", "Ref"]
ROWS = [
    ["COVID-19", "UC-MSC", "IV", "1 × 106 cells/kg", "3 times", "30", "NCT00000001", "Phase I", "[12]"],
    ["ARDS", "BM-MSCs", "Intravenous", "2 × 106 cells/kg", "Once", "12", "NCT00000002", "Phase II", "[13]"],
    ["Crohn disease", "Adipose tissue", "Intralesional", "1 × 108 cells", "Once", "212", "NCT00000003", "III", "[4]"],
    ["Multiple sclerosis", "Bone marrow", "intrathecal", "1–2 × 106 cells/kg", "Twice", "24", "NCT00000004", "II", "[5]"],
]  # fmt: skip


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return bundled_lexicon()


def parse(header: str, rows: list[str], lexicon: Lexicon) -> Parsed:
    text = "\n".join(["Table 1. Made-up trials", "", header, *rows, ""])
    (parsed,) = parse_source(Source("page.txt", text.encode()), lexicon)
    return parsed


def texts(parsed: Parsed) -> list[list[str]]:
    return [[cell.text for cell in record.cells] for record in parsed.records]


@pytest.mark.parametrize("joint", ["", " "], ids=["joined header", "header with blanks"])
def test_cells_without_blanks_between_them_are_cut_where_signs_or_names_change(joint: str, lexicon: Lexicon):
    parsed = parse(joint.join(HEAD), ["".join(row) for row in ROWS], lexicon)
    assert texts(parsed) == ROWS
    assert [column.header for column in parsed.columns] == HEAD


def test_one_row_with_two_cells_grown_together_is_cut_among_others(lexicon: Lexicon):
    rows = [" ".join(row) for row in ROWS]
    rows[2] = rows[2].replace("212 NCT", "212NCT").replace("tissue Intra", "tissueIntra")
    assert texts(parse(" ".join(HEAD), rows, lexicon)) == ROWS


def test_a_row_without_its_disease_has_that_of_the_row_above_with_a_remark(lexicon: Lexicon):
    rows = [" ".join(ROWS[0]), " ".join(ROWS[1][1:]), " ".join(ROWS[2])]
    parsed = parse(" ".join(HEAD), rows, lexicon)
    assert [record.text("disease") for record in parsed.records] == ["COVID-19", "COVID-19", "Crohn disease"]
    assert "cell-inherited" in [finding.code for finding in parsed.records[1].findings]


def test_a_line_over_the_rows_is_a_section_and_no_row(lexicon: Lexicon):
    rows = [" ".join(row[1:]) for row in ROWS]
    parsed = parse(" ".join(HEAD[1:]), ["Lung diseases", *rows[:2], "Crohn disease", *rows[2:]], lexicon)
    assert not parsed.quarantined
    sections = [record.cells[0].text for record in parsed.records]
    assert sections == ["Lung diseases"] * 2 + ["Crohn disease"] * 2


@pytest.mark.skipif(not TABLES.exists(), reason="the shared tables are not part of the repository")
def test_two_neighbouring_columns_of_free_text_are_told_apart(lexicon: Lexicon):
    name = "13-parkinson-flat-M"
    gold = [json.loads(line) for line in (TABLES / f"{name}.gold.jsonl").read_text("utf-8").splitlines()]
    (parsed,) = parse_source(open_source(TABLES / f"{name}.txt"), lexicon)
    found = [
        [record.text(key) for key in ("disease", "cell_source", "route", "dose", "Sponsor", "patients")]
        for record in parsed.records
    ]
    wanted = [
        [
            *(row[key] for key in ("disease", "cell_source", "route", "dose")),
            row["extra"]["sponsor"],
            row["patients"],
        ]
        for row in gold
    ]
    assert found == wanted
