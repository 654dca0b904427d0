"""Reports of one trial → discrepancies: properties of which two reports state different values.

A report that states nothing disagrees with nobody. Values are compared as they stand in the graph,
concepts as sets; a report of several trials is compared under each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from kg.graph.scope import Scope
from kg.graph.terms import block, texts
from kg.graph.trial import TrialName
from kg.model import Block, Dose, Mentions, Record, Schedule
from kg.vocabulary.lexicon import Concept
from kg.vocabulary.namespaces import RDFS, TKG


@dataclass(frozen=True, slots=True)
class Stated:
    """What a report states of a property: `key` to compare it by, `words` to show it by."""

    key: Hashable
    words: str


class Discrepancies:
    """Collects the reports of each trial and gives a block for each property on which they disagree."""

    def __init__(self) -> None:
        self._names: dict[str, TrialName] = {}
        self._reports: dict[str, list[tuple[str, Record]]] = {}

    def add(self, record: Record, names: Iterable[TrialName], scope: Scope) -> None:
        """Add a record under every trial that it reports."""
        for name in names:
            self._names[name.iri] = name
            self._reports.setdefault(name.iri, []).append((scope.of_row("report", record.row), record))

    def blocks(self, graph: str, base: str) -> Iterator[Block]:
        """Yield the discrepancies by trial, then in the order in which a report has its properties."""
        for iri, reports in sorted(self._reports.items()):
            if len(reports) > 1:
                for term, state in _PROPERTIES.items():
                    yield from _compare(graph, base, self._names[iri], term, _stated(reports, state))


def _stated(reports: list[tuple[str, Record]], state: _State) -> list[tuple[str, Stated]]:
    found = ((report, state(record)) for report, record in reports)
    return [(report, stated) for report, stated in found if stated is not None]


def _compare(
    graph: str, base: str, name: TrialName, term: str, found: list[tuple[str, Stated]]
) -> Iterator[Block]:
    if len({stated.key for _, stated in found}) < 2:
        return
    local = name.iri.removeprefix(f"{base}trial/")
    yield block(
        graph,
        f"{base}discrepancy/{local}-{term}",
        [TKG.Discrepancy],
        (RDFS.label, texts(f"{name.label}: reports disagree on {term}")),
        (TKG.trial, [name.iri]),
        (TKG.onProperty, [getattr(TKG, term)]),
        (TKG.between, [report for report, _ in found]),
        (TKG.statedValue, texts(*sorted({stated.words for _, stated in found}))),
    )


def _concepts(concepts: Iterable[Concept]) -> Stated | None:
    named = sorted(set(concepts))
    return Stated(tuple(c.iri for c in named), ", ".join(sorted(c.label for c in named))) if named else None


def _mentions(mentions: Mentions | None) -> Stated | None:
    return _concepts(mentions.concepts) if mentions else None


def _concept(concept: Concept | None) -> Stated | None:
    return _concepts([concept]) if concept else None


def _doses(doses: tuple[Dose, ...] | None) -> Stated | None:
    said = sorted({(d.low, d.high, d.unit.label if d.unit else "") for d in doses or ()})
    return Stated(tuple(said), ", ".join(_amount(*amount) for amount in said)) if said else None


def _amount(low: Decimal, high: Decimal, unit: str) -> str:
    span = f"{low:f}" if low == high else f"{low:f} to {high:f}"
    return f"{span} {unit}".strip()


def _schedule(schedule: Schedule | None) -> Stated | None:
    if schedule is None or schedule == Schedule():
        return None
    parts = (
        ("at least", schedule.minimum),
        ("at most", schedule.maximum),
        ("median", schedule.median),
        ("every", schedule.interval or None),
    )
    return Stated(schedule, ", ".join(f"{word} {value}" for word, value in parts if value is not None))


def _count(count: int | None) -> Stated | None:
    return Stated(count, str(count)) if count is not None else None


_State = Callable[[Record], Stated | None]

_PROPERTIES: dict[str, _State] = {
    "condition": lambda record: _mentions(record.diseases),
    "product": lambda record: _concept(record.product),
    "cellSource": lambda record: _mentions(record.cell_sources),
    "donor": lambda record: _concept(record.donor),
    "route": lambda record: _mentions(record.routes),
    "dose": lambda record: _doses(record.doses),
    "schedule": lambda record: _schedule(record.schedule),
    "participants": lambda record: _count(record.patients),
    "reportedPhase": lambda record: _concepts(record.phase.phases if record.phase else ()),
}
