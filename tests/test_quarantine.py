"""A row that could not be read waits in quarantine.csv, and comes into the graph when a person completes it there."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest

from kg.build.quarantine import read_quarantine
from kg.build.run import Build, Options, build
from kg.errors import SourceError
from kg.readers.base import Source

HEADER = "Disease,Cell source,Dose,Patients,NCT number\n"
GOOD = "Lupus nephritis,umbilical cord,5 mL,12,NCT07654321\n"
BROKEN = '"Crohn disease, bone marrow, or what",NCT01234567\n'
MENDED = {
    "disease": "Crohn disease",
    "cell_source": "bone marrow",
    "dose": "=5 mL",
    "patients": "9",
    "trial_number": "NCT01234567",
}


def run(folder: Path, *sources: Path) -> Build:
    return build([str(path) for path in sources], folder, Options(), lambda _: None)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def complete(path: Path, out: Path, delimiter: str = ",") -> Path:
    """Write quarantine file `path` again as `out`, its one row completed, as a spreadsheet program would."""
    (row,) = rows(path)
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row), delimiter=delimiter)
        writer.writeheader()
        writer.writerow({**row, **MENDED})
    return out


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "trials.csv"
    path.write_text(HEADER + GOOD + BROKEN, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the quarantine.csv of the broken table."""
    folder = tmp_path_factory.mktemp("first")
    (folder / "trials.csv").write_text(HEADER + GOOD + BROKEN, encoding="utf-8")
    run(folder / "out", folder / "trials.csv")
    return folder / "out" / "quarantine.csv"


def test_a_row_that_cannot_be_read_waits_with_its_place_reason_words_and_blank_cells(
    tmp_path: Path, broken: Path
) -> None:
    assert not run(tmp_path / "out", broken).fine
    (row,) = rows(tmp_path / "out" / "quarantine.csv")
    assert (row["source"], row["row"], row["lines"]) == ("trials.csv", "2", "3-3")
    assert row["reason"]
    assert row["hint"]
    assert "NCT01234567" in row["text"]
    assert {row[name] for name in MENDED} == {""}


def test_without_such_rows_the_file_has_its_header_alone(tmp_path: Path) -> None:
    path = tmp_path / "fine.csv"
    path.write_text(HEADER + GOOD, encoding="utf-8")
    run(tmp_path / "out", path)
    assert rows(tmp_path / "out" / "quarantine.csv") == []
    assert read_quarantine(Source("quarantine.csv", (tmp_path / "out" / "quarantine.csv").read_bytes())) == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_completed_row_is_read_like_any_other_and_says_who_completed_it(
    tmp_path: Path, broken: Path, delimiter: str, waiting: Path
) -> None:
    mended = complete(waiting, tmp_path / "mended.csv", delimiter)
    made = run(tmp_path / "out", broken, mended)
    assert made.fine
    (parsed,) = made.tables
    record = parsed.records[1]
    assert (record.patients, [one.number for one in record.registrations or ()]) == (9, ["NCT01234567"])
    assert [finding.code for finding in record.findings if finding.column == "row"] == ["row-completed"]
    assert rows(tmp_path / "out" / "quarantine.csv") == []
    (told,) = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))["inputs"]
    assert told["completed"] == [
        {"name": "mended.csv", "sha256": hashlib.sha256(mended.read_bytes()).hexdigest()}
    ]


def test_the_graph_of_a_completed_row_is_that_of_a_source_that_was_right(
    tmp_path: Path, broken: Path, waiting: Path
) -> None:
    mended = complete(waiting, tmp_path / "mended.csv")
    right = tmp_path / "right.csv"
    right.write_text(f"{HEADER}{GOOD}{','.join(MENDED.values())}\n", encoding="utf-8")
    run(tmp_path / "mended", broken, mended)
    run(tmp_path / "right", right)
    one, other = (
        {
            line
            for line in (tmp_path / name / "trials.nq").read_text("utf-8").splitlines()
            if "/provenance>" not in line and not line.endswith("/graph/dataset> .")
        }
        for name in ("mended", "right")
    )
    assert one == other


def test_a_row_left_blank_stays_in_quarantine(tmp_path: Path, broken: Path, waiting: Path) -> None:
    made = run(tmp_path / "out", broken, waiting)
    assert len(made.tables[0].quarantined) == 1
    assert (waiting).read_bytes() == (tmp_path / "out" / "quarantine.csv").read_bytes()


def test_a_completed_row_that_no_source_has_is_left_out_and_said(
    tmp_path: Path, broken: Path, waiting: Path
) -> None:
    mended = complete(waiting, tmp_path / "mended.csv")
    broken.write_text(HEADER + BROKEN.replace("what", "else") + GOOD, encoding="utf-8")
    said: list[str] = []
    made = build([str(broken), str(mended)], tmp_path / "out", Options(), said.append)
    assert len(made.tables[0].quarantined) == 1
    assert any("mended.csv: row 2 of trials.csv is not a quarantined row" in line for line in said)


def test_a_quarantine_file_alone_is_refused(tmp_path: Path, waiting: Path) -> None:
    with pytest.raises(SourceError, match="completes rows of other sources"):
        run(tmp_path / "out", waiting)


def test_a_line_that_is_no_row_is_named() -> None:
    text = "source,table,row,lines,reason,hint,text,disease\na.csv,,two,3-3,why,how,words,UC\n"
    with pytest.raises(SourceError, match="no row of a quarantine file") as caught:
        read_quarantine(Source("quarantine.csv", text.encode()))
    assert caught.value.where == "quarantine.csv, line 2"
