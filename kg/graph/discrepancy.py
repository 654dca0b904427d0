"""Reports of one trial → discrepancies: properties of which two reports state different values.

A report that states nothing disagrees with nobody. Concepts and doses are compared as sets, phases by
their labels; a report of several trials is compared under each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from kg.graph.scope import Scope
from kg.graph.terms import block, number, texts
from kg.graph.trial import TrialName
from kg.model import Block, Dose, Mentions, Phase, Record, Schedule
from kg.vocabulary.lexicon import Concept
from kg.vocabulary.namespaces import RDFS, TKG


@dataclass(frozen=True, slots=True)
class Stated:
    """What a report states of a property: `words` to show it by, `parts` to compare it by.

    Two statements differ when a part that both have differs: "once" does not contradict "every two weeks".
    """

    words: str
    parts: Mapping[str, Hashable]


@dataclass(frozen=True, slots=True)
class Said:
    """What one report says: the IRI of the report, its table and row, and the value in words."""

    report: str
    table: str
    row: int
    words: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Reports of `trial` (its number or label) that differ on `about` ("cell source"), by table and row.

    `term` is the property's name in the ontology ("cellSource"), `trial_iri` the trial's IRI.
    """

    trial: str
    trial_iri: str
    term: str
    about: str
    said: tuple[Said, ...]


class Discrepancies:
    """Collects the reports of each trial and gives the properties on which they disagree."""

    def __init__(self) -> None:
        self._names: dict[str, TrialName] = {}
        self._reports: dict[str, list[tuple[Record, Scope]]] = {}

    def add(self, record: Record, names: Iterable[TrialName], scope: Scope) -> None:
        """Add a record under every trial that it reports."""
        for name in names:
            self._names[name.iri] = name
            self._reports.setdefault(name.iri, []).append((record, scope))

    def found(self) -> Iterator[Disagreement]:
        """Yield the disagreements by trial, then in the order in which a report has its properties."""
        for iri, reports in sorted(self._reports.items(), key=lambda item: item[0]):
            if len(reports) > 1:
                for term, state in _PROPERTIES.items():
                    yield from _compare(
                        self._names[iri], term, [(state(r), r, scope) for r, scope in reports]
                    )

    def blocks(self, graph: str, base: str) -> Iterator[Block]:
        """Yield the disagreements as blocks of discrepancies."""
        return (_discrepancy(graph, base, one) for one in self.found())


def _compare(
    name: TrialName, term: str, reports: Iterable[tuple[Stated | None, Record, Scope]]
) -> Iterator[Disagreement]:
    stating = [(stated, record, scope) for stated, record, scope in reports if stated is not None]
    if _differ(stated for stated, _, _ in stating):
        said = [
            Said(scope.of_row("report", record.row), scope.title, record.row, stated.words)
            for stated, record, scope in stating
        ]
        about = "".join(f" {char.lower()}" if char.isupper() else char for char in term)
        yield Disagreement(name.label, name.iri, term, about, tuple(said))


def _discrepancy(graph: str, base: str, one: Disagreement) -> Block:
    local = one.trial_iri.removeprefix(f"{base}trial/")
    return block(
        graph,
        f"{base}discrepancy/{local}-{one.term}",
        [TKG.Discrepancy],
        (RDFS.label, texts(f"{one.trial}: reports disagree on {one.about}")),
        (TKG.trial, [one.trial_iri]),
        (TKG.onProperty, [getattr(TKG, one.term)]),
        (TKG.between, [said.report for said in one.said]),
        (TKG.statedValue, texts(*sorted({said.words for said in one.said}))),
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


def _phase(phase: Phase | None) -> Stated | None:
    """State the label, not the single phases: "II" and "IIa" are not the same phase."""
    return Stated(phase.label, {"label": phase.label}) if phase and phase.label else None


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
    "phaseLabel": lambda record: _phase(record.phase),
}
