"""Records → the blocks of their reports, doses, schedules and references; outcomes have a module of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.graph.iris import article, doi_page
from kg.graph.outcome import outcome_blocks
from kg.graph.scope import Scope
from kg.graph.terms import Values, block, integer, number, text, texts
from kg.graph.trial import TrialName
from kg.model import Block, Dose, Mentions, Record, Schedule, State
from kg.vocabulary.lexicon import Concept
from kg.vocabulary.namespaces import DCTERMS, PROV, RDFS, SCHEMA, TKG


def report_blocks(
    record: Record, trials: Iterable[TrialName], references: Iterable[str], scope: Scope
) -> Iterator[Block]:
    """Yield the report that a row is, then its doses, its schedule and its outcome with claims and figures.

    `trials` are what the row reports, `references` the IRIs of what it cites.
    """
    yield _report(record, trials, references, scope)
    for place, dose in enumerate(record.doses or (), start=1):
        yield _dose(record, dose, place, scope)
    if words := _unparsed(record):
        yield _unparsed_dose(record, words, scope)
    if has_schedule(record):
        yield _schedule(record, scope)
    if record.outcome:
        yield from outcome_blocks(record, record.outcome, scope)


def reference_iris(record: Record, scope: Scope) -> dict[str, str]:
    """Return the keys of a record's references by the IRIs of the references, in the order of the text."""
    mint, table = scope.minter, scope.parsed.table
    keys = record.references or ()
    return {mint.iri("reference", mint.reference_key(table, scope.key, key)): key for key in keys}


def reference_block(graph: str, iri: str, key: str, scope: Scope, pages: Iterable[str]) -> Block:
    """Return the block of one reference of the scope's article, or of its table when it has no DOI.

    `pages` are those by which everybody knows the work.
    """
    table = scope.parsed.table
    doi = article(table)
    return block(
        graph,
        iri,
        [TKG.Reference],
        (RDFS.label, texts(f"reference {key} of {f'doi:{doi}' if doi else scope.name}")),
        (DCTERMS.identifier, texts(key)),
        (DCTERMS.isPartOf, doi_page(table) or (scope.table,)),
        (SCHEMA.sameAs, pages),
    )


def has_schedule(record: Record) -> bool:
    """Return whether the row says anything of frequency, understood or not."""
    return record.schedule is not None or record.state("frequency") not in (None, State.EMPTY)


def _report(record: Record, trials: Iterable[TrialName], references: Iterable[str], scope: Scope) -> Block:
    return block(
        scope.graph,
        scope.of_row("report", record.row),
        [TKG.TrialReport],
        (RDFS.label, texts(_label(record, scope))),
        (TKG.reports, [trial.iri for trial in trials]),
        *_what(record),
        *_parts(record, scope),
        (DCTERMS.references, references),
        (PROV.wasDerivedFrom, [scope.of_row("row", record.row)]),
    )


def _label(record: Record, scope: Scope) -> str:
    said = [c.label for m in (record.diseases, record.cell_sources, record.routes) for c in _concepts(m)]
    place = f"{scope.name}, row {record.row}"
    return f"{place}: {', '.join(said)}" if said else place


def _what(record: Record) -> Iterator[Values]:
    yield TKG.condition, _iris(record.diseases)
    yield TKG.product, _iri(record.product)
    yield TKG.cellSource, _iris(record.cell_sources)
    yield TKG.sourceOperator, texts(record.cell_sources.operator) if record.cell_sources else ()
    yield TKG.donor, _iri(record.donor)
    yield TKG.route, _iris(record.routes)


def _parts(record: Record, scope: Scope) -> Iterator[Values]:
    row = record.row
    places = range(1, (len(record.doses or ()) or bool(_unparsed(record))) + 1)
    yield TKG.dose, [scope.of_row("dose", row, f"-d{place}") for place in places]
    yield TKG.schedule, [scope.of_row("schedule", row)] if has_schedule(record) else ()
    yield TKG.participants, [integer(record.patients)] if record.patients is not None else ()
    yield TKG.reportedPhase, [phase.iri for phase in record.phase.phases] if record.phase else ()
    yield TKG.phaseLabel, texts(record.phase.label) if record.phase else ()
    yield TKG.outcome, [scope.of_row("outcome", row)] if record.outcome else ()


def _dose(record: Record, dose: Dose, place: int, scope: Scope) -> Block:
    return block(
        scope.graph,
        scope.of_row("dose", record.row, f"-d{place}"),
        [TKG.Dose],
        (TKG.low, [number(dose.low)]),
        (TKG.high, [number(dose.high)]),
        (TKG.unit, _iri(dose.unit)),
        (TKG.basis, dose.unit.notes.get(TKG.basis, ()) if dose.unit else ()),
        (TKG.verbatim, [text(dose.verbatim)]),
        (TKG.status, [scope.concept("dose-status", dose.status)]),
        (TKG.route, _iri(dose.route)),
        (PROV.wasDerivedFrom, [scope.origin(record, "dose", dose.verbatim)]),
    )


def _unparsed(record: Record) -> str:
    """Return the text of a dose cell that says something of which no dose could be made, else ""."""
    said = record.state("dose") in (State.TEXT, State.UNRECOGNISED)
    return record.text("dose") if said and not record.doses else ""


def _unparsed_dose(record: Record, words: str, scope: Scope) -> Block:
    return block(
        scope.graph,
        scope.of_row("dose", record.row, "-d1"),
        [TKG.Dose],
        (TKG.verbatim, [text(words)]),
        (TKG.status, [scope.concept("dose-status", "unparsed")]),
        (PROV.wasDerivedFrom, [scope.origin(record, "dose", words)]),
    )


def _schedule(record: Record, scope: Scope) -> Block:
    return block(
        scope.graph,
        scope.of_row("schedule", record.row),
        [TKG.Schedule],
        *_times(record.schedule or Schedule()),
        (TKG.verbatim, texts(_times_as_written(record))),
        (PROV.wasDerivedFrom, [scope.origin(record, "frequency")]),
    )


def _times_as_written(record: Record) -> str:
    context = record.context_of("frequency")
    return record.text("frequency") or (context.text if context else "")


def _times(schedule: Schedule) -> Iterator[Values]:
    counts = ((TKG.minAdministrations, schedule.minimum), (TKG.maxAdministrations, schedule.maximum))
    for predicate, count in counts:
        yield predicate, [integer(count)] if count is not None else ()
    yield TKG.medianAdministrations, [number(schedule.median)] if schedule.median is not None else ()
    yield TKG.interval, texts(schedule.interval)
    yield TKG.intervalDays, [number(schedule.interval_days)] if schedule.interval_days is not None else ()


def _concepts(mentions: Mentions | None) -> tuple[Concept, ...]:
    return mentions.concepts if mentions else ()


def _iris(mentions: Mentions | None) -> tuple[str, ...]:
    return tuple(concept.iri for concept in _concepts(mentions))


def _iri(concept: Concept | None) -> tuple[str, ...]:
    return (concept.iri,) if concept else ()
