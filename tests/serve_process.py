"""`kg serve` as a process of its own, with its address, its messages and what it leaves behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60


class Server:
    """A running `kg serve`; `url` has a slash at its end."""

    def __init__(self, folder: Path, *arguments: str | Path, port: int = 0) -> None:
        self.mark = f"served-by-test-{uuid.uuid4().hex}"
        self._log = folder / f"{self.mark}.log"
        with self._log.open("wb") as log:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "kg", "serve", "--port", str(port), *map(str, arguments)],
                cwd=folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), "MARK": self.mark},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.popen.stdout is not None
        self.line = self.popen.stdout.readline()
        found = re.search(r"(http://\S+?:(\d+))/\n", self.line)
        if found is None:
            self.popen.kill()
            self.popen.wait()
            raise AssertionError(f"it does not say where it is: {self.line!r}\n{self.said()}")
        self.url, self.port = f"{found[1]}/", int(found[2])

    def said(self) -> str:
        """Return what it printed on stderr."""
        return self._log.read_text(encoding="utf-8")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return the exit code; AssertionError when it takes longer than it may."""
        self.popen.send_signal(number)
        try:
            return self.popen.wait(10)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
            raise AssertionError(f"does not stop\n{self.said()}") from None
        finally:
            assert self.popen.stdout is not None
            self.popen.stdout.close()

    def left(self) -> list[int]:
        """Return the processes that descend from it and still run, by the word in their environment."""
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            try:
                if self.mark.encode() in (place / "environ").read_bytes():
                    found.append(int(place.name))
            except OSError:
                continue  # it has ended, or is another user's
        return found

    def send(self, data: bytes, seconds: float = 10) -> bytes:
        """Send bytes to the port, and return what comes back until the server closes or is silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            connection.sendall(data)
            parts = []
            try:
                while part := connection.recv(65536):
                    parts.append(part)
            except (TimeoutError, ConnectionResetError):
                pass
            return b"".join(parts)


@contextmanager
def running(folder: Path, *arguments: str | Path) -> Iterator[Server]:
    """Give a running server, and stop it at the end."""
    server = Server(folder, *arguments)
    try:
        yield server
    finally:
        if server.popen.poll() is None:
            server.stop()
