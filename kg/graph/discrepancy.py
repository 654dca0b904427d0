"""Reports of one trial → discrepancies: properties of which two reports state different values.

A report that states nothing disagrees with nobody. Concepts and doses are compared as sets; a report of
several trials is compared under each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from kg.graph.scope import Scope
from kg.graph.terms import block, number, texts
from kg.graph.trial import TrialName
from kg.model import Block, Dose, Mentions, Record, Schedule
from kg.vocabulary.lexicon import Concept
from kg.vocabulary.namespaces import RDFS, TKG


@dataclass(frozen=True, slots=True)
class Stated:
    """What a report states of a property: `words` to show it by, `parts` to compare it by.

    Two statements differ when a part that both have differs: "once" does not contradict "every two weeks".
    """

    words: str
    parts: Mapping[str, Hashable]


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
    if not _differ(stated for _, stated in found):
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


def _differ(statements: Iterable[Stated]) -> bool:
    seen: dict[str, Hashable] = {}
    return any(seen.setdefault(part, value) != value for s in statements for part, value in s.parts.items())


def _concepts(concepts: Iterable[Concept]) -> Stated | None:
    named = frozenset(concepts)
    return Stated(", ".join(sorted(c.label for c in named)), {"concepts": named}) if named else None


def _mentions(mentions: Mentions | None) -> Stated | None:
    return _concepts(mentions.concepts) if mentions else None


def _concept(concept: Concept | None) -> Stated | None:
    return _concepts([concept]) if concept else None


def _doses(doses: tuple[Dose, ...] | None) -> Stated | None:
    if not doses:
        return None
    said = sorted({(dose.low, dose.high, dose.unit.label if dose.unit else "") for dose in doses})
    parts: dict[str, Hashable] = {"amounts": frozenset((dose.low, dose.high) for dose in doses)}
    if all(dose.unit for dose in doses):
        parts["units"] = frozenset(dose.unit for dose in doses)
    return Stated(", ".join(f"{_span(low, high)} {unit}".strip() for low, high, unit in said), parts)


def _schedule(schedule: Schedule | None) -> Stated | None:
    if schedule is None or schedule == Schedule():
        return None
    least, most = schedule.minimum, schedule.maximum
    words = {
        "administrations": _bounds(least, most),
        "median": f"median {schedule.median}" if schedule.median is not None else "",
        "interval": f"every {schedule.interval}" if schedule.interval else "",
    }
    said = {part: text for part, text in words.items() if text}
    return Stated(", ".join(said.values()), said)


def _bounds(least: int | None, most: int | None) -> str:
    if least is None:
        return "" if most is None else f"administrations: at most {most}"
    if most is None:
        return f"administrations: at least {least}"
    return f"administrations: {_span(Decimal(least), Decimal(most))}"


def _span(low: Decimal, high: Decimal) -> str:
    ends = [number(end).lexical for end in (low, high)]
    return ends[0] if low == high else " to ".join(ends)


def _count(count: int | None) -> Stated | None:
    return Stated(str(count), {"count": count}) if count is not None else None


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
