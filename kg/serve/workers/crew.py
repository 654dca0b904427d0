"""A nursery → workers at hand: as many fast ones as there are places, each handed to one request at a time.

A worker that is killed, lost or worn out is replaced; when the zygote ends, another one is started.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from kg.errors import KgError
from kg.serve.limits import Lanes, Limits
from kg.serve.workers.link import Link
from kg.serve.workers.nursery import Gone, Loaded, Nursery

Say = Callable[[str], None]

_LEAST_NICE = 19
_LONGEST_PAUSE = 30.0
_STEADY = 60.0  # seconds after which the end of a zygote is taken for an accident
_CLOSING = "the server is closing"
_LOADING = "the graph is being loaded"


class NoWorker(Exception):  # noqa: N818 - it says what the asker is told
    """There is no worker for a request now; the message says why, `seconds` when to try again."""

    def __init__(self, why: str, seconds: int = 1) -> None:
        super().__init__(why)
        self.seconds = seconds


class Crew:
    """The workers, in two lanes. All methods are called from one event loop."""

    def __init__(self, files: Sequence[Path], limits: Limits, lanes: Lanes, say: Say) -> None:
        self._files, self._limits, self._lanes, self._say = files, limits, lanes, say
        self._nursery: Nursery | None = None
        self._loaded: Loaded | None = None
        self._started = 0.0
        self._falls = 0  # how often the zygote has ended soon after its start, or could not load
        self._fast: set[Link] = set()
        self._slow: set[Link] = set()
        self._idle: list[Link] = []
        self._hired = 0  # workers that are being born
        self._stillborn = 0  # workers that ended before they were asked anything, since the last answer
        self._waiting: deque[asyncio.Future[Link]] = deque()
        self._queued = 0  # requests that wait for room in the slow lane
        self._room = asyncio.Event()  # set for a moment when there may be
        self._jobs: set[asyncio.Task[None]] = set()
        self._closed = False

    async def start(self) -> Loaded:
        """Load, and make the workers; raises KgError when a source cannot be loaded, or is another than before."""
        nursery = Nursery(self._files, self._limits, self._on_gone)
        loaded = await nursery.start()
        if self._loaded not in (None, loaded):  # whoever asks has been told of the graph as it was
            await nursery.close()
            raise KgError("the graph has changed since the server was started", hint="start the server again")
        self._loaded, self._nursery, self._started = loaded, nursery, self._now()
        self._fill()
        return loaded

    async def close(self) -> None:
        """End everything: those who wait are told, and no process is left."""
        self._closed = True
        self._dismiss(_CLOSING)
        jobs = tuple(self._jobs)
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        if self._nursery is not None:
            await self._nursery.close()
            self._nursery = None

    def processes(self) -> tuple[int, ...]:
        """Return the ids of the zygote and of its workers; none while it is started again."""
        if self._nursery is None:
            return ()
        return self._nursery.process, *sorted(link.process for link in (*self._fast, *self._slow))

    async def take(self) -> Link:
        """Return a worker that is free, or wait for one in turn; raises NoWorker when that is no use."""
        if self._nursery is None:
            raise NoWorker(_CLOSING if self._closed else _LOADING)
        if self._idle:
            return self._idle.pop()
        if len(self._waiting) >= self._limits.waiting:
            raise NoWorker(f"{len(self._waiting)} requests are waiting already")
        turn: asyncio.Future[Link] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await turn
        except (TimeoutError, asyncio.CancelledError) as error:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.give_back(turn.result())
            if isinstance(error, TimeoutError):
                raise NoWorker("no worker became free in time") from None
            raise

    async def take_slow(self, patience: float) -> Link:
        """Return a worker in the slow lane; wait for room in it for up to `patience` seconds, then NoWorker."""
        end = self._now() + patience
        while True:
            if len(self._slow) >= self._lanes.slow:
                await self._wait_for_room(end if patience else 0)
                continue
            link = await self.take()
            if self.slow_down(link):
                return link
            self.give_back(link)  # another request was faster, or the worker has just ended

    async def _wait_for_room(self, end: float) -> None:
        full = NoWorker(f"{self._lanes.slow} long queries are running already", 5)
        if not end or self._queued >= self._limits.waiting // 4:
            raise full
        self._queued += 1
        try:
            async with asyncio.timeout_at(end):
                await self._room.wait()
        except TimeoutError:
            raise full from None
        finally:
            self._queued -= 1

    def give_back(self, link: Link) -> None:
        """Take back a worker; one that still owes a reply is ended and replaced."""
        if link.busy or link.lost or link.last or link in self._slow:
            self._drop(link)
        elif link in self._fast:
            self._stillborn = 0
            self._offer(link)

    def _drop(self, link: Link) -> None:
        if self._nursery is not None:
            self._nursery.kill(link.process)
        link.abandon()
        self._forget(link)

    def slow_down(self, link: Link) -> bool:
        """Move a busy worker to the slow lane and replace it in the fast one; False when the slow lane is full."""
        if link not in self._fast or len(self._slow) >= self._lanes.slow:
            return False
        try:
            os.setpriority(os.PRIO_PROCESS, link.process, _LEAST_NICE)
        except OSError:
            return False  # it has just ended
        self._fast.discard(link)
        self._slow.add(link)
        self._fill()
        return True

    def _offer(self, link: Link) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(link)
                return
        self._idle.append(link)

    def _fill(self) -> None:
        while not self._closed and len(self._fast) + self._hired < self._lanes.fast:
            self._hired += 1
            self._do(self._hire())

    async def _hire(self) -> None:
        try:
            if self._stillborn:
                await asyncio.sleep(min(0.01 * 2 ** min(self._stillborn, 10), 1))
            link = await self._birth()
        except (Gone, OSError):
            link = None
        finally:
            self._hired -= 1
        if link is not None and not link.lost:
            self._fast.add(link)
            self._offer(link)
        elif self._nursery is not None:
            await asyncio.sleep(0.1)
            self._fill()

    async def _birth(self) -> Link | None:
        nursery = self._nursery
        if nursery is None:
            return None
        born = await nursery.fork()
        try:
            loop = asyncio.get_running_loop()
            _, link = await loop.create_unix_connection(
                lambda: Link(born.process, born.fate, self._on_lost), sock=born.connection
            )
        except BaseException:
            born.connection.close()
            raise
        return link

    def _on_lost(self, link: Link) -> None:
        if link in self._fast or link in self._slow:
            self._stillborn += not link.asked
            self._forget(link)

    def _forget(self, link: Link) -> None:
        self._fast.discard(link)
        self._slow.discard(link)
        if link in self._idle:
            self._idle.remove(link)
        self._fill()
        self._room.set()
        self._room.clear()

    def _on_gone(self) -> None:
        self._say("the process that holds the graph has ended; it is started again")
        self._do(self._revive(self._nursery))

    async def _revive(self, gone: Nursery | None) -> None:
        self._nursery = None
        self._dismiss(_LOADING)
        if gone is not None:
            await gone.close()
        self._falls = 0 if self._now() - self._started > _STEADY else self._falls + 1
        while not self._closed:
            await asyncio.sleep(min(0.05 * 2 ** min(self._falls, 10), _LONGEST_PAUSE))
            try:
                await self.start()
            except KgError as error:
                self._say(f"the graph cannot be loaded again: {error}")
                self._falls += 1
            else:
                return

    def _dismiss(self, why: str) -> None:
        """Let go of all workers and of everyone who waits for one."""
        for link in (*self._fast, *self._slow):
            link.close()
        self._fast.clear()
        self._slow.clear()
        self._idle.clear()
        self._room.set()
        self._room.clear()
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_exception(NoWorker(why))

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        job = asyncio.create_task(work)
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)
