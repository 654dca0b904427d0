"""What a validation says: results with their place in the source, and how many nodes each shape looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from kg.model import Node, Severity

SH = "http://www.w3.org/ns/shacl#"
# Not a component of SHACL: the constraint that a shape which is not tkg:optional finds something to look at.
FOCUS_REQUIRED = "https://w3id.org/trialkg/shapes/FocusRequired"
SEVERITIES = (Severity.VIOLATION, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a source a node comes from; what is not known is "" or None.

    `lines` are the first and last line of the row, 1-based; `column` is the header as written; `raw` the
    verbatim text of the cell, or of the row when it was quarantined.
    """

    source: str
    row: int | None = None
    lines: tuple[int, int] | None = None
    column: str = ""
    raw: str = ""

    def __str__(self) -> str:
        parts = [self.source or "unknown source"]
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.lines:
            first, last = self.lines
            parts.append(f"line {first}" if first == last else f"lines {first}–{last}")
        if self.column:
            parts.append(f"column {self.column!r}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that a shape found.

    `shape` is the IRI of the shape that has the constraint, `owner` that of its node shape;
    `focus` is an IRI, `_:` and a name for a blank node, or the words of a literal;
    `path` is the property's IRI, a SPARQL property path when it is no single property, or "";
    `constraint` is the IRI of the constraint component; `also` are the other places of a discrepancy.
    """

    severity: Severity
    shape: str
    shape_name: str
    focus: str
    path: str
    value: Node | None
    message: str
    constraint: str
    place: Place | None
    hint: str
    owner: str = ""
    also: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class ShapeCount:
    """A shape with targets: how many focus nodes it has, and whether it may rightly have none."""

    shape: str
    name: str
    focus_nodes: int
    optional: bool


@dataclass(frozen=True, slots=True)
class Report:
    """All results, worst first, and the count of every shape, ordered by IRI."""

    results: tuple[Result, ...]
    counts: tuple[ShapeCount, ...]

    @property
    def conforms(self) -> bool:
        """Whether there is no violation; a required shape without a focus node is one."""
        return not self.by_severity()[Severity.VIOLATION]

    def by_severity(self) -> Mapping[Severity, tuple[Result, ...]]:
        """Return the results of each severity, worst first; a severity without results has ()."""
        return {s: tuple(r for r in self.results if r.severity is s) for s in SEVERITIES}

    def counts_by_severity(self) -> dict[str, int]:
        """Return the number of results by the name of their severity, worst first."""
        return {severity.value: len(results) for severity, results in self.by_severity().items()}

    def of(self, shape: str) -> Mapping[Severity, int]:
        """Return how many results of each severity a node shape and its property shapes have."""
        own = [r.severity for r in self.results if r.owner == shape]
        return {s: own.count(s) for s in SEVERITIES}


def summary(report: Report) -> str:
    """Return one sentence: whether the graph conforms, and the number of results of each severity."""
    counts = report.counts_by_severity().items()
    numbers = ", ".join(f"{number} {name}{'' if number == 1 else 's'}" for name, number in counts)
    return f"The graph {'conforms' if report.conforms else 'does not conform'}: {numbers}."


def fingerprint(result: Result) -> str:
    """Return 16 hex digits that are the same for the same result in every run."""
    value = result.value if isinstance(result.value, str) else tuple(result.value or ())
    what = (result.severity.value, result.shape, result.focus, result.path, value, result.constraint)
    return hashlib.sha256(repr(what).encode()).hexdigest()[:16]
