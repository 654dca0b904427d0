"""Asks that come through a socket → replies, one after the other, in a process that may be killed at any time.

A worker is a fork of the zygote and shares the world with it. What a query does to its worker (time, memory,
a fault of the engine) ends that worker and nothing else.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path

from kg.errors import KgError
from kg.serve.answers.answer import graph, query
from kg.serve.answers.work_named import named
from kg.serve.answers.work_resource import about
from kg.serve.answers.work_site import api, home
from kg.serve.tasks import Ask, Reply, ask_of_frame, frame_of_reply, problem, receive_frame
from kg.serve.workers.world import Task, World

TASKS: Mapping[str, Task] = {
    "query": query,
    "graph": graph,
    "named": named,
    "resource": about,
    "api": api,
    "home": home,
}

_MARGIN = 5.0
"""Seconds that a worker gives the server to stop it before it stops itself."""


def work(world: World, connection: socket.socket) -> None:
    """Answer what comes through `connection` until it is closed, or until memory does not come back."""
    _stay_small(world)
    ceiling = _size() + world.limits.memory // 4
    while (received := receive_frame(connection)) is not None:
        signal.setitimer(signal.ITIMER_REAL, world.limits.seconds + _MARGIN)
        reply = answer(world, ask_of_frame(*received))
        signal.setitimer(signal.ITIMER_REAL, 0)
        last = _size() > ceiling
        try:
            connection.sendall(frame_of_reply(reply, last=last))
        except OSError:  # the server has gone, or does not want the answer any more
            return
        if last:
            return


def answer(world: World, ask: Ask) -> Reply:
    """Return the reply to `ask`, whatever happens short of the end of the process."""
    task = TASKS.get(ask.kind)
    if task is None:
        return problem(500, f"there is no task {ask.kind!r}")
    try:
        return task(world, ask)
    except KgError as error:
        return problem(400, str(error))
    except MemoryError:
        return problem(503, too_large(world.limits.memory), (("Retry-After", "60"),))
    except Exception:  # a mistake of this program must not look like one of the asker
        traceback.print_exc(file=sys.stderr)
        return problem(500, "the server made a mistake while answering; its log says more")


def too_large(memory: int) -> str:
    """Return what is said of a query that took more than `memory` bytes."""
    return f"the query was stopped: it needs more than {memory / 2**20:,.0f} MiB of memory"


def _stay_small(world: World) -> None:
    """Bound this process: so much memory, no core file, an end when the alarm rings."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):  # Linux: when the machine runs out of memory, a worker goes first
        Path("/proc/self/oom_score_adj").write_text("1000")
    size = _size()
    if size:  # without it (no /proc) the size of this process is not known, and the time limit must do
        most = size + world.limits.memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _size() -> int:
    """Return the size of this process's memory in bytes; 0 where it cannot be known."""
    try:
        pages = int(Path("/proc/self/statm").read_bytes().split()[0])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGESIZE")
