"""A plan (files, limits) → a running zygote, and its events as futures: loaded, forked, ended, gone."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kg import errors
from kg.errors import KgError
from kg.serve.limits import Limits
from kg.serve.tasks import COMMAND, FORK, KILL, frame

# the child gets this process's path, so that it runs this very program wherever it was started
_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[2]);"
    " from kg.serve.workers.zygote import main; main(int(sys.argv[1]))"
)

_PATIENCE = 10
"""Seconds for a fork, which takes milliseconds."""


class Gone(Exception):  # noqa: N818 - it says what happened to the zygote
    """The zygote has ended, or cannot fork."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a zygote has loaded: the SHA-256 of its sources, and how many statements they are."""

    digest: str
    statements: int


@dataclass(frozen=True, slots=True)
class Born:
    """A new worker: its process id, the server's end of its socket, and a future that gives its exit code."""

    process: int
    connection: socket.socket
    fate: asyncio.Future[int]


class Nursery:
    """The server's end of one zygote. `on_gone` is called once, when a zygote that had loaded has ended."""

    def __init__(self, files: Sequence[Path], limits: Limits, on_gone: Callable[[], None]) -> None:
        self._plan = {"files": [str(Path(path).absolute()) for path in files], "limits": asdict(limits)}
        self._on_gone = on_gone
        self._ready: asyncio.Future[Loaded] = asyncio.get_running_loop().create_future()
        self._forks: deque[asyncio.Future[int]] = deque()
        self._fates: dict[int, asyncio.Future[int]] = {}
        self._gone = False

    async def start(self) -> Loaded:
        """Start the zygote and wait until it has loaded; raises KgError when a source cannot be loaded."""
        self._control, self._zygote = _spawn()
        self._listening = asyncio.create_task(self._listen())
        try:
            await asyncio.get_running_loop().sock_sendall(self._control, frame(self._plan))
            return await self._ready
        except (OSError, Gone):
            await self.close()
            raise KgError(
                "the process that loads the graph has ended", hint="is there enough memory?"
            ) from None
        except BaseException:
            await self.close()
            raise

    @property
    def process(self) -> int:
        """The zygote's process id."""
        return self._zygote.pid

    async def fork(self) -> Born:
        """Return a new worker; raises Gone when there will be none."""
        ours, theirs = socket.socketpair()
        forked: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        try:
            with theirs:
                self._send(FORK, 0, theirs)
            self._forks.append(forked)
            async with asyncio.timeout(_PATIENCE):
                process = await forked
        except TimeoutError:
            ours.close()
            self._zygote.kill()  # it hangs; the end of its socket tells the rest
            raise Gone from None
        except BaseException:
            ours.close()
            raise
        return Born(process, ours, self._fates[process])

    def kill(self, process: int) -> None:
        """End a worker at once, whatever it is doing."""
        if process not in self._fates:
            return  # it has ended, and its number may be another's
        try:
            self._send(KILL, process)
        except Gone:
            _kill(process)

    async def close(self) -> None:
        """End the zygote and its workers, and wait until they have ended."""
        loaded = self._ready.done() and not self._ready.cancelled() and self._ready.exception() is None
        self._listening.cancel()
        await asyncio.wait({self._listening})
        self._control.close()
        try:
            if loaded:  # it ends its workers first; one that is loading has none, and does not look up
                await self._ending()
        finally:
            self._zygote.kill()
            orderly = self._zygote.wait() == 0
            self._lose(kill=not orderly)

    async def _ending(self) -> None:
        for _ in range(200):
            if self._zygote.poll() is not None:
                return
            await asyncio.sleep(0.01)

    def _send(self, verb: bytes, process: int, along: socket.socket | None = None) -> None:
        if self._gone:
            raise Gone
        numbers = [along.fileno()] if along else []
        try:
            socket.send_fds(self._control, [COMMAND.pack(verb, process)], numbers)
        except OSError as error:  # it has ended, or has not read commands for so long that it must
            self._zygote.kill()
            raise Gone from error

    async def _listen(self) -> None:
        loop, rest = asyncio.get_running_loop(), b""
        try:
            while data := await loop.sock_recv(self._control, 2**16):
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    self._hear(json.loads(line))
        except OSError:
            pass
        was_ready = self._ready.done()
        self._lose(kill=True)
        if was_ready:
            self._on_gone()

    def _hear(self, event: Mapping[str, Any]) -> None:
        match event["event"]:
            case "ready":
                self._ready.set_result(Loaded(event["digest"], event["statements"]))
            case "refused":
                self._ready.set_exception(_error(event["error"]))
            case "forked":
                process = event["process"]
                self._fates[process] = asyncio.get_running_loop().create_future()
                _settle(self._forks.popleft(), process)
            case "failed":
                _settle(self._forks.popleft(), Gone(event["reason"]))
            case "ended":
                _settle(self._fates.pop(event["process"]), event["code"])

    def _lose(self, *, kill: bool) -> None:
        """Tell everyone who waits that the zygote has gone; where it could not end its workers, do it here."""
        if self._gone:
            return
        self._gone = True
        if not self._ready.done():
            self._ready.set_exception(Gone())
        for forked in self._forks:
            _settle(forked, Gone())
        for process, fate in self._fates.items():
            if kill:
                _kill(process)
            _settle(fate, -signal.SIGKILL)
        self._fates.clear()


def _spawn() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Return the server's end of the control socket, and the process that has the other."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    path = [os.path.abspath(entry) for entry in sys.path]
    try:
        with theirs:
            zygote = subprocess.Popen(  # noqa: S603 - this interpreter and this program
                [sys.executable, "-P", "-c", _BOOT, str(theirs.fileno()), json.dumps(path)],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
    except OSError as error:
        ours.close()
        raise KgError(f"no process can be started: {error.strerror}") from error
    return ours, zygote


def _settle(future: asyncio.Future[int], outcome: int | Exception) -> None:
    if future.done():
        return
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)


def _kill(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def _error(facts: Mapping[str, str]) -> KgError:
    """Return the error that the zygote met, as it was."""
    words = dict(facts)
    kind = getattr(errors, words.pop("kind"), KgError)
    what = words.pop("what")
    made = kind(what, **words)
    return made if isinstance(made, KgError) else KgError(what, **words)
