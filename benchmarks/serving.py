"""Measures `kg serve` under wrk: cheap queries beside `oxigraph serve`, then with runaways among them and workers killed.

Both servers hold the same build. Every body is checked for its length and its end; the memory is that of all
processes of a server together. Needs the programs `wrk` and `oxigraph`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = Path(__file__).with_suffix(".lua")
TKG = "https://w3id.org/trialkg/ontology#"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?i) }"
HEAD = "| server | load | answers a second | p50 ms | p99 ms | p99 / p50 | 200 | 503 | cut | else | peak MB |"


@dataclass(frozen=True)
class Server:
    """A running server: what it is called, where queries go, its first process."""

    name: str
    query: str
    process: subprocess.Popen[str]


def main() -> None:
    """Run all loads and print them as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--connections", type=int, default=64)
    arguments = parser.parse_args()
    names = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "starlette", "uvicorn"))
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{time.strftime('%Y-%m-%d')}, {machine}, {names}\n\n{HEAD}\n| --- | --- {'| ---: ' * 9}|")
    with tempfile.TemporaryDirectory() as folder:
        run([sys.executable, "-m", "kg", "build", "-q", "--out", folder])
        with oxigraph(Path(folder)) as server:
            load(server, "cheap", 0, arguments, Path(folder))
        with ours(Path(folder)) as server:
            load(server, "cheap", 0, arguments, Path(folder))
            load(server, "1 of 100 a runaway", 100, arguments, Path(folder))
            load(server, "1 of 10 a runaway", 10, arguments, Path(folder))
            beside(server, arguments, Path(folder))


def beside(server: Server, arguments: argparse.Namespace, folder: Path) -> None:
    """Ask cheap queries on most connections while others ask runaways only and a worker is killed every second."""
    few = arguments.connections // 4
    others = argparse.Namespace(seconds=arguments.seconds, connections=few)
    runaways = threading.Thread(
        target=load, args=(server, f"runaways on {few} connections", 1, others, folder)
    )
    killing = threading.Event()
    killer = threading.Thread(target=kill_workers, args=(server, killing))
    runaways.start()
    killer.start()
    most = argparse.Namespace(seconds=arguments.seconds, connections=arguments.connections - few)
    load(server, f"cheap on {most.connections} beside them, a worker killed every second", 0, most, folder)
    killing.set()
    runaways.join()
    killer.join()


def load(server: Server, what: str, every: int, arguments: argparse.Namespace, folder: Path) -> None:
    """Run wrk once against `server` and print a line of the table."""
    paths = folder / f"{threading.get_ident()}.paths"
    paths.write_text(
        "\n".join([*cheap(server.query), path_of(server.query, RUNAWAY)]) + "\n", encoding="utf-8"
    )
    stop, peak = threading.Event(), [0.0]
    watcher = threading.Thread(target=watch, args=(server.process.pid, stop, peak))
    watcher.start()
    command = ["wrk", "-t1", f"-c{arguments.connections}", f"-d{arguments.seconds}s", "--timeout", "60s"]
    out = run([*command, "-s", str(SCRIPT), server.query, "--", str(paths), str(every)])
    stop.set()
    watcher.join()
    found = json.loads(
        next(line for line in out.splitlines() if line.startswith("RESULT ")).removeprefix("RESULT ")
    )
    rate = found["answered"] / found["seconds"]
    ratio = found["p99"] / max(found["p50"], 1e-9)
    times = f"{rate:,.0f} | {found['p50']:.1f} | {found['p99']:.1f} | {ratio:.1f}"
    counts = (
        f"{found['answered']:,} | {found['refused']:,} | {found['cut']} | {found['wrong'] + found['socket']}"
    )
    print(f"| {server.name} | {what} | {times} | {counts} | {peak[0]:.0f} |", flush=True)


def cheap(endpoint: str) -> Iterator[str]:
    """Yield the paths of small questions, a few hundred different ones."""
    for number in range(1, 93):
        yield path_of(
            endpoint,
            f"SELECT ?r ?p {{ ?r a <{TKG}TrialReport> ; <{TKG}participants> ?p FILTER(?p > {number}) }} LIMIT 5",
        )
        yield path_of(endpoint, f"ASK {{ ?d a <{TKG}Dose> ; <{TKG}low> {number} }}")
        yield path_of(
            endpoint,
            f"SELECT ?c (COUNT(?r) AS ?n) {{ ?r <{TKG}condition> ?c }} GROUP BY ?c ORDER BY ?c OFFSET {number}",
        )


def path_of(endpoint: str, query: str) -> str:
    """Return the path of a GET of `query`."""
    return f"/{endpoint.split('/', 3)[3]}?query={quote(query, safe='')}"


@contextmanager
def ours(folder: Path) -> Iterator[Server]:
    """Serve the build with `kg serve`, two seconds a query."""
    command = [
        sys.executable,
        "-m",
        "kg",
        "serve",
        str(folder / "trials.nq"),
        "--port",
        "0",
        "--timeout",
        "2",
        "-q",
    ]
    with started(command) as process:
        line = process.stdout.readline() if process.stdout else ""
        base = next(word for word in line.split() if word.startswith("http")).rstrip("/")
        yield Server("kg serve", f"{base}/sparql", process)


@contextmanager
def oxigraph(folder: Path) -> Iterator[Server]:
    """Serve the build with `oxigraph serve`."""
    store = folder / "oxigraph"
    run(["oxigraph", "load", "-l", str(store), "-f", str(folder / "trials.nq")])
    address = "127.0.0.1:17878"
    command = [
        "oxigraph",
        "serve",
        "-l",
        str(store),
        "-b",
        address,
        "--union-default-graph",
        "--timeout-s",
        "2",
    ]
    with started(command) as process:
        for _ in range(100):
            with suppress(OSError), urlopen(f"http://{address}/", timeout=1):
                break
            time.sleep(0.1)
        yield Server("oxigraph serve", f"http://{address}/query", process)


@contextmanager
def started(command: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """Run a server as long as the block lasts."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def run(command: Sequence[str]) -> str:
    """Run a command to its end and return what it prints."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} failed: {done.stderr}")
    return done.stdout


def kill_workers(server: Server, stop: threading.Event) -> None:
    """Kill one worker a second; workers are the processes that have no children, two levels down."""
    while not stop.wait(1):
        leaves = [pid for child in children(server.process.pid) for pid in children(child)]
        if leaves:
            with suppress(ProcessLookupError):
                os.kill(leaves[int(time.time()) % len(leaves)], signal.SIGKILL)


def watch(pid: int, stop: threading.Event, peak: list[float]) -> None:
    """Keep the largest sum of proportional memory, in megabytes, of a process and all below it."""
    while not stop.wait(0.5):
        peak[0] = max(peak[0], sum(map(memory, family(pid))) / 1024)


def family(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    return [pid, *(below for child in children(pid) for below in family(child))]


def children(pid: int) -> list[int]:
    """Return the children of a process."""
    with suppress(OSError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def memory(pid: int) -> int:
    """Return the kilobytes of a process, what it shares with others counted in parts."""
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("Pss:")).split()[1])
    return 0


if __name__ == "__main__":
    main()
