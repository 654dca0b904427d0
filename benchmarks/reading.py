"""Measures reading: time and peak memory of `kg parse` at growing sizes of each layout, beside Python's csv module.

Every row is one process that parses a made-up table and throws its records away. Time should grow with the input, and the
memory for separated values should not. The peer reads the same CSV with the standard library and understands nothing.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEADER = (
    "Disease",
    "Cell source",
    "Route",
    "Dose",
    "Frequency",
    "Patients",
    "NCT number",
    "Phase",
    "Outcome",
)
DISEASES = (
    "Crohn disease",
    "COVID-19",
    "Knee osteoarthritis",
    "Lupus nephritis",
    "Stroke",
    "Liver cirrhosis",
)
SOURCES = ("Bone marrow", "Umbilical cord", "Adipose tissue", "hUC-MSC", "Allogeneic placenta")
ROUTES = ("Intravenous", "Intrathecal", "i.v.", "Intra-articular")
DOSES = ("1 × 106 cells/kg", "2–5 × 107 cells", "3 × 107 cells", "0.5, 1 or 2 × 106 cells/kg")
TIMES = ("Once", "Twice", "3 times", "Once a week for 4 weeks")
PHASES = ("I", "II", "I/II", "IIa")
OUTCOMES = (
    "Safe and well tolerated",
    "Pain fell by half at 12 months",
    "No change of the score",
    "Walking distance up",
)
PEER = "import csv, sys\nprint(sum(len(row) for row in csv.reader(open(sys.argv[1], encoding='utf-8', newline=''))))"


def row(number: int) -> tuple[str, ...]:
    """Return the cells of a made-up trial."""
    pools = (DISEASES, SOURCES, ROUTES, DOSES, TIMES)
    cells = [pool[number * (at + 3) % len(pool)] for at, pool in enumerate(pools)]
    return (*cells, str(5 + number % 90), f"NCT{number % 10**8:08}", PHASES[number % 4], OUTCOMES[number % 4])


def write_csv(path: Path, rows: int) -> None:
    """Write a CSV with quotes."""
    with path.open("w", encoding="utf-8") as file:
        for cells in chain([HEADER], map(row, range(rows))):
            file.write(",".join(f'"{cell}"' for cell in cells) + "\n")


def write_flat(path: Path, rows: int) -> None:
    """Write text that has lost its borders, a row a line."""
    lines = [" ".join(HEADER), *(" ".join(row(number)) for number in range(rows))]
    path.write_text("Table 1. Trials\n" + "\n".join(lines) + "\n", encoding="utf-8")


def write_cells(path: Path, rows: int) -> None:
    """Write one cell a line, a blank line between."""
    cells = [*HEADER, *(cell for number in range(rows) for cell in row(number))]
    path.write_text("Table 1. Trials\n\n" + "\n\n".join(cells) + "\n", encoding="utf-8")


def write_html(path: Path, rows: int) -> None:
    """Write a page with the table."""
    lines = [
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
        for cells in (HEADER, *map(row, range(rows)))
    ]
    path.write_text("<html><body><table>" + "\n".join(lines) + "</table></body></html>", encoding="utf-8")


LAYOUTS: dict[str, tuple[Callable[[Path, int], None], tuple[int, ...]]] = {
    "CSV": (write_csv, (1_000, 10_000, 100_000, 600_000)),
    "HTML": (write_html, (1_000, 10_000)),
    "one row a line, no borders": (write_flat, (500, 5_000)),
    "one cell a line": (write_cells, (60, 560)),
}


def measure(command: list[str]) -> tuple[float, float, float]:
    """Return wall seconds, processor seconds and peak megabytes of one process."""
    start = time.perf_counter()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**environment, "PYTHONPATH": str(ROOT)},
    )
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"{' '.join(command)} failed")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Print the figures as a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--most", type=int, default=10**9, help="leave out tables with more rows")
    most = parser.parse_args().most
    print(
        f"{time.strftime('%Y-%m-%d')}, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n"
    )
    print("| layout | rows | MB | wall s | processor s | rows a second | peak MB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        for layout, (write, sizes) in LAYOUTS.items():
            for rows in (size for size in sizes if size <= most):
                path = Path(folder) / "table"
                write(path, rows)
                kg = [sys.executable, "-m", "kg", "parse", str(path), "--format", "jsonl", "-q"]
                show(layout, rows, path, measure(kg))
                if layout == "CSV":
                    show(
                        "CSV, read by csv alone", rows, path, measure([sys.executable, "-c", PEER, str(path)])
                    )


def show(layout: str, rows: int, path: Path, figures: tuple[float, float, float]) -> None:
    """Print one line of the table."""
    wall, busy, peak = figures
    size = path.stat().st_size / 1e6
    print(
        f"| {layout} | {rows:,} | {size:.1f} | {wall:.2f} | {busy:.2f} | {rows / wall:,.0f} | {peak:.0f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
