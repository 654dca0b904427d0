"""Virtuoso (`virtuoso-t`), with a configuration, a database and a password of its own."""

from __future__ import annotations

import re
import secrets
import shutil
import subprocess
from pathlib import Path

import httpx

from servers.running import AbsentError, Process, Running, answers, free_port

NAME = "Virtuoso"
ROWS = 10_000
"""Rows after which an answer is cut: the figure in the configuration that Virtuoso is shipped with."""

_CONFIGURATION = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{port}
DirsAllowed = {folder}
NumberOfBuffers = 20000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
[SPARQL]
ResultSetMaxRows = {rows}
MaxQueryCostEstimationTime = 400
MaxQueryExecutionTime = {seconds}
"""


def program() -> str:
    """Return the path of the program."""
    found = shutil.which("virtuoso-t")
    if found is None:
        raise AbsentError("no program virtuoso-t: apt-get install virtuoso-opensource-7-bin")
    return found


def version() -> str:
    """Return the version of the program, which it tells among its options."""
    said = subprocess.run([program(), "-?"], capture_output=True, text=True, check=False, timeout=20)
    found = re.search(r"Version ([\d.]+)", said.stdout + said.stderr)
    return found[1] if found else "of an unknown version"


def configure(folder: Path, http: int, sql: int, seconds: int = 60) -> Path:
    """Write the file that tells a server its folder and its two ports; a query may take so many seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "virtuoso.ini"
    text = _CONFIGURATION.format(folder=folder, http=http, port=sql, rows=ROWS, seconds=seconds)
    file.write_text(text, encoding="utf-8")
    return file


def start(folder: Path, seconds: int = 60) -> Running:
    """Make a database whose user dba has a password nobody else knows, and serve it."""
    virtuoso, http, sql, password = program(), free_port(), free_port(), secrets.token_hex(8)
    command = [virtuoso, "+foreground", "+configfile", configure(folder, http, sql, seconds), "+wait"]
    Process([*command, "+pwdold", "dba", "+pwddba", password], folder).wait(60)
    process = Process(command, folder)
    process.until(lambda: answers(f"http://127.0.0.1:{http}/sparql"), 30)
    return at(http, sql, password, process)


def at(http: int, sql: int, password: str, process: Process) -> Running:
    """Return the server that listens at these ports."""
    url = f"http://127.0.0.1:{http}"
    return Running(
        NAME,
        version(),
        url=url,
        query=f"{url}/sparql",
        update=f"{url}/sparql-auth",
        graph_store=f"{url}/sparql-graph-crud-auth",
        rows=ROWS,
        sql=f"127.0.0.1:{sql}",
        environ={"TRIALKG_USER": "dba", "TRIALKG_PASSWORD": password},
        auth=httpx.DigestAuth("dba", password),
        log=process.log,
        stop=process.stop,
    )
