"""A program that serves a store → a `Running` for the tests, which is stopped whatever happens to them."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx


class AbsentError(Exception):
    """A server cannot be started here; the text says what is missing and how to get it."""


def nothing() -> None:
    """Stop what needs no stopping."""


@dataclass(frozen=True)
class Running:
    """A store that answers on loopback.

    `url` is what a user would give to `kg load` and `kg query --on`; `query`, `update` and `graph_store` are
    the exact places, for checks that do not go through the code that is tested. `environ` has the credentials,
    `rows` the number of rows or triples after which the server cuts an answer, 0 when it does not. `sql` is
    the address of Virtuoso's other door.
    """

    name: str
    version: str
    url: str = ""
    query: str = ""
    update: str = ""
    graph_store: str = ""
    writable: bool = True
    rows: int = 0
    sql: str = ""
    environ: Mapping[str, str] = field(default_factory=dict)
    auth: httpx.Auth | None = None
    log: Path | None = None
    stop: Callable[[], None] = nothing

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Process:
    """A program in a process group of its own; all it prints goes to the file `log`."""

    def __init__(
        self, command: Sequence[str | Path], folder: Path, environ: Mapping[str, str] | None = None
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / "log.txt"
        with self.log.open("ab") as out:
            self._popen = subprocess.Popen(
                [str(part) for part in command],
                cwd=folder,
                env={**os.environ, **(environ or {})},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )

    def wait(self, seconds: float) -> None:
        """Wait for a program that ends by itself; AssertionError with its log when it fails."""
        try:
            code = self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.stop()
            raise AssertionError(f"still running after {seconds} s\n{self.said()}") from None
        assert code == 0, f"exit code {code}\n{self.said()}"

    def until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Return when `ready` says so; otherwise stop the program, and raise AssertionError with its log."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._popen.poll() is None:
            if ready():
                return
            time.sleep(0.05)
        code = self._popen.poll()
        self.stop()
        what = f"not ready after {seconds} s" if code is None else f"ended with exit code {code}"
        raise AssertionError(f"{what}\n{self.said()}")

    def said(self) -> str:
        """Return the end of what the program printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-4000:]

    def stop(self) -> None:
        """End the whole process group: asked first, killed after five seconds."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._popen.pid, sign)
            except ProcessLookupError:
                break
            try:
                self._popen.wait(5)
            except subprocess.TimeoutExpired:
                continue
        self._popen.wait()


# one for all: each new client would read the certificates of the system, which takes longer than most answers
WEB = httpx.Client(verify=False, trust_env=False, timeout=60)  # noqa: S501 - loopback only


def answers(url: str, seconds: float = 2) -> bool:
    """Whether a server at `url` answers a GET with any status below 500."""
    try:
        return WEB.get(url, timeout=seconds).status_code < 500
    except httpx.HTTPError:
        return False


def forget(folder: Path) -> None:
    """Remove what servers kept in a folder, but for their logs: a database takes 150 MB, and pytest keeps folders."""
    for file in folder.rglob("*"):
        if file.is_file() and file.suffix not in (".txt", ".log", ".ini"):
            file.unlink()


def _die_with_parent() -> None:
    """Ask Linux to kill this process when the tests are killed, so that no server outlives them."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
