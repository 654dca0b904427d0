"""The cells of one row → its record: every cell read, and the cells read together where one explains the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kg.cells.concept import SourceCell, donor_in_text, product_of
from kg.cells.dose import dose_operator
from kg.cells.read import CellReader
from kg.cells.registration import nct_digits
from kg.model import Cell, Column, Dose, Finding, Mentions, Reading, Record, Registration, Severity, State
from kg.vocabulary.lexicon import Concept
from kg.vocabulary.namespaces import TKG


@dataclass(frozen=True, slots=True)
class Raw:
    """A row cut into cells and not read yet; `confidence` and `reasons` are those of the cut, if it was cut."""

    source: str
    row: int
    lines: tuple[int, int]
    cells: tuple[str, ...]
    confidence: tuple[float, ...] = ()
    reasons: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def assemble(raw: Raw, columns: Sequence[Column], reader: CellReader, context: str) -> Record:
    """Return the record of a row; `context` is the table's title and caption, for what only they say."""
    texts = {c.key: text for c, text in zip(columns, raw.cells, strict=True) if c.key}
    readings = {key: reader.read(key, text) for key, text in texts.items()}
    values = {key: reading.value for key, reading in readings.items()}
    sources: SourceCell | None = values.get("cell_source")
    product = _product(texts, values.get("dose"), reader, context)
    donor = _donor(texts, values, reader)
    record = Record(
        source=raw.source,
        row=raw.row,
        lines=raw.lines,
        cells=_cells(raw, columns, reader),
        diseases=values.get("disease"),
        cell_sources=sources.sources if sources else None,
        donor=donor.value,
        product=product.value,
        routes=values.get("route"),
        doses=_paired(readings.get("dose"), values.get("route")),
        schedule=values.get("frequency"),
        patients=values.get("patients"),
        registrations=values.get("trial_number"),
        phase=values.get("phase"),
        references=values.get("reference"),
        outcome=values.get("outcome"),
    )
    found = [*raw.findings, *_cell_findings(readings), *product.findings, *donor.findings, *_older(record)]
    return replace(record, findings=tuple(dict.fromkeys(found)))


def _product(
    texts: Mapping[str, str], doses: tuple[Dose, ...] | None, reader: CellReader, context: str
) -> Reading[Concept | None]:
    units = [dose.unit for dose in doses or () if dose.unit]
    source, product = texts.get("cell_source", ""), texts.get("product", "")
    return product_of(source, reader.lexicon, product=product, units=units, context=context)


def _donor(
    texts: Mapping[str, str], values: Mapping[str, Any], reader: CellReader
) -> Reading[Concept | None]:
    """Return the donor that a cell names, the most specific column first.

    The outcome is asked last, and only believed where its donor word qualifies the cells.
    """
    named: Mentions | None = values.get("donor")
    if named and len(named.concepts) == 1:
        return Reading(named.concepts[0], State.MAPPED, "donor.column")
    sources: SourceCell | None = values.get("cell_source")
    if sources and sources.donor:
        return Reading(sources.donor, State.MAPPED, "donor.cell-source")
    if reader.lexicon.scan("donor", texts.get("cell_source", "")):
        return Reading(None, State.EMPTY, "donor.several")
    return donor_in_text(texts.get("outcome", ""), reader.lexicon)


def _cells(raw: Raw, columns: Sequence[Column], reader: CellReader) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for at, (column, text) in enumerate(zip(columns, raw.cells, strict=True)):
        reading = reader.read(column.key, text)
        sure = raw.confidence[at] if raw.confidence else 1.0
        reason = raw.reasons[at] if raw.reasons else "the source has borders"
        cells.append(
            Cell(column.name, column.header, text, reading.state, reading.rule, reading.spans, sure, reason)
        )
    return tuple(cells)


def _cell_findings(readings: Mapping[str, Reading[Any]]) -> list[Finding]:
    return [replace(finding, column=key) for key, reading in readings.items() for finding in reading.findings]


def _paired(reading: Reading[tuple[Dose, ...]] | None, routes: Mentions | None) -> tuple[Dose, ...] | None:
    """Give each dose its route where the row lists as many doses as routes and joins both with "and"."""
    if reading is None:
        return None
    doses = reading.value
    if routes is None or len(doses) < 2 or len(doses) != len(routes.concepts):
        return doses
    if routes.operator != "and" or dose_operator(reading) != "and":
        return doses
    return tuple(replace(dose, route=route) for dose, route in zip(doses, routes.concepts, strict=True))


def _older(record: Record) -> list[Finding]:
    """Return a warning for each NCT number that was given out before the row's disease was described.

    NCT numbers are issued in order; the first one that a disease can have stands in the vocabulary.
    """
    found: list[Finding] = []
    for registration in record.registrations or ():
        for disease in record.diseases.concepts if record.diseases else ():
            if _is_older(registration, disease):
                message = f"{registration.number} was registered before {disease.label} was described"
                hint = "look the number up: the trial may have studied another disease, or taken this one up later"
                code = "registration-older-than-disease"
                warning = Severity.WARNING
                found.append(Finding(warning, code, "trial_number", message, registration.number, hint))
    return found


def _is_older(registration: Registration, disease: Concept) -> bool:
    first = disease.note(TKG.earliestNctNumber)
    digits = nct_digits(registration)
    return bool(first) and digits is not None and digits < int(first)
