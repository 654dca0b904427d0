"""The outermost layer of the endpoint: every request passes the guards, every response gets the same headers.

What turns a request away (a `Refusal`) and what goes wrong in here become responses in plain text; a body
that nobody read is let run out first, so that its sender sees the response.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.serve.http.refusal import Refusal
from kg.serve.http.respond import Whole

Check = Callable[[Request], None]
More = Callable[[Request], Sequence[tuple[str, str]]]

_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
# a page may load its own styles and pictures and nothing of others; what is no page may do nothing at all
_PAGE = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_OTHER = "default-src 'none'; frame-ancestors 'none'; sandbox"
_DRAINED = 16 * 2**20  # bytes of an unwanted body that are let run out
_PATIENCE = 2.0  # seconds for it

log = logging.getLogger("kg.serve")


class Gate:
    """Runs `checks` on a request, then `app`; `more` are further headers for the response to a request."""

    def __init__(self, app: ASGIApp, checks: Sequence[Check], more: More) -> None:
        self._app = app
        self._checks = checks
        self._more = more

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a failure of ours is told as status 500, and its facts are logged."""
        if scope["type"] != "http":
            return
        request = Request(scope)
        body = _Body(receive)
        reply = _Sender(send, self._more(request))
        try:
            for check in self._checks:
                check(request)
            await self._app(scope, body.receive, reply.send)
        except Refusal as refusal:
            await self._refuse(refusal, body, reply, "100-continue" in request.headers.get("expect", ""))
        except Exception as error:
            log.exception("failed: %s %r: %r", scope["method"], scope["raw_path"].decode("latin-1"), error)
            await self._refuse(Refusal(500, "this server has a fault; it is logged"), body, reply, True)

    async def _refuse(self, refusal: Refusal, body: _Body, reply: _Sender, hasty: bool) -> None:
        """Send the refusal, unless a response is under way: then the connection ends, so that it is seen to be cut."""
        if reply.started:
            raise ConnectionAbortedError
        closing = ("Connection", "close")
        if closing not in refusal.headers and not body.read and (hasty or not await body.drain()):
            refusal.headers = (*refusal.headers, closing)
        await Whole(refusal.reply())({}, body.receive, reply.send)


class _Body:
    """The body of a request on its way in: knows whether all of it was read."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.read = False

    async def receive(self) -> Message:
        """Return the next message."""
        message = await self._receive()
        self.read = self.read or not message.get("more_body", False)
        return message

    async def drain(self) -> bool:
        """Read and forget what is left, within bounds; return whether that was all."""
        size = 0
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while not self.read and size <= _DRAINED:
                    size += len((await self.receive()).get("body", b""))
        return self.read


class _Sender:
    """Sends the messages of a response, and adds what every response has to its head."""

    def __init__(self, send: Send, more: Sequence[tuple[str, str]]) -> None:
        self._send = send
        self._more = more
        self.started = False

    async def send(self, message: Message) -> None:
        """Send the next message."""
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(raw=[*message["headers"]])
            self._complete(headers)
            message = {**message, "headers": headers.raw}
        await self._send(message)

    def _complete(self, headers: MutableHeaders) -> None:
        for name, value in (*self._more, *_ALWAYS):
            headers.setdefault(name, value)
        page = headers.get("content-type", "").startswith("text/html")
        headers.setdefault("Content-Security-Policy", _PAGE if page else _OTHER)
        headers["Vary"] = ", ".join(dict.fromkeys((*headers.getlist("vary"), "Accept", "Origin")))
