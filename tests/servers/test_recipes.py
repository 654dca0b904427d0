"""The recipes of docs/stores.md for the servers that are here, run as they stand, save for ports and one folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from servers import direct, oxigraph_serve, virtuoso
from servers.conftest import Get
from servers.running import Process, Running, answers, forget, free_port
from servers.worlds import BUNDLED, ROOT, triples_of

PAGE = ROOT / "docs" / "stores.md"
SERVES = ("oxigraph serve", "virtuoso-t ")


def recipes() -> dict[str, list[str]]:
    """Return the lines of each block that is to be run, by its kind."""
    found = re.findall(r"^```(servers-\S+)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    kinds = [kind for kind, _ in found]
    assert len(kinds) == len(set(kinds))
    return {kind: text.splitlines() for kind, text in found}


@dataclass
class Reader:
    """Somebody who follows a recipe in a folder that has the last build, with ports that are free."""

    folder: Path
    changes: dict[str, str]

    def text(self, line: str) -> str:
        """Return a line of the recipe for this folder and these ports."""
        for shown, own in self.changes.items():
            line = line.replace(shown, own)
        return line

    def follow(self, line: str) -> None:
        """Run a command that ends."""
        done = subprocess.run(
            ["bash", "-c", self.text(line)],
            cwd=self.folder,
            env=self.environ(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"

    def environ(self) -> dict[str, str]:
        """Return an environment where `kg` is this checkout."""
        tools = self.folder / "tools"
        tools.mkdir(exist_ok=True)
        kg = tools / "kg"
        kg.write_text(
            f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m kg "$@"\n', encoding="utf-8"
        )
        kg.chmod(0o755)
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TRIALKG_")}
        return {**clean, "PATH": f"{tools}:{Path(sys.executable).parent}:{os.environ['PATH']}"}

    @contextmanager
    def serving(self, line: str, ready: Callable[[], bool]) -> Iterator[Process]:
        """Run a command that serves until it is stopped."""
        process = Process(["bash", "-c", f"exec {self.text(line)}"], self.folder, self.environ())
        try:
            process.until(ready, 60)
            yield process
        finally:
            process.stop()


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    (tmp_path / "output").mkdir()
    shutil.copy(BUNDLED, tmp_path / "output" / "trials.nq")
    yield Reader(tmp_path, {})
    forget(tmp_path)


def holds_the_build(running: Running) -> bool:
    expected = triples_of(BUNDLED.read_bytes())
    return {graph: direct.count(running, graph) for graph in expected} == {
        graph: len(triples) for graph, triples in expected.items()
    }


def test_every_block_to_be_run_is_run_here() -> None:
    assert set(recipes()) == {
        "servers-oxigraph",
        "servers-oxigraph-folder",
        "servers-virtuoso",
        "servers-virtuoso-bulk",
    }
    for kind, lines in recipes().items():
        serving = [line for line in lines if line.startswith(SERVES)]
        assert len(serving) == (kind != "servers-virtuoso-bulk")


@pytest.mark.parametrize("kind", ["servers-oxigraph", "servers-oxigraph-folder"])
def test_the_recipes_for_oxigraph_work(get: Get, reader: Reader, kind: str) -> None:
    get("oxigraph", empty=True)
    port = free_port()
    reader.changes["7878"] = str(port)
    lines = recipes()[kind]
    at = next(at for at, line in enumerate(lines) if line.startswith(SERVES))
    for line in lines[:at]:
        reader.follow(line)
    with reader.serving(lines[at], lambda: answers(f"http://127.0.0.1:{port}/query")) as process:
        for line in lines[at + 1 :]:
            reader.follow(line)
        assert holds_the_build(oxigraph_serve.at(port, process))


def test_the_recipes_for_virtuoso_work(get: Get, reader: Reader) -> None:
    get("virtuoso", empty=True)
    http, sql = free_port(), free_port()
    virtuoso.configure(reader.folder, http, sql)
    (reader.folder / "import").mkdir()
    reader.changes |= {"8890": str(http), "127.0.0.1:1111": f"127.0.0.1:{sql}"}
    reader.changes["/srv/import"] = str(reader.folder / "import")
    first, *rest = recipes()["servers-virtuoso"]
    with reader.serving(first, lambda: answers(f"http://127.0.0.1:{http}/sparql")) as process:
        running = virtuoso.at(http, sql, "dba", process)
        for line in rest:
            reader.follow(line)
        assert holds_the_build(running)
        for graph in triples_of(BUNDLED.read_bytes()):
            direct.drop(running, graph)
        for line in recipes()["servers-virtuoso-bulk"]:
            reader.follow(line)
        assert holds_the_build(running)
