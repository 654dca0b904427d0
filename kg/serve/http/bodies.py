"""A request whose body comes in pieces → the same request with its whole body, which is small and came in time."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.serve.http.refusal import Refusal


class Bodies:
    """Reads the body before the app sees the request: at most `most` bytes, in at most `seconds`."""

    def __init__(self, app: ASGIApp, most: int, seconds: float) -> None:
        self._app = app
        self._most = most
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on with its body; raises Refusal for one that is too large or too slow."""
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdigit() or int(length) > self._most:
            raise self._too_large()
        try:
            async with asyncio.timeout(self._seconds):
                body = await self._read(receive)
        except TimeoutError:
            reason = f"the request did not arrive within {self._seconds:g} seconds"
            raise Refusal(408, reason, (("Connection", "close"),)) from None
        if body is not None:
            await self._app(scope, _after(body, receive), send)

    async def _read(self, receive: Receive) -> bytes | None:
        """Return the body, or None when its sender has gone before its end."""
        parts, size, more = [], 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            part = message.get("body", b"")
            parts.append(part)
            size += len(part)
            if size > self._most:
                raise self._too_large()
            more = message.get("more_body", False)
        return b"".join(parts)

    def _too_large(self) -> Refusal:
        return Refusal(413, f"the body of a request may have {self._most:,} bytes")


def _after(body: bytes, receive: Receive) -> Receive:
    """Return a receiver that gives the body once, and then what comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> Message:
        return waiting.pop() if waiting else await receive()

    return next_message
