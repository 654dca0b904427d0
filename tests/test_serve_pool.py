"""A query can cost the server no more than its limits, whatever it is, and harms no other."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.errors import GraphError
from kg.serve.limits import Lanes, Limits
from kg.serve.tasks import Ask, Reply
from kg.serve.workers.pool import Pool

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 0.4
MANY = "\n".join(f'e:s{n} e:p "{n:03}" .' for n in range(400))
GRAPH = f"""
@prefix e: <urn:e:> .
e:one {{ e:shared e:p 1 . e:a e:p 2 }}
e:two {{ e:shared e:p 1 . e:b e:p 3 }}
e:many {{ {MANY} }}
"""

# millions of millions of rows: no machine gets to their end
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r }"
BLOW_UP = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c"
GLUE = "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d), STR(?g))) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
# some tenths of a second, more or less
LONG = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c = 2) FILTER(CONTAINS(STR(?f), '1')) }"
)
CHEAP = "ASK { ?a ?b 2 }"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pool") / "graph.trig"
    path.write_text(GRAPH, encoding="utf-8")
    return path


class Shared:
    """A pool and the loop that it lives in."""

    def __init__(self, pool: Pool, runner: asyncio.Runner) -> None:
        self.pool, self.runner = pool, runner

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    def ask(self, text: str, *media: str, kind: str = "query", **more: Any) -> Reply:
        return self.run(self.pool.answer(Ask(kind, text, media, **more)))


@pytest.fixture(scope="module")
def shared(graph: Path) -> Iterator[Shared]:
    pool = Pool([graph], Limits(seconds=SECONDS, waiting=20), Lanes(fast=3, slow=3, grace=0.02))
    yield from shared_pool(pool)


@pytest.fixture(scope="module")
def limited(graph: Path) -> Iterator[Shared]:
    """A pool with one fast worker and tight limits on all but time."""
    limits = Limits(rows=100, bytes=30_000, waiting=1, seconds=20, memory=50 * 2**20)
    yield from shared_pool(Pool([graph], limits, Lanes(fast=1, slow=1, grace=0.02)))


@pytest.fixture(scope="module")
def patient(graph: Path) -> Iterator[Shared]:
    """A pool whose queries may take long."""
    yield from shared_pool(Pool([graph], Limits(seconds=20), Lanes(fast=2, slow=1, grace=0.02)))


def shared_pool(pool: Pool) -> Iterator[Shared]:
    with asyncio.Runner() as runner:
        runner.run(pool.start())
        yield Shared(pool, runner)
        runner.run(pool.close())


def with_pool(work: Callable[[Pool], Awaitable[None]], *arguments: Any, **more: Any) -> None:
    """Run `work` with a pool of its own; no process of it is left."""

    async def whole() -> None:
        pool = Pool(*arguments, **more)
        await pool.start()
        await until(lambda: len(pool.processes()) > 1)
        seen = pool.processes()
        try:
            await asyncio.wait_for(work(pool), 30)
        finally:
            seen += pool.processes()
            await pool.close()
        assert [one for one in seen if lives(one)] == []

    asyncio.run(whole())


async def until(true: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "this never came true"
        await asyncio.sleep(0.01)


def lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def rows(reply: Reply) -> list[str]:
    assert reply.status == 200, reply
    return reply.body.decode().split()[1:]


def why(reply: Reply) -> str:
    return reply.body.decode()


# what is answered


def test_the_default_graph_is_the_union_of_all_and_has_each_triple_once(shared: Shared) -> None:
    assert rows(shared.ask("SELECT ?s { ?s ?p ?o FILTER(isNumeric(?o)) } ORDER BY ?s", "text/csv")) == [
        "urn:e:a",
        "urn:e:b",
        "urn:e:shared",
    ]


def test_graphs_of_the_protocol_win_over_from(shared: Shared) -> None:
    text = "SELECT ?s FROM <urn:e:two> { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } ORDER BY ?s"
    assert rows(shared.ask(text, "text/csv")) == ["urn:e:b", "urn:e:shared"]
    one = shared.ask(text, "text/csv", default_graphs=("urn:e:one",))
    assert rows(one) == ["urn:e:a", "urn:e:shared"]
    named = shared.ask(text, "text/csv", named_graphs=("urn:e:one",))
    assert rows(named) == ["urn:e:a", "urn:e:shared"]
    assert rows(shared.ask(text, "text/csv", default_graphs=("urn:e:none",))) == []


BOTH = ("urn:e:one", "urn:e:two")
ALL = (*BOTH, "urn:e:many")
HOW_MANY = "SELECT (COUNT(*) AS ?n) %s { ?s ?p ?o }"


@pytest.mark.parametrize(
    ("text", "graphs", "count"),
    [
        (HOW_MANY % "FROM <urn:e:one> FROM <urn:e:two>", (), 3),
        ("PREFIX g: <urn:e:> # FROM\n" + HOW_MANY % "FROM g:one from g:two", (), 3),
        ("PREFIX : <urn:> " + HOW_MANY % "FROM :e:one FROM NAMED :e:two", (), 2),
        ("PREFIX g: <urn:e:> SELECT (COUNT(*) AS ?n) { GRAPH g:one { ?s ?p ?from } }", (), 2),
        (HOW_MANY % "", BOTH, 3),
        (HOW_MANY % "", ALL, 403),
        (HOW_MANY % "FROM <urn:e:one>", ALL, 403),
        (HOW_MANY % "", (*ALL, "urn:e:none"), 403),
        (HOW_MANY % "", (), 403),
    ],
)
def test_a_default_graph_of_several_has_each_triple_once(
    shared: Shared, text: str, graphs: tuple[str, ...], count: int
) -> None:
    assert rows(shared.ask(text, "text/csv", default_graphs=graphs)) == [str(count)]


def test_named_graphs_stay_apart_beside_a_default_graph_of_several(shared: Shared) -> None:
    text = "SELECT (COUNT(*) AS ?n) FROM <urn:e:one> FROM <urn:e:two> FROM NAMED <urn:e:two> { GRAPH ?g { ?s ?p ?o } }"
    assert rows(shared.ask(text, "text/csv")) == ["2"]
    given = shared.ask(text, "text/csv", default_graphs=ALL, named_graphs=("urn:e:many",))
    assert rows(given) == ["400"]


def test_from_a_graph_that_is_not_loaded_finds_nothing_and_fetches_nothing(shared: Shared) -> None:
    with listening() as (port, arrived):
        text = "SELECT * FROM <http://127.0.0.1:%d/graph.ttl> { ?s ?p ?o }"
        assert rows(shared.ask(text % port, "text/csv")) == []
        assert not arrived()


@pytest.mark.parametrize(
    ("text", "wanted", "given"),
    [
        ("ASK {}", (), "application/sparql-results+json"),
        ("ASK {}", ("text/turtle;q=0.9", "text/csv;q=0.5"), "text/csv; charset=utf-8"),
        ("SELECT * {}", ("application/xml",), "application/xml"),
        ("SELECT * {}", ("text/*",), "text/csv; charset=utf-8"),
        ("CONSTRUCT WHERE { ?s ?p 2 }", (), "text/turtle; charset=utf-8"),
        ("CONSTRUCT WHERE { ?s ?p 2 }", ("application/json",), "application/json"),
        ("DESCRIBE <urn:e:a>", ("text/csv", "application/n-triples"), "application/n-triples"),
    ],
)
def test_the_answer_has_the_form_that_fits_its_kind(
    shared: Shared, text: str, wanted: tuple[str, ...], given: str
) -> None:
    reply = shared.ask(text, *wanted)
    assert (reply.status, reply.media) == (200, given)


def test_no_form_that_fits_is_406_and_says_which_there_are(shared: Shared) -> None:
    assert shared.ask("SELECT * {}", "text/turtle").status == 406
    reply = shared.ask("DESCRIBE <urn:e:a>", "text/csv", "image/png")
    assert reply.status == 406
    assert "application/ld+json" in why(reply)


def test_a_graph_is_given_by_its_name(shared: Shared) -> None:
    reply = shared.ask("urn:e:one", "application/n-triples", kind="graph")
    assert sorted(reply.body.decode().splitlines()) == [
        '<urn:e:a> <urn:e:p> "2"^^<http://www.w3.org/2001/XMLSchema#integer> .',
        '<urn:e:shared> <urn:e:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    ]
    whole = shared.ask("", "application/n-triples", kind="graph")
    assert whole.body.count(b"\n") == 403
    assert shared.ask("urn:e:none", kind="graph").status == 404
    assert shared.ask("no iri", kind="graph").status == 400


def test_turtle_uses_the_prefixes_of_the_data_and_an_order(shared: Shared) -> None:
    text = "CONSTRUCT { <urn:b> a rdfs:Class . <urn:a> rdfs:label 'x' } {}"
    reply = shared.ask(f"PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> {text}")
    assert reply.body.decode() == (
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        '<urn:a> rdfs:label "x" .\n<urn:b> a rdfs:Class .\n'
    )


def test_xml_that_no_parser_would_read_is_406(shared: Shared) -> None:
    assert shared.ask(r'SELECT ("a\u0001" AS ?x) {}', "application/xml").status == 406
    assert shared.ask("CONSTRUCT { <urn:a> <urn:1> 2 } {}", "application/rdf+xml").status == 406
    kept = shared.ask(r'SELECT ("a\rb" AS ?x) {}', "application/sparql-results+xml")
    assert b"<literal>a&#13;b</literal>" in kept.body


def test_every_worker_has_random_numbers_of_its_own(shared: Shared) -> None:
    async def ask_all() -> list[Reply]:
        text = "SELECT (UUID() AS ?u) (RAND() AS ?r) {}"
        return await asyncio.gather(
            *(shared.pool.answer(Ask("query", text, ("text/csv",))) for _ in range(6))
        )

    assert len({reply.body for reply in shared.run(ask_all())}) == 6


# what is refused


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ("SELECT * {", 400, "line 1"),
        ("SELEC", 400, "SELECT, ASK, CONSTRUCT or DESCRIBE"),
        ("", 400, "SELECT, ASK, CONSTRUCT or DESCRIBE"),
        ("SELECT (<urn:f>(1) AS ?x) {}", 400, "urn:f"),
        ("ASK " + "{" * 5000 + "}" * 5000, 400, "too large"),
        ("INSERT DATA { <urn:a> <urn:b> 1 }", 403, "may not change"),
        ("PREFIX e: <urn:e:> DELETE WHERE { ?s ?p ?o }", 403, "may not change"),
        ("LOAD <file:///etc/passwd>", 403, "may not change"),
        ("SELECT * { SERVICE <urn:x> { ?s ?p ?o } }", 403, "another endpoint"),
        ("ASK { ?s ?p '\ud800' }", 400, ""),
    ],
)
def test_a_text_that_is_no_reading_query_is_refused_with_a_reason(
    shared: Shared, text: str, status: int, said: str
) -> None:
    reply = shared.ask(text)
    assert (reply.status, reply.media) == (status, "text/plain; charset=utf-8")
    assert said in why(reply)


def test_a_query_reaches_for_no_other_server(shared: Shared) -> None:
    with listening() as (port, arrived):
        for text in (
            "SELECT * { SERVICE <http://127.0.0.1:%d/> { ?s ?p ?o } }",
            "ASK { SERVICE SILENT <http://127.0.0.1:%d/> { ?s ?p ?o } }",
            "SELECT * { BIND(<http://127.0.0.1:%d/> AS ?where) SERVICE ?where { ?s ?p ?o } }",
        ):
            assert shared.ask(text % port).status == 403
        assert not arrived()


def test_a_call_that_no_guard_saw_does_not_leave_the_process() -> None:
    import pyoxigraph as ox

    from kg.serve.answers.answer import sealed

    with listening() as (port, arrived):
        with sealed(), pytest.raises(OSError, match="open files"):
            ox.Store().query(f"ASK {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}")
        assert not arrived()


# limits


def test_a_runaway_query_is_stopped_at_the_time_limit_and_the_next_is_answered(shared: Shared) -> None:
    start = time.monotonic()
    reply = shared.ask(RUNAWAY)
    assert time.monotonic() - start < SECONDS + 0.5
    assert reply.status == 503
    assert f"{SECONDS:g} seconds" in why(reply)
    assert dict(reply.headers)["Retry-After"].isdecimal()
    assert shared.ask(CHEAP).status == 200


def test_cheap_queries_are_answered_while_long_ones_run(shared: Shared) -> None:
    async def mixed() -> None:
        runaways = [asyncio.ensure_future(shared.pool.answer(Ask("query", unlike(n)))) for n in range(3)]
        await until(lambda: len(shared.pool.processes()) == 1 + 3 + 3)  # now they are in the slow lane
        for _ in range(5):
            assert (await shared.pool.answer(Ask("query", CHEAP))).status == 200
        assert not any(one.done() for one in runaways)
        assert {one.status for one in await asyncio.gather(*runaways)} == {503}

    shared.run(mixed())


def unlike(number: int) -> str:
    """Return a runaway query that no other test has asked."""
    return f"{RUNAWAY} # {number} {time.monotonic()}"


def test_a_query_that_was_stopped_before_waits_for_nothing_when_the_slow_lane_is_full(shared: Shared) -> None:
    async def again() -> None:
        text = unlike(0)
        assert (await shared.pool.answer(Ask("query", text))).status == 503
        others = [asyncio.ensure_future(shared.pool.answer(Ask("query", unlike(n)))) for n in range(1, 4)]
        await until(lambda: len(shared.pool.processes()) == 1 + 3 + 3)
        reply = await shared.pool.answer(Ask("query", text))
        assert (reply.status, "3 long queries" in why(reply)) == (503, True)
        assert not any(one.done() for one in others)
        await asyncio.gather(*others)

    shared.run(again())


@pytest.mark.parametrize(
    "media", ["text/csv", "text/tab-separated-values", "application/json", "application/xml"]
)
def test_exactly_as_many_rows_as_allowed_are_given(limited: Shared, media: str) -> None:
    text = "SELECT ?s ?o { ?s ?p ?o FILTER(isLiteral(?o)) } LIMIT %d"
    assert limited.ask(text % 100, media).status == 200
    reply = limited.ask(text % 101, media)
    assert reply.status == 413
    assert "more than 100 rows" in why(reply)


@pytest.mark.parametrize("media", ["text/turtle", "application/n-triples"])
def test_exactly_as_many_triples_as_allowed_are_given(limited: Shared, media: str) -> None:
    text = "CONSTRUCT { ?s <urn:q> ?o } { ?s ?p ?o } LIMIT %d"
    assert limited.ask(text % 100, media).status == 200
    assert limited.ask(text % 101, media).status == 413
    assert limited.ask("urn:e:many", media, kind="graph").status == 413


def test_exactly_as_many_bytes_as_allowed_are_given(limited: Shared) -> None:
    text = "SELECT ?x { BIND(REPLACE('%s', 'x', '0123456789') AS ?x) }"
    head = len(b"x\r\n\r\n")
    fits = f"{text % ('x' * 2999)}".replace(
        "?x) }", "?y) BIND(CONCAT(?y, '%s') AS ?x) }" % ("z" * (10 - head))
    )
    reply = limited.ask(fits, "text/csv")
    assert (reply.status, len(reply.body)) == (200, 30_000)
    reply = limited.ask(fits.replace("zz", "zzz", 1), "text/csv")
    assert reply.status == 413
    assert "30,000 bytes" in why(reply)


@pytest.mark.parametrize("text", [BLOW_UP, GLUE], ids=["order", "text"])
def test_a_query_that_eats_memory_ends_only_its_worker(limited: Shared, text: str) -> None:
    zygote, *_ = limited.pool.processes()
    reply = limited.ask(text)
    assert reply.status == 503
    assert "50 MiB of memory" in why(reply)
    assert limited.ask(CHEAP).status == 200
    assert limited.pool.processes()[0] == zygote


def test_more_requests_than_may_wait_are_sent_away_at_once(limited: Shared) -> None:
    async def crowd() -> None:
        first = asyncio.ensure_future(limited.pool.answer(Ask("query", RUNAWAY)))
        second = asyncio.ensure_future(limited.pool.answer(Ask("query", CHEAP)))
        await asyncio.sleep(0)
        reply = await limited.pool.answer(Ask("query", CHEAP))
        assert reply.status == 503
        assert "waiting already" in why(reply)
        assert dict(reply.headers)["Retry-After"].isdecimal()
        assert (await second).status == 200  # the long one has moved to the other lane
        first.cancel()
        await asyncio.wait({first})

    limited.run(crowd())


def test_long_queries_beyond_the_slow_lane_wait_their_turn(patient: Shared) -> None:
    async def crowd() -> None:
        asks = (Ask("query", f"{LONG} # {n}", ("text/csv",)) for n in range(4))
        replies = await asyncio.gather(*map(patient.pool.answer, asks))
        assert [reply.status for reply in replies] == [200] * 4
        assert len({reply.body for reply in replies}) == 1

    patient.run(crowd())


# accidents


def test_a_client_that_goes_stops_its_query(shared: Shared) -> None:
    async def leave() -> None:
        await shared.pool.answer(Ask("query", CHEAP))
        before = set(shared.pool.processes())
        asking = asyncio.ensure_future(shared.pool.answer(Ask("query", unlike(0))))
        await asyncio.sleep(0.05)
        asking.cancel()
        await asyncio.wait({asking})
        assert asking.cancelled()
        await until(lambda: len(before - set(shared.pool.processes())) == 1)
        (stopped,) = before - set(shared.pool.processes())
        await until(lambda: not lives(stopped))
        assert (await shared.pool.answer(Ask("query", CHEAP))).status == 200

    shared.run(leave())


def test_a_worker_that_is_killed_loses_one_query(patient: Shared) -> None:
    async def work() -> None:
        before = set(patient.pool.processes())
        asking = asyncio.ensure_future(patient.pool.answer(Ask("query", RUNAWAY)))
        await until(lambda: len(patient.pool.processes()) == 4)
        (busy,) = (one for one in before if Path(f"/proc/{one}/stat").read_text().split()[18] == "19")
        os.kill(busy, signal.SIGKILL)
        reply = await asking
        assert reply.status == 503
        assert "worker has ended" in why(reply)
        for _ in range(3):
            assert (await patient.pool.answer(Ask("query", CHEAP))).status == 200

    patient.run(work())


def test_workers_that_are_killed_while_idle_are_replaced(patient: Shared) -> None:
    async def work() -> None:
        pool = patient.pool
        await until(lambda: len(pool.processes()) == 3)
        killed = set(pool.processes()[1:])
        for worker in killed:
            os.kill(worker, signal.SIGKILL)
        await until(lambda: len(pool.processes()) == 3 and not killed & set(pool.processes()))
        assert (await pool.answer(Ask("query", CHEAP))).status == 200

    patient.run(work())


def test_a_zygote_that_is_killed_is_started_again(patient: Shared) -> None:
    async def work() -> None:
        pool = patient.pool
        asking = asyncio.ensure_future(pool.answer(Ask("query", RUNAWAY)))
        await asyncio.sleep(0.1)
        before = pool.processes()
        os.kill(before[0], signal.SIGKILL)
        assert (await asking).status == 503
        await until(lambda: not any(map(lives, before)))
        reply = await pool.answer(Ask("query", CHEAP))
        assert reply.status == 503
        assert "being loaded" in why(reply)
        await until(lambda: len(pool.processes()) == 3)
        assert (await pool.answer(Ask("query", CHEAP))).status == 200

    patient.run(work())


def test_a_zygote_that_hangs_is_started_again(patient: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.serve.workers.nursery._PATIENCE", 0.2)

    async def work() -> None:
        pool = patient.pool
        await until(lambda: len(pool.processes()) == 3)
        zygote, worker, _ = pool.processes()
        os.kill(zygote, signal.SIGSTOP)
        os.kill(worker, signal.SIGKILL)
        await until(lambda: pool.processes()[:1] not in ((), (zygote,)) and len(pool.processes()) == 3)
        assert (await pool.answer(Ask("query", CHEAP))).status == 200

    patient.run(work())


@pytest.mark.slow
def test_a_graph_that_has_changed_is_not_served_as_if_it_had_not(tmp_path: Path) -> None:
    path, said = tmp_path / "graph.ttl", list[str]()
    path.write_text("<urn:a> <urn:b> 1 .", encoding="utf-8")

    async def work(pool: Pool) -> None:
        path.write_text("<urn:a> <urn:b> 2 .", encoding="utf-8")
        os.kill(pool.processes()[0], signal.SIGKILL)
        await until(lambda: len(said) > 1)
        assert "has changed" in said[1]
        assert (await pool.answer(Ask("query", "ASK {}"))).status == 503
        path.write_text("<urn:a> <urn:b> 1 .", encoding="utf-8")
        await until(lambda: len(pool.processes()) > 1)
        assert (await pool.answer(Ask("query", "ASK {}"))).status == 200

    with_pool(work, [path], None, Lanes(fast=1, slow=1), said.append)


def test_signals_for_the_whole_group_leave_the_end_to_the_server(shared: Shared) -> None:
    async def work() -> None:
        before = shared.pool.processes()
        asking = asyncio.ensure_future(shared.pool.answer(Ask("query", unlike(0))))
        await asyncio.sleep(0)
        for process in before:
            for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                os.kill(process, name)
        assert "seconds" in why(await asking)
        assert len({*before} & {*shared.pool.processes()}) >= len(before) - 1

    shared.run(work())


def test_a_graph_that_cannot_be_loaded_is_told_with_its_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("<urn:a> <urn:b> .", encoding="utf-8")
    pool = Pool([broken])
    with pytest.raises(GraphError, match=r"broken.ttl, line 1: not valid RDF"):
        asyncio.run(pool.start())
    assert pool.processes() == ()


@pytest.mark.slow
def test_questions_that_are_open_at_the_end_are_told(graph: Path) -> None:
    async def work(pool: Pool) -> None:
        asking = [asyncio.ensure_future(pool.answer(Ask("query", unlike(n)))) for n in range(3)]
        await asyncio.sleep(0.1)
        await pool.close()
        assert {reply.status for reply in await asyncio.gather(*asking)} == {503}
        assert (await pool.answer(Ask("query", CHEAP))).status == 503

    with_pool(work, [graph], Limits(seconds=20), Lanes(fast=1, slow=1))


SERVER = """
import asyncio, sys
from pathlib import Path
from kg.serve.limits import Lanes, Limits
from kg.serve.workers.pool import Pool
from kg.serve.tasks import Ask
async def main():
    pool = Pool([Path(sys.argv[1])], Limits(seconds=60), Lanes(fast=2, slow=1))
    await pool.start()
    asking = asyncio.ensure_future(pool.answer(Ask("query", sys.argv[2])))
    while len(pool.processes()) < 4:
        await asyncio.sleep(0.01)
    print(*pool.processes(), flush=True)
    await asking
