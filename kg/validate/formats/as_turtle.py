"""Report → a sh:ValidationReport without blank nodes, in Turtle that is the same bytes for the same results.

SHACL 1.0 calls a graph with a mere remark non-conformant. The report says with SHACL 1.2's
sh:conformanceDisallows which severities it goes by: violations only.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from urllib.parse import quote

from kg.model import Block, Literal, Node, Severity
from kg.validate.model import SH, Report, Result, fingerprint
from kg.vocabulary.namespaces import PREFIXES, RDF_TYPE, RDFS, ROOT, XSD

_VALIDATION = f"{ROOT}validation/"
_IRI = re.compile(r"(?!_:)[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")
_SEVERITY = {Severity.VIOLATION: "Violation", Severity.WARNING: "Warning", Severity.INFO: "Info"}


def as_turtle(report: Report) -> str:
    """Return the report as Turtle."""
    from kg.serialise.turtle import write_turtle

    own = {"sh": SH, "shape": f"{ROOT}shapes/", "validation": _VALIDATION}
    return "".join(write_turtle(report_blocks(report), {**PREFIXES, **own}))


def report_blocks(report: Report) -> Iterator[Block]:
    """Return the report as blocks in the default graph: first the report, then its results in their order."""
    names = list(dict.fromkeys(_VALIDATION + fingerprint(result) for result in report.results))
    whole = hashlib.sha256("\n".join([str(report.conforms), *names]).encode()).hexdigest()[:16]
    statements: list[tuple[str, Node]] = [
        (RDF_TYPE, f"{SH}ValidationReport"),
        (f"{SH}conforms", Literal(str(report.conforms).lower(), XSD.boolean)),
        (f"{SH}conformanceDisallows", f"{SH}Violation"),
        *((f"{SH}result", name) for name in names),
    ]
    yield Block("", _VALIDATION + whole, tuple(statements))
    results = {_VALIDATION + fingerprint(result): result for result in report.results}
    for name in names:
        yield Block("", name, tuple(_statements(results[name])))


def _statements(result: Result) -> Iterator[tuple[str, Node]]:
    yield RDF_TYPE, f"{SH}ValidationResult"
    yield f"{SH}resultSeverity", f"{SH}{_SEVERITY[result.severity]}"
    yield f"{SH}focusNode", _named(result.focus)
    if result.path and not result.path.startswith(
        ("^", "(", "<")
    ):  # a path of several steps needs blank nodes
        yield f"{SH}resultPath", result.path
    if result.value is not None:
        yield f"{SH}value", _named(result.value) if isinstance(result.value, str) else result.value
    yield f"{SH}sourceShape", _named(result.shape)
    yield f"{SH}sourceConstraintComponent", result.constraint
    if result.message:
        yield f"{SH}resultMessage", Literal(result.message, "@en")
    for place in (result.place, *result.also):
        if place:
            yield RDFS.comment, Literal(f"{place}: {place.raw}" if place.raw else str(place), XSD.string)


def _named(node: str) -> str:
    """Return the IRI of a node; a blank node, or words in place of a node, get one of the report."""
    return node if _IRI.fullmatch(node) else f"{_VALIDATION}node/{quote(node, safe='')}"
