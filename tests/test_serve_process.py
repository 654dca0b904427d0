"""`kg serve` starts, answers, withstands what comes through the network, and ends without a trace."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import httpx
import pytest
import uvicorn
from serve_process import Server, running
from serving import GRAPH, HOST
from starlette.types import Message, Receive, Scope, Send

from kg import cli
from kg.serve.http import connection as patience
from kg.serve.http.app import Doors, assemble
from kg.serve.limits import Limits
from kg.serve.run import bind, reaches_beyond
from kg.serve.site import Site
from kg.serve.tasks import Ask, Reply

RUNAWAY = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r . ?s ?t ?u . \
?v ?w ?x . ?a1 ?b1 ?c1 . ?a2 ?b2 ?c2 . ?a3 ?b3 ?c3 . ?a4 ?b4 ?c4 . ?a5 ?b5 ?c5 . ?a6 ?b6 ?c6 . ?a7 ?b7 ?c7 }"
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("data") / "small.nq"
    file.write_text(GRAPH, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[Server]:
    with running(data.parent, data, "--timeout", "1") as found:
        yield found


def request(*lines: str, body: bytes = b"") -> bytes:
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0


HOST_LINE = "Host: 127.0.0.1"
END = "Connection: close"
ASKING = "GET /sparql?query=ASK%20%7B%7D HTTP/1.1"


# --- beginning and end ---------------------------------------------------------------------------


def test_it_says_where_it_is_in_one_line(server: Server) -> None:
    assert server.line == f"serving 4 statements at http://127.0.0.1:{server.port}/\n"
    assert server.said() == ""


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_ends_at_once_although_a_query_runs(data: Path, sign: signal.Signals, code: int) -> None:
    with running(data.parent, data, "--token", "sesame") as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as asker:
            body = RUNAWAY.encode()
            shown = "Authorization: Bearer sesame"
            head = (shown, "Content-Type: application/sparql-query", f"Content-Length: {len(body)}")
            asker.sendall(request("POST /sparql HTTP/1.1", HOST_LINE, *head, body=body))
            with closing(socket.create_connection(("127.0.0.1", server.port), timeout=10)) as idle:
                idle.sendall(b"GET /half")
                time.sleep(0.5)
                assert len(server.left()) > 1
                start = time.monotonic()
                assert server.stop(sign) == code
                assert time.monotonic() - start < 2
            assert status(asker.recv(65536)) == 503
        assert server.left() == []
        assert server.said() == ""


def test_a_port_in_use_is_told(data: Path, server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["serve", str(data), "--port", str(server.port)]) == 2
    said = capsys.readouterr().err
    assert "Address already in use" in said
    assert f"127.0.0.1:{server.port}" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--host", "0.0.0.0"], "other computers could ask"),  # noqa: S104 - refused
        (["--host", "::"], "other computers could ask"),
        (["--host", "no.such.host.invalid"], "no address has this name"),
        (["--host", "[::1]"], "no address has this name"),
        (["--host", ""], "no address has this name"),
        (["--token", " "], "the token is empty"),
        (["--token", "zwö"], "a token is printable"),
        (["--cors", "example.org"], "not the origin of a site"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_starts(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TRIALKG_TOKEN", raising=False)
    assert cli.run(["serve", "--port", "0", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_a_graph_that_cannot_be_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("<a> <b", encoding="utf-8")
    assert cli.run(["serve", "--port", "0", str(broken)]) == 2
    assert "broken.ttl" in capsys.readouterr().err


def test_only_loopback_is_this_computer() -> None:
    assert [reaches_beyond(host) for host in ("127.0.0.1", "localhost", "::1", "127.3.2.1")] == [False] * 4
    assert reaches_beyond("192.0.2.1")


def test_a_free_port_is_taken() -> None:
    with bind("127.0.0.1", 0) as one, bind("127.0.0.1", 0) as other:
        assert one.getsockname()[1] != other.getsockname()[1]


# --- what comes through the network --------------------------------------------------------------


def test_a_connection_serves_one_request_after_the_other(server: Server) -> None:
    answers = server.send(request(ASKING, HOST_LINE) * 2 + request(ASKING, HOST_LINE, END))
    assert answers.count(b"HTTP/1.1 200 OK") == 3


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((ASKING, HOST_LINE, END), 200),
        ((ASKING.replace("GET ", "GET http://127.0.0.1"), HOST_LINE, END), 200),
        ((ASKING.replace("GET ", "GET http://evil.example"), HOST_LINE, END), 400),
        ((ASKING, END), 400),
        ((ASKING, HOST_LINE, HOST_LINE, END), 400),
        ((ASKING, "Host: evil.example", END), 421),
        ((ASKING, HOST_LINE, "X-Long: " + "x" * 200_000, END), 400),
        ((ASKING, HOST_LINE, *["X-Many: x"] * 20_000, END), 400),
        (("GET /" + "x" * 200_000 + " HTTP/1.1", HOST_LINE, END), 400),
        (("GET /" + "x" * 10_000 + " HTTP/1.1", HOST_LINE, END), 414),
        ((ASKING, HOST_LINE, "X-Null: a\0b", END), 400),
        ((ASKING, HOST_LINE, "Accept: text/csv\rX-Other: 1", END), 400),
        ((ASKING, HOST_LINE, "Bad Name: 1", END), 400),
        ((ASKING, HOST_LINE, "Content-Length: 1", "Content-Length: 2", END), 400),
        ((ASKING, HOST_LINE, "Content-Length: -1", END), 400),
        ((ASKING, HOST_LINE, "Transfer-Encoding: gzip, chunked", END), 400),
        (("GET /\x00 HTTP/1.1", HOST_LINE, END), 400),
        (("GET /%00 HTTP/1.1", HOST_LINE, END), 400),
        (("GET /../../etc/passwd HTTP/1.1", HOST_LINE, END), 404),
        (("GET //etc/passwd HTTP/1.1", HOST_LINE, END), 400),
        (("CONNECT evil.example:443 HTTP/1.1", HOST_LINE, END), 400),
        (("\x16\x03\x01 TLS", HOST_LINE, END), 400),
    ],
    ids=str,
)
def test_a_request_is_answered_or_refused_and_never_misread(
    server: Server, lines: tuple[str, ...], expected: int
) -> None:
    answer = server.send(request(*lines))
    assert status(answer) == expected
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_second_request_cannot_hide_in_a_body(server: Server) -> None:
    hidden = request("GET /sparql?query=ASK%20%7B%7D HTTP/1.1", HOST_LINE)
    chunked = b"0\r\n\r\n" + hidden
    both = ("Transfer-Encoding: chunked", f"Content-Length: {len(chunked)}")
    head = ("POST /sparql HTTP/1.1", HOST_LINE, "Content-Type: application/sparql-query", *both)
    answer = server.send(request(*head, body=chunked))
    assert status(answer) == 400
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_body_that_comes_too_slowly_is_given_up(server: Server) -> None:
    head = ("Content-Type: application/sparql-query", "Content-Length: 100")
    start = time.monotonic()
    answer = server.send(request("POST /sparql HTTP/1.1", HOST_LINE, *head, body=b"ASK"))
    assert status(answer) == 408
    assert 0.5 < time.monotonic() - start < 5


def test_a_query_of_ten_megabytes_is_refused_so_that_its_sender_sees_it(server: Server) -> None:
    body = b"ASK { " + b" " * 10_000_000 + b"}"
    sent = httpx.post(
        f"{server.url}sparql", content=body, headers={"Content-Type": "application/sparql-query"}, timeout=20
    )
    assert sent.status_code == 413
    by_form = httpx.post(f"{server.url}sparql", data={"query": "x" * 10_000_000}, timeout=20)
    assert by_form.status_code == 413
    stored = httpx.put(f"{server.url}store?default", content=body, timeout=20)
    assert stored.status_code == 405


def test_no_query_reaches_another_server_or_a_file(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "secret.nt"
    file.write_text('<urn:secret> <urn:p> "open" .\n', encoding="utf-8")
    everything = "{ ?s ?p ?o }"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        other = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        for query in (
            f"SELECT * {{ SERVICE <{other}> {everything} }}",
            f"SELECT * {{ SERVICE SILENT <{other}> {everything} }}",
            f"ASK FROM <{other}> {everything}",
            f"CONSTRUCT FROM <{file.as_uri()}> WHERE {everything}",
            f"ASK {{ GRAPH <{file.as_uri()}> {everything} }}",
            f"LOAD <{other}>",
            f"LOAD <{file.as_uri()}>",
            f"DESCRIBE <{other}>",
        ):
            asked = {"query": query, "default-graph-uri": [other, file.as_uri()]}
            for parameters in ({"query": query}, asked):
                answer = httpx.get(f"{server.url}sparql", params=parameters, timeout=10)
                assert "urn:secret" not in answer.text
        updated = httpx.post(f"{server.url}sparql", data={"update": f"LOAD <{other}>"}, timeout=10)
        assert updated.status_code == 403
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_query_that_takes_too_long_is_stopped_and_the_next_one_is_answered(server: Server) -> None:
    slow = httpx.post(f"{server.url}sparql", data={"query": RUNAWAY}, timeout=20)
    assert slow.status_code == 503
    assert "1 second" in slow.text
    assert slow.headers["retry-after"].isdigit()
    assert httpx.get(f"{server.url}sparql", params={"query": "ASK {}"}, timeout=10).status_code == 200


# --- clients that go, and clients that do not move -----------------------------------------------


class Slow:
    """A pool whose answers never come."""

    def __init__(self) -> None:
        self.stopped = threading.Event()

    async def answer(self, ask: Ask) -> Reply:
        assert ask.kind == "query"
        try:
            await asyncio.sleep(60)
        finally:
            self.stopped.set()
        raise AssertionError


def test_the_work_is_stopped_when_the_client_goes() -> None:
    pool = Slow()
    app = assemble(pool, Site(f"http://{HOST}", (), ""), Limits(), Doors())
    waiting: list[Message] = [{"type": "http.request"}, {"type": "http.disconnect"}]

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(_: Message) -> None:
        return

    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": "/sparql",
        "raw_path": b"/sparql",
        "query_string": b"query=ASK%20%7B%7D",
        "headers": [(b"host", HOST.encode())],
    }
    asyncio.run(asyncio.wait_for(app(scope, receive, send), 5))
    assert pool.stopped.is_set()


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[uvicorn.Server, int]]:
    """A server in this process, and its port, whose patience is short; it answers 20 MB to everything."""
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(patience, "READ_SECONDS", 0.3)

    async def app(_: Scope, __: Receive, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"20000000")]}
        )
        for part in range(20):
            await send({"type": "http.response.body", "body": bytes(1_000_000), "more_body": part < 19})

    config = uvicorn.Config(
        app, http=patience.Connection, ws="none", lifespan="off", log_config=None, loop="asyncio"
    )
    server = uvicorn.Server(config)
    with bind("127.0.0.1", 0) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield server, listening.getsockname()[1]
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def impatient(here: tuple[uvicorn.Server, int]) -> int:
    return here[1]


def test_a_body_does_not_wait_until_the_client_has_acknowledged_the_head(
    here: tuple[uvicorn.Server, int],
) -> None:
    server, port = here
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(request("GET / HTTP/1.1", "Host: x"))
        assert connection.recv(1)
        (served,) = server.server_state.connections
        theirs = served.transport.get_extra_info("socket")
        assert theirs.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n"])
def test_a_request_that_does_not_come_ends_its_connection(impatient: int, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", impatient), timeout=5) as connection:
        connection.sendall(sent)
        start = time.monotonic()
        with suppress(ConnectionResetError):
            assert connection.recv(100) == b""
        assert time.monotonic() - start < 3


def test_an_answer_that_nobody_takes_is_thrown_away(impatient: int) -> None:
    with socket.create_connection(("127.0.0.1", impatient), timeout=5) as connection:
        connection.sendall(request("GET / HTTP/1.1", "Host: x"))
        time.sleep(1)
        size = 0
        with suppress(ConnectionResetError):
            while part := connection.recv(1_000_000):
                size += len(part)
        assert size < 20_000_000


def test_an_answer_that_is_taken_comes_whole(impatient: int) -> None:
    answer = httpx.get(f"http://127.0.0.1:{impatient}/", timeout=10)
    assert len(answer.content) == 20_000_000
