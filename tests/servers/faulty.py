"""A server → the same server behind a proxy that lets some requests go wrong, as networks and full disks do."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class Sent:
    """A request as the server would get it: `path` has the parameters of the URL, unquoted."""

    method: str
    path: str
    body: bytes


Fault = Callable[[Sent], int]
"""A request → the status to answer in the server's place, PASS, CUT or LOST."""

PASS = 0
CUT = -1
"""The connection ends without an answer."""
LOST = -2
"""The server does what it is asked, but its answer never arrives."""

_HOP = ("connection", "transfer-encoding", "content-length", "keep-alive", "accept-encoding", "expect")


@contextmanager
def behind(url: str, fault: Fault) -> Iterator[str]:
    """Yield the URL of a proxy in front of `url`; requests are judged by `fault` one after the other."""
    target = urlsplit(url)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(target.netloc, fault))
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}{target.path}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _handler(netloc: str, fault: Fault) -> type[BaseHTTPRequestHandler]:
    lock = Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 2**16  # head and body leave together, or the other side waits 40 ms to confirm the head

        def handle_one(self) -> None:
            body = self._body()
            with lock:
                status = fault(Sent(self.command, unquote(self.path), body))
            if status in (CUT, LOST):
                if status == LOST:
                    self._ask(body)
                self.close_connection = True
            elif status:
                self._answer(status, [("Content-Type", "text/plain")], b"the disk is full\n")
            else:
                self._pass_on(body)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_one  # noqa: N815 - http.server's names

        def _body(self) -> bytes:
            if self.headers.get("transfer-encoding", "").lower() == "chunked":
                return b"".join(iter(self._chunk, b""))
            return self.rfile.read(int(self.headers.get("content-length", 0)))

        def _chunk(self) -> bytes:
            chunk = self.rfile.read(int(self.rfile.readline().split(b";")[0], 16))
            self.rfile.readline()
            return chunk

        def _pass_on(self, body: bytes) -> None:
            status, headers, found = self._ask(body)
            self._answer(status, [(k, v) for k, v in headers if k.lower() not in _HOP], found)

        def _ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
            connection = http.client.HTTPConnection(netloc, timeout=60)
            try:
                headers = {k: v for k, v in self.headers.items() if k.lower() not in _HOP}
                connection.request(self.command, self.path, body, headers)
                found = connection.getresponse()
                return found.status, found.getheaders(), found.read()
            finally:
                connection.close()

        def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            self.send_response_only(status)
            for name, value in headers:
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    return Handler
