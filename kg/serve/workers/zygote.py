"""A control socket → workers: a process with one thread that loads the world once and forks itself for each worker.

It is started by the server (kg/serve/workers/nursery.py), which sends a plan, then one command of five bytes after the
other. A fork costs milliseconds and hardly any memory, since all workers share what is loaded. When the
server closes the socket, or dies, every worker is killed and the zygote ends.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import selectors
import signal
import socket
import sys
import traceback
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn

from kg.errors import KgError
from kg.serve.answers.work_site import warm
from kg.serve.limits import Limits
from kg.serve.tasks import COMMAND, FORK, KILL, receive_frame
from kg.serve.workers.worker import work
from kg.serve.workers.world import World, load_world

_PR_SET_PDEATHSIG = 1


def main(control_number: int) -> None:
    """Load what the plan says and serve commands until the control socket is closed."""
    control = socket.socket(fileno=control_number)
    _end_with(os.getppid())
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)  # a group of processes gets them: the server ends what is its own
    received = receive_frame(control)
    if received is None:
        return
    plan = received[0]
    with contextlib.suppress(ConnectionError):
        try:
            world = _load([Path(name) for name in plan["files"]], Limits(**plan["limits"]))
        except KgError as error:
            _tell(control, {"event": "refused", "error": _facts(error)})
            return
        _tell(control, {"event": "ready", "digest": world.digest, "statements": world.store.count()})
        _Zygote(control, world).run()


class _Zygote:
    """The loop between the control socket and the end of children."""

    def __init__(self, control: socket.socket, world: World) -> None:
        self._control = control
        self._world = world
        self._children: set[int] = set()
        self._process = os.getpid()
        self._waking, self._woken = socket.socketpair()
        for end in (self._waking, self._woken):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waking.fileno(), warn_on_full_buffer=False)

    def run(self) -> None:
        """Serve until the server goes; leave no child behind."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            with contextlib.suppress(ConnectionError):
                while self._step({key.fileobj for key, _ in selector.select()}):
                    pass
        for child in self._children:
            os.kill(child, signal.SIGKILL)
        for child in self._children:
            os.waitpid(child, 0)

    def _step(self, ready: set[Any]) -> bool:
        """Do what is to be done; False when the server has gone."""
        if self._woken in ready:
            self._reap()
        return self._control not in ready or self._obey()

    def _reap(self) -> None:
        self._woken.recv(4096)
        while self._children:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                return
            self._children.discard(child)
            code = os.waitstatus_to_exitcode(status)
            _tell(self._control, {"event": "ended", "process": child, "code": code})

    def _obey(self) -> bool:
        data, sent, _, _ = socket.recv_fds(self._control, COMMAND.size, 1)
        while data and len(data) < COMMAND.size:
            more = self._control.recv(COMMAND.size - len(data))
            data = data + more if more else b""
        if not data:
            return False
        verb, process = COMMAND.unpack(data)
        if verb == FORK and sent:
            self._fork(socket.socket(fileno=sent[0]))
        elif verb == KILL and process in self._children:  # a number is ours only until it is reaped
            os.kill(process, signal.SIGKILL)
        return True

    def _fork(self, connection: socket.socket) -> None:
        try:
            child = os.fork()
        except OSError as error:
            connection.close()
            _tell(self._control, {"event": "failed", "reason": str(error)})
            return
        if not child:
            self._become_worker(connection)
        connection.close()
        self._children.add(child)
        _tell(self._control, {"event": "forked", "process": child})

    def _become_worker(self, connection: socket.socket) -> NoReturn:
        """Turn this fork into a worker; it never comes back into the loop."""
        code = 1
        try:
            _end_with(self._process)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            number = connection.fileno()
            os.closerange(
                3, number
            )  # above all the control socket: its end must mean that the zygote has ended
            os.closerange(number + 1, 256)
            work(self._world, connection)
            code = 0
        except BaseException:
            traceback.print_exc(file=sys.stderr)
        finally:
            os._exit(code)


def _end_with(parent: int) -> None:
    """Let this process be killed when its parent ends, where the system can (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _load(files: Sequence[Path], limits: Limits) -> World:
    """Return the world; what workers would load one by one is loaded too, and no collection writes to any of it.

    The engine's source of random numbers belongs to a thread. If this one, which is forked, had it already,
    UUID() and RAND() would give the same in every worker: so another thread loads, and ends.
    """
    from kg.stores.rdf_lib import calls_service

    with ThreadPoolExecutor(1) as loader:
        world = loader.submit(load_world, files, limits).result()
    calls_service("ASK {}")
    warm(world)
    gc.collect()
    gc.freeze()
    return world


def _tell(control: socket.socket, event: Mapping[str, object]) -> None:
    control.sendall(json.dumps(event).encode("ascii") + b"\n")


def _facts(error: KgError) -> dict[str, str]:
    names = ("what", "where", "raw", "allowed", "hint")
    return {"kind": type(error).__name__, **{name: getattr(error, name) for name in names}}
