"""Asks → replies, within limits: each is answered by a worker that is killed when it takes too much."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

from kg.errors import KgError
from kg.serve.crew import Crew, NoWorker, Say
from kg.serve.limits import Lanes, Limits
from kg.serve.link import Link, Lost
from kg.serve.nursery import Loaded
from kg.serve.tasks import Ask, Reply, frame_of_ask, problem

_REMEMBERED = 1024  # queries that ran into the time limit


class Pool:
    """Answers questions to a graph that is loaded once, each in a process of its own.

    `files` are graph files, none for the bundled table; `say` gets messages for the log.
    """

    def __init__(
        self,
        files: Sequence[Path] = (),
        limits: Limits | None = None,
        lanes: Lanes | None = None,
        say: Say = lambda _: None,
    ) -> None:
        self.limits = limits or Limits()
        self._lanes = lanes or Lanes()
        self._crew = Crew(tuple(files), self.limits, self._lanes, say)
        self._long: OrderedDict[bytes, None] = OrderedDict()

    async def start(self) -> Loaded:
        """Load the graph and make the workers; raises KgError when that cannot be done."""
        if not hasattr(os, "fork"):
            raise KgError(
                "this system cannot serve: it has no fork()",
                hint="load the graph into a store with kg load, or serve it from Linux or macOS",
            )
        return await self._crew.start()

    async def close(self) -> None:
        """End all workers and what they come from; questions that are still open get a 503."""
        await self._crew.close()

    async def answer(self, ask: Ask) -> Reply:
        """Return the reply to `ask`; what a query can do comes back as a status, never as an exception."""
        try:
            link = await self._crew.take()
        except NoWorker as reason:
            return _later(f"the query was not run: {reason}", 1)
        reply = link.ask(ask)
        try:
            return await self._reply(link, reply, ask)
        finally:
            if reply.done() and not link.lost:
                self._crew.free(link)
            else:
                reply.cancel()
                self._crew.drop(link)

    async def _reply(self, link: Link, reply: asyncio.Future[Reply], ask: Ask) -> Reply:
        """Wait for the reply as long as its lane lets it."""
        key = hashlib.sha256(frame_of_ask(ask)).digest()
        grace = 0.0 if key in self._long else min(self._lanes.grace, self.limits.seconds)
        if not await _done(reply, grace):
            if not self._crew.slow_down(link):
                return await self._crowded(link)
            if not await _done(reply, self.limits.seconds - grace):
                self._remember(key)
                return _later(f"the query was stopped after {self.limits.seconds:g} seconds", 60)
        try:
            answer = reply.result()
        except Lost:
            return await self._ended(link)
        if grace:
            self._long.pop(key, None)
        return answer

    def _remember(self, key: bytes) -> None:
        self._long[key] = None
        self._long.move_to_end(key)
        while len(self._long) > _REMEMBERED:
            self._long.popitem(last=False)

    async def _crowded(self, link: Link) -> Reply:
        if link.lost:
            return await self._ended(link)
        return _later(f"the query was stopped: {self._lanes.slow} long queries are running already", 5)

    async def _ended(self, link: Link) -> Reply:
        """Return the reply for a query whose worker has ended by itself."""
        await asyncio.wait({link.fate}, timeout=1)
        code = link.fate.result() if link.fate.done() else 0
        if code == -signal.SIGABRT:  # the engine gives up so when it gets no more memory
            size = f"{self.limits.memory / 2**20:,.0f} MiB"
            return _later(f"the query was stopped: it needs more than {size} of memory", 60)
        return _later("the query was stopped: its worker has ended", 1)


async def _done(reply: asyncio.Future[Reply], seconds: float) -> bool:
    """Whether the reply, or the news that there will be none, has come within `seconds`."""
    if not reply.done() and seconds > 0:
        await asyncio.wait({reply}, timeout=seconds)
    return reply.done()


def _later(why: str, seconds: int) -> Reply:
    return problem(503, why, (("Retry-After", str(seconds)),))
