"""A server on loopback that answers as it is told, well or badly, and remembers what it was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Told:
    """An answer: `claimed` is the length that the header states, `wait` the seconds before the first byte."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    claimed: int | None = None
    wait: float = 0


@dataclass(frozen=True)
class Asked:
    """A request as it arrived; the names of `headers` are in lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> Mapping[str, list[str]]:
        """The fields of a form."""
        return parse_qs(self.body.decode("ascii"), keep_blank_values=True)


Answerer = Callable[[Asked], Told]


@dataclass
class Server:
    """A running server: its URL and the requests so far."""

    url: str
    asked: list[Asked] = field(default_factory=list)

    def seen(self) -> list[str]:
        """Return method and path of each request."""
        return [f"{asked.method} {asked.path}" for asked in self.asked]


def in_turn(*answers: Told) -> Answerer:
    """Answer with one after the other; the last one again and again."""
    rest = list(answers)
    return lambda _: rest.pop(0) if len(rest) > 1 else rest[0]


def by_path(**answers: Told | Answerer) -> Answerer:
    """Answer by path (`sparql_auth` stands for /sparql-auth); any other path is 404."""
    known = {"/" + name.replace("_", "-"): answer for name, answer in answers.items()}

    def answer(asked: Asked) -> Told:
        found = known.get(asked.path, Told(404, b"no such path"))
        return found if isinstance(found, Told) else found(asked)

    return answer


@contextmanager
def serving(answer: Answerer) -> Iterator[Server]:
    """Run a server in threads of this process until the block ends."""
    server = Server("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10
        wbufsize = -1  # one packet an answer: several would each wait for an acknowledgement
        disable_nagle_algorithm = True

        def handle_one_request(self) -> None:
            with suppress(ConnectionError, TimeoutError):  # the client went away: some tests do
                super().handle_one_request()

        def reply(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(length)
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(
                self.command, parts.path, parse_qs(parts.query, keep_blank_values=True), headers, body
            )
            server.asked.append(asked)
            told = answer(asked)
            time.sleep(told.wait)
            self.send_response_only(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told.body) if told.claimed is None else told.claimed))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(told.body)
            if told.claimed is not None:
                self.close_connection = True

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = reply  # noqa: N815 - the names that http.server calls

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    http.block_on_close = False
    server.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        thread.join(5)
        http.server_close()
