"""A request and the question it asks → the pool's answer as an HTTP response that caches can check."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Awaitable
from dataclasses import astuple
from typing import Protocol, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from kg.serve.negotiate import offers
from kg.serve.site import Site
from kg.serve.tasks import Ask, Reply

# what makes an answer differ from one time to the next; a word in a string costs no more than a lost validator
_FICKLE = re.compile(r"\b(?:now|rand|uuid|struuid|bnode)\b", re.IGNORECASE)
_PART = 256 * 1024
_GONE = 499  # nobody reads it: the client has closed the connection

Answered = TypeVar("Answered")


class Answers(Protocol):
    """What answers questions: the pool of workers, or a stand-in."""

    async def answer(self, ask: Ask) -> Reply:
        """Answer; never raises for what a question can do. Cancelled, it stops the work."""


async def respond(request: Request, ask: Ask, pool: Answers, site: Site) -> Response:
    """Return the response to `request`, which asks `ask`: 304 when the client has the answer already.

    The work is stopped when the client goes away.
    """
    tag = etag(site, ask) if request.method in ("GET", "HEAD") else ""
    if tag and known(request, tag):
        return Whole(Reply(304, "", b""), tag)
    reply = await _while_listening(request, pool.answer(ask))
    if reply is None:
        return Response(status_code=_GONE)
    if reply.status == 200 and "*" in _tags(request) and tag:
        return Whole(Reply(304, "", b""), tag)
    return Whole(reply, tag)


def accepted(request: Request) -> tuple[str, ...]:
    """Return what the client takes, most wanted first; a header that comes in several lines is one list."""
    return offers(", ".join(request.headers.getlist("accept")))


def etag(site: Site, ask: Ask) -> str:
    """Return the validator of the answer to `ask`; "" when it may be another one the next time.

    It is a weak one: a query without ORDER BY has its rows in another order after a restart, perhaps.
    """
    if ask.kind == "query" and _FICKLE.search(ask.text):
        return ""
    facts = json.dumps([site.digest, site.version, site.origin, *astuple(ask)])
    return f'W/"{hashlib.sha256(facts.encode()).hexdigest()[:32]}"'


def known(request: Request, tag: str) -> bool:
    """Whether the client says that it has the answer with this validator (weak comparison)."""
    return tag.removeprefix("W/") in _tags(request)


def _tags(request: Request) -> list[str]:
    header = ",".join(request.headers.getlist("if-none-match"))
    return [tag.strip().removeprefix("W/") for tag in header.split(",")]


class Whole(Response):
    """A reply with its length, sent in parts so that a slow reader is waited for and a dead one is noticed."""

    def __init__(self, reply: Reply, tag: str = "") -> None:
        lasting = bool(tag) and reply.status in (200, 304)
        headers = {**dict(reply.headers), "Cache-Control": "no-cache" if lasting else "no-store"}
        if lasting:
            headers["ETag"] = tag
        # not media_type=: Starlette would add a charset of its own
        if reply.media:
            headers["Content-Type"] = reply.media
        super().__init__(reply.body, reply.status, headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as ASGI has it
        """Send the head, then the body."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        body = memoryview(self.body)
        for start in range(0, len(body) or 1, _PART):
            more = start + _PART < len(body)
            part = bytes(body[start : start + _PART])
            await send({"type": "http.response.body", "body": part, "more_body": more})


async def _while_listening(request: Request, work: Awaitable[Answered]) -> Answered | None:
    """Return what `work` gives; None when the client went away first, and then the work is cancelled."""
    await request.body()
    working = asyncio.ensure_future(work)
    listening = asyncio.ensure_future(_gone(request.receive))
    try:
        await asyncio.wait((working, listening), return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in (working, listening):
            task.cancel()
        await asyncio.gather(working, listening, return_exceptions=True)


async def _gone(receive: Receive) -> None:
    message: Message = {}
    while message.get("type") != "http.disconnect":
        message = await receive()
