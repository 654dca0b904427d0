"""Records of `kg parse --format jsonl` and hand-made gold records → the share of fields that are right, a field.

    kg parse TABLE --format jsonl > records.jsonl
    python benchmarks/accuracy.py records.jsonl gold.jsonl [--wrong]

A gold record is a JSON object a row: `row`, the cells `disease cell_source route dose frequency patients phase outcome
ref` as a person reads them (null: the table does not say) and `trial_numbers`, and normalised `sources donor routes
doses phases patients_n`. Cells are compared with white space, letter case, dashes, quotes and raised digits folded; lists
without their order. A row that was quarantined has every field wrong. Several tables of one source follow each
other, each with rows from 1.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

Json = dict[str, Any]
Things = Counter[Any]
_DASHES = str.maketrans(
    dict.fromkeys("‐‑‒–—―−∼~", "-") | dict.fromkeys("‘’′`", "'") | dict.fromkeys("“”", '"')
)
_ROMAN = {"0": "0", "I": "1", "II": "2", "III": "3", "IV": "4"}
_PHASE = re.compile(r"(IV|I{1,3}|0)([a-c]?)")
_ARTICLE = re.compile(r"\b(?:the|an?)\s", re.IGNORECASE)
CODES = ("status", "efficacy", "safety")
OWN = ("efficacy", "safety", "measures", "percentages")  # keys that only a coded outcome has


def folded(text: object) -> str:
    """Return a cell without what two honest copies of it may differ in; "" for null."""
    plain = unicodedata.normalize("NFKC", "" if text is None else str(text)).translate(_DASHES)
    return "".join(plain.split()).casefold()


def phases(record: Json) -> list[str]:
    """Return the phases of a record as the gold writes them: "1", "2a"."""
    label = record.get("phase_label") or "/".join(record.get("phases") or ())
    return sorted(_ROMAN[roman] + letter for roman, letter in _PHASE.findall(label))


def doses(found: Sequence[Json] | None) -> list[tuple[float, float, str]]:
    """Return doses in an order of their own; a dose without unit counts as a number of cells."""
    return sorted((float(d["low"]), float(d["high"]), d.get("unit") or "cells") for d in found or ())


def of_cell(key: str) -> Callable[[Json], str]:
    """Return the reading of a verbatim cell of a record."""
    return lambda record: folded((record.get("cells") or {}).get(key))


RECORD: dict[str, Callable[[Json], Any]] = {
    "disease": of_cell("disease"),
    "cell_source": of_cell("cell_source"),
    "route": of_cell("route"),
    "dose": of_cell("dose"),
    "frequency": of_cell("frequency"),
    "patients": of_cell("patients"),
    "phase": of_cell("phase"),
    "outcome": of_cell("outcome"),
    "ref": of_cell("reference"),
    "trial_numbers": lambda r: sorted(folded(one["id"]) for one in r.get("registrations") or ()),
    "sources": lambda r: sorted(r.get("cell_sources") or ()),
    "donor": lambda r: r.get("donor"),
    "routes": lambda r: sorted(r.get("routes") or ()),
    "doses": lambda r: doses(r.get("doses")),
    "phases": phases,
    "patients_n": lambda r: r.get("patients"),
}
GOLD: dict[str, Callable[[Json], Any]] = {
    **{key: (lambda g, key=key: folded(g.get(key))) for key in list(RECORD)[:9]},
    "trial_numbers": lambda g: sorted(map(folded, g.get("trial_numbers") or ())),
    "sources": lambda g: sorted(g.get("sources") or ()),
    "donor": lambda g: g.get("donor"),
    "routes": lambda g: sorted(g.get("routes") or ()),
    "doses": lambda g: doses(g.get("doses")),
    "phases": lambda g: sorted(g.get("phases") or ()),
    "patients_n": lambda g: g.get("patients_n"),
}


def numbered(rows: Sequence[Json]) -> Iterator[tuple[tuple[int, int], Json]]:
    """Yield each row under its table's position and its number; a number that does not grow begins a table."""
    table, last = 0, 0
    for row in rows:
        number = row_number(row)
        table, last = table + (number <= last), number
        yield (table, last), row


