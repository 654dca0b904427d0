"""A graph → Virtuoso's bulk loader, which reads it from a folder of the server; told so through isql.

Triples are loaded beside the graph, counted there, and moved onto it.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import StoreError
from kg.load.check import count
from kg.load.sparql import count_query, drop, move
from kg.load.spool import GraphFile
from kg.load.way import Asker, staging
from kg.stores.exchange import Credentials

_PROGRAMS = ("isql-vt", "isql")
_OPTIONS = ("ERRORS=STDOUT", "VERBOSE=OFF", "BANNER=OFF", "PROMPT=OFF", "ECHO=OFF", "BLOBS=ON")
_BEGIN = "trialkg begins"
_STATE = re.compile(r"^state (\d+)(.*)", re.MULTILINE | re.DOTALL)
# isql replaces what begins with $, and ends a statement at ; wherever it stands
_PLAIN = re.compile(r"[A-Za-z0-9._~:/?#@!&()*+,=%-]+")


@dataclass(frozen=True)
class Isql:
    """How to reach the server: its SQL port, who logs in, and the folder that both may read."""

    address: str
    folder: Path
    credentials: Credentials = field(repr=False)
    seconds: float = 600


class VirtuosoBulk:
    """Virtuoso's bulk loader. It implements `kg.load.way.Way`."""

    name = "bulk"

    def __init__(self, isql: Isql, asker: Asker) -> None:
        self._isql = isql
        self._asker = asker

    def load(self, graph: GraphFile) -> None:
        """Let the server read the file beside the graph, count it there, and move it onto the graph."""
        file = self._file(graph)
        self._no_others()
        shutil.copyfile(graph.path, file)
        try:
            file.chmod(0o644)
            self._read(graph, file)
            self._swap(graph)
        finally:
            with suppress(StoreError):
                self._run(f"{_exec(drop(graph))}\n{_forget(file)}")
            file.unlink()

    def plan(self, graph: GraphFile) -> Iterator[str]:
        """Yield the statements and the count between them."""
        file = self._file(graph)
        to = f"isql {self._isql.address}"
        yield f"copy to {file}\n  bytes: {graph.path.stat().st_size}"
        yield _indented(to, _loading(graph, file))
        yield self._asker.question(count_query(staging(graph.graph), graph.triples))
        yield _indented(to, _moving(graph))

    def _file(self, graph: GraphFile) -> Path:
        digest = hashlib.sha256(graph.graph.encode()).hexdigest()[:8]
        path = self._isql.folder.resolve() / f"trialkg-{digest}.nt"
        for text in (graph.graph, str(path)):
            if not _PLAIN.fullmatch(text):
                raise StoreError("isql cannot be given this name", raw=text, allowed=_PLAIN.pattern)
        return path

    def _no_others(self) -> None:
        """Raise StoreError when other files wait: the loader would read them too."""
        found = self._run(
            "select concat('state ', cast(count(*) as varchar)) from DB.DBA.load_list where ll_state <> 2;"
        )
        if not (state := _STATE.search(found)) or state[1] != "0":
            raise StoreError(
                "other files wait for Virtuoso's bulk loader, which would be loaded too",
                where=self._isql.address,
                raw=found,
                hint="see the table DB.DBA.load_list",
            )

    def _read(self, graph: GraphFile, file: Path) -> None:
        found = _STATE.search(self._run(_loading(graph, file)))
        if found is None or found[1] != "2" or found[2].strip() != "-":
            raise StoreError(
                "Virtuoso's bulk loader did not take the graph",
                where=graph.graph,
                raw=found[2].strip() if found else "",
                hint=f"the server must be allowed to read {file.parent}: DirsAllowed in its configuration",
            )

    def _swap(self, graph: GraphFile) -> None:
        found = count(self._asker, staging(graph.graph), graph.triples)
        if found != graph.triples:
            raise StoreError(f"{found:,} of {graph.triples:,} triples arrived", where=staging(graph.graph))
        self._run(_moving(graph))

    def _run(self, script: str) -> str:
        """Return what isql prints; the password goes through its input, so that no list of processes shows it."""
        own = self._isql
        # should the server take its default password, the first line is a statement, which fails unseen
        text = f"{own.credentials.password}\n;\nselect '{_BEGIN}';\n{script}\n"
        command = [_program(), own.address, own.credentials.user, *_OPTIONS]
        try:
            done = subprocess.run(  # noqa: S603 - the program is isql, its arguments are no shell's
                command, input=text.encode(), capture_output=True, timeout=own.seconds, check=False
            )
        except subprocess.TimeoutExpired:
            raise StoreError(f"isql did not end within {own.seconds:g} s", where=own.address) from None
        head, begun, printed = done.stdout.decode("utf-8", "replace").partition(_BEGIN)
        if not begun:
            raise StoreError(
                "isql could not log in",
                where=own.address,
                raw=head.strip()[-300:],
                hint="set TRIALKG_USER and TRIALKG_PASSWORD, and the address of the SQL port with --isql",
            )
        if "*** Error" in printed:
            raise StoreError("Virtuoso refused a statement", where=own.address, raw=printed.strip())
        return printed.strip()


def _program() -> str:
    for name in _PROGRAMS:
        if found := shutil.which(name):
            return found
    raise StoreError("isql, the program that talks to Virtuoso, is not there", allowed=" or ".join(_PROGRAMS))


def _loading(graph: GraphFile, file: Path) -> str:
    state = "concat('state ', cast(ll_state as varchar), ' ', coalesce(ll_error, '-'))"
    return "\n".join(
        [
            _exec(drop(graph)),
            _forget(file),
            f"ld_add('{file}', '{staging(graph.graph)}');",
            "rdf_loader_run();",
            f"select {state} from DB.DBA.load_list where ll_file = '{file}';",  # noqa: S608 - see _file
        ]
    )


def _moving(graph: GraphFile) -> str:
    return f"{_exec(move(graph))}\ncheckpoint;"


def _exec(update: str) -> str:
    return f"exec('sparql {update}');"


def _forget(file: Path) -> str:
    return f"delete from DB.DBA.load_list where ll_file = '{file}';"  # noqa: S608 - see _file


def _indented(head: str, lines: str) -> str:
    return "\n".join([head, *(f"  {line}" for line in lines.splitlines())])
