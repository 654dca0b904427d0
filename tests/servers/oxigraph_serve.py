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
    """Start a server on an empty store; `options` are those of `oxigraph serve`."""
    oxigraph, port = program(), free_port()
    said = subprocess.run([oxigraph, "--version"], capture_output=True, text=True, check=True, timeout=20)
    process = Process(
        [oxigraph, "serve", "--location", folder / "store", "--bind", f"127.0.0.1:{port}", *options], folder
    )
    url = f"http://127.0.0.1:{port}"
    process.until(lambda: answers(f"{url}/query"), 20)
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
