"""What a user says of a source, in a file beside it or on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.cli import run
from kg.columns.choices import check_choices
from kg.errors import SourceError
from kg.model import Choice, Table
from kg.parse.tables import parse_source
from kg.readers.base import open_source
from kg.readers.sidecar import read_choice, read_settings, with_sidecar
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon

TABLE = "Disease,Cell source,Strange,Patients\nGVHD,BM,1 × 10^6 cells,9\nALS,UC,2 × 10^6 cells,8\n"
TWO = f"Table 1\n{TABLE}\nTable 2\n{TABLE}"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return bundled_lexicon()


def source(folder: Path, settings: str = "", text: str = TABLE) -> Path:
    """Write a source, and the settings beside it if there are any; return its path."""
    path = folder / "trials.csv"
    path.write_text(text, encoding="utf-8")
    if settings:
        (folder / "trials.csv.toml").write_text(settings, encoding="utf-8")
    return path


def meanings(path: Path, lexicon: Lexicon) -> list[list[str]]:
    """Return what the columns of each table of a source mean."""
    return [["+".join(c.keys) for c in parsed.columns] for parsed in parse_source(open_source(path), lexicon)]


@pytest.mark.parametrize(
    ("text", "column", "keys", "table"),
    [
        ("3=dose", "3", ("dose",), ""),
        ("Cell mass=dose+route", "Cell mass", ("dose", "route"), ""),
        ("Cell mass = Cell source", "Cell mass", ("cell_source",), ""),
        ("3=", "3", (), ""),
        ("3=text", "3", (), ""),
        ("Table 2:3=dose", "3", ("dose",), "Table 2"),
        ("Number: Trial/Control=patients", "Number: Trial/Control", ("patients",), ""),
        ("a=b=dose", "a=b", ("dose",), ""),
    ],
)
def test_a_choice_names_a_column_and_what_it_means(
    text: str, column: str, keys: tuple[str, ...], table: str, lexicon: Lexicon
) -> None:
    choice = read_choice(text, lexicon)
    assert (choice.column, choice.keys, choice.table) == (column, keys, table)


@pytest.mark.parametrize("text", ["dose", "=dose", "3=weight", "3=dose+text", "3=dose+weight"])
def test_a_bad_choice_says_what_is_allowed(text: str, lexicon: Lexicon) -> None:
    with pytest.raises(SourceError) as caught:
        read_choice(text, lexicon)
    assert caught.value.where == "--column"
    assert "trial_number" in caught.value.allowed + caught.value.hint


def test_a_file_beside_the_source_says_what_columns_mean(tmp_path: Path, lexicon: Lexicon) -> None:
    path = source(tmp_path, '[columns]\n3 = "text"\n"Cell source" = ["cell_source", "donor"]\n')
    assert meanings(path, lexicon) == [["disease", "cell_source+donor", "", "patients"]]


def test_a_file_beside_the_source_says_what_the_source_does_not(tmp_path: Path, lexicon: Lexicon) -> None:
    settings = '[table]\nlabel = "Table 7"\ncaption = "Trials"\ndoi = "10.1/x"\nlegend = "BM: bone marrow"\n'
    (parsed,) = parse_source(open_source(source(tmp_path, settings)), lexicon)
    assert (parsed.table.label, parsed.table.caption, parsed.table.doi) == ("Table 7", "Trials", "10.1/x")
    assert [entry.form for entry in parsed.legend] == ["BM"]
    assert parsed.settings.origin == "trials.csv.toml"


def test_a_disease_that_only_the_user_names_is_that_of_every_row(tmp_path: Path, lexicon: Lexicon) -> None:
    text = TABLE.replace("Disease", "Year").replace("GVHD", "2015").replace("ALS", "2016")
    path = source(tmp_path, '[table]\ndisease = "COVID-19"\n', text)
    (parsed,) = parse_source(open_source(path), lexicon)
    for record in parsed.records:
        assert record.diseases is not None
        assert [concept.label for concept in record.diseases.concepts] == ["COVID-19"]


def test_one_table_of_several_can_be_meant(tmp_path: Path, lexicon: Lexicon) -> None:
    path = source(tmp_path, '[tables."Table 2".columns]\n3 = "text"\n', TWO)
    first, second = meanings(path, lexicon)
    assert (first[2], second[2]) == ("dose", "")


def test_a_caption_for_several_tables_is_refused(tmp_path: Path, lexicon: Lexicon) -> None:
    path = source(tmp_path, '[table]\ncaption = "Trials"\n', TWO)
    with pytest.raises(SourceError, match="has 2 tables, and caption speaks of one"):
        parse_source(open_source(path), lexicon)


def test_the_command_line_wins_over_the_file(
    tmp_path: Path, lexicon: Lexicon, capsys: pytest.CaptureFixture[str]
) -> None:
    path = source(tmp_path, '[columns]\nStrange = "text"\n')
    assert run(["parse", str(path), "--format", "jsonl", "--column", "3=route"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["cells"]["route"] == "1 × 10^6 cells"
    assert meanings(path, lexicon)[0][2] == ""


@pytest.mark.parametrize(
    ("settings", "line", "what"),
    [
        ('[columns]\n1 = "text"\n[tabel]\nx = 1\n', 3, "not known"),
        ('[table]\ncolour = "red"\n', 2, "not known"),
        ('[columns]\n\n3 = "weight"\n', 3, "'weight' is no meaning"),
        ("[columns]\n3 = 7\n", 2, "is 7"),
        ("[table]\ndoi = 10\n", 2, "not text"),
        ('[columns]\n3 == "dose"\n', 2, "no TOML"),
        ('columns = "dose"\n', 1, "no table of settings"),
        ('[tables."Table 1"]\nlabel = "x"\n', 2, "not known"),
    ],
)
def test_a_file_with_errors_is_named_with_its_line(
    settings: str, line: int, what: str, tmp_path: Path, lexicon: Lexicon
) -> None:
    path = source(tmp_path, settings)
    with pytest.raises(SourceError) as caught:
        with_sidecar(open_source(path), lexicon)
    assert caught.value.where == f"trials.csv.toml, line {line}"
    assert what in caught.value.what


def test_files_that_are_no_text_or_very_long_are_refused(tmp_path: Path, lexicon: Lexicon) -> None:
    path = tmp_path / "a.toml"
    for data in (b"\xff\xfe\x00", b"#" * 2_000_000, b"a = " + b"[" * 100_000):
        path.write_bytes(data)
        with pytest.raises(SourceError):
            read_settings(path, lexicon)


def test_a_choice_for_a_column_that_is_not_there_lists_those_that_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for text in ("9=dose", "Cell mass=dose"):
        assert run(["parse", str(source(tmp_path)), "--column", text]) == 2
        assert "3 'Strange'" in capsys.readouterr().err


def test_a_build_keeps_what_the_user_said_in_the_manifest(tmp_path: Path) -> None:
    path = source(tmp_path, '[columns]\nStrange = "text"\n[table]\ntitle = "Cells"\n')
    assert run(["build", str(path), "-q", "-o", str(tmp_path / "out"), "--column", "4="]) == 0
    (told,) = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["inputs"]
    assert [one["column"] for one in told["columns"]] == ["4", "Strange"]
    assert told["facts"] == {"title": "Cells"}
    assert told["settings"]["name"] == "trials.csv.toml"
    assert len(told["settings"]["sha256"]) == 64


def test_a_choice_holds_for_those_sources_of_a_build_that_have_the_column(tmp_path: Path) -> None:
    first = source(tmp_path)
    second = tmp_path / "other.csv"
    second.write_text("Disease,Route,Patients\nCOVID-19,IV,3\n", encoding="utf-8")
    out = ["-q", "-o", str(tmp_path / "out")]
    assert run(["build", str(first), str(second), *out, "--column", "Strange=text"]) == 0
    assert run(["build", str(first), str(second), *out, "--column", "Nowhere=text"]) == 2


def test_a_choice_for_a_table_that_is_not_there_names_the_tables_that_are() -> None:
    table = Table("a.csv", "0" * 64, header=("Dose",), label="Table 1")
    with pytest.raises(SourceError, match="there is no table 'Table 2'") as caught:
        check_choices([Choice("1", ("dose",), "Table 2")], [(table, ())])
    assert caught.value.allowed == "Table 1"