def row_number(row: Json) -> int:
    """Return `row`, or the number at the end of `id`."""
    if "row" in row:
        return int(row["row"])
    found = re.search(r"\d+$", str(row.get("id", "")))
    if not found:
        raise SystemExit(f"a line has neither a row nor an id that ends in a number: {json.dumps(row)[:120]}")
    return int(found[0])


def coded_outcome(gold: Json) -> Json | None:
    """Return the codes that a gold record has for its outcome, under `outcome` or beside it; None when it has none."""
    outcome = gold.get("outcome")
    return outcome if isinstance(outcome, dict) else gold if any(key in gold for key in OWN) else None


def compared(gold: Json) -> Iterator[str]:
    """Yield the fields of a gold record that count: none of a line that only codes an outcome."""
    if any(key in gold for key in OWN) and not any(key in gold for key in GOLD if key != "outcome"):
        return
    coded = isinstance(gold.get("outcome"), dict)
    yield from (field for field in GOLD if not (coded and field == "outcome"))


def compare(records: Sequence[Json], gold: Sequence[Json]) -> Iterator[tuple[str, bool, str]]:
    """Yield field, whether it is right, and what to say about it, for each field of each gold row.

    A coded outcome is not among them, see `score_outcomes`.
    """
    read = dict(numbered(records))
    for place, wanted in numbered(gold):
        record = read.get(place)
        for field in compared(wanted):
            want = GOLD[field](wanted)
            got = None if record is None else RECORD[field](record)
            yield field, record is not None and got == want, f"row {place[1]} {field}: {got!r}, gold {want!r}"


class Agreement(NamedTuple):
    """How many things were read, how many the gold has, and how many are in both."""

    both: int = 0
    read: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        """The share of what was read that the gold has too; 1 when nothing was read."""
        return self.both / self.read if self.read else 1.0

    @property
    def recall(self) -> float:
        """The share of the gold that was read; 1 when there is none."""
        return self.both / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both; 1 when there was nothing to read and nothing was read."""
        return 2 * self.both / (self.read + self.gold) if self.read + self.gold else 1.0

    def plus(self, read: Things, gold: Things) -> Agreement:
        """Return the counts with those of one more row."""
        both = (read & gold).total()
        return Agreement(self.both + both, self.read + read.total(), self.gold + gold.total())


class OutcomeScore:
    """What became of all coded outcomes of a gold file.

    `right` and `count` are rows by code, and "directions" on measures whose names agree; `pairs`, `names`, `values`
    what was read of (name, direction), of names alone, of percentages; `confusion` counts (gold, read) efficacies;
    `wrong` says of each difference what was read and what the gold has.
    """

    def __init__(self) -> None:
        self.rows = 0
        self.right: Counter[str] = Counter()
        self.count: Counter[str] = Counter()
        self.pairs, self.names, self.values = Agreement(), Agreement(), Agreement()
        self.confusion: Counter[tuple[str, str]] = Counter()
        self.wrong: list[str] = []

    def share(self, code: str) -> float:
        """Return the share of rows whose code is right; 1 when the gold has none."""
        return self.right[code] / self.count[code] if self.count[code] else 1.0

    def add(self, row: int, read: Json, gold: Json) -> None:
        """Count one row, `read` is the outcome of its record."""
        self.rows += 1
        for code in CODES:
            if code in gold:
                self._add_code(f"row {row} {code}", code, read.get(code), gold[code])
        if "measures" in gold:
            self._add_measures(row, measures(read.get("measures")), measures(gold["measures"]))
        if "percentages" in gold:
            got, want = percentages(read.get("percentages")), percentages(gold["percentages"])
            self.values = self.values.plus(got, want)
            self._differ(f"row {row} percentages", got, want)

    def _add_code(self, where: str, code: str, read: str | None, gold: str | None) -> None:
        self.right[code] += read == gold
        self.count[code] += 1
        if code == "efficacy":
            self.confusion[str(gold), str(read)] += 1
        if read != gold:
            self.wrong.append(f"{where}: {read!r}, gold {gold!r}")

    def _add_measures(self, row: int, read: Things, gold: Things) -> None:
        named = [Counter(name for name, _ in pairs.elements()) for pairs in (read, gold)]
        self.pairs = self.pairs.plus(read, gold)
        self.names = self.names.plus(*named)
        self.right["directions"] += (read & gold).total()
        self.count["directions"] += (named[0] & named[1]).total()
        self._differ(f"row {row} measures", read, gold)

    def _differ(self, where: str, read: Things, gold: Things) -> None:
        for what, rest in (("not read", gold - read), ("not in the gold", read - gold)):
            if rest:
                self.wrong.append(f"{where}, {what}: {'; '.join(sorted(map(_shown, rest.elements())))}")


def measures(found: Iterable[Json] | None) -> Things:
    """Return the (name, direction) pairs of an outcome, as often as they stand there."""
    return Counter((folded_name(one["name"]), one["direction"]) for one in found or ())


def percentages(found: Iterable[Json | float] | None) -> Things:
    """Return the values of an outcome's percentages, as often as they stand there."""
    return Counter(float(one["value"] if isinstance(one, dict) else one) for one in found or ())


