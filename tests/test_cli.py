"""The command: what goes to stdout, what to stderr, which exit code, and that nothing ever ends in a traceback."""

from __future__ import annotations

import io
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.cli import run
from kg.serialise.formats import FORMATS

SAMPLE = Path(__file__).parent / "samples" / "paste.txt"
HEADER = "Disease,Cell source,Route,Dose,Frequency,Patients,Trial number,Phase,Outcome,Ref"
GOOD = "GVHD,BM,i.v.,2 × 106 cells/kg,Once,9,NCT02336230,I,Fine,1"
FILES = {
    "trials.ttl",
    "trials.nq",
    "trials.csv",
    "ledger.csv",
    "dataset.ttl",
    "quarantine.csv",
    "unrecognised.csv",
    "validation.ttl",
    "report.html",
    "manifest.json",
}


ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}


def kg(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kg", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**ENVIRONMENT, **environment},
        check=False,
        timeout=120,
    )


def source(folder: Path, text: str | bytes, name: str = "made-up.csv") -> str:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_parse_prints_one_json_object_a_row_and_nothing_else_on_stdout(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["parse", str(SAMPLE), "--format", "jsonl"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["row"] for line in lines] == list(range(1, 9))


def test_parse_reads_standard_input() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kg", "parse", "-", "--format", "jsonl", "-q"],
        input=f"{HEADER}\n{GOOD}\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["source"] == "stdin"


def test_parse_as_a_table_shows_the_values(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", str(SAMPLE)]) == 0
    shown = capsys.readouterr().out
    assert "psoriasis" in shown
    assert "NCT90000001" in shown


def test_a_quarantined_row_is_named_on_stderr_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["parse", source(tmp_path, f"{HEADER}\nGVHD,BM\n{GOOD}\n"), "--format", "jsonl", "-q"]) == 1
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 1
    assert "made-up.csv, row 1, line 2" in said.err
    assert "GVHD | BM" in said.err


BAD = {
    "an empty file": (b"", "empty"),
    "only blanks": (b" \n\n\t\n", "blanks"),
    "a binary file": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", ""),
    "a zip file": (b"PK\x03\x04\x14\x00\x06\x00\x00\x00", ""),
    "a NUL in the text": (f"{HEADER}\n{GOOD}\x00\n".encode(), "line 2"),
    "a page without a table": (b"Hello world.\n\nNothing to see here, nor there.\n", "table"),
    "a header without rows": (f"{HEADER}\n".encode(), ""),
}


@pytest.mark.parametrize(("data", "word"), BAD.values(), ids=BAD.keys())
@pytest.mark.parametrize("command", ["parse", "build"])
def test_bad_input_is_a_message_and_exit_code_2(
    command: str, data: bytes, word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(tmp_path / "out")] if command == "build" else []
    assert run([command, source(tmp_path, data), *out]) == 2
    said = capsys.readouterr()
    assert not said.out
    assert "made-up.csv" in said.err
    assert word in said.err
    assert "hint" in said.err or "allowed" in said.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["missing.txt", "."])
