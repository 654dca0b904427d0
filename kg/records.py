"""Records → text for people and programs: one JSON object a line, or one row of a spreadsheet.

The JSON object is the public face of a record; its keys, their order and the form of values are a contract.
The spreadsheet row is made from that object and from nothing else.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kg.model import Dose, Finding, Mentions, Outcome, Record, Registration, Schedule
from kg.vocabulary.lexicon import Concept
from kg.vocabulary.text import squeeze

CELL_KEYS = (
    "disease",
    "cell_source",
    "route",
    "dose",
    "frequency",
    "patients",
    "trial_number",
    "phase",
    "outcome",
    "reference",
)
_TREATMENT = ("route", "dose", "frequency")
# characters that some programs take for the end of a line although JSON does not
_LINE_ENDS = {ord(char): f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"}


# ---------------------------------------------------------------- record → JSON


def record_json(record: Record) -> dict[str, object]:
    """Return a record as plain values, ready for JSON: keys in a fixed order, concepts as their labels.

    None stands for a column that the source does not have; [] or None for a cell that gives no value.
    """
    return {
        "source": record.source,
        "row": record.row,
        "lines": list(record.lines),
        "cells": _cells(record),
        "diseases": _labels(record.diseases),
        "cell_sources": _labels(record.cell_sources),
        "source_operator": (record.cell_sources.operator or None) if record.cell_sources else None,
        "donor": _label(record.donor),
        "product": _label(record.product),
        "routes": _labels(record.routes),
        "doses": None if record.doses is None else [_dose(dose) for dose in record.doses],
        "administrations": _administrations(record.schedule),
        "interval": (record.schedule.interval or None) if record.schedule else None,
        "patients": record.patients,
        "registrations": None
        if record.registrations is None
        else [_registration(r) for r in record.registrations],
        "phases": None if record.phase is None else [_notation(phase) for phase in record.phase.phases],
        "phase_label": (record.phase.label or None) if record.phase else None,
        "references": None if record.references is None else list(record.references),
        "outcome": _outcome(record.outcome) if record.cell("outcome") else None,
        "findings": [_finding(finding) for finding in record.findings],
    }


def write_jsonl(records: Iterable[Record]) -> Iterator[str]:
    """Yield each record as one line of JSON, ended by a newline; no character inside can end the line."""
    for record in records:
        text = json.dumps(record_json(record), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        yield text.translate(_LINE_ENDS) + "\n"


def _cells(record: Record) -> dict[str, str | None]:
    """Return the ten known cells, None where the source lacks the column, then the others by header.

    A cell that holds several things stands under its own header as a whole, and its words for each of them under
    that thing's key, None where it says nothing of it; so do the words on route, dose and frequency of a cell that
    describes what the patients get.
    """
    texts: dict[str, str | None] = dict.fromkeys(CELL_KEYS)
    for position, cell in enumerate(record.cells, 1):
        for part in cell.parts:
            if part.key in CELL_KEYS and texts[part.key] is None:
                texts[part.key] = squeeze(part.text) or None
        known = not cell.parts and cell.column in CELL_KEYS and texts[cell.column] is None
        name = cell.column if known else _free_name(squeeze(cell.header) or f"column {position}", texts)
        texts[name] = squeeze(cell.text)
    for found in record.context:
        if found.given and found.key in _TREATMENT and texts[found.key] is None:
            texts[found.key] = squeeze(found.text)
    return texts


def _free_name(header: str, taken: Mapping[str, object]) -> str:
    """Return `header`, numbered when another column has that name, so that no cell replaces another."""
    name, number = header, 1
    while name in taken:
        number += 1
        name = f"{header} ({number})"
    return name


def _labels(mentions: Mentions | None) -> list[str] | None:
    return None if mentions is None else [concept.label for concept in mentions.concepts]


def _label(concept: Concept | None) -> str | None:
    return concept.label if concept else None


def _notation(concept: Concept) -> str:
    return concept.notation or concept.label


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _dose(dose: Dose) -> dict[str, object]:
    return {"low": _number(dose.low), "high": _number(dose.high), "unit": _label(dose.unit)}


def _administrations(schedule: Schedule | None) -> dict[str, object] | None:
    if schedule is None:
        return None
    counts: dict[str, object] = {}
    if schedule.minimum is not None or schedule.maximum is not None:
        counts = {"min": schedule.minimum, "max": schedule.maximum}
    if schedule.median is not None:
        counts["median"] = _number(schedule.median)
    return counts or None


def _registration(registration: Registration) -> dict[str, object]:
    registry = _label(registration.registry)
    return {"id": registration.number, "registry": registry, "valid": registration.valid}


def _outcome(outcome: Outcome | None) -> dict[str, object]:
    status = _notation(outcome.status) if outcome else None
    return {"status": status, "efficacy": None, "safety": None, "measures": [], "percentages": []}


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "severity": finding.severity.value,
        "code": finding.code,
        "column": finding.column,
        "message": finding.message,
    }


# ---------------------------------------------------------------- record → spreadsheet


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of the spreadsheet: its header, and the path to its value in the JSON object of a record.

    A path leads into every item of a list; "*" is all further cells.
    """

    header: str
    path: tuple[str | int, ...]


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
    *(
        _Column(f"outcome_{part}", ("outcome", part))
        for part in ("status", "efficacy", "safety", "measures", "percentages")
    ),
    _Column("findings", ("findings",)),
)
CSV_HEADER = tuple(column.header for column in _COLUMNS)

# what a spreadsheet program would run as a formula; a lone sign is only a mark for "not given"
_FORMULA = re.compile(r"'*[=+@\t\r-].", re.DOTALL)


def record_row(record: Record) -> tuple[str, ...]:
    """Return a record as texts in the order of `CSV_HEADER`.

    The values of a list are joined by "; ", the parts of a finding or of a further cell by ": "; a backslash
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


def _follow(value: Any, path: Sequence[str | int]) -> Any:
    """Return what stands at the end of `path`, None where the path breaks off."""
    if not path or value is None:
        return value
    if path[0] == "*":
        return [[name, text] for name, text in value.items() if name not in CELL_KEYS]
    if isinstance(value, list) and isinstance(path[0], str):
        return [_follow(item, path) for item in value]
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
