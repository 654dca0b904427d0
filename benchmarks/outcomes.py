"""Codes made-up outcome cells on one core, and compares the codes of the labelled sample cells with both their labels.

    python -m benchmarks.outcomes [--cells 100000]

The cells of the first part are sample cells with other numbers, some of them two joined to one, so that none is coded twice
and nothing can be remembered. The second part prints how often the program agrees with each reader of the samples, and the
readers with each other: the share of cells with the same efficacy and safety, and the F1 of (measure, direction).
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import random
import re
import resource
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.accuracy import Json, OutcomeScore, read_lines, score_outcomes
from kg.cells.concept import read_mentions
from kg.cells.outcome import outcome_reader
from kg.records.outcome import outcome_json
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon

SAMPLES = Path(__file__).resolve().parents[1] / "tests" / "samples" / "outcomes"
_NUMBER = re.compile(r"\d+")
_COLUMNS = ("set", "cells", "compared", "status", "efficacy", "safety", "measures F1", "percentages F1")


def sets() -> list[Path]:
    """Return the files of sample cells that have their text, in order."""
    return sorted(SAMPLES.glob("set-*.jsonl"))


def coded(cells: Sequence[Json], lexicon: Lexicon) -> list[Json]:
    """Return a record with nothing but its outcome for each cell; codes that the program leaves open are "not_stated"."""
    reader = outcome_reader(lexicon)
    found = []
    for cell in cells:
        diseases = read_mentions(cell["disease"], "disease", lexicon).value.concepts
        outcome = outcome_json(reader.read(cell["text"], diseases).value)
        silent = {code: outcome[code] or "not_stated" for code in ("efficacy", "safety")}
        found.append({"id": cell["id"], "outcome": outcome | silent})
    return found


def labelled(cells: Sequence[Json], reader: int) -> list[Json]:
    """Return the labels of the first reader (0) or the second one (1), a line for each cell."""
    return [
        {key: cell[key] for key in ("id", "row") if key in cell} | cell["labels"][reader] for cell in cells
    ]


def compare(records: Sequence[Json], cells: Sequence[Json]) -> dict[str, OutcomeScore]:
    """Return the scores of records against each reader, and of the second reader against the first."""
    first, second = labelled(cells, 0), labelled(cells, 1)
    return {
        "with reader 1": score_outcomes(records, first),
        "with reader 2": score_outcomes(records, second),
        "readers": score_outcomes([{**one, "outcome": one} for one in second], first),
    }


def lines(name: str, scores: dict[str, OutcomeScore]) -> Iterator[str]:
    """Yield a line of a Markdown table for each score."""
    for who, score in scores.items():
        shares = (*(score.share(code) for code in ("status", "efficacy", "safety")), score.pairs.f1)
        figures = (f"{share:.3f}" for share in (*shares, score.values.f1))
        yield f"| {' | '.join((name, str(score.rows), who, *figures))} |"


def made_up(texts: Sequence[str], count: int) -> Iterator[str]:
    """Yield `count` cells that are all different: sample cells with other numbers, each third one joined to another."""
    chance = random.Random(7)  # noqa: S311 (the same cells each time)
    seen: set[str] = set()
    while len(seen) < count:
        text = chance.choice(texts)
        if chance.random() < 1 / 3:
            text = f"{text.rstrip('.')}. {chance.choice(texts)}"
        varied = _NUMBER.sub(lambda found: _like(found[0], chance), text)
        if varied in seen:
            varied = f"{varied.rstrip('.')}; n = {len(seen)}"
        if varied not in seen:
            seen.add(varied)
            yield varied


def _like(number: str, chance: random.Random) -> str:
    return "".join(chance.choice("123456789") if digit != "0" else digit for digit in number)


def peak() -> float:
    """Return the greatest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def speed(texts: Sequence[str], count: int, lexicon: Lexicon) -> None:
    """Print what coding `count` cells costs; the cells are made before, the results thrown away."""
    cells = list(made_up(texts, count))
    reader, before = outcome_reader(lexicon), peak()
    start, wall = time.process_time(), time.perf_counter()
    for cell in cells:
        reader.read(cell)
    spent, wall = time.process_time() - start, time.perf_counter() - wall
    length = sum(map(len, cells)) / len(cells)
    print(f"{datetime.date.today()}, {platform.machine()}, {os.cpu_count()} cores, one used, "  # noqa: DTZ011
          f"Python {platform.python_version()}")  # fmt: skip
    print()
    print("| cells | characters each | processor s | wall s | cells a second | peak MB | of it for coding |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    print(
        f"| {count:,} | {length:.0f} | {spent:.1f} | {wall:.1f} | {count / spent:,.0f} | {peak():.0f} | "
        f"{peak() - before:.0f} |"
    )


def main() -> None:
    """Print both parts as Markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cells", type=int, default=100_000)
    given = parser.parse_args()
    lexicon = bundled_lexicon()
    samples = {path.stem: read_lines(str(path)) for path in sets()}
    if given.cells:
        speed([cell["text"] for cells in samples.values() for cell in cells], given.cells, lexicon)
        print()
    print(f"| {' | '.join(_COLUMNS)} |")
    print("| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    for name, cells in samples.items():
        for line in lines(name, compare(coded(cells, lexicon), cells)):
            print(line)


if __name__ == "__main__":
    main()
