"""`kg parse --explain`: how a source was read, for a person to check."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.cli import run

TABLE = """Table 2. Trials of cells in the young
Condition|Cell type|Source|Dosage|Patients|Start year|NCT
---|---|---|---|---|---|---
GVHD|BM-MSC|Allogeneic|1 × 10^6 cells/kg, IV|9|2015|NCT04313322
ALS|UC-MSC|Allogeneic|2 × 10^6 cells/kg, IV|8|2016|NCT04252118
ALS|UC-MSC|Autologous|2 × 10^6 cells/kg, IV|many|2017|NCT0425232
GVHD: graft versus host disease; MSC: mesenchymal stem cell; UC: umbilical cord
"""


@pytest.fixture
def explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    path = tmp_path / "trials.txt"
    path.write_text(TABLE, encoding="utf-8")
    assert run(["parse", str(path), "--explain"]) == 0
    return capsys.readouterr().out


def test_it_names_layout_label_caption_and_legend(explained: str) -> None:
    head = explained.splitlines()[:8]
    assert head[0].startswith("trials.txt: ")
    assert any(line.split(maxsplit=1) == ["table", "Table 2"] for line in head)
    assert any("Trials of cells in the young" in line for line in head)
    assert any("UC = umbilical cord" in line for line in head)


def test_it_says_what_each_column_means_how_surely_and_why(explained: str) -> None:
    lines = {" ".join(line.split()) for line in explained.splitlines()}
    assert "1 Condition disease 1.00 header.whole" in lines
    assert any(line.startswith("3 Source donor 0.90 cells.donor") for line in lines)
    assert any(line.startswith("4 Dosage dose + route") for line in lines)
    assert any(line.startswith("6 Start year kept as text") for line in lines)
    assert "header 'Condition' names disease; 2 of 2 different cells read as disease" in lines


def test_it_says_of_each_row_what_was_cut_and_what_is_doubtful(explained: str) -> None:
    flat = " ".join(explained.split())
    assert "Dosage says: dose '1 × 10^6 cells/kg'; route 'IV'" in flat
    assert "warning count-unrecognised in patients" in flat
    assert "warning registration-malformed in trial_number" in flat


def test_no_line_is_wider_than_a_page(explained: str) -> None:
    assert max(map(len, explained.splitlines())) <= 100


def test_it_names_rows_that_could_not_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "trials.csv"
    path.write_text("Disease,Dose,Patients,Route,Phase\nGVHD\nALS,1 × 10^6 cells,9,IV,I\n", encoding="utf-8")
    code = run(["parse", str(path), "--explain"])
    out = capsys.readouterr().out
    assert ("quarantined" in out) == (code == 1)
    assert "1 read" in out or "2 read" in out


def test_it_has_no_other_format(tmp_path: Path) -> None:
    path = tmp_path / "trials.csv"
    path.write_text("Disease,Dose,Patients\nGVHD,1 × 10^6 cells,9\n", encoding="utf-8")
    assert run(["parse", str(path), "--explain", "--format", "csv"]) == 2


def test_columns_that_are_kept_as_text_are_named_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "trials.csv"
    path.write_text("Disease,Colour,Phase,Sponsor,NCT number\nlupus,red,I,Acme,NCT01234567\n")
    assert run(["parse", str(path), "--explain"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if "kept as text under" in line]
    assert lines == ["  - info column-unknown: kept as text under their own headers: 'Colour', 'Sponsor'"]
