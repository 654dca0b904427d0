"""`oxigraph serve`: the program of the package `oxigraph`, with its store in a folder."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from servers.running import AbsentError, Process, Running, answers, free_port

NAME = "Oxigraph"


def program() -> Path:
    """Return the path of the program, beside this Python or on the path."""
    found = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if found is None:
        raise AbsentError("no program oxigraph: pip install -r .ci/servers.txt")
    return Path(found)


def start(folder: Path, *options: str) -> Running:
    """Start a server on the store in `folder`; `options` are those of `oxigraph serve`."""
    oxigraph, port = program(), free_port()
    process = Process(
        [oxigraph, "serve", "--location", folder / "store", "--bind", f"127.0.0.1:{port}", *options], folder
    )
    process.until(lambda: answers(f"http://127.0.0.1:{port}/query"), 20)
    return at(port, process)


def at(port: int, process: Process) -> Running:
    """Return the server that listens at this port."""
    said = subprocess.run([program(), "--version"], capture_output=True, text=True, check=True, timeout=20)
    url = f"http://127.0.0.1:{port}"
    return Running(
        NAME,
        said.stdout.split()[-1],
        url=url,
        query=f"{url}/query",
        update=f"{url}/update",
        graph_store=f"{url}/store",
        log=process.log,
        stop=process.stop,
    )
