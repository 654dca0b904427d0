"""Records → plain values, one JSON object a line: the public face of a record.

Its keys, their order and the form of values are a contract.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from kg.model import Dose, Finding, Mentions, Record, Registration, Schedule
from kg.records.outcome import outcome_json
from kg.records.plain import label, notation, plain_number
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
        "donor": label(record.donor),
        "product": label(record.product),
        "routes": _labels(record.routes),
        "doses": None if record.doses is None else [_dose(dose) for dose in record.doses],
        "administrations": _administrations(record.schedule),
        "interval": (record.schedule.interval or None) if record.schedule else None,
        "patients": record.patients,
        "registrations": None
        if record.registrations is None
        else [_registration(r) for r in record.registrations],
        "phases": None if record.phase is None else [notation(phase) for phase in record.phase.phases],
        "phase_label": (record.phase.label or None) if record.phase else None,
        "references": None if record.references is None else list(record.references),
        "outcome": outcome_json(record.outcome) if record.cell("outcome") else None,
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


def _dose(dose: Dose) -> dict[str, object]:
    return {"low": plain_number(dose.low), "high": plain_number(dose.high), "unit": label(dose.unit)}


def _administrations(schedule: Schedule | None) -> dict[str, object] | None:
    if schedule is None:
        return None
    counts: dict[str, object] = {}
    if schedule.minimum is not None or schedule.maximum is not None:
        counts = {"min": schedule.minimum, "max": schedule.maximum}
    if schedule.median is not None:
        counts["median"] = plain_number(schedule.median)
    return counts or None


def _registration(registration: Registration) -> dict[str, object]:
    registry = label(registration.registry)
    return {"id": registration.number, "registry": registry, "valid": registration.valid}


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "severity": finding.severity.value,
        "code": finding.code,
        "column": finding.column,
        "message": finding.message,
    }
