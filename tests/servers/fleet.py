"""Names of servers → the servers, each started when it is first asked for, and all stopped at the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from servers import comunica, jena_rig, kg_serve, oxigraph_serve, virtuoso
from servers.running import AbsentError, Running, forget
from servers.worlds import BUNDLED, fill, world

START: dict[str, Callable[[Path], Running]] = {
    "oxigraph": oxigraph_serve.start,
    "virtuoso": virtuoso.start,
    "jena": jena_rig.start,
    "comunica": lambda folder: comunica.start(folder, world_file(folder)),
    "kg-serve": lambda folder: kg_serve.start(folder, BUNDLED),
}
IMPATIENT: dict[str, Callable[[Path], Running]] = {
    "oxigraph-impatient": lambda folder: oxigraph_serve.start(folder, "--timeout-s", "1"),
    "virtuoso-impatient": lambda folder: virtuoso.start(folder, seconds=1),
    "jena-impatient": lambda folder: jena_rig.start(folder, RIG_SECONDS="1"),
    "kg-serve-impatient": lambda folder: kg_serve.start(folder, world_file(folder), "--timeout", "2"),
}
"""The same with a second or two for a query."""

GUARDED: dict[str, Callable[[Path], Running]] = {
    "kg-serve-token": lambda folder: kg_serve.start(folder, BUNDLED, token="open-sesame"),  # noqa: S106
}
"""One that answers nobody without a token."""

SERVERS = tuple(START)
HOLDING = tuple("kg-serve-impatient" if name == "kg-serve" else name for name in START)
"""Those that hold the whole world; kg serve is quicker with nothing but the bundled table."""

WRITABLE = ("oxigraph", "virtuoso", "jena")


def world_file(folder: Path) -> Path:
    """Return a file with the world of the tests, for a server that reads one."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "world.nq"
    file.write_bytes(world())
    return file


class Fleet:
    """The servers of one run. What cannot be started is tried once, and remembered.

    Each holds the world; those that can be written to also come empty, so that there is room to load into.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, Running] = {}
        self._failed: dict[str, Exception] = {}

    def get(self, name: str, *, empty: bool = False) -> Running:
        """Return a running server; AbsentError when a part of it is missing, AssertionError when it does not start."""
        key = f"{name}-empty" if empty else name
        if key in self._failed:
            raise self._failed[key]
        if key not in self._running:
            try:
                self._running[key] = (START | IMPATIENT | GUARDED)[name](self._folder / key)
                if not empty:
                    fill(self._running[key])
            except (AbsentError, AssertionError) as error:
                self._failed[key] = error
                raise
        return self._running[key]

    def close(self) -> None:
        """Stop all that were started; their logs stay."""
        while self._running:
            self._running.popitem()[1].stop()
        forget(self._folder)