def test_a_missing_file_and_a_folder_are_a_message(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["build", str(tmp_path / name), "-o", str(tmp_path / "out")]) == 2
    assert "error:" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_bytes_of_another_encoding_are_read_with_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"{HEADER}\n{GOOD.replace('Fine', 'Café')}\n".encode("cp1252")
    assert run(["parse", source(tmp_path, text), "--format", "jsonl"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["cells"]["outcome"] == "Café"
    assert "warning" in said.err


def test_a_cell_of_a_megabyte_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    long = "word " * 200_000
    assert (
        run(["parse", source(tmp_path, f"{HEADER}\n{GOOD.replace('Fine', long)}\n"), "--format", "jsonl"])
        == 0
    )
    assert json.loads(capsys.readouterr().out)["cells"]["outcome"] == long.strip()


def test_a_row_of_a_megabyte_without_borders_is_read_or_set_aside(tmp_path: Path) -> None:
    text = SAMPLE.read_text(encoding="utf-8").replace("Plaques shrank", "Plaques shrank " + "word " * 200_000)
    assert run(["parse", source(tmp_path, text, "page.txt"), "--format", "jsonl", "-q"]) in {0, 1}


def test_a_doubled_header_is_not_a_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", source(tmp_path, f"{HEADER}\n{GOOD}\n{HEADER}\n{GOOD}\n"), "--format", "jsonl"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_an_unknown_command_option_or_format_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["brew"]) == 2
    assert run(["parse", str(SAMPLE), "--format", "xls"]) == 2
    assert run(["build", str(SAMPLE), "--format", "xls"]) == 2
    assert run(["build", str(SAMPLE), "--base", "not an IRI"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_build_writes_all_files_and_names_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert run(["build", str(SAMPLE), "-o", str(out), "--format", "ntriples"]) == 0
    named = {Path(line).name for line in capsys.readouterr().out.splitlines()}
    assert named == set(contents(out)) == FILES | {"trials.nt"}


def test_build_with_a_quarantined_row_writes_everything_and_ends_with_1(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(["build", source(tmp_path, f"{HEADER}\nGVHD,BM\n{GOOD}\n"), "-o", str(out), "-q"]) == 1
    assert set(contents(out)) == FILES
    assert "GVHD | BM" in (out / "report.html").read_text(encoding="utf-8")


def test_a_failing_build_leaves_the_earlier_output_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(["build", source(tmp_path, f"{HEADER}\n{GOOD}\n"), "-o", str(out), "-q"]) == 0
    before = contents(out)
    assert run(["build", source(tmp_path, ""), "-o", str(out), "-q"]) == 2
    assert contents(out) == before


def test_markup_in_a_cell_never_becomes_markup_of_the_report(tmp_path: Path) -> None:
    evil = GOOD.replace("Fine", "<script>alert(1)</script>").replace("GVHD", "<b>sore</b>")
    assert run(["build", source(tmp_path, f"{HEADER}\n{evil}\n"), "-o", str(tmp_path / "out"), "-q"]) == 0
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<b>sore" not in page
    assert "&lt;b&gt;sore" in page


def test_the_same_input_gives_the_same_bytes_for_any_hash_seed_and_folder(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    second = source(tmp_path, f"{HEADER}\n{GOOD}\n")
    assert kg("build", str(SAMPLE), second, "-o", str(one), PYTHONHASHSEED="1").returncode == 0
    assert (
        kg("build", second, str(SAMPLE), "-o", str(other), cwd=tmp_path, PYTHONHASHSEED="2").returncode == 0
    )
    assert contents(one) == contents(other)


def test_the_same_table_under_two_names_counts_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = (source(tmp_path, f"{HEADER}\n{GOOD}\n", name) for name in ("a.csv", "b.csv"))
    assert run(["build", other, one, other, "-o", str(tmp_path / "out")]) == 0
    assert "the table of b.csv says the same as a table of another source" in capsys.readouterr().err
    assert json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["counts"]["rows"] == 1


def test_two_versions_of_one_table_are_both_kept_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = f"Table 1.\nSome trials\ndoi: 10.5555/made-up\n{HEADER}\n"
    one = source(tmp_path, head + GOOD, "a.csv")
    other = source(tmp_path, head + GOOD.replace("Fine", "Bad"), "b.csv")
    assert run(["build", one, other, "-o", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().err
    assert "a.csv: another source is Table 1 of doi:10.5555/made-up too" in said
    assert "b.csv: another source is Table 1 of doi:10.5555/made-up too" in said


def test_another_base_moves_the_data_and_not_the_vocabulary(tmp_path: Path) -> None:
    assert run(["build", str(SAMPLE), "-o", str(tmp_path), "--base", "https://example.org/data/", "-q"]) == 0
    graph = (tmp_path / "trials.nq").read_text(encoding="utf-8")
    assert "<https://example.org/data/trial/NCT90000001>" in graph
    assert "<https://w3id.org/trialkg/vocabulary/disease/psoriasis>" in graph
    assert "<https://w3id.org/trialkg/trial/" not in graph


def test_an_interrupt_ends_with_130_and_leaves_the_earlier_output_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(["build", str(SAMPLE), "-o", str(out), "-q"]) == 0
    before = contents(out)
    rows = "\n".join(GOOD.replace("NCT02336230", f"NCT{10_000_000 + n}") for n in range(3000))
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "build", source(tmp_path, f"{HEADER}\n{rows}\n"), "-o", str(out)],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert process.stderr.readline().startswith("reading")
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert contents(out) == before


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"{sys.executable} -m kg parse {SAMPLE} --format jsonl -q | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert not done.stderr


@pytest.mark.parametrize("arguments", [["parse", str(SAMPLE), "--format", "jsonl"], ["query"], ["--help"]])
def test_a_full_disk_behind_stdout_is_a_message(arguments: list[str]) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "kg", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_without_a_name_is_not_the_current_one(tmp_path: Path) -> None:
    done = kg("build", str(SAMPLE), "-o", "", cwd=tmp_path)
    assert done.returncode == 2
    assert not list(tmp_path.iterdir())


def test_validate_names_row_column_and_raw_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build", str(SAMPLE), "-o", str(tmp_path), "-q"]) == 0
    capsys.readouterr()
    assert run(["validate", str(tmp_path / "trials.ttl")]) == 0
    said = capsys.readouterr().out
    for number in ("000012345", "77/2021X", "NCT9000004"):
        assert number in said
    assert "row 4, line 12, column 'Clinical Trials number'" in said


def test_a_report_without_its_trial_breaks_the_graph(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["build", str(SAMPLE), "-o", str(tmp_path), "--format", "ntriples", "-q"]) == 0
    graph = tmp_path / "trials.nt"
    lines = graph.read_text(encoding="utf-8").splitlines(keepends=True)
    damaged = next(n for n, line in enumerate(lines) if "ontology#reports>" in line and "-r1>" in line)
    report = lines.pop(damaged).split()[0].strip("<>")
    graph.write_text("".join(lines), encoding="utf-8")
    capsys.readouterr()
    assert run(["validate", str(graph)]) == 1
    said = capsys.readouterr().out
    assert report in said
    assert "TrialReport" in said


def test_validate_of_what_is_no_graph_is_a_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.ttl").write_text("<a> <b> .", encoding="utf-8")
    assert run(["validate", str(tmp_path / "broken.ttl")]) == 2
    assert run(["validate", str(tmp_path / "missing.ttl")]) == 2
    assert "line 1" in capsys.readouterr().err


def test_query_without_a_name_lists_the_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["query"]) == 0
    assert "trials-for-disease" in capsys.readouterr().out


def test_query_asks_the_graph_it_is_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build", str(SAMPLE), "-o", str(tmp_path), "-q"]) == 0
    capsys.readouterr()
    graph = str(tmp_path / "trials.nq")
    asked = ["query", "trials-for-disease", "--on", graph, "--format", "csv", "--set"]
    assert run([*asked, "disease=Psoriasis"]) == 0
    assert "NCT90000001" in capsys.readouterr().out
    assert run([*asked, 'disease=x" } DROP ALL #']) == 2
    assert run([*asked, "diseas=Psoriasis"]) == 2
    assert run([*asked, "no equals sign"]) == 2


@pytest.mark.parametrize("form", ["turtle", "ntriples", "nquads", "trig", "jsonld"])
def test_a_graph_can_be_asked_and_checked_in_every_format_that_a_build_writes(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["build", str(SAMPLE), "-o", str(tmp_path), "-q", "--format", form]) == 0
    graph = str(tmp_path / f"trials{FORMATS[form].suffix}")
    capsys.readouterr()
    assert run(["query", "table-overview", "--on", graph, "--format", "csv"]) == 0
    assert "Table 4" in capsys.readouterr().out
    assert run(["validate", graph]) == 0


def test_query_without_a_build_asks_the_bundled_table(tmp_path: Path) -> None:
    done = kg("query", "trials-for-disease", "--set", "disease=CD", "--format", "csv", cwd=tmp_path)
    assert done.returncode == 0
    assert "NCT04519684" in done.stdout


def test_help_does_not_load_what_it_does_not_need() -> None:
    code = "import sys, kg.cli; kg.cli.run(['--help']); print([m for m in sys.modules if m in sys.argv[1:]])"
    heavy = ["rdflib", "pyshacl", "networkx", "pyoxigraph", "jinja2", "rich", "yaml"]
    done = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", ["build", "parse", "validate", "query"])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--help"]) == 0
    assert "Usage: kg " + command in capsys.readouterr().out


def test_parse_and_query_do_not_load_rdflib(tmp_path: Path) -> None:
    code = "import sys, kg.cli; kg.cli.run(sys.argv[1:]); print('rdflib' in sys.modules, 'pyshacl' in sys.modules)"
    for arguments in (["parse", str(SAMPLE), "-q"], ["query", "all-trials"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            capture_output=True,
            text=True,
            check=True,
            cwd=tmp_path,
            env=ENVIRONMENT,
        )
        assert done.stdout.splitlines()[-1] == "False False"


class Terminal(io.StringIO):
    """A standard output that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


NASTY = "a\x1b[31mb\x9b2Jc\rd"


def test_a_result_never_steers_a_terminal_and_reaches_a_pipe_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = source(tmp_path, '<https://a/s> <https://a/p> "a\\u001B[31mb\\u009B2Jc\\rd" .\n', "nasty.ttl")
    question = ["query", "SELECT ?o { ?s ?p ?o }", "--on", graph, "--format", "csv"]
    piped = subprocess.run(
        [sys.executable, "-m", "kg", *question], capture_output=True, env=ENVIRONMENT, check=True
    )
    assert NASTY.encode() in piped.stdout
    for form in ("csv", "markdown", "table"):
        monkeypatch.setattr(sys, "stdout", Terminal())
        assert run([*question[:-1], form]) == 0
        assert "[31mb\ufffd2Jc" in sys.stdout.getvalue()  # type: ignore[attr-defined]
        assert "\x1b[31m" not in sys.stdout.getvalue()  # type: ignore[attr-defined]
        assert "\x9b" not in sys.stdout.getvalue()  # type: ignore[attr-defined]


def test_a_message_never_steers_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", str(tmp_path / "\x1b[2Jnone.csv")]) == 2
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize("form", ["table", "jsonl", "csv"])
def test_results_are_utf_8_in_every_locale(tmp_path: Path, form: str) -> None:
    table = source(tmp_path, f"{HEADER}\n{GOOD.replace('Fine', 'Größer ≥ 5')}\n")
    call = [sys.executable, "-m", "kg", "parse", table, "--format", form]
    plain, narrow = (
        subprocess.run(call, capture_output=True, env={**ENVIRONMENT, "PYTHONIOENCODING": name}, check=True)
        for name in ("utf-8", "ascii")
    )
    assert plain.stdout == narrow.stdout
    assert plain.stderr == narrow.stderr


@pytest.mark.skipif(os.name == "nt", reason="closes descriptors in a shell")
@pytest.mark.parametrize(
    ("closed", "arguments", "code"),
    [
        (">&-", ["parse", str(SAMPLE)], 1),
        ("2>&-", ["parse", str(SAMPLE)], 1),
        ("<&-", ["parse", "-"], 2),
        ("<&-", ["query", "-"], 2),
        ("<&-", ["query", "gaps", "--on", "-"], 2),
    ],
)
def test_a_closed_stream_is_no_traceback(closed: str, arguments: list[str], code: int) -> None:
    call = f"{shlex.join([sys.executable, '-m', 'kg', *arguments])} {closed}"
    done = subprocess.run(["sh", "-c", call], capture_output=True, text=True, env=ENVIRONMENT, check=False)
    wanted = run(["parse", str(SAMPLE), "-q"]) if code == 1 else code
    assert (done.returncode, "Traceback" in done.stderr) == (wanted, False)


@pytest.mark.parametrize(
    ("text", "code"), [(b"\xff\xfe bad", 2), (b"", 2), (b"\xef\xbb\xbfSELECT ?s { ?s ?p ?o }", 0)]
)
def test_a_query_on_standard_input_is_text_in_utf_8(tmp_path: Path, text: bytes, code: int) -> None:
    graph = source(tmp_path, "<https://a/s> <https://a/p> 1 .\n", "small.ttl")
    call = [sys.executable, "-m", "kg", "query", "-", "--on", graph]
    done = subprocess.run(call, input=text, capture_output=True, env=ENVIRONMENT, check=False)
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False)


def test_a_path_that_no_system_takes_is_said_to_be_unreadable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = "x" * 5000
    calls = [["parse", long], ["validate", f"{long}.ttl"], ["query", "gaps", "--on", f"{long}.nq"]]
    calls += [["query", long], ["build", str(SAMPLE), "-o", str(tmp_path / long)]]
    for arguments in calls:
        assert run([*arguments]) == 2
        message = capsys.readouterr().err
        assert "the result cannot be written" not in message
        assert "error: " in message


_NESTED = (
    "<https://a/s> <https://a/p> "
    + "<<( <https://a/s> <https://a/p> " * 30_000
    + "1"
    + " )>>" * 30_000
    + " ."
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("deep.ttl", _NESTED),
        ("hidden.ttl", "@prefix a: <https://a/> . a:\\#b a:p '\\\\', \"#\" . " + _NESTED),
        ("deep.trig", f"{{ {_NESTED} }}"),
        ("deep.nt", _NESTED.replace("1", "<https://a/o>")),
        ("deep.jsonld", '{"https://a/p":' * 30_000 + "1" + "}" * 30_000),
    ],
)
@pytest.mark.parametrize("command", [["validate"], ["query", "gaps", "--on"]])
def test_a_graph_nested_too_deep_is_a_message(
    tmp_path: Path, command: list[str], name: str, text: str
) -> None:
    done = kg(*command, source(tmp_path, text, name))
    assert done.returncode == 2, done.stderr[-300:]
    assert done.stderr.startswith("error: ")


def test_marks_of_nesting_inside_texts_do_not_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    graph = source(
        tmp_path, '<https://a/s> <https://a/p> "' + "<<" * 500 + '" . # ' + "<<" * 500 + "\n", "flat.ttl"
    )
    assert run(["query", "ASK { ?s ?p ?o }", "--on", graph]) == 0
    assert capsys.readouterr().out == "yes\n"
