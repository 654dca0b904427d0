"""Graph files → how often the trials most like a trial share what was hidden of it, beside other ways to compare.

    python benchmarks/similarity_quality.py [FILE ...] [--sample N] [--across] [--facets]

Without FILE it measures output/trials.nq; each FILE is measured for itself. Of each trial one facet is hidden (disease,
cell source, phase, route), all others are ranked by what is left, and a trial is right when it shares a hidden value. A
trial with no right one among the others asks nothing; a trial of the same row is no candidate, as it says the same words.
Of scores that are equal every order counts. Peers whose package is not installed are left out with a word.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from benchmarks.similarity_measures import MEASURES, Flags, Floats, interval, measured  # noqa: E402
from benchmarks.similarity_peers import METHODS, Method, ours  # noqa: E402
from benchmarks.similarity_world import TARGETS, Target, World  # noqa: E402
from kg.similar.facets import FACETS  # noqa: E402

TABLES = (("MRR", "hits@10"), ("P@5", "AP"), ("nearest", "nDCG@10"))
Found = Mapping[
    str, Mapping[str, Floats]
]  # by method and target the measures of every trial, NaN where it does not ask


class Task:
    """One hidden facet: the queries that have a right answer, and what may answer each."""

    def __init__(self, world: World, facet: str, arguments: argparse.Namespace) -> None:
        self.world, self.facet, self.target = world, facet, Target(world, facet)
        self._apart = world.tables if arguments.across else world.rows
        self._holding = defaultdict(list)
        for at, things in enumerate(self._apart):
            for thing in sorted(things):
                self._holding[thing].append(at)
        order = np.random.default_rng(arguments.seed).permutation(len(world)).tolist()
        asking = (at for at in order if (self.target.right(at) & self.candidates(at)).any())
        self.asking = sorted(islice(asking, arguments.sample or None))

    def candidates(self, at: int) -> Flags:
        """Return which trials may answer: none of the same row, or of the same table."""
        allowed = np.ones(len(self.world), np.bool_)
        allowed[[at, *(other for thing in sorted(self._apart[at]) for other in self._holding[thing])]] = False
        return allowed

    def measure(self, method: Method, seed: int) -> Floats:
        """Return the measures for every trial, a line each; NaN for those that do not ask."""
        found = np.full((method.seeds, len(self.world), len(MEASURES)), np.nan)
        for run in range(method.seeds):
            rows = method.rows(self.world, self.facet, seed + run)
            for at in self.asking:
                found[run, at] = self._one(at, rows(at))
        return np.asarray(found.mean(axis=0))

    def _one(self, at: int, scores: Floats) -> tuple[float, ...]:
        kept = self.candidates(at)
        return measured(scores[kept], self.target.right(at)[kept], self.target.gains(at)[kept])


def main() -> None:
    """Print the tables of every file as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument(
        "--sample", type=int, default=0, metavar="N", help="ask so many trials only, drawn with the seed"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--across", action="store_true", help="no trial of the same table may answer")
    parser.add_argument("--facets", action="store_true", help="compare this project's facets, not its peers")
    arguments = parser.parse_args()
    print(f"{datetime.datetime.now(tz=datetime.UTC):%Y-%m-%d}, {machine()}\n")
    for path in arguments.files or [ROOT / "output" / "trials.nq"]:
        report(World(path), facets() if arguments.facets else METHODS, arguments)


def machine() -> str:
    """Return what machine and which packages these are."""
    names = [name for name in ("numpy", "networkx", "scipy", "scikit-learn", "gensim") if _there(name)]
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {packages}"


def _there(name: str) -> bool:
    return find_spec({"scikit-learn": "sklearn"}.get(name, name)) is not None


def facets() -> tuple[Method, ...]:
    """Return this project with all facets, and with each one left out."""
    return (METHODS[0], *(Method(f"without {one.title}", ours(one.name)) for one in FACETS), METHODS[-1])


def report(world: World, methods: Sequence[Method], arguments: argparse.Namespace) -> None:
    """Measure one graph and print its tables."""
    start = time.perf_counter()
    tasks = [task for facet in TARGETS if (task := Task(world, facet, arguments)).asking]
    usable, words = chosen(methods, len(world))
    found = {one.name: {task.facet: task.measure(one, arguments.seed) for task in tasks} for one in usable}
    asked = (
        ", ".join(f"{task.facet} {len(task.asking)}" for task in tasks)
        or "nothing, as nothing could be right"
    )
    print(f"{world.name}: {len(world)} trials; asked: {asked}; {time.perf_counter() - start:.0f} s\n")
    for line in (*words, *lines(found, arguments.seed), *differences(found, arguments.seed)) if tasks else ():
        print(line)


def chosen(methods: Sequence[Method], trials: int) -> tuple[list[Method], list[str]]:
    """Return the methods that can be run, and why the others are not."""
    usable, words = [], []
    for one in methods:
        if not _there(one.needs):
            words.append(f"Left out: {one.name}, which needs {one.needs}.\n")
        elif trials > one.most:
            words.append(f"Left out: {one.name}, which takes too long for more than {one.most:,} trials.\n")
        else:
            usable.append(one)
    return usable, words


def columns(found: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return for each target, and for all together, the measures: trials × questions × measures."""
    several = {target: values[:, None, :] for target, values in found.items()}
    return {**several, "all": np.concatenate(list(several.values()), axis=1)}


def lines(found: Found, seed: int) -> Iterator[str]:
    """Yield a table for each two measures, methods by targets; ↑ and ↓ when the MRR differs from the first method's."""
    first = columns(next(iter(found.values())))
    for pair in TABLES:
        yield from _head(" / ".join(pair), first)
        for name, by_target in found.items():
            cells = (
                " / ".join(_cell(values, first[target], measure, seed) for measure in pair)
                for target, values in columns(by_target).items()
            )
            yield f"| {name} | {' | '.join(cells)} |"
        yield ""


def _cell(values: Floats, first: Floats, measure: str, seed: int) -> str:
    at = MEASURES.index(measure)
    low, high = interval(values[..., at] - first[..., at], seed) if measure == "MRR" else (0.0, 0.0)
    return f"{np.nanmean(values[..., at]):.3f}{'↑' if low > 0 else '↓' if high < 0 else ''}"


def differences(found: Found, seed: int) -> Iterator[str]:
    """Yield the table of how far each method's MRR is from the first one's, with 95 % of the bootstrap's means."""
    first, *others = found
    yield from _head(f"MRR less that of {first}", columns(found[first]))
    for name in others:
        differing = {target: values - found[first][target] for target, values in found[name].items()}
        cells = (_difference(values[..., 0], seed) for values in columns(differing).values())
        yield f"| {name} | {' | '.join(cells)} |"
    yield ""


def _head(what: str, targets: Iterable[str]) -> Iterator[str]:
    names = [name.replace("_", " ") for name in targets]
    yield f"| {what} | {' | '.join(names)} |"
    yield f"| --- |{' ---: |' * len(names)}"


def _difference(values: Floats, seed: int) -> str:
    low, high = interval(values, seed)
    words = f"{np.nanmean(values):+.3f} [{low:+.3f}, {high:+.3f}]".replace("-", "−")
    return f"**{words}**" if low > 0 or high < 0 else words


if __name__ == "__main__":
    main()
