"""Report → text for a terminal: a line for each shape, then each violation and warning with its place."""

from __future__ import annotations

from collections.abc import Iterator

from kg.errors import shorten
from kg.model import Severity
from kg.validate.model import SEVERITIES, Report, Result, summary

_HEADER = ("shape", "nodes", "violations", "warnings", "infos")


def as_text(report: Report, verbose: bool = False) -> str:
    """Return the report as text; infos are only counted unless `verbose`."""
    shown = [r for r in report.results if verbose or r.severity is not Severity.INFO]
    parts = ["\n".join(_table(report)), *("\n".join(_result(r)) for r in shown), summary(report)]
    return "\n\n".join(parts) + "\n"


def _table(report: Report) -> Iterator[str]:
    rows = [_HEADER]
    for count in report.counts:
        found = report.of(count.shape)
        rows.append((count.name, *map(str, (count.focus_nodes, *(found[s] for s in SEVERITIES)))))  # type: ignore[arg-type]
    wide = max(len(row[0]) for row in rows)
    for name, *numbers in rows:
        yield name.ljust(wide) + "".join(number.rjust(12) for number in numbers)


def _result(result: Result) -> Iterator[str]:
    yield f"{result.severity}: {result.message}"
    for place in (result.place, *result.also):
        if place:
            yield f"  place: {place}"
        if place and place.raw:
            yield f"  text:  {shorten(place.raw)!r}"
    yield f"  node:  {result.focus}"
    if result.value is not None and result.value != result.focus:
        yield f"  value: {shorten(result.value if isinstance(result.value, str) else result.value.lexical)}"
    yield f"  shape: {result.shape} ({result.shape_name})"
    if result.hint:
        yield f"  hint:  {result.hint}"
