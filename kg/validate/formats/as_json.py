"""Report → JSON: whether the graph conforms, counts, and every result with its place."""

from __future__ import annotations

import json

from kg.model import Node
from kg.validate.model import Place, Report, Result


def as_json(report: Report) -> str:
    """Return the report as one JSON object, indented, in a fixed order."""
    document = {
        "conforms": report.conforms,
        "counts": report.counts_by_severity(),
        "shapes": [
            {
                "shape": count.shape,
                "name": count.name,
                "focus_nodes": count.focus_nodes,
                "optional": count.optional,
                "counts": {severity.value: n for severity, n in report.of(count.shape).items()},
            }
            for count in report.counts
        ],
        "results": [_result(result) for result in report.results],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _result(result: Result) -> dict[str, object]:
    return {
        "severity": result.severity.value,
        "message": result.message,
        "hint": result.hint,
        "shape": result.shape,
        "shape_name": result.shape_name,
        "constraint": result.constraint,
        "focus": result.focus,
        "path": result.path or None,
        "value": _value(result.value),
        "place": _place(result.place),
        "also": [_place(place) for place in result.also],
    }


def _value(value: Node | None) -> dict[str, str] | None:
    if value is None:
        return None
    if isinstance(value, str):
        return {"iri": value}
    kind = {"language": value.kind[1:]} if value.kind.startswith("@") else {"datatype": value.kind}
    return {"literal": value.lexical, **kind}


def _place(place: Place | None) -> dict[str, object] | None:
    if place is None:
        return None
    lines = list(place.lines) if place.lines else None
    return {
        "source": place.source,
        "row": place.row,
        "lines": lines,
        "column": place.column or None,
        "raw": place.raw,
    }
