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
from kg.serve.limits import Lanes, Limits
from kg.serve.tasks import Ask, Reply, frame_of_ask, problem
from kg.serve.workers.crew import Crew, NoWorker, Say
from kg.serve.workers.link import Link, Lost
from kg.serve.workers.nursery import Loaded

_REMEMBERED = 1024  # queries that were too long for the fast lane


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
        self._long: OrderedDict[bytes, bool] = (
            OrderedDict()
        )  # has left the fast lane; whether it was stopped, too

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

    def processes(self) -> tuple[int, ...]:
        """Return the ids of the processes that belong to the pool, that which holds the graph first."""
        return self._crew.processes()

    async def answer(self, ask: Ask) -> Reply:
        """Return the reply to `ask`; what a query can do comes back as a status, never as an exception.

        When the awaiting task is cancelled, the query is stopped.
        """
        key = hashlib.sha256(frame_of_ask(ask)).digest()
        try:
            reply = None if key in self._long else await self._quickly(ask, key)
            return reply or await self._slowly(ask, key)
        except NoWorker as reason:
            return _later(f"the query was not run: {reason}", reason.seconds)

    async def _quickly(self, ask: Ask, key: bytes) -> Reply | None:
        """Answer in the fast lane; what takes longer moves to the slow lane or, when that is full, gives None."""
        link = await self._crew.take()
        end = _now() + self.limits.seconds
        try:
            if key in self._long:  # the same query, asked before this one, has turned out to be long
                return None
            reply = link.ask(ask)
            if await self._done_in_grace(link, reply, end):
                return await self._outcome(link, reply)
            self._remember(key, stopped=False)
            if self._crew.slow_down(link):
                return await self._outlast(link, reply, key, end - _now())
            return None
        finally:
            self._crew.give_back(link)

    async def _done_in_grace(self, link: Link, reply: asyncio.Future[Reply], end: float) -> bool:
        """Whether the reply comes before the worker has worked for the grace period, or `end` has come.

        Its own processor time counts: on a busy machine a small query may take long without being one.
        """
        left = self._lanes.grace
        while left > 0 and _now() < end:
            if await _done(reply, min(max(left, 0.01), end - _now())):
                return True
            left = self._lanes.grace - link.worked()
        return reply.done()

    async def _slowly(self, ask: Ask, key: bytes) -> Reply:
        """Answer in the slow lane, once there is room in it; a query that was stopped before does not wait."""
        link = await self._crew.take_slow(0 if self._long.get(key) else self.limits.seconds)
        try:
            return await self._outlast(link, link.ask(ask), key, self.limits.seconds)
        finally:
            self._crew.give_back(link)

    async def _outlast(self, link: Link, reply: asyncio.Future[Reply], key: bytes, seconds: float) -> Reply:
        """Wait for a reply in the slow lane until the time limit; remember the query that runs into it."""
        if await _done(reply, seconds):
            self._long.pop(key, None)
            return await self._outcome(link, reply)
        self._remember(key, stopped=True)
        return _later(f"the query was stopped after {self.limits.seconds:g} seconds", 60)

    def _remember(self, key: bytes, *, stopped: bool) -> None:
        self._long[key] = stopped or self._long.get(key, False)
        while len(self._long) > _REMEMBERED:
            self._long.popitem(last=False)

    async def _outcome(self, link: Link, reply: asyncio.Future[Reply]) -> Reply:
        """Return what came, or what is known of a worker that has ended by itself."""
        try:
            return reply.result()
        except Lost:
            await asyncio.wait({link.fate}, timeout=1)
        if link.fate.done() and link.fate.result() == -signal.SIGABRT:
            # the engine gives up so when it gets no more memory
            size = f"{self.limits.memory / 2**20:,.0f} MiB"
            return _later(f"the query was stopped: it needs more than {size} of memory", 60)
        return _later("the query was stopped: its worker has ended", 1)


async def _done(reply: asyncio.Future[Reply], seconds: float) -> bool:
    """Whether the reply, or the news that there will be none, has come within `seconds`."""
    if not reply.done():
        await asyncio.wait({reply}, timeout=seconds)
    return reply.done()


def _now() -> float:
    return asyncio.get_running_loop().time()


def _later(why: str, seconds: int) -> Reply:
    return problem(503, why, (("Retry-After", str(seconds)),))
