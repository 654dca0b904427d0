"""Measures `kg similar` on made trials: an index, its file, one query, the nearest of all, beside two peers.

    python -m benchmarks.similarity --trials 10000 100000 1000000 [--seed 1]

The trials are made of what those of a graph state (--graph, by default the build of the bundled table): each facet for
itself, of a trial drawn at random, and the outcome measures as a random set of as many as some trial has, so that most
sets are distinct. All pairs are compared up to 100,000 trials. The peers find the ten nearest by the cosine of the closed
concepts too, weighted by their inverse document frequency, with amounts in half decades: sparse_dot_topn, where it is
installed, and products of scipy's sparse matrices in blocks, up to 10,000 trials. Each figure comes from a process of its
own, with its own peak of memory.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MOST_PAIRS, MOST_BLOCKS = 100_000, 10_000
NEAREST = 10
QUERIES = 200
PEERS = {"sparse_dot_topn": MOST_PAIRS, "scipy": MOST_BLOCKS}
Figures = Mapping[str, float]


def main() -> None:
    """Run every step for every number of trials, or one step when this is the process of one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, nargs="+", default=[10_000, MOST_PAIRS])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--graph", type=Path, default=ROOT / "output" / "trials.nq")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        figures = STEPS[arguments.step](arguments)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({**figures, "peak": peak}))
        return
    print(_machine(), "\n")
    print(*_index_table(arguments), "", sep="\n", flush=True)
    print(*_pairs_table(arguments), sep="\n", flush=True)


