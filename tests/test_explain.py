"""`kg parse --explain`: how a source was read, for a person to check."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outcomes import CODED, place

from kg.cli import run
from kg.cli.explain_outcome import _RULES, explain_outcome
from kg.cli.explain_row import explain_rows
from kg.cli.marks import Mark, marked
from kg.cli.rows import ranges
from kg.errors import printable
from kg.model import Finding, Outcome, Parsed, Quarantined, Severity, Span, Table
from kg.parse.tables import parse_source
from kg.readers.base import open_source
from kg.resources import bundled_table
from kg.vocabulary.load import bundled_lexicon

ROOT = Path(__file__).resolve().parents[1]

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


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no terminal that the tests run in break the lines."""
    monkeypatch.setenv("COLUMNS", "100")


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


# ---------------------------------------------------------------- single rows


ROWS = """Disease,Cells,Dose,Patients,Outcome
lupus,BM-MSC,1 × 10^6 cells/kg,9,"Pain was lower; no serious adverse events"
asthma,UC-MSC,2 × 10^6 cells/kg,many,Not yet public
GVHD,UC-MSC,3 × 10^6 cells/kg,7,NA
"""
PAGE = """<table><caption>Table 1. First trials of cells</caption>
<tr><th>Disease</th><th>Dose</th><th>Patients</th></tr>
<tr><td>lupus</td><td>1 × 10^6 cells</td><td>9</td></tr><tr><td>asthma</td><td>2 × 10^6 cells</td><td>8</td></tr></table>
<table><caption>Table 2. Further trials of cells</caption>
<tr><th>Disease</th><th>Dose</th><th>Patients</th></tr>
<tr><td>GVHD</td><td>3 × 10^6 cells</td><td>7</td></tr></table>
"""


@pytest.fixture
def rows(tmp_path: Path) -> str:
    path = tmp_path / "trials.csv"
    path.write_text(ROWS, encoding="utf-8")
    return str(path)


def shown(outcome: Outcome) -> list[str]:
    return [line.text for line in explain_outcome(outcome)]


def test_a_row_is_explained_cell_by_cell_with_state_and_rule(
    rows: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["parse", rows, "--explain", "--row", "2"]) == 0
    out = capsys.readouterr().out
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert lines[0] == "trials.csv, row 2, line 3"
    assert "disease: mapped by concept.single" in lines
    assert lines[lines.index("disease: mapped by concept.single") + 1 :][0] == "asthma"
    assert lines[lines.index('cell_source, under "Cells": mapped by concept.single') + 1 :][:2] == [
        "UC-MSC",
        "= umbilical cord",
    ]
    assert any(line.startswith("patients: unrecognised by") for line in lines)
    assert any(line.startswith("- warning count-unrecognised in patients") for line in lines)
    assert "lupus" not in out


