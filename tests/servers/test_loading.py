"""`kg load` into real stores: all of it arrives, a graph is replaced whole, and a failure leaves the others alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import unquote_plus

import pyoxigraph as ox
import pytest

from kg.errors import StoreError
from kg.load.run import Loaded
from kg.load.target import Transport
from kg.load.task import Task, dry_run, load
from kg.load.way import staging
from servers import direct, oxigraph_serve
from servers.commands import Done, kg
from servers.conftest import Get
from servers.faulty import CUT, LOST, PASS, Sent, behind
from servers.fleet import WRITABLE
from servers.running import Running
from servers.worlds import BUNDLED, triples_of

WAYS: tuple[Transport, ...] = ("graph-store", "update")
GRAPHS = "https://example.org/load/graph/"
GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "small.nq"
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")

Graphs = dict[str, set[ox.Triple]]


@cache
def build(file: Path) -> Graphs:
    """Return the graphs of a build, under other names than they have, so that nothing rests on those."""
    text = file.read_bytes().replace(b"<https://w3id.org/trialkg/graph/", f"<{GRAPHS}".encode())
    return triples_of(text)


def changed(graphs: Graphs) -> Graphs:
    """Return what another build might have made: each graph has lost a third of its triples and won one."""
    made = {}
    for name, triples in graphs.items():
        kept = {triple for number, triple in enumerate(sorted(triples, key=str)) if number % 3}
        made[name] = kept | {ox.Triple(ox.NamedNode(name), LABEL, ox.Literal("another build"))}
    return made


def written(graphs: Graphs, folder: Path) -> Path:
    """Write the graphs as a file for `kg load`."""
    file = folder / "build.nq"
    quads = [ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(g)) for g in graphs for t in graphs[g]]
    file.write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS))
    return file


@dataclass
class Room:
    """A server, one transport, and the folder of a test; `before` are the graphs that the server has of its own."""

    running: Running
    transport: Transport
    folder: Path
    before: set[str]
    names: set[str] = field(default_factory=set)

    def file(self, graphs: Graphs) -> Path:
        """Write the graphs as a file; when the test has ended they are dropped."""
        self.names |= graphs.keys()
        return written(graphs, self.folder)

    def load(self, graphs: Graphs, url: str = "", environ: dict[str, str] | None = None) -> list[Loaded]:
        """Load these graphs as `kg load` does, at another URL or with other credentials than the server's own."""
        task = Task(url or self.running.url, (self.file(graphs),), transport=self.transport)
        return load(task, self.running.environ if environ is None else environ, lambda _: None)

    def command(self, graphs: Graphs, *options: str | Path) -> Done:
        """Load these graphs by the command `kg load`."""
        return kg("load", self.running.url, self.file(graphs), *options, environ=self.running.environ)

    def held(self) -> Graphs:
        """Return the graphs that were not there before, whatever their names are."""
        new = direct.graphs(self.running) - self.before
        return {name: direct.triples(self.running, name) for name in new}


@pytest.fixture(scope="module")
def own_graphs() -> dict[str, set[str]]:
    """Return the graphs that each server has of its own, by its URL, as far as they are known."""
    return {}


@pytest.fixture(params=[(name, transport) for name in WRITABLE for transport in WAYS], ids="-".join)
def room(
    request: pytest.FixtureRequest, get: Get, own_graphs: dict[str, set[str]], tmp_path: Path
) -> Iterator[Room]:
    name, transport = request.param
    running = get(name, empty=True)
    if running.url not in own_graphs:
        own_graphs[running.url] = direct.graphs(running)
    made = Room(running, transport, tmp_path, own_graphs[running.url])
    yield made
    for graph in made.names:
        direct.drop(running, graph)
        direct.drop(running, staging(graph))


WHOLE = [("virtuoso", "graph-store"), ("virtuoso", "update"), ("oxigraph", "update"), ("jena", "graph-store")]


@pytest.mark.parametrize("room", WHOLE, indirect=True, ids="-".join)
def test_every_triple_of_a_whole_build_arrives_and_is_counted(room: Room) -> None:
    graphs = build(BUNDLED)
    done = room.command(graphs, "--transport", room.transport)
    assert done.code == 0, done.err
    assert room.held() == graphs
    for name, triples in graphs.items():
        (line,) = (line for line in done.out.splitlines() if line.startswith(name))
        assert line.split()[1:3] == [str(len(triples)), room.transport]


def test_loading_again_changes_nothing(room: Room) -> None:
    graphs = build(GOLDEN)
    for _ in range(2):
        loaded = room.load(graphs)
        assert {one.graph: one.triples for one in loaded} == {name: len(graphs[name]) for name in graphs}
        assert room.held() == graphs


def test_a_graph_loses_what_the_next_build_no_longer_says(room: Room) -> None:
    room.load(build(GOLDEN))
    room.load(changed(build(GOLDEN)))
    assert room.held() == changed(build(GOLDEN))


def test_graphs_that_the_file_does_not_name_stay_as_they_are(room: Room) -> None:
    graphs = build(GOLDEN)
    name, *others = sorted(graphs)
    room.load(graphs)
    room.load({name: changed(graphs)[name]})
    assert room.held() == {name: changed(graphs)[name]} | {other: graphs[other] for other in others}


