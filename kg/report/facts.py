"""Parsed tables + validation → the figures and lists that the page shows, as plain values.

Everything is counted here, so that the page itself only lays out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kg.graph.discrepancy import Disagreement
from kg.model import Finding, Parsed, Record, Severity, State
from kg.report.evidence import EvidenceMap, map_evidence
from kg.report.unrecognised import Unrecognised
from kg.validate.model import Report
from kg.vocabulary.lexicon import Concept

_NOT_SAID = "not said"
_MOST_WORDS = 20  # the page shows the most frequent ones, unrecognised.csv has them all


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: its label, its count and its length in percent of the longest."""

    label: str
    count: int
    percent: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Counts of one thing over the reports; a report with two values counts under both."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of the cells of one column: a share in percent and a count for each state, in the model's order."""

    header: str
    meaning: str
    shares: tuple[tuple[str, int, float], ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A finding with its place, ready to be read."""

    source: str
    row: int
    lines: str
    finding: Finding
    raw: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the page shows; see the template for the order."""

    tables: tuple[Parsed, ...]
    counts: tuple[tuple[str, int], ...]
    doubts: tuple[Doubt, ...]
    remarks: tuple[tuple[str, int, Doubt], ...]
    coverage: tuple[tuple[str, tuple[Coverage, ...]], ...]
    charts: tuple[Chart, ...]
    evidence: EvidenceMap | None
    disagreements: tuple[Disagreement, ...]
    report: Report
    unknown: tuple[Unrecognised, ...]


def gather(
    tables: Sequence[Parsed],
    disagreements: Sequence[Disagreement],
    report: Report,
    unknown: Sequence[Unrecognised],
    *,
    trials: int,
) -> Facts:
    """Return the facts of a build; `trials` is the number of trials in the graph."""
    records = [record for parsed in tables for record in parsed.records]
    doubts = [doubt for record in records for doubt in _doubts(record)]
    serious = tuple(doubt for doubt in doubts if doubt.finding.severity is not Severity.INFO)
    counts = (
        ("rows read", len(records)),
        ("rows set aside", sum(len(parsed.quarantined) for parsed in tables)),
        ("trials", trials),
        ("doubtful places", len(serious)),
        ("disagreements between rows", len(disagreements)),
    )
    return Facts(
        tuple(tables),
        counts,
        serious,
        _grouped(doubt for doubt in doubts if doubt.finding.severity is Severity.INFO),
        tuple((parsed.table.label or parsed.table.source, _coverage(parsed)) for parsed in tables),
        _charts(records),
        map_evidence(records),
        tuple(disagreements),
        report,
        tuple(unknown[:_MOST_WORDS]),
    )


def _doubts(record: Record) -> list[Doubt]:
    first, last = record.lines
    lines = f"line {first}" if first == last else f"lines {first}–{last}"
    return [
        Doubt(record.source, record.row, lines, finding, finding.raw or record.text(finding.column))
        for finding in record.findings
    ]


def _grouped(doubts: Iterable[Doubt]) -> tuple[tuple[str, int, Doubt], ...]:
    """Return each code with the number of its remarks and the first of them as an example."""
    found: dict[str, list[Doubt]] = {}
    for doubt in doubts:
        found.setdefault(doubt.finding.code, []).append(doubt)
    return tuple((code, len(group), group[0]) for code, group in sorted(found.items()))


def _coverage(parsed: Parsed) -> tuple[Coverage, ...]:
    rows = []
    for column in parsed.columns:
        cells = [cell for record in parsed.records for cell in record.cells if cell.column == column.name]
        counts = Counter(cell.state for cell in cells)
        counts[State.QUARANTINED] = len(parsed.quarantined)
        whole = max(1, sum(counts.values()))
        shares = tuple((state.value, counts[state], 100 * counts[state] / whole) for state in State)
        rows.append(
            Coverage(column.header, column.key.replace("_", " ") or "kept under its own header", shares)
        )
    return tuple(rows)


def _charts(records: Sequence[Record]) -> tuple[Chart, ...]:
    parts: tuple[tuple[str, Callable[[Record], Iterable[str]]], ...] = (
        ("Disease", lambda r: _labels(r.diseases.concepts if r.diseases else ())),
        ("Cell source", lambda r: _labels(r.cell_sources.concepts if r.cell_sources else ())),
        ("Route", lambda r: _labels(r.routes.concepts if r.routes else ())),
        ("Phase", lambda r: [r.phase.label] if r.phase and r.phase.label else []),
    )
    return tuple(_chart(title, records, values) for title, values in parts)


def _labels(concepts: Iterable[Concept]) -> list[str]:
    return [concept.label for concept in concepts]


def _chart(title: str, records: Sequence[Record], values: Callable[[Record], Iterable[str]]) -> Chart:
    counts = Counter(value for record in records for value in (list(values(record)) or [_NOT_SAID]))
    longest = max(counts.values(), default=1)
    ordered = sorted(counts.items(), key=lambda item: (item[0] == _NOT_SAID, -item[1], item[0]))
    return Chart(title, tuple(Bar(label, count, round(100 * count / longest, 1)) for label, count in ordered))
