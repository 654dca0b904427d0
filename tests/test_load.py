"""Graphs get into a store by each way that it takes, whole, and nothing else in it changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox
import pytest
from fake_server import Server
from fake_store import FakeStore, storing

from kg.errors import GraphError, KgError, StoreError
from kg.load import sparql
from kg.load.run import Loaded
from kg.load.target import Transport
from kg.load.task import Task, dry_run, load
from kg.stores import web as web_module

A, B, C = "https://x.example/a", "https://x.example/b", "https://x.example/c"
OTHER = ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("mine"), ox.NamedNode("urn:mine"))
DEFAULT = ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("default"))
OLD = ox.Quad(ox.NamedNode("urn:old"), ox.NamedNode("urn:p"), ox.Literal("old"), ox.NamedNode(B))
WAYS: tuple[Transport, ...] = ("graph-store", "update")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_module, "_backoff", lambda _: 0.001)
    monkeypatch.setattr("kg.load.update._WAITS", (0.01, 0.01))


@dataclass
class World:
    """A file of three graphs, and a store that holds graphs of its own and an older graph B."""

    file: Path
    store: FakeStore
    server: Server
    said: list[str] = field(default_factory=list)

    def load(self, transport: Transport = "auto", **environ: str) -> list[Loaded]:
        return load(Task(self.server.url, (self.file,), transport=transport), environ, self.said.append)

    def fails(self, transport: Transport = "auto") -> str:
        with pytest.raises(StoreError) as caught:
            self.load(transport)
        return str(caught.value)


def triples(graph: str, size: int = 30) -> set[str]:
    tricky = {
        f'<urn:{graph[-1]}> <urn:text> "back\\\\u0041 \\"quoted\\" \\n ä 😀"',
        '<urn:x> <urn:p> "de"@de',
    }
    return {f"<urn:{graph[-1]}{number}> <urn:p> <urn:o>" for number in range(size)} | tricky


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    file = tmp_path / "trials.nq"
    lines = [f"{triple} <{graph}> ." for graph in (C, A, B) for triple in sorted(triples(graph))]
    file.write_text("\n".join([*lines, *lines[:5]]), encoding="utf-8")
    store = FakeStore()
    store.engine.extend([OTHER, DEFAULT, OLD])
    with storing(store) as server:
        yield World(file, store, server)


def assert_loaded(world: World) -> None:
    assert {name: world.store.graph(name) for name in (A, B, C)} == {
        name: triples(name) for name in (A, B, C)
    }
    assert_untouched(world)


def assert_untouched(world: World) -> None:
    assert world.store.graph("urn:mine") == {str(OTHER.triple)}
    assert world.store.graph("") == {str(DEFAULT.triple)}
    assert set(world.store.graphs()) <= {A, B, C, "urn:mine"}


@pytest.mark.parametrize("transport", WAYS)
def test_each_named_graph_is_replaced_and_nothing_else_touched(world: World, transport: Transport) -> None:
    loaded = world.load(transport)
    assert loaded == [Loaded(graph, 32, transport, 20) for graph in (A, B, C)]
    assert_loaded(world)


@pytest.mark.parametrize("transport", WAYS)
def test_loading_twice_is_loading_once(world: World, transport: Transport) -> None:
    assert world.load(transport) == world.load(transport)
    assert_loaded(world)


def test_one_put_a_graph_and_no_update_where_there_is_a_graph_store(world: World) -> None:
    assert {one.how for one in world.load()} == {"graph-store"}
    written = [
        asked
        for asked in world.server.asked
        if asked.method not in ("HEAD", "GET") and asked.path != "/query"
    ]
    assert [(asked.method, asked.query["graph"]) for asked in written] == [
        ("PUT", [A]),
        ("PUT", [B]),
        ("PUT", [C]),
    ]
    assert all("content-length" in asked.headers for asked in written)


def test_a_server_that_knows_only_turtle_gets_turtle(world: World) -> None:
    world.store.takes = ("text/turtle",)
    world.load("graph-store")
    assert_loaded(world)
    assert world.server.seen().count("PUT /store") == 4


@pytest.mark.parametrize("status", [404, 405, 415, 501])
def test_without_a_graph_store_updates_are_sent(world: World, status: int) -> None:
    world.store.puts = status
    assert {one.how for one in world.load()} == {"update"}
    assert_loaded(world)
    assert world.server.seen().count("PUT /store") <= 2
    assert any(f"graph store: status {status}: trying another way" in text for text in world.said)


def test_a_server_that_takes_no_forms_gets_updates_as_they_are(world: World) -> None:
    world.store.forms = False
    world.load("update")
    assert_loaded(world)
    types = [
        asked.headers["content-type"]
        for asked in world.server.asked
        if asked.path == "/update" and asked.body
    ]
    assert types.count("application/x-www-form-urlencoded") == 1


def test_updates_come_in_batches_beside_the_graph_and_are_moved_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sparql, "MOST_TRIPLES", 10)
    world.load("update")
    sent = [asked.form["update"][0] for asked in world.server.asked if asked.path == "/update" and asked.body]
    kinds = [text.split(maxsplit=1)[0] for text in sent]
    assert kinds == ["DROP", *["INSERT"] * 4, "MOVE"] * 3
    assert all(f"<{A}>" not in text for text in sent if text.startswith("INSERT"))
    assert_loaded(world)


def test_batches_are_bounded_in_bytes_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparql, "MOST_BYTES", 100)
    world.load("update")
    sent = [asked.form["update"][0] for asked in world.server.asked if asked.path == "/update" and asked.body]
    assert max(len(text) for text in sent) < 250
    assert_loaded(world)


@pytest.mark.parametrize("transport", WAYS)
def test_a_failure_in_the_middle_names_the_graph_and_leaves_the_others(
    world: World, transport: Transport
) -> None:
    world.store.fails_at = 2 if transport == "graph-store" else 5
    said = world.fails(transport)
    assert f"the graph <{B}> was not loaded" in said
    assert "status 500" in said
    assert "the disk is full" in said
    assert f"loaded before it: <{A}>; every other graph is as it was" in said
    assert "it holds 1 triples now" in said
    assert world.store.graph(A) == triples(A)
    assert world.store.graph(B) == {str(OLD.triple)}
    assert world.store.graph(C) == set()


def test_a_failed_batch_leaves_no_triples_beside_the_graph(world: World) -> None:
    text = "MOVE GRAPH"
    world.store.refuses = text
    assert "status 400" in world.fails("update")
    assert world.store.graphs() == [B, "urn:mine"]
    assert world.store.graph(B) == {str(OLD.triple)}
    assert_untouched(world)


def test_a_move_whose_answer_is_lost_is_not_sent_again(world: World) -> None:
    world.store.loses = "MOVE"
    world.load("update")
    assert_loaded(world)
    moves = [asked for asked in world.server.asked if b"MOVE" in asked.body]
    assert len(moves) == 3


def test_a_move_that_was_lost_itself_keeps_the_triples_and_says_where(world: World) -> None:
    world.store.loses, world.store.before = "MOVE", True
    said = world.fails("update")
    assert f"its triples wait in <{A}/loading>" in said
    assert world.store.graph(f"{A}/loading") == triples(A)
    assert len([asked for asked in world.server.asked if b"MOVE" in asked.body]) == 1
    world.store.loses = ""
    world.load("update")
    assert_loaded(world)


@pytest.mark.parametrize("status", [502, 504])
def test_a_gateway_that_gives_up_on_a_move_leaves_the_counts_to_tell(world: World, status: int) -> None:
    world.store.loses, world.store.as_status = "MOVE", status
    world.load("update")
    assert_loaded(world)
    assert len([asked for asked in world.server.asked if b"MOVE" in asked.body]) == 3


def test_an_insertion_whose_answer_is_lost_is_sent_again(world: World) -> None:
    world.store.loses, world.store.once = "INSERT", True
    world.load("update")
    assert_loaded(world)


@pytest.mark.parametrize("transport", WAYS)
def test_a_triple_that_the_store_lost_is_found_by_counting(world: World, transport: Transport) -> None:
    graph = A if transport == "graph-store" else f"{A}/loading"
    world.store.spoil = ox.Quad(
        ox.NamedNode("urn:a7"), ox.NamedNode("urn:p"), ox.NamedNode("urn:o"), ox.NamedNode(graph)
    )
    said = world.fails(transport)
    assert A in said
    assert "31" in said
    assert "32" in said


def test_a_literal_that_the_store_changed_is_found_by_the_sample(world: World, tmp_path: Path) -> None:
    world.file = tmp_path / "one.nq"
    world.file.write_text(f'<urn:s> <urn:p> "x" <{A}> .\n')
    world.store.changes = ('"x"', '"X"')
    said = world.fails("graph-store")
    assert "not there, or was changed" in said
    assert '<urn:s> <urn:p> "x" .' in said


def test_an_endpoint_that_takes_no_writes_says_so_and_is_not_changed(world: World) -> None:
    world.store.puts, world.store.updates = 405, 405
    said = world.fails()
    assert "takes no writes here (graph store: status 405; update: status 405, then 405)" in said
    assert "read-only" in said
    world.store.puts = world.store.updates = 403
    assert "read-only" in world.fails()
    assert world.store.graphs() == [B, "urn:mine"]


def test_nothing_is_sent_when_a_statement_is_wrong(world: World) -> None:
    with world.file.open("a") as stream:
        stream.write(f"\n<urn:a> <urn:p> _:b <{A}> .\n")
    with pytest.raises(GraphError):
        world.load()
    assert world.server.asked == []


def test_credentials_reach_the_store_and_no_message(world: World) -> None:
    world.load(TRIALKG_TOKEN="t0ken")  # noqa: S106 - the test's own
    assert {asked.headers["authorization"] for asked in world.server.asked} == {"Bearer t0ken"}
    assert not any("t0ken" in text for text in world.said)


@pytest.mark.parametrize("transport", WAYS)
def test_a_dry_run_shows_the_requests_that_loading_sends_and_sends_none(
    world: World, transport: Transport
) -> None:
    world.store.server = "Oxigraph/0.5.13"
    task = Task(world.server.url, (world.file,), transport=transport)
    environ = {"TRIALKG_TOKEN": "t0ken"}
    shown = list(dry_run(task, environ))
    assert world.server.asked == []
    assert shown == list(dry_run(task, environ))
    assert not any("t0ken" in text for text in shown)
    world.load(transport)
    planned = [text.split("\n")[0].partition("?")[0] for text in shown if text.startswith(("POST", "PUT"))]
    sent = [f"{asked.method} {world.server.url}{asked.path}" for asked in world.server.asked]
    assert planned == sent
    lengths = [line for text in shown for line in text.split("\n") if "content-length" in line]
    assert lengths == [f"  content-length: {asked.headers['content-length']}" for asked in world.server.asked]


def test_the_default_graph_of_a_file_needs_a_name(world: World, tmp_path: Path) -> None:
    world.file = tmp_path / "trials.ttl"
    world.file.write_text("<urn:s> <urn:p> 1, 2 .\n")
    with pytest.raises(GraphError, match="named graph"):
        world.load()
    assert world.server.asked == []
    load(Task(world.server.url, (world.file,), graph=C), {}, print)
    assert len(world.store.graph(C)) == 2
    assert_untouched(world)


def test_files_are_loaded_together(world: World, tmp_path: Path) -> None:
    files = []
    for number in range(2):
        files.append(tmp_path / f"{number}.nq")
        files[-1].write_text(f"<urn:s> <urn:p> <urn:{number}> <{A}> .\n")
    (loaded,) = load(Task(world.server.url, tuple(files)), {}, print)
    assert loaded.triples == 2


def test_a_literal_that_a_put_of_virtuoso_cannot_carry_goes_by_update(world: World) -> None:
    world.store.server = "Virtuoso/07.20"
    world.store.paths = {"/sparql": "/query", "/sparql-auth": "/update", "/sparql-graph-crud-auth": "/store"}
    long = "x" * 70_000
    world.file.write_text(f'<urn:s> <urn:p> "short" <{A}> .\n<urn:s> <urn:p> "{long}" <{B}> .\n')
    assert [one.how for one in world.load()] == ["graph-store", "update"]
    assert world.store.graph(B) == {f'<urn:s> <urn:p> "{long}"'}


def test_progress_tells_graph_and_number(world: World) -> None:
    world.load()
    assert world.said[0] == "96 triples in 3 graphs are fit to be loaded"
    assert [text for text in world.said if text.startswith("graph ")] == [
        f"graph {number} of 3: {graph}, 32 triples" for number, graph in enumerate((A, B, C), 1)
    ]


def test_a_transport_that_the_target_does_not_have_is_refused(world: World, tmp_path: Path) -> None:
    assert "--bulk FOLDER" in world.fails("bulk")
    with pytest.raises(StoreError, match="no such transport"):
        load(Task(str(tmp_path), (world.file,), transport="update"), {}, print)


@pytest.mark.parametrize("target", ["localhost:7878", "nowhere/", "http://u:p@h/", "ftp://h/"])
def test_a_target_that_is_none_is_refused_before_files_are_read(target: str) -> None:
    with pytest.raises(KgError):
        load(Task(target, (Path("missing.nq"),)), {}, print)


def test_a_folder_takes_graphs_and_keeps_others(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "database"
    folder.mkdir()
    before = ox.Store(folder)
    before.extend([OTHER, DEFAULT, OLD])
    before.flush()
    del before
    for _ in range(2):
        loaded = load(Task(str(folder), (world.file,)), {}, print)
        assert loaded == [Loaded(graph, 32, "bulk", 20) for graph in (A, B, C)]
    world.store.engine = ox.Store.read_only(str(folder))
    assert_loaded(world)


def test_a_folder_that_is_in_use_or_something_else_is_refused(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "database"
    folder.mkdir()
    held = ox.Store(folder)
    with pytest.raises(StoreError, match="another program has the database open"):
        load(Task(str(folder), (world.file,)), {}, print)
    del held
    with pytest.raises(StoreError, match="something else"):
        load(Task(str(tmp_path), (world.file,)), {}, print)


def test_a_dry_run_of_a_folder_makes_no_database(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "database"
    folder.mkdir()
    shown = list(dry_run(Task(str(folder), (world.file,)), {}))
    assert any(text.startswith("bulk-load into") for text in shown)
    assert list(folder.iterdir()) == []
