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
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

Json = dict[str, Any]
_DASHES = str.maketrans(
    dict.fromkeys("‐‑‒–—―−∼~", "-") | dict.fromkeys("‘’′`", "'") | dict.fromkeys("“”", '"')
)
_ROMAN = {"0": "0", "I": "1", "II": "2", "III": "3", "IV": "4"}
_PHASE = re.compile(r"(IV|I{1,3}|0)([a-c]?)")


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
        table, last = table + (row["row"] <= last), row["row"]
        yield (table, last), row


def compare(records: Sequence[Json], gold: Sequence[Json]) -> Iterator[tuple[str, bool, str]]:
    """Yield field, whether it is right, and what to say about it, for each field of each gold row."""
    read = dict(numbered(records))
    for place, wanted in numbered(gold):
        record = read.get(place)
        for field, expected in GOLD.items():
            want = expected(wanted)
            got = None if record is None else RECORD[field](record)
            yield field, record is not None and got == want, f"row {place[1]} {field}: {got!r}, gold {want!r}"


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
    right: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for field, fine, words in compare(read_lines(given.records), read_lines(given.gold)):
        right[field] += fine
        count[field] += 1
        if given.wrong and not fine:
            print(words)
    for field in GOLD:
        print(f"{field:14} {right[field]:5} of {count[field]:5}  {right[field] / max(count[field], 1):6.1%}")
    print(f"{'all':14} {right.total():5} of {count.total():5}  {right.total() / max(count.total(), 1):6.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