asyncio.run(main())
"""


def test_nothing_is_left_when_the_server_is_killed(graph: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, str(graph), RUNAWAY], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        processes = [int(word) for word in server.stdout.readline().split()]
        assert len(processes) == 4
        assert all(map(lives, processes))
        server.kill()
    asyncio.run(until(lambda: not any(map(lives, processes)), 5))


LONELY = """
import socket, sys
from pathlib import Path
from kg.serve.workers import worker
from kg.serve.limits import Limits
from kg.serve.tasks import Ask, frame_of_ask
from kg.serve.workers.world import load_world
worker._MARGIN = 0.1
ours, theirs = socket.socketpair()
ours.sendall(frame_of_ask(Ask("query", sys.argv[2])))
worker.work(load_world([Path(sys.argv[1])], Limits(seconds=0.2)), theirs)
"""


def test_a_worker_that_nobody_stops_stops_itself(graph: Path) -> None:
    command = [sys.executable, "-c", LONELY, str(graph), RUNAWAY]
    assert subprocess.run(command, cwd=ROOT, timeout=20, check=False).returncode == -signal.SIGALRM


class listening:  # noqa: N801 - reads as a word
    """A port that nobody should call."""

    def __enter__(self) -> tuple[int, Callable[[], bool]]:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)
        return self._socket.getsockname()[1], self._arrived

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def _arrived(self) -> bool:
        try:
            self._socket.accept()[0].close()
        except BlockingIOError:
            return False
        return True
