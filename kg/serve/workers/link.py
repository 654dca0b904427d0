"""A worker's socket → its replies as futures, and the news that it has ended."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import cast

from kg.serve.tasks import LENGTHS, Ask, Reply, frame_of_ask, header_of, reply_of_frame


class Lost(Exception):  # noqa: N818 - it says what happened to the worker
    """The worker ended before it answered."""


class Link(asyncio.Protocol):
    """The server's end of one worker, which answers one question at a time.

    `process` is its id, `fate` gives its exit code once it has ended. `last` says that it will answer no more,
    `lost` that its socket is closed.
    """

    def __init__(self, process: int, fate: asyncio.Future[int], on_lost: Callable[[Link], None]) -> None:
        self.process = process
        self.fate = fate
        self.last = False
        self.lost = False
        self.asked = False
        self._clock = _processor_clock(process)
        self._began = 0.0
        self._on_lost = on_lost
        self._data = bytearray()
        self._reply: asyncio.Future[Reply] | None = None
        self._transport: asyncio.Transport | None = None

    @property
    def busy(self) -> bool:
        """Whether it still owes a reply."""
        return self._reply is not None and not self._reply.done()

    def ask(self, ask: Ask) -> asyncio.Future[Reply]:
        """Send a question; the future gives the reply, or Lost."""
        self.asked = True
        self._began = self._seconds()
        self._reply = asyncio.get_running_loop().create_future()
        if self._transport is None or self.lost:
            self._reply.set_exception(Lost())
        else:
            self._transport.write(frame_of_ask(ask))
        return self._reply

    def worked(self) -> float:
        """Return how many seconds it has worked on the last question, not those that it waited for a processor."""
        return self._seconds() - self._began

    def _seconds(self) -> float:
        try:
            return time.clock_gettime(self._clock)
        except OSError:  # the process has ended
            return float("inf")

    def abandon(self) -> None:
        """Want no reply any more, and let go of the socket."""
        if self._reply is not None:
            self._reply.cancel()
        self.close()

    def close(self) -> None:
        """Let go of the socket at once; who waits for a reply is told."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Collect a reply until it is whole."""
        self._data += data
        if len(self._data) < LENGTHS.size:
            return
        head, body = LENGTHS.unpack_from(self._data)
        if len(self._data) == LENGTHS.size + head + body:
            self._deliver(head)
        elif len(self._data) > LENGTHS.size + head + body:  # more than was asked for: it cannot be trusted
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Tell whoever waits, and the crew."""
        self.lost = True
        if self._reply is not None and not self._reply.done():
            self._reply.set_exception(Lost())
        self._on_lost(self)

    def _deliver(self, head: int) -> None:
        with memoryview(self._data) as view:
            start = LENGTHS.size + head
            header, body = header_of(bytes(view[LENGTHS.size : start])), bytes(view[start:])
        self._data.clear()
        if self._reply is None or self._reply.done():
            self.close()
            return
        reply, self.last = reply_of_frame(header, body)
        self._reply.set_result(reply)


def _processor_clock(process: int) -> int:
    """Return the clock of the processor time of a process, where the system has one, else the ordinary clock.

    The number is made as Linux makes it for clock_getcpuclockid(3).
    """
    clock = (~process << 3) | 2
    try:
        time.clock_gettime(clock)
    except OSError:
        return time.CLOCK_MONOTONIC
    return clock