def folded_name(name: str) -> str:
    """Return the name of a measure without what two people who mean the same words may write differently."""
    return folded(_ARTICLE.sub("", name))


def _shown(thing: object) -> str:
    return ": ".join(map(str, thing)) if isinstance(thing, tuple) else f"{thing:g}"


def score_outcomes(records: Sequence[Json], gold: Sequence[Json]) -> OutcomeScore:
    """Compare the outcomes of records with all coded ones of the gold; of a row that is not there nothing is right."""
    read = dict(numbered(records))
    score = OutcomeScore()
    for place, wanted in numbered(gold):
        if (codes := coded_outcome(wanted)) is not None:
            score.add(place[1], (read.get(place) or {}).get("outcome") or {}, codes)
    return score


def outcome_lines(score: OutcomeScore) -> Iterator[str]:
    """Yield what to print of the outcomes, nothing of what the gold has not."""
    for code in (*CODES, "directions"):
        if score.count[code]:
            yield share_line(f"outcome {code:10}", score.right[code], score.count[code])
    rates = (("measures", score.pairs), ("measure names", score.names), ("percentages", score.values))
    for name, one in rates:
        if one.read + one.gold:
            words = f"precision {one.precision:.3f}  recall {one.recall:.3f}  F1 {one.f1:.3f}"
            yield f"outcome {name:15} {words}  ({one.both} of {one.read} read, {one.gold} in the gold)"


def confusion_lines(score: OutcomeScore) -> Iterator[str]:
    """Yield a table of efficacies, a line for each of the gold, a column for each that was read."""
    names = sorted({name for pair in score.confusion for name in pair})
    width = max(map(len, names), default=0) + 2
    if names:
        yield f"{'gold / read':{width}}" + "".join(f"{name:>{width}}" for name in names)
    for gold in names:
        yield f"{gold:{width}}" + "".join(f"{score.confusion[gold, read]:>{width}}" for read in names)


def share_line(name: str, right: int, count: int) -> str:
    """Return right, all and share in one line."""
    return f"{name:14} {right:5} of {count:5}  {right / max(count, 1):6.1%}"


def read_lines(path: str) -> list[Json]:
    """Return the JSON objects of a file, or of the standard input for "-"."""
    text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def main() -> int:
    """Print right, all and share for each field and for all of them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("records")
    parser.add_argument("gold")
    parser.add_argument("--wrong", action="store_true", help="print every field that is wrong")
    given = parser.parse_args()
    records, gold = read_lines(given.records), read_lines(given.gold)
    right: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for field, fine, words in compare(records, gold):
        right[field] += fine
        count[field] += 1
        if given.wrong and not fine:
            print(words)
    score = score_outcomes(records, gold)
    for line in (*(score.wrong if given.wrong else ()), *outcome_lines(score)):
        print(line)
    for line in confusion_lines(score) if given.wrong else ():
        print(line)
    if count or not score.rows:
        for field in GOLD:
            print(share_line(field, right[field], count[field]))
        print(share_line("all", right.total(), count.total()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
