"""Values of trials by column → one table: the columns that any trial has, in the order in which they were met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kg.errors import shorten
from kg.model import Finding, Row, Severity, Table
from kg.readers.clean import clean

# of ClinicalTrials.gov's CSV export, and behind them what only its other exports say
CLINICAL_TRIALS = (
    "NCT Number", "Study Title", "Study URL", "Acronym", "Study Status", "Brief Summary", "Study Results", "Conditions",
    "Interventions", "Primary Outcome Measures", "Secondary Outcome Measures", "Other Outcome Measures", "Sponsor",
    "Collaborators", "Sex", "Age", "Phases", "Enrollment", "Funder Type", "Study Type", "Study Design", "Other IDs",
    "Start Date", "Primary Completion Date", "Completion Date", "First Posted", "Results First Posted",
    "Last Update Posted", "Locations", "Study Documents", "Official Title", "Arms", "Arm Interventions",
    "Intervention Descriptions", "Keywords", "Condition MeSH Terms",
)  # fmt: skip

_LONGEST = 300  # characters of a remark's list


class Trial(NamedTuple):
    """One trial of an export: its lines in the source and its values by header."""

    first_line: int
    last_line: int
    values: Mapping[str, str]


class Export(NamedTuple):
    """What an export's table is called and where it comes from; `line` is that of its head, if it has one."""

    source: str
    sha256: str
    label: str
    layout: str
    line: int = 1
    findings: tuple[Finding, ...] = ()


def as_table(export: Export, trials: Iterable[Trial], order: Sequence[str] = ()) -> Table:
    """Return the table of an export's trials: headers of `order` first, the others as they first occur.

    A header that no trial has is left out; one that some have is blank for the others.
    """
    kept = [Trial(t.first_line, t.last_line, {k: clean(v) for k, v in t.values.items()}) for t in trials]
    met = dict.fromkeys(name for trial in kept for name in trial.values)
    header = [name for name in order if name in met] + [name for name in met if name not in order]
    rows = tuple(
        Row(t.first_line, t.last_line, tuple(t.values.get(name, "") for name in header)) for t in kept
    )
    return Table(
        source=export.source,
        sha256=export.sha256,
        header=tuple(header),
        header_number=export.line,
        rows=rows,
        label=export.label,
        findings=export.findings,
        layout=export.layout,
    )


def left_out_of(what: str, names: Sequence[str]) -> Iterator[Finding]:
    """Yield the remark that parts of an export have no column, if there are any."""
    if names:
        message = f"of {what} there is no column for {shorten(', '.join(names), _LONGEST)}"
        yield Finding(Severity.INFO, "export-left-out", "table", message)


def without_blank_columns(trials: Sequence[Trial]) -> list[Trial]:
    """Return the trials without the headers under which none of them has a value, as in a dump of a database."""
    used = {name for trial in trials for name, value in trial.values.items() if value}
    return [t._replace(values={k: v for k, v in t.values.items() if k in used}) for t in trials]


def listed(texts: Iterable[str], separator: str = "|") -> str:
    """Return the texts that say something, joined as the registry joins them."""
    return separator.join(filter(None, map(clean, texts)))


def worded(value: str) -> str:
    """Return a constant of the registry in words: "PLACEBO_COMPARATOR" is "Placebo Comparator"."""
    return value.replace("_", " ").title() if value.isupper() else value
