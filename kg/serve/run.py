"""Graph files and an address → a server that answers until it is told to stop, and leaves nothing running.

The port is taken first, so that a port in use is told at once; then the data is loaded; then the address is
announced. SIGTERM ends with exit code 0, SIGINT (Ctrl-C) with 130.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import signal
import socket
from collections.abc import Callable, Coroutine, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import uvicorn

from kg.errors import KgError
from kg.serve.http.app import Doors, assemble
from kg.serve.http.bases import find_bases, find_title
from kg.serve.http.connection import Connection
from kg.serve.http.paths import routes
from kg.serve.limits import Limits
from kg.serve.site import TITLE, Site
from kg.serve.workers.pool import Pool

Announce = Callable[[Site, int], None]
Stopped = asyncio.Future[int]
Done = TypeVar("Done")

log = logging.getLogger("kg.serve")

_LINGER = 1  # seconds that answers under way have when the server is told to stop
_CONNECTIONS = 512  # beyond those that wait for a worker
_IDLE = 15  # seconds that a connection is kept for the next request


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user wants served, where, to whom and within which limits."""

    files: tuple[Path, ...]
    port: int
    doors: Doors
    cors: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)


def serve(wish: Wish, announce: Announce) -> int:
    """Serve until a signal comes, and return the exit code; `announce` is told the site and its statements.

    Raises KgError when the address is not to be had or a file cannot be loaded.
    """
    if not hasattr(signal, "SIGHUP"):
        raise KgError(
            "this system cannot serve: it is not Linux or macOS", hint="kg load puts the graph into a store"
        )
    with bind(wish.doors.host, wish.port) as listening:
        return asyncio.run(_until_stopped(wish, listening, announce))


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens at the address; raises KgError when it is in use or not ours."""
    where = f"{host}:{port}"
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = found[0]
        return socket.create_server(address[:2], family=family, backlog=1024)
    except OSError as error:
        hint = (
            "--port 0 takes any free port"
            if not isinstance(error, socket.gaierror)
            else "--host is an address"
        )
        raise KgError(f"cannot listen there: {error.strerror}", where=where, hint=hint) from error


def reaches_beyond(host: str) -> bool:
    """Whether a server at this host name or address can be reached from other computers; KgError for an unknown one."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise KgError(
            "no address has this name", where="--host", raw=host, allowed="127.0.0.1, ::1, 0.0.0.0"
        ) from error
    return not all(ipaddress.ip_address(str(address[0]).split("%")[0]).is_loopback for *_, address in found)


async def _until_stopped(wish: Wish, listening: socket.socket, announce: Announce) -> int:
    pool = Pool(wish.files, wish.limits, say=log.warning)
    with _signals() as stopped:
        try:
            opened = await _unless(stopped, _open(pool, wish, listening))
            if opened is not None:
                server = _server(pool, opened[0], wish, lambda: announce(*opened))
                await _answer(server, pool, listening, stopped)
        finally:
            await pool.close()
        return 130 if stopped.done() and stopped.result() == signal.SIGINT else 0


async def _open(pool: Pool, wish: Wish, listening: socket.socket) -> tuple[Site, int]:
    """Load the data; return what the endpoint knows of itself, and the number of statements."""
    loaded = await pool.start()
    host = f"[{wish.doors.host}]" if ":" in wish.doors.host else wish.doors.host
    origin = f"http://{host}:{listening.getsockname()[1]}"
    title = await find_title(pool) or TITLE
    site = Site(origin, await find_bases(pool), loaded.digest, title, wish.cors)
    return site, loaded.statements


def _server(pool: Pool, site: Site, wish: Wish, ready: Callable[[], None]) -> _Server:
    app = assemble(pool, site, wish.limits, wish.doors, routes(pool, site))
    config = uvicorn.Config(
        app,
        loop="asyncio",
        http=Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=wish.limits.waiting + _CONNECTIONS,
        timeout_keep_alive=_IDLE,
        timeout_graceful_shutdown=_LINGER,
    )
    return _Server(config, ready)


async def _answer(server: _Server, pool: Pool, listening: socket.socket, stopped: Stopped) -> None:
    """Answer requests until a signal comes; then end what is running, so that nobody waits for it."""
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    await _either(serving, stopped)
    server.should_exit = True
    await pool.close()
    await serving


class _Server(uvicorn.Server):
    """A server that tells when it is ready, and leaves signals to those who started it."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@contextlib.contextmanager
def _signals() -> Iterator[Stopped]:
    """Give a future that holds the first signal which asks this process to end."""
    loop = asyncio.get_running_loop()
    stopped: Stopped = loop.create_future()

    def stop(number: int) -> None:
        if not stopped.done():
            stopped.set_result(number)

    # a server that was started with nohup goes on without its terminal
    quiet = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    numbers = (signal.SIGINT, signal.SIGTERM, *(() if quiet else (signal.SIGHUP,)))
    for number in numbers:
        loop.add_signal_handler(number, stop, number)
    try:
        yield stopped
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


async def _unless(stopped: Stopped, work: Coroutine[Any, Any, Done]) -> Done | None:
    """Return what `work` gives; None when a signal comes first, and then it is cancelled."""
    working = asyncio.create_task(work)
    await _either(working, stopped)
    if working.done():
        return working.result()
    working.cancel()
    await asyncio.wait({working})
    return None


async def _either(*futures: asyncio.Future[Any]) -> None:
    await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)