def puts(sent: Sent, graph: str) -> bool:
    """Whether a request puts this graph in its place: a PUT, or the update that moves it there."""
    moves = b"MOVE" in sent.body and f"<{graph}>" in unquote_plus(sent.body.decode())
    return moves or (sent.method == "PUT" and sent.path.endswith(f"={graph}"))


def test_a_failure_at_one_graph_leaves_each_graph_whole(room: Room) -> None:
    old, new = build(GOLDEN), changed(build(GOLDEN))
    first, second, third = sorted(old)
    room.load(old)

    def full(sent: Sent) -> int:
        return 507 if puts(sent, second) else PASS

    with behind(room.running.url, full) as url, pytest.raises(StoreError) as failure:
        room.load(new, url)
    assert room.held() == {first: new[first], second: old[second], third: old[third]}
    for fact in (f"<{second}> was not loaded", "507", "the disk is full", f"loaded before it: <{first}>"):
        assert fact in str(failure.value)


@pytest.mark.parametrize("fault", [CUT, LOST, 503], ids=["cut", "lost", "503"])
def test_a_network_that_fails_once_at_a_graph_does_no_harm(
    room: Room, fault: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = build(GOLDEN), changed(build(GOLDEN))
    first, second, _ = sorted(old)
    room.load(old)
    monkeypatch.setattr(
        "kg.load.update._WAITS", (0.1, 0.1)
    )  # it is asked for minutes whether a MOVE was done
    met: list[str] = []

    def unsteady(sent: Sent) -> int:
        if met or not puts(sent, second):
            return PASS
        met.append(sent.method)
        return fault

    with behind(room.running.url, unsteady) as url:
        if room.transport == "update" and fault != LOST:  # a MOVE is sent once only
            with pytest.raises(StoreError, match=second):
                room.load(new, url)
            held = room.held()
            assert {name: held[name] for name in old} == {**old, first: new[first]}
        else:
            room.load(new, url)
            assert room.held() == new
    assert met
    room.load(new)
    assert room.held() == new


@pytest.mark.parametrize("room", [(name, "update") for name in WRITABLE], indirect=True, ids=WRITABLE)
def test_a_batch_that_is_lost_on_the_way_is_sent_again(room: Room) -> None:
    graphs = build(GOLDEN)
    met: list[str] = []

    def unsteady(sent: Sent) -> int:
        if met or b"INSERT" not in sent.body:
            return PASS
        met.append(sent.method)
        return LOST

    with behind(room.running.url, unsteady) as url:
        room.load(graphs, url)
    assert met
    assert room.held() == graphs


@pytest.mark.parametrize(
    "room", [(name, way) for name in ("virtuoso", "jena") for way in WAYS], indirect=True, ids="-".join
)
@pytest.mark.parametrize("environ", [{}, {"TRIALKG_USER": "dba", "TRIALKG_PASSWORD": "s3cret-but-wrong"}])
def test_without_the_right_password_nothing_changes(room: Room, environ: dict[str, str]) -> None:
    graphs = build(GOLDEN)
    room.load(graphs)
    with pytest.raises(StoreError) as failure:
        room.load(changed(graphs), environ=environ)
    assert "401" in str(failure.value)
    assert "TRIALKG_PASSWORD" in str(failure.value)
    assert "s3cret" not in str(failure.value)
    assert room.held() == graphs


def test_what_would_be_sent_is_shown_and_not_sent(room: Room) -> None:
    task = Task(room.running.url, (room.file(build(GOLDEN)),), transport=room.transport)
    shown = "\n".join(dry_run(task, room.running.environ))
    assert all(name in shown for name in build(GOLDEN))
    assert room.running.environ.get("TRIALKG_PASSWORD", "(no password)") not in shown
    assert room.held() == {}


@pytest.mark.parametrize("name", ["comunica", "kg-serve"])
def test_a_store_that_only_reads_says_so(get: Get, name: str, tmp_path: Path) -> None:
    running = get(name)
    before = direct.graphs(running)
    done = kg("load", running.url, written(build(GOLDEN), tmp_path))
    assert done.code == 2
    assert "read-only" in done.err
    assert direct.graphs(running) == before


def test_a_folder_of_oxigraph_is_filled_and_then_served(get: Get, tmp_path: Path) -> None:
    get("oxigraph", empty=True)
    store = tmp_path / "oxigraph" / "store"
    store.mkdir(parents=True)
    for graphs in (build(GOLDEN), changed(build(GOLDEN))):
        done = kg("load", store, written(graphs, tmp_path))
        assert done.code == 0, done.err
    running = oxigraph_serve.start(tmp_path / "oxigraph")
    try:
        held = {name: direct.triples(running, name) for name in direct.graphs(running)}
        assert held == changed(build(GOLDEN))
        done = kg("load", store, written(build(GOLDEN), tmp_path))
        assert done.code == 2
        assert "another program has the database open" in done.err
    finally:
        running.stop()


@pytest.mark.parametrize("room", [("virtuoso", "bulk")], indirect=True, ids=["virtuoso-bulk"])
def test_the_bulk_loader_of_virtuoso_brings_the_same_triples(room: Room) -> None:
    assert room.running.log is not None
    readable = room.running.log.parent / "bulk"
    readable.mkdir(exist_ok=True)
    for graphs in (build(GOLDEN), changed(build(GOLDEN))):
        done = room.command(graphs, "--bulk", readable, "--isql", room.running.sql)
        assert done.code == 0, done.err
    assert room.held() == changed(build(GOLDEN))
