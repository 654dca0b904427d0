"""Records → rows of a spreadsheet, made from the JSON object of a record and from nothing else."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kg.model import Record
from kg.records.values import CELL_KEYS, record_json


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of the spreadsheet: its header, and the path to its value in the JSON object of a record.

    A path leads into every item of a list; "*" is all further cells, and several names at its end are those values.
    """

    header: str
    path: tuple[str | int | tuple[str, ...], ...]


_COLUMNS = (
    _Column("source", ("source",)),
    _Column("row", ("row",)),
    _Column("first_line", ("lines", 0)),
    _Column("last_line", ("lines", 1)),
    *(_Column(f"{key}_text", ("cells", key)) for key in CELL_KEYS),
    _Column("other_text", ("cells", "*")),
    *(
        _Column(key, (key,))
        for key in ("diseases", "cell_sources", "source_operator", "donor", "product", "routes")
    ),
    *(_Column(f"dose_{part}", ("doses", part)) for part in ("low", "high", "unit")),
    *(_Column(f"administrations_{part}", ("administrations", part)) for part in ("min", "max", "median")),
    *(_Column(key, (key,)) for key in ("interval", "patients")),
    *(_Column(f"registration_{part}", ("registrations", part)) for part in ("id", "registry", "valid")),
    *(_Column(key, (key,)) for key in ("phases", "phase_label", "references")),
    *(_Column(f"outcome_{part}", ("outcome", part)) for part in ("status", "efficacy", "safety")),
    _Column("outcome_measures", ("outcome", "measures", ("name", "direction"))),
    _Column("outcome_percentages", ("outcome", "percentages", ("value", "of_what"))),
    _Column("findings", ("findings",)),
)
CSV_HEADER = tuple(column.header for column in _COLUMNS)

# what a spreadsheet program would run as a formula; a lone sign is only a mark for "not given"
_FORMULA = re.compile(r"'*[=+@\t\r-].", re.DOTALL)


def record_row(record: Record) -> tuple[str, ...]:
    """Return a record as texts in the order of `CSV_HEADER`.

    The values of a list are joined by "; ", the parts of a finding, a measure or a further cell by ": "; a backslash
    stands before such a mark in a value, and an unknown value is a lone ?. No value at all and no such column
    are both the empty text. A text that a spreadsheet would run as a formula gets an apostrophe in front, and
    so does one that has such an apostrophe already, so that taking one away gives the source's text back.
    """
    values = record_json(record)
    return tuple(harmless(_text(_follow(values, column.path))) for column in _COLUMNS)


def write_csv(records: Iterable[Record]) -> Iterator[str]:
    """Yield the header and each record as one line of comma separated values, ended by a newline."""
    yield csv_line(CSV_HEADER)
    for record in records:
        yield csv_line(record_row(record))


def csv_line(texts: Iterable[str]) -> str:
    """Return `texts` as one line of comma separated values (RFC 4180, but ended by a line feed alone)."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(texts)
    return line.getvalue()


def _follow(value: Any, path: Sequence[str | int | tuple[str, ...]]) -> Any:
    """Return what stands at the end of `path`, None where the path breaks off."""
    if not path or value is None:
        return value
    if path[0] == "*":
        return [[name, text] for name, text in value.items() if name not in CELL_KEYS]
    if isinstance(value, list) and not isinstance(path[0], int):
        return [_follow(item, path) for item in value]
    if isinstance(path[0], tuple):
        return [value[name] for name in path[0]]
    return _follow(value.get(path[0]) if isinstance(value, dict) else value[path[0]], path[1:])


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(_item, value))
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _item(value: Any) -> str:
    """Return one value of a list, so written that the list can be taken apart again."""
    if isinstance(value, dict | list):
        *first, last = map(_escape, value.values() if isinstance(value, dict) else value)
        return ": ".join([*(part.replace(":", "\\:") for part in first), last])
    return _escape(value)


def _escape(value: Any) -> str:
    if value is None:
        return "?"
    return "\\?" if value == "?" else _text(value).replace("\\", "\\\\").replace(";", "\\;")


def harmless(text: str) -> str:
    """Return `text` with an apostrophe in front when a spreadsheet would run it as a formula; see `record_row`."""
    return f"'{text}" if _FORMULA.match(text) else text
