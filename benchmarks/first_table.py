"""Measures the commands on the bundled table, and the writers beside rdflib and pyoxigraph on the same triples.

Commands are whole processes in a fresh folder; the median of the runs counts, after one warm-up. The writers
take turns in one process, and their triples are compared before their times are.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "kg" / "data" / "msc-trials-table2.csv"
COMMANDS = {
    "kg --help": ["--help"],
    "kg parse (92 rows, CSV)": ["parse", str(TABLE), "--format", "jsonl", "-q"],
    "kg build (everything)": ["build", "--out", "out", "-q"],
    "kg query trials-for-disease": [
        "query",
        "trials-for-disease",
        "--on",
        "out/trials.nq",
        "--format",
        "csv",
    ],
    "kg validate": ["validate", "out/trials.ttl"],
}


def main() -> None:
    """Run all measurements and print them as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--page", type=Path, help="a pasted page to parse as well")
    arguments = parser.parse_args()
    libraries = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "rdflib", "pyshacl"))
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{time.strftime('%Y-%m-%d')}, {machine}, {libraries}\n")
    commands = dict(COMMANDS)
    if arguments.page:
        page = str(arguments.page.resolve())
        commands["kg parse (pasted page, borders lost)"] = ["parse", page, "--format", "jsonl", "-q"]
        commands["kg build (pasted page, everything)"] = ["build", page, "--out", "page", "-q"]
    measure_commands(commands, arguments.runs)
    measure_writers(arguments.runs)


def measure_commands(commands: dict[str, list[str]], runs: int) -> None:
    """Print wall and processor seconds and peak memory of each command."""
    print("| command | wall s | processor s | peak MB |\n| --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        for name, arguments in commands.items():
            figures = [one_run(arguments, folder) for _ in range(runs + 1)][1:]
            wall, busy, peak = (statistics.median(column) for column in zip(*figures, strict=True))
            print(f"| `{name}` | {wall:.2f} | {busy:.2f} | {peak:.0f} |")
    print()


def one_run(arguments: list[str], folder: str) -> tuple[float, float, float]:
    """Return wall seconds, processor seconds and peak megabytes of one process."""
    start = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # no user compiles the program at every start
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", *arguments], cwd=folder, stdout=subprocess.DEVNULL, env=environment
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"kg {' '.join(arguments)} failed")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure_writers(runs: int) -> None:
    """Print the time of each writer for the triples of the bundled table, and its ratio to ours."""
    import pyoxigraph
    import rdflib

    from kg.build.sources import read_all
    from kg.graph.iris import Minter
    from kg.graph.stream import merged_blocks
    from kg.serialise.formats import FORMATS
    from kg.serialise.oxigraph_store import oxigraph_quads
    from kg.serialise.prefixes import prefixes_for
    from kg.serialise.rdflib_graph import to_rdflib
    from kg.vocabulary.load import bundled_lexicon

    lexicon = bundled_lexicon()
    blocks = list(merged_blocks(read_all((), lexicon, lambda _: None), lexicon, Minter()))
    prefixes = prefixes_for(lexicon=lexicon)

    def ours(form: str) -> bytes:
        return "".join(FORMATS[form].write(blocks, prefixes)).encode()

    def by_rdflib(form: str) -> bytes:
        return to_rdflib(blocks).serialize(
            format={"turtle": "turtle", "ntriples": "nt"}[form], encoding="utf-8"
        )

    def by_oxigraph(form: str) -> bytes:
        rdf = {"turtle": pyoxigraph.RdfFormat.TURTLE, "ntriples": pyoxigraph.RdfFormat.N_TRIPLES}[form]
        return pyoxigraph.serialize((quad.triple for quad in oxigraph_quads(blocks)), format=rdf)

    writers: dict[str, Callable[[str], bytes]] = {
        "trialkg": ours,
        "pyoxigraph, streamed": by_oxigraph,
        "rdflib": by_rdflib,
    }
    print(
        f"| {sum(len(b.statements) for b in blocks)} triples from blocks in memory | format | s | times ours |"
    )
    print("| --- | --- | ---: | ---: |")
    for form in ("turtle", "ntriples"):
        times: dict[str, list[float]] = {name: [] for name in writers}
        texts = {name: write(form) for name, write in writers.items()}
        graphs = [
            set(rdflib.Graph().parse(data=text, format={"turtle": "turtle", "ntriples": "nt"}[form]))
            for text in texts.values()
        ]
        if any(graph != graphs[0] for graph in graphs):
            raise SystemExit("the writers do not write the same triples")
        for _ in range(runs):
            for name, write in writers.items():
                start = time.perf_counter()
                write(form)
                times[name].append(time.perf_counter() - start)
        base = statistics.median(times["trialkg"])
        for name, figures in times.items():
            print(
                f"| {name} | {form} | {statistics.median(figures):.3f} | {statistics.median(figures) / base:.1f} |"
            )


if __name__ == "__main__":
    main()
