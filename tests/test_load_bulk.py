"""Virtuoso's bulk loader is told what to read through isql: in order, without showing the password, all or nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from kg.errors import StoreError
from kg.load.run import Loaded, load_graphs, plan
from kg.load.spool import GraphFile
from kg.load.virtuoso import Isql, VirtuosoBulk
from kg.stores.exchange import Credentials

GRAPH = "https://x.example/graph/a"
BODY = "<urn:s> <urn:p> <urn:o> .\n"
ISQL = """#!{python}
import pathlib, sys
folder = pathlib.Path({folder!r})
script = sys.stdin.read()
with (folder / "calls").open("a") as log:
    log.write(" ".join(sys.argv[1:]) + "\\n" + script + "----\\n")
password = script.split("\\n")[0]
print("*** Error 28000: [Virtuoso Driver]CL034: Bad login")  # with the default password, before it asks
if password != "s3cret":
    sys.exit(3)
print("trialkg begins")
if "count(*)" in script:
    print("state", (folder / "waiting").read_text())
elif "ld_add" in script:
    print((folder / "state").read_text())
    if (folder / "copy").exists():
        sent = sorted(folder.glob("import/*.nt"))
        (folder / "copied").write_text(sent[0].read_text())
elif "move" in script.lower():
    print((folder / "move").read_text())
"""


class Counts:
    """Answers with the numbers it is given, by graph; and that each triple of the sample is there."""

    def __init__(self, **graphs: int) -> None:
        self.graphs = graphs

    def rows(self, query: str) -> Sequence[Mapping[str, str]]:
        """Return one row."""
        beside = "/loading>" in query
        return [{"n": str(self.graphs["beside" if beside else "graph"])}]

    def question(self, query: str) -> str:
        """Return the query."""
        return query


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a program isql-vt of ours on the path."""
    program = tmp_path / "bin" / "isql-vt"
    program.parent.mkdir()
    program.write_text(ISQL.format(python=sys.executable, folder=str(tmp_path)))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    (tmp_path / "import").mkdir()
    for name, text in (("waiting", "0"), ("state", "state 2 -"), ("move", ""), ("copy", "")):
        (tmp_path / name).write_text(text)
    return tmp_path


def waiting(room: Path, graph: str = GRAPH) -> GraphFile:
    file = room / "graph-0.nt"
    file.write_text(BODY)
    return GraphFile(graph, file, 1, len(BODY), (BODY.strip(),))


def way(room: Path, counts: Counts, password: str = "s3cret") -> VirtuosoBulk:  # noqa: S107 - the program's own
    return VirtuosoBulk(Isql("127.0.0.1:1111", room / "import", Credentials("dba", password), 20), counts)


def load(room: Path, counts: Counts, **options: str) -> list[Loaded]:
    return load_graphs([waiting(room)], [way(room, counts, **options)], counts, lambda _: None)


def calls(room: Path) -> str:
    return (room / "calls").read_text()


def test_a_graph_is_read_beside_counted_and_moved(room: Path) -> None:
    assert load(room, Counts(beside=1, graph=1)) == [Loaded(GRAPH, 1, "bulk", 1)]
    said = calls(room)
    steps = [
        "load_list where ll_state",
        "DROP SILENT",
        "ld_add(",
        "rdf_loader_run()",
        "MOVE GRAPH",
        "checkpoint",
    ]
    assert [said.index(step) for step in steps] == sorted(said.index(step) for step in steps)
    assert f"'{GRAPH}/loading'" in said
    assert (room / "copied").read_text() == BODY
    assert list((room / "import").iterdir()) == []


def test_the_password_is_in_no_list_of_processes(room: Path) -> None:
    load(room, Counts(beside=1, graph=1))
    commands = [call.strip().split("\n")[0] for call in calls(room).split("----\n") if call.strip()]
    assert all(command.startswith("127.0.0.1:1111 dba ") for command in commands)
    assert not any("s3cret" in command for command in commands)
    assert "s3cret" not in repr(way(room, Counts())._isql)


def test_a_file_that_the_server_may_not_read_is_an_error_with_its_words(room: Path) -> None:
    (room / "state").write_text("state 2 42000 FA003: Access to file denied")
    with pytest.raises(StoreError, match="did not take the graph") as caught:
        load(room, Counts(beside=0, graph=7))
    assert "FA003" in caught.value.raw
    assert "DirsAllowed" in caught.value.hint
    assert "MOVE" not in calls(room)
    assert list((room / "import").iterdir()) == []


def test_a_graph_that_did_not_arrive_whole_is_not_moved(room: Path) -> None:
    with pytest.raises(StoreError, match="0 of 1 triples arrived"):
        load(room, Counts(beside=0, graph=7))
    assert "MOVE" not in calls(room)
    assert calls(room).count("DROP SILENT") == 2


def test_a_refused_statement_is_an_error(room: Path) -> None:
    (room / "move").write_text("*** Error 42000: [Virtuoso] no rights")
    with pytest.raises(StoreError, match="refused a statement") as caught:
        load(room, Counts(beside=1, graph=7))
    assert "no rights" in caught.value.raw


def test_files_of_others_that_wait_are_not_loaded(room: Path) -> None:
    (room / "waiting").write_text("3")
    with pytest.raises(StoreError, match="other files wait"):
        load(room, Counts(beside=1, graph=1))
    assert "rdf_loader_run" not in calls(room)


def test_a_wrong_password_is_an_error_that_does_not_show_it(room: Path) -> None:
    with pytest.raises(StoreError, match="could not log in") as caught:
        load(room, Counts(beside=1, graph=1), password="wr0ng")  # noqa: S106 - the text that must not be shown
    assert "wr0ng" not in str(caught.value)
    assert "TRIALKG_PASSWORD" in caught.value.hint


def test_without_isql_the_error_names_it(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(room))
    with pytest.raises(StoreError, match="isql") as caught:
        load(room, Counts(beside=1, graph=1))
    assert "isql-vt" in caught.value.allowed


@pytest.mark.parametrize(
    "graph", ["https://x.example/o'clock", "https://x.example/$U", "https://x.example/a;b"]
)
def test_a_name_that_isql_would_misread_is_refused(room: Path, graph: str) -> None:
    with pytest.raises(StoreError, match="cannot be given this name"):
        way(room, Counts(beside=1, graph=1)).load(waiting(room, graph))
    assert not (room / "calls").exists()


def test_the_plan_shows_statements_and_no_password(room: Path) -> None:
    counts = Counts()
    shown = "\n".join(plan([waiting(room)], way(room, counts), counts))
    assert "ld_add(" in shown
    assert "MOVE GRAPH" in shown
    assert "s3cret" not in shown
    assert not (room / "calls").exists()
