"""Bytes on a connection → requests, as uvicorn makes them, but with patience that ends.

uvicorn waits without end for the head of a request, and for a client to take what it was sent; some clients
never do either.
"""

from __future__ import annotations

import asyncio
import socket

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
READ_SECONDS = 30.0


class Connection(H11Protocol):
    """Ends a connection whose client does not finish the head of a request, or does not read its answer."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start to wait for a request."""
        super().connection_made(transport)
        # head and body of an answer are two packets: the second must not wait for the client to acknowledge the first
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._wait(HEAD_SECONDS)

    def data_received(self, data: bytes) -> None:
        """Take bytes; the time for a head runs from its first byte to its last."""
        if self._timer is None and self._before_a_request():
            self._wait(HEAD_SECONDS)
        super().data_received(data)
        if not self._before_a_request():
            self._rest()

    def pause_writing(self) -> None:
        """Wait for the client to read."""
        super().pause_writing()
        self._wait(READ_SECONDS)

    def resume_writing(self) -> None:
        """Go on: the client has read."""
        super().resume_writing()
        self._rest()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._rest()
        super().connection_lost(exc)

    def _before_a_request(self) -> bool:
        # by its name: h11 is uvicorn's dependency, not ours
        return repr(self.conn.their_state) == "IDLE"

    def _wait(self, seconds: float) -> None:
        self._rest()
        self._timer = self.loop.call_later(seconds, self.transport.abort)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
