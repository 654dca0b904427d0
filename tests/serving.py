"""A small graph behind the endpoint's application, in this process: requests go in byte for byte, responses come out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message

from kg.serve.answers.work_site import warm
from kg.serve.http.app import Doors, assemble
from kg.serve.http.bases import find_bases
from kg.serve.http.paths import routes
from kg.serve.limits import Limits
from kg.serve.site import Site
from kg.serve.tasks import Ask, Reply
from kg.serve.workers.worker import answer
from kg.serve.workers.world import World, load_world

HOST = "127.0.0.1:8642"
BASE = "https://data.example/"
GRAPH = f"""
<{BASE}trial/NCT1> <http://www.w3.org/2000/01/rdf-schema#label> "One" <{BASE}graph/a> .
<{BASE}trial/NCT1> <{BASE}p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <{BASE}graph/a> .
<{BASE}trial/NCT2> <http://www.w3.org/2000/01/rdf-schema#label> "Zwei \\u00e9"@de <{BASE}graph/b> .
<{BASE}trial/NCT2> <{BASE}p> "2"^^<http://www.w3.org/2001/XMLSchema#integer> <{BASE}graph/b> .
"""

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Answered:
    """A response: status, headers by their names in small letters, body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def media(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


class Here:
    """Answers questions in this process, as a worker does, and remembers them."""

    def __init__(self, world: World) -> None:
        self._world = world
        warm(world)
        self.asked: list[Ask] = []

    async def answer(self, ask: Ask) -> Reply:
        self.asked.append(ask)
        return answer(self._world, ask)


class Endpoint:
    """The application over a small graph."""

    def __init__(
        self, folder: Path, text: str = GRAPH, *, doors: Doors | None = None, **more: object
    ) -> None:
        file = folder / "small.nq"
        file.write_text(text, encoding="utf-8")
        self.limits = Limits(seconds=0.5, request=10_000)
        world = load_world([file], self.limits)
        self.pool = Here(world)
        bases = asyncio.run(find_bases(self.pool))
        self.site = Site(f"http://{HOST}", bases, world.digest, **more)  # type: ignore[arg-type]
        pages = routes(self.pool, self.site)
        self.app = assemble(self.pool, self.site, self.limits, doors or Doors(), pages)
        self.pool.asked.clear()

    def get(self, target: str, *headers: tuple[str, str], method: str = "GET") -> Answered:
        """Send a request without a body."""
        return call(self.app, method, target, headers)

    def post(self, target: str, body: bytes, media: str = "", *headers: tuple[str, str]) -> Answered:
        """Send a POST with a body."""
        typed = (("content-type", media),) if media else ()
        length = (("content-length", str(len(body))),)
        return call(self.app, "POST", target, (*length, *typed, *headers), [body])


def call(
    app: ASGIApp, method: str, target: str, headers: Headers = (), body: Sequence[bytes | None] = ()
) -> Answered:
    """Send one request to the application; None in the body is a client that sends no more and stays."""
    given = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    if not any(name == b"host" for name, _ in given):
        given.insert(0, (b"host", HOST.encode()))
    raw, _, search = target.encode("latin-1").partition(b"?")
    scope: dict[str, object] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote_to_bytes(raw).decode("utf-8", "replace"),
        "raw_path": raw,
        "query_string": search,
        "root_path": "",
        "headers": [one for one in given if one[1]],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8642),
    }
    return asyncio.run(_exchange(app, scope, list(body) or [b""]))


async def _exchange(app: ASGIApp, scope: dict[str, object], body: list[bytes | None]) -> Answered:
    sent: list[Message] = []

    async def receive() -> Message:
        if not body or body[0] is None:
            await asyncio.Event().wait()
        part = body.pop(0) or b""
        return {"type": "http.request", "body": part, "more_body": bool(body)}

    async def send(message: Message) -> None:
        sent.append(message)

    await asyncio.wait_for(app(scope, receive, send), 20)
    head, *parts = sent
    assert not parts[-1].get("more_body", False)
    headers = {name.decode(): value.decode("latin-1") for name, value in head["headers"]}
    return Answered(head["status"], headers, b"".join(part["body"] for part in parts))
