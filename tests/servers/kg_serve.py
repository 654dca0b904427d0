"""`kg serve`: our own endpoint, which reads graph files and cannot be written to."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from kg.version import __version__
from servers.running import Process, Running

NAME = "kg serve"
_ROOT = Path(__file__).resolve().parents[2]


def start(folder: Path, served: Path, *options: str, token: str = "") -> Running:
    """Serve the graph file `served` on a free port; `options` are those of the command.

    With `token` every request must show it.
    """
    environ = {"TRIALKG_TOKEN": token} if token else {}
    command = [sys.executable, "-m", "kg", "serve", "--port", "0", *options, served.resolve()]
    process = Process(command, folder, {"PYTHONPATH": str(_ROOT), **environ})
    process.until(lambda: "serving " in process.said(), 60)
    (url,) = re.findall(r"^serving \d+ statements at (http://\S+)/$", process.said(), re.MULTILINE)
    return Running(
        NAME,
        __version__,
        url=url,
        query=f"{url}/sparql",
        graph_store=f"{url}/store",
        writable=False,
        environ=environ,
        log=process.log,
        stop=process.stop,
    )
