"""Names of servers → the servers, each started when it is first asked for, and all stopped at the end."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from servers import comunica, jena_rig, oxigraph_serve, virtuoso
from servers.running import AbsentError, Running

ROOT = Path(__file__).resolve().parents[2]
BUNDLED = ROOT / "output" / "trials.nq"
"""The graph of the bundled table: what every server holds in the end, loaded or served."""

START: dict[str, Callable[[Path], Running]] = {
    "oxigraph": oxigraph_serve.start,
    "virtuoso": virtuoso.start,
    "jena": jena_rig.start,
    "comunica": lambda folder: comunica.start(folder, served_file(folder)),
    "embedded": lambda _: Running("embedded Oxigraph", ox.__version__, writable=False),
}
WRITABLE = ("oxigraph", "virtuoso", "jena")
SERVERS = tuple(name for name in START if name != "embedded")


def served_file(folder: Path) -> Path:
    """Return a copy of the bundled graph, for a server that reads a file."""
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(BUNDLED, folder / "trials.nq"))


class Fleet:
    """The servers of one run. What cannot be started is tried once, and remembered."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, Running] = {}
        self._failed: dict[str, Exception] = {}

    def get(self, name: str) -> Running:
        """Return a running server; AbsentError when a part of it is missing, AssertionError when it does not start."""
        if name in self._failed:
            raise self._failed[name]
        if name not in self._running:
            try:
                self._running[name] = START[name](self._folder / name)
            except (AbsentError, AssertionError) as error:
                self._failed[name] = error
                raise
        return self._running[name]

    def close(self) -> None:
        """Stop all that were started."""
        while self._running:
            self._running.popitem()[1].stop()