def test_several_rows_may_be_asked_for(rows: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", rows, "--explain", "--row", "3", "--row", "1"]) == 0
    heads = [line for line in capsys.readouterr().out.splitlines() if line.startswith("trials.csv")]
    assert heads == ["trials.csv, row 1, line 2", "trials.csv, row 3, line 4"]


def test_a_row_that_is_not_there_is_an_error_that_names_those_that_are(
    rows: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for more in (["--explain"], [], ["--format", "csv"]):
        assert run(["parse", rows, "--row", "9", "--row", "2", *more]) == 2
        error = capsys.readouterr().err
        assert "trials.csv: there is no row 9" in error
        assert "allowed: 1-3" in error
    assert run(["parse", rows, "--row", "0"]) == 2


def test_a_row_may_be_asked_for_in_any_form(rows: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", rows, "--row", "2", "--format", "jsonl"]) == 0
    printed = capsys.readouterr()
    assert [json.loads(line)["row"] for line in printed.out.splitlines()] == [2]
    assert printed.err.startswith("1 rows read")
    assert run(["parse", rows, "--row", "2", "--format", "csv", "--quiet"]) == 0
    assert [line.split(",")[:2] for line in capsys.readouterr().out.splitlines()] == [
        ["source", "row"],
        ["trials.csv", "2"],
    ]
    assert run(["parse", rows, "--row", "2"]) == 0
    out = capsys.readouterr().out
    assert "asthma" in out
    assert "lupus" not in out


def test_a_number_stands_for_the_row_of_every_table_that_has_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    assert run(["parse", str(path), "--explain", "--row", "1"]) == 0
    heads = [line for line in capsys.readouterr().out.splitlines() if line.startswith("page.html")]
    assert [head.split(", row")[0] for head in heads] == [
        "page.html, table 1 of 2 (Table 1)",
        "page.html, table 2 of 2 (Table 2)",
    ]
    assert run(["parse", str(path), "--explain", "--row", "2"]) == 0
    assert "table 1 of 2 (Table 1), row 2" in capsys.readouterr().out
    assert run(["parse", str(path), "--explain", "--row", "3"]) == 2
    assert "allowed: Table 1: 1-2; Table 2: 1" in capsys.readouterr().err


def test_a_quarantined_row_says_so_with_its_reason_and_text() -> None:
    finding = Finding(Severity.VIOLATION, "row-short", "row", "has one cell", hint="look at line 5")
    row = Quarantined("trials.csv", 2, (5, 5), "only  this", finding)
    parsed = Parsed(Table("trials.csv", ""), (), (), (row,))
    assert [line.text for line in explain_rows([parsed])] == [
        "trials.csv, row 2, line 5",
        "=========================",
        "This row is quarantined, it could not be read: has one cell (row-short)",
        "hint: look at line 5",
        "",
        "Its text",
        "  only this",
    ]


def test_the_exit_code_is_that_of_the_rows_that_were_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "trials.csv"
    good, broken = "lupus,umbilical cord,5 mL,12,NCT07654321", '"Crohn disease, or what",NCT01234567'
    path.write_text(f"Disease,Cell source,Dose,Patients,NCT number\n{good}\n{broken}\n", encoding="utf-8")
    codes = [run(["parse", str(path), "--explain", "--row", str(number)]) for number in (1, 2)]
    assert codes == [0, 1]
    assert "trials.csv, row 2, line 3" in capsys.readouterr().out


def test_the_text_of_an_outcome_stands_above_its_marks() -> None:
    lines = shown(CODED)
    assert lines[0].startswith("  Overall response in 3 of 5 and 61.5% at day 28; pain may be lower than")
    assert lines[1].startswith("  ^^^^^^^^^^^^^^^^ 1  ")
    for number, words in ((2, "pain"), (2, "lower"), (3, "walking"), (4, "standing")):
        at = next(at for at, line in enumerate(lines) if words in line)
        start = lines[at].index(words)
        marks = (line[start:] for line in lines[at + 1 : at + 5])
        assert any(line.startswith(f"{'^' * len(words)} {number}") for line in marks), words
    assert any(line.endswith(f" {'^' * len('did not change')} 3,4") for line in lines)
    assert any(line.endswith("^ C") for line in lines)


def test_words_side_by_side_of_one_claim_have_one_mark() -> None:
    mark = Mark("1", tuple(place(word, "It did not change.") for word in ("did", "not", "change")))
    assert [line.text for line in marked("It did not change.", [[mark]], 40)][1:] == ["   ^^^^^^^^^^^^^^ 1"]


def test_codes_and_claims_stand_with_their_words() -> None:
    text = " ".join(" ".join(shown(CODED)).split())
    assert "A status reported (outcome.status-made-up) no words of the cell" in text
    assert 'B efficacy mixed (outcome.made-up) "Overall response", "walking", "did not change"' in text
    assert (
        "1 overall response → overall response: reported kind response when at day 28 counts 3 of 5" in text
    )
    assert "2 pain → pain: decreased kind clinical hedged by may compared than placebo p P = 0.04" in text
    assert 'quote "pain may be lower" rule made up rule (outcome.made-up-rule)' in text
    assert "4 standing → (no measure of the vocabulary): unchanged" in text
    assert '61.5 % of "Overall response", characters 31-36' in text


def test_an_outcome_without_claims_says_so() -> None:
    lines = shown(replace(CODED, claims=(), figures=()))
    assert {"Claims: none", "Percentages: none"} <= set(lines)


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5))
@settings(deadline=None)
def test_no_text_breaks_the_marks(text: str, places: list[tuple[int, int]]) -> None:
    spans = [Span(min(a, b, len(text)), min(max(a, b), len(text))) for a, b in places]
    marks = [Mark(str(at), (span,), "red") for at, span in enumerate(spans, 1)]
    lines = [line.text for line in marked(text, [marks], 20)]
    plain = printable("".join(" " if char.isspace() else char for char in text))
    words = [line for line in lines if not set(line) <= set("^ 12345,") or line in plain]
    assert "".join("".join(words).split()).startswith("".join(plain.split())) or "^" in plain
    for number, span in enumerate(spans, 1):
        if text[span.start : span.end].strip():
            assert any(f"^ {number}" in line or f",{number}" in line for line in lines)


def test_marks_stand_under_their_words_whatever_the_width_of_the_signs() -> None:
    text, words = "日本 pain e\u0301e\u0301 lower", ("pain", "lower")
    marks = [Mark(str(at), (place(word, text),)) for at, word in enumerate(words, 1)]
    assert [line.text for line in marked(text, [marks], 40)] == [text, "     ^^^^ 1  ^^^^^ 2"]


def test_colours_are_for_terminals_alone(rows: str) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    command = [sys.executable, "-m", "kg", "parse", rows, "--explain", "--row", "1"]
    seen = {}
    for name, more in (("plain", {"NO_COLOR": "1"}), ("coloured", {"TERM": "xterm-256color"})):
        ours, theirs = pty.openpty()
        done = subprocess.run(command, cwd=ROOT, env=environment | more, stdout=theirs, check=True)
        os.close(theirs)
        assert done.returncode == 0
        seen[name] = read_all(ours)
    piped = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    assert b"\x1b[3" in seen["coloured"]
    assert b"\x1b[3" not in seen["plain"]
    assert b"\x1b" not in piped.stdout
    assert b"^" in piped.stdout


def read_all(descriptor: int) -> bytes:
    """Return what was written to a terminal whose other end is closed."""
    found = b""
    with contextlib.suppress(OSError):
        while piece := os.read(descriptor, 65536):
            found += piece
    os.close(descriptor)
    return found


def test_numbers_are_shown_as_runs() -> None:
    assert [ranges([]), ranges([4]), ranges([1, 2, 3, 5, 7, 8])] == ["", "4", "1-3, 5, 7-8"]


def test_every_rule_that_makes_a_claim_of_the_bundled_table_has_plain_words() -> None:
    (parsed,) = parse_source(open_source(bundled_table()), bundled_lexicon())
    claims = [claim for record in parsed.records if record.outcome for claim in record.outcome.claims]
    names = {claim.rule.rsplit(".", 1)[-1] for claim in claims}
    assert names
    assert {name for name in names if name not in _RULES and name.removeprefix("not-") not in _RULES} == set()
