"""Report → SARIF 2.1.0, which editors and code hosts show at the lines of the source file."""

from __future__ import annotations

import json
from urllib.parse import quote

from kg.model import Severity
from kg.validate.model import Place, Report, Result, fingerprint

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVEL = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def as_sarif(report: Report) -> str:
    """Return the report as a SARIF log; a rule is a shape, a result without a place has no location."""
    rules = _rules(report)
    index = {rule["id"]: at for at, rule in enumerate(rules)}
    driver = {"name": "trialkg", "informationUri": "https://w3id.org/trialkg/", "rules": rules}
    results = [_result(result, index[result.shape]) for result in report.results]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _rules(report: Report) -> list[dict[str, object]]:
    rules = {count.shape: _rule(count.shape, count.name) for count in report.counts}
    for result in report.results:
        rule = rules.setdefault(result.shape, _rule(result.shape, result.shape_name))
        rule["fullDescription"] = {"text": result.message}
        rule["help"] = {"text": result.hint or result.message}
        rule["defaultConfiguration"] = {"level": _LEVEL[result.severity]}
    return [rules[shape] for shape in sorted(rules)]


def _rule(shape: str, name: str) -> dict[str, object]:
    return {"id": shape, "shortDescription": {"text": name or shape}}


def _result(result: Result, rule: int) -> dict[str, object]:
    found: dict[str, object] = {
        "ruleId": result.shape,
        "ruleIndex": rule,
        "level": _LEVEL[result.severity],
        "message": {"text": f"{result.message} {result.hint}".strip()},
        "partialFingerprints": {"trialkg/v1": fingerprint(result)},
        "properties": {"focus": result.focus, "path": result.path, "constraint": result.constraint},
    }
    location: dict[str, object] = {
        "logicalLocations": [{"fullyQualifiedName": result.focus, "kind": "resource"}]
    }
    if result.place and result.place.source:
        location["physicalLocation"] = _physical(result.place)
    found["locations"] = [location]
    if result.also:
        also = [place for place in result.also if place.source]
        found["relatedLocations"] = [{"physicalLocation": _physical(place)} for place in also]
    return found


def _physical(place: Place) -> dict[str, object]:
    where: dict[str, object] = {"artifactLocation": {"uri": quote(place.source)}}
    if place.lines:
        region: dict[str, object] = {"startLine": place.lines[0], "endLine": place.lines[1]}
        if place.raw:
            region["snippet"] = {"text": place.raw}
        where["region"] = region
    return where
