"""`kg load` as a user meets it: what is printed where, and the exit code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_store import FakeStore, storing

from kg.cli import run

LINE = '<urn:s> <urn:p> "text" <urn:graph> .\n'


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.chdir(tmp_path)
    for name in ("TRIALKG_USER", "TRIALKG_PASSWORD", "TRIALKG_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with storing(FakeStore()) as server:
        yield server.url


def build(text: str = LINE) -> None:
    Path("output").mkdir()
    Path("output/trials.nq").write_text(text)


def test_the_last_build_is_loaded_and_summed_up(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    build()
    assert run(["load", url]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[2].split() == ["urn:graph", "1", "graph-store", "count,", "1", "triples"]
    assert "graph 1 of 1: urn:graph, 1 triples" in told.err


def test_quiet_prints_the_summary_alone(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    build()
    assert run(["load", url, "-q"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert "urn:graph" in told.out


def test_without_a_build_the_message_says_what_to_do(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["load", url]) == 2
    assert "run kg build" in capsys.readouterr().err


def test_a_wrong_statement_ends_with_2_and_its_place(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    build(LINE + LINE.replace('"text"', "_:b"))
    assert run(["load", url]) == 2
    told = capsys.readouterr()
    assert "trials.nq, line 2" in told.err
    assert told.out == ""


def test_a_dry_run_prints_requests_and_sends_none(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    build()
    assert run(["load", url, "--dry-run"]) == 0
    assert f"PUT {url}/store?graph=urn%3Agraph" in capsys.readouterr().out
    assert run(["load", "http://127.0.0.1:9", "--dry-run"]) == 0  # where nobody listens


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["localhost:1"], "neither a URL nor a folder"),
        (["http://u:s3cret@localhost:1/"], "TRIALKG_PASSWORD"),
        (["URL", "--graph", "name"], "absolute IRI"),
        (["URL", "--transport", "fast"], "fast"),
        (["URL", "--timeout", "0"], "timeout"),
        (["URL", "--bulk", "nowhere"], "nowhere"),
    ],
)
def test_what_cannot_be_meant_ends_with_2(
    url: str, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    build()
    assert run(["load", *(url if argument == "URL" else argument for argument in arguments)]) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert "s3cret" not in told.err


def test_an_interrupted_load_says_what_is_done(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    build()

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kg.load.run.check", stop)
    assert run(["load", url]) == 130
    assert "nothing was written" not in capsys.readouterr().err
