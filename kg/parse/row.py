"""The cells of one row → its record: every cell read, and the cells read together where one explains the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from kg.cells.common import info, quoted
from kg.cells.concept import SourceCell, donor_in_text, product_of
from kg.cells.dose import dose_operator
from kg.cells.read import CellReader
from kg.cells.registration import nct_digits
from kg.cells.split import PartReading, split_cell, unclaimed
from kg.model import (
    Cell,
    Column,
    Dose,
    Finding,
    Mentions,
    Part,
    Reading,
    Record,
    Registration,
    Severity,
    State,
)
from kg.parse.context import SECTION, TableContext, add_context
from kg.parse.counted import count_the_product
from kg.vocabulary.lexicon import Concept
from kg.vocabulary.namespaces import TKG

_RESTORED = 0.9  # confidence in a cell whose span over several rows is only seen by a blank


@dataclass(frozen=True, slots=True)
class Raw:
    """A row cut into cells and not read yet; `confidence` and `reasons` are those of the cut, if it was cut.

    `inherited` are the positions of the cells whose text stands elsewhere and holds for this row too, `restored`
    those of them for which the source itself does not say so.
    """

    source: str
    row: int
    lines: tuple[int, int]
    cells: tuple[str, ...]
    confidence: tuple[float, ...] = ()
    reasons: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    inherited: tuple[int, ...] = ()
    restored: tuple[int, ...] = ()


class _Read(NamedTuple):
    """The cells of a row, and by key what they say: its words, what its reader made of them."""

    cells: tuple[Cell, ...]
    texts: Mapping[str, str]
    readings: Mapping[str, Reading[Any]]
    findings: tuple[Finding, ...]


def assemble(
    raw: Raw, columns: Sequence[Column], reader: CellReader, context: TableContext | str = ""
) -> Record:
    """Return the record of a row; `context` is what the table says of all its rows (a text: its caption)."""
    read = _read(raw, columns, reader)
    values = {key: reading.value for key, reading in read.readings.items()}
    sources: SourceCell | None = values.get("cell_source")
    product = _product(read.texts, values.get("dose"), reader)
    donor = _donor(read.texts, values, reader)
    record = Record(
        source=raw.source,
        row=raw.row,
        lines=raw.lines,
        cells=read.cells,
        diseases=values.get("disease"),
        cell_sources=sources.sources if sources else None,
        donor=donor.value,
        product=product.value,
        routes=values.get("route"),
        doses=_paired(read.readings.get("dose"), values.get("route")),
        schedule=values.get("frequency"),
        patients=values.get("patients"),
        registrations=values.get("trial_number"),
        phase=values.get("phase"),
        references=values.get("reference"),
        outcome=values.get("outcome"),
    )
    found = (*raw.findings, *read.findings, *product.findings, *donor.findings)
    record = _in_context(replace(record, findings=found), columns, context, reader, donor)
    record = _of_its_diseases(count_the_product(record, reader.lexicon), reader)
    return replace(record, findings=tuple(dict.fromkeys((*record.findings, *_older(record)))))


def _in_context(
    record: Record,
    columns: Sequence[Column],
    context: TableContext | str,
    reader: CellReader,
    donor: Reading[Concept | None],
) -> Record:
    """Return the record with what stands outside its columns; a cell with two donors leaves nothing to add."""
    whole = TableContext(context) if isinstance(context, str) else context
    several = donor.rule == "donor.several"
    return add_context(record, columns, whole, reader, but=("donor",) if several else ())


def _of_its_diseases(record: Record, reader: CellReader) -> Record:
    """Return the record with its outcome coded for its diseases, of which some have accepted laboratory measures.

    That is known only when all cells are read: a disease may stand in a later column, or in the caption.
    """
    if record.outcome is None or not record.diseases or not record.diseases.concepts:
        return record
    if not any(claim.concept is None or claim.kind.name == "biomarker" for claim in record.outcome.claims):
        return record
    reading = reader.read_outcome(record.outcome.verbatim, record.diseases.concepts)
    return replace(record, outcome=reading.value)


def _product(
    texts: Mapping[str, str], doses: tuple[Dose, ...] | None, reader: CellReader
) -> Reading[Concept | None]:
    units = [dose.unit for dose in doses or () if dose.unit]
    source, product = texts.get("cell_source", ""), texts.get("product", "")
    return product_of(source, reader.lexicon, product=product, units=units)


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


# ---------------------------------------------------------------- the cells


def _read(raw: Raw, columns: Sequence[Column], reader: CellReader) -> _Read:
    """Read every cell; where a column of its own and a part of another cell have one key, the column counts."""
    cells: list[Cell] = []
    texts: dict[str, str] = {}
    readings: dict[str, Reading[Any]] = {}
    findings: list[Finding] = []
    own = {column.key for column in columns if column.key}
    for at, (column, text) in enumerate(zip(columns, raw.cells, strict=True)):
        parts = _parts(column, text, reader, own)
        cells.append(_cell(raw, at, column, parts, reader))
        findings += _unclaimed(column, text, parts)
        for key, (part, reading) in parts.items():
            texts[key], readings[key] = part.text, reading
            findings += [replace(finding, column=key) for finding in reading.findings]
    return _Read(tuple(cells), texts, readings, tuple(findings))


def _parts(column: Column, text: str, reader: CellReader, own: set[str]) -> Mapping[str, PartReading]:
    """Return what a cell says by key: all of it under the column's key, or cut into the column's parts."""
    if column.parts:
        return split_cell(text, [key for key in column.parts if key not in own], reader)
    if not column.key:
        return {}
    reading = reader.read(column.key, text)
    return {
        column.key: PartReading(Part(column.key, text, reading.state, reading.rule, reading.spans), reading)
    }


def _cell(raw: Raw, at: int, column: Column, parts: Mapping[str, PartReading], reader: CellReader) -> Cell:
    text = raw.cells[at]
    sure, reason = _certainty(raw, at, column)
    if column.parts:
        found = tuple(part for part, _ in parts.values())
        spans = tuple(sorted((span for part in found for span in part.spans), key=lambda span: span.start))
        state = _state(text, found, reader)
        rule = "+".join(part.rule for part in found)
        return Cell(column.name, column.header, text, state, rule, spans, sure, reason, found)
    reading = parts[column.key].reading if column.key else reader.read("", text)
    return Cell(column.name, column.header, text, reading.state, reading.rule, reading.spans, sure, reason)


def _state(text: str, parts: Sequence[Part], reader: CellReader) -> State:
    """Return what became of a cell that was cut: mapped when a part is, empty when it is a mark, else text."""
    states = {part.state for part in parts}
    for state in (State.MAPPED, State.UNRECOGNISED):
        if state in states:
            return state
    return reader.read("", text).state


def _certainty(raw: Raw, at: int, column: Column) -> tuple[float, str]:
    if raw.confidence:
        return raw.confidence[at], raw.reasons[at]
    if at not in raw.inherited:
        return 1.0, "the source has borders"
    if column.header.casefold() == SECTION:
        return 1.0, "stands in a section row above"
    if at in raw.restored:
        return _RESTORED, "is blank, as if the cell above spanned several rows"
    return 1.0, "stands in a cell that spans several rows"


def _unclaimed(column: Column, text: str, parts: Mapping[str, PartReading]) -> list[Finding]:
    """Return a remark on the words of a cell that was cut that no part speaks of."""
    if not column.parts or any(part.state is State.EMPTY and part.text for part, _ in parts.values()):
        return []
    rest = unclaimed(text, [part for part, _ in parts.values()])
    if not rest:
        return []
    message = f"kept as text, beside {' and '.join(column.parts)}: {quoted(text, rest)}"
    return [info("part-text", column.name, message, text)]


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