def run(step: str, trials: int, arguments: argparse.Namespace) -> Figures:
    """Run one step in a process of its own and return its figures."""
    command = [sys.executable, "-m", "benchmarks.similarity", "--step", step, "--trials", str(trials)]
    command += ["--seed", str(arguments.seed), "--graph", str(arguments.graph), "--file", str(_file(trials))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{step} of {trials}: {done.stderr}")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


# ---- what is printed


def _index_table(arguments: argparse.Namespace) -> Iterator[str]:
    yield (
        "| trials | index s | peak MB | save s | file MB | open s | peak MB | find ms | query ms, median | p99 | peak MB |"
    )
    yield f"|{' ---: |' * 11}"
    for trials in arguments.trials:
        made, opened, asked = (run(step, trials, arguments) for step in ("build", "open", "query"))
        cells = f"| {trials:,} | {made['index']:.2f} | {made['peak']:,.0f} | {made['save']:.2f} | {made['size']:.1f} "
        cells += f"| {opened['open']:.2f} | {opened['peak']:.0f} "
        yield (
            f"{cells}| {asked['find']:.1f} | {asked['median']:.1f} | {asked['p99']:.1f} | {asked['peak']:.0f} |"
        )


def _pairs_table(arguments: argparse.Namespace) -> Iterator[str]:
    yield "| trials | all pairs, ten nearest | wall s | processor s | peak MB |"
    yield "| ---: | --- | ---: | ---: | ---: |"
    for trials in sorted(size for size in arguments.trials if size <= MOST_PAIRS):
        yield _pairs_line(trials, "trialkg", run("pairs", trials, arguments))
        for peer, most in PEERS.items():
            if importlib.util.find_spec(peer) is None:
                yield f"| {trials:,} | {peer}: not installed | | | |"
            elif trials <= most:
                yield _pairs_line(trials, f"{peer} {version(peer)}", run(peer, trials, arguments))


def _pairs_line(trials: int, who: str, figures: Figures) -> str:
    times = f"{figures['wall']:.2f} | {figures['processor']:.2f}"
    return f"| {trials:,} | {who} | {times} | {figures['peak']:.0f} |"


def _machine() -> str:
    names = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy"))
    load = f"load {os.getloadavg()[0]:.1f} at the start"
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return f"{time.strftime('%Y-%m-%d')}, {machine}, {names}, {load}."


def _file(trials: int) -> Path:
    return Path(FOLDER.name) / f"{trials}.index"


# ---- steps, each in a process of its own


def build(arguments: argparse.Namespace) -> Figures:
    """Make trials, put them into an index and save it."""
    from kg.similar.index import Index
    from kg.similar.storage.file import save

    made = made_trials(arguments.graph, arguments.trials[0], arguments.seed)
    index, seconds = _timed(lambda: Index.of(made))
    _, saving = _timed(lambda: save(index, arguments.file))
    return {"index": seconds, "save": saving, "size": arguments.file.stat().st_size / 1e6}


def open_file(arguments: argparse.Namespace) -> Figures:
    """Open an index, the import of what opens it included."""
    _, seconds = _timed(lambda: _opened(arguments.file))
    return {"open": seconds}


def query(arguments: argparse.Namespace) -> Figures:
    """Find trials by another spelling of their numbers, and rank the nearest of each."""
    from kg.similar.score import Scorer

    index = _opened(arguments.file)
    scorer, size = Scorer(index), len(index)
    places = [number * 7919 % size for number in range(QUERIES)]
    finding = [_timed(lambda at=at: index.find(index.names[at].lower()))[1] for at in places]
    asking = [_timed(lambda at=at: scorer.neighbours(index.profile(at), NEAREST))[1] * 1000 for at in places]
    return {
        "find": statistics.median(finding) * 1000,
        "median": statistics.median(asking),
        "p99": sorted(asking)[math.ceil(0.99 * len(asking)) - 1],
    }


def pairs(arguments: argparse.Namespace) -> Figures:
    """Find the nearest of all trials."""
    from kg.similar.pairs.nearest import nearest
    from kg.similar.score import Scorer

    scorer = Scorer(_opened(arguments.file))
    return _both_clocks(lambda: nearest(scorer, NEAREST))


def by_sparse_dot_topn(arguments: argparse.Namespace) -> Figures:
    """Multiply the features with their transpose and keep the best of each row."""
    from sparse_dot_topn import sp_matmul_topn

    rows = features(arguments.file)
    across = rows.T.tocsr()
    wanted = NEAREST + 1
    return _both_clocks(lambda: sp_matmul_topn(rows, across, wanted, sort=True, n_threads=os.cpu_count()))


def by_scipy(arguments: argparse.Namespace) -> Figures:
    """Multiply blocks of the features with their transpose and choose the best of each row."""
    import numpy as np

    rows = features(arguments.file)
    across = rows.T.tocsr()

    def blocks() -> None:
        for start in range(0, rows.shape[0], 256):
            scores = (rows[start : start + 256] @ across).toarray()
            np.argpartition(-scores, NEAREST, axis=1)[:, : NEAREST + 1]

    return _both_clocks(blocks)


STEPS: Mapping[str, Callable[[argparse.Namespace], Figures]] = {
    "build": build,
    "open": open_file,
    "query": query,
    "pairs": pairs,
    "sparse_dot_topn": by_sparse_dot_topn,
    "scipy": by_scipy,
}


def _opened(path: Path) -> Any:
    from kg.similar.storage.file import open_index

    return open_index(path)


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def _both_clocks(work: Callable[[], Any]) -> Figures:
    processor = time.process_time()
    _, wall = _timed(work)
    return {"wall": wall, "processor": time.process_time() - processor}


# ---- what is measured on


def made_trials(graph: Path, count: int, seed: int) -> Any:
    """Return `count` made trials."""
    import numpy as np

    from kg.similar.facets import FACETS
    from kg.similar.profile import Collection, Profile
    from kg.similar.read import read_trials
    from kg.similar.values import concepts_of, title
    from kg.stores.oxigraph import open_graph

    trials = read_trials(open_graph(graph))
    random = np.random.default_rng(seed)
    columns: dict[str, list[Any]] = {}
    for facet in (one.name for one in FACETS):
        stated = [profile.values.get(facet) for profile in trials.profiles]
        drawn = [stated[at] for at in random.integers(0, len(stated), count).tolist()]
        if facet == "measures":
            each = [member for value in stated for member, _ in value or ()]
            sets = (random.integers(0, len(each), len(value or ())).tolist() for value in drawn)
            drawn = [concepts_of(each[at] for at in chosen) or None for chosen in sets]
        columns[facet] = drawn

    def profile(at: int) -> Profile:
        name = f"NCT{at:08}"
        values = {facet: column[at] for facet, column in columns.items() if column[at]}
        return Profile(f"https://w3id.org/trialkg/trial/{name}", name, title(values, trials.terms), values)

    return Collection(tuple(map(profile, range(count))), trials.terms)


def features(path: Path) -> Any:
    """Return the features of all trials of an index as rows of length 1 of a sparse matrix."""
    import numpy as np
    from scipy.sparse import csr_matrix, diags, hstack

    index = _opened(path)
    blocks = []
    for facet, column in index.columns.items():
        values = [list(_features_of(column.value(code), index.terms)) for code in range(column.size)]
        known = {name: at for at, name in enumerate(sorted({name for value in values for name in value}))}
        starts = np.cumsum([0, *map(len, values), 0])
        places = [known[name] for value in values for name in value]
        table = csr_matrix((np.ones(len(places)), places, starts), (column.size + 1, len(known)))
        blocks.append(table[index.codes[facet]])
    flags = hstack(blocks).tocsr()
    rarity = np.log((1 + flags.shape[0]) / (1 + np.asarray(flags.sum(axis=0)).ravel()))
    weighted = flags @ diags(rarity)
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return (diags(1 / np.maximum(lengths, 1e-12)) @ weighted).tocsr()


def _features_of(value: Any, terms: Any) -> Iterator[str]:
    from kg.similar.columns.concepts import closure

    if len(value[0]) == 2:
        yield from closure(value, terms)
    else:
        yield from (f"{what} {round(low + high)}" for what, low, high in value)


if __name__ == "__main__":
    FOLDER = tempfile.TemporaryDirectory()
    main()
