"""Reads tests/shapes/: the good graph, and the bad ones as patches of it (tests/shapes/README.md)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import rdflib
from rdflib import Graph, URIRef

from kg.validate.load import load_graph
from kg.validate.model import Report

FOLDER = Path(__file__).resolve().parent / "shapes"
SHAPE = "https://w3id.org/trialkg/shapes/"
SH = "http://www.w3.org/ns/shacl#"
_ANY = URIRef("urn:any")
_PREFIXES = dict(re.findall(r"@prefix (\S*): <([^>]+)>", (FOLDER / "good.ttl").read_text(encoding="utf-8")))
_PREFIXES |= {"shape": SHAPE, "sh": SH}

Fact = tuple[str, str, str, str]  # severity, shape, constraint component, focus node


@dataclass(frozen=True)
class Patch:
    """One bad file: what it changes, and the results that it must give beside those of the good graph."""

    name: str
    expected: tuple[Fact, ...]
    removed: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def shape(self) -> str:
        return SHAPE + self.name.split("--")[0]

    def apply(self, graph: Graph) -> Graph:
        for line in self.removed:
            remove(graph, line)
        for line in self.added:
            add(graph, line)
        return graph


def bad_graphs() -> list[Patch]:
    return [_read(path) for path in sorted((FOLDER / "bad").glob("*.ttl"))]


def good_graph() -> Graph:
    return load_graph(FOLDER / "good.ttl")


def remove(graph: Graph, pattern: str) -> None:
    """Remove the triples that match "subject predicate object", `*` being anything; there must be one."""
    ((subject, predicate, value),) = _parse(re.sub(r"(?:(?<=\s)|^)\*(?=\s|$)", f"<{_ANY}>", pattern) + " .")
    before = len(graph)
    graph.remove(tuple(None if term == _ANY else term for term in (subject, predicate, value)))
    assert len(graph) < before, f"nothing matches {pattern}"


def add(graph: Graph, statements: str) -> None:
    for triple in _parse(statements):
        graph.add(triple)


def iri(name: str) -> str:
    """Return the IRI of a prefixed name, or of one in angle brackets."""
    if name.startswith("<"):
        return name[1:-1]
    prefix, _, local = name.partition(":")
    return "_:" if prefix == "_" else _PREFIXES[prefix] + local


def facts(report: Report) -> Counter[Fact]:
    return Counter(
        (r.severity.value, r.shape, r.constraint, r.focus if ":" in r.focus and r.focus[0] != "_" else "_:")
        for r in report.results
    )


def _parse(statements: str) -> Graph:
    head = "".join(f"@prefix {prefix}: <{start}> .\n" for prefix, start in _PREFIXES.items())
    was, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        return Graph(bind_namespaces="none").parse(data=head + statements, format="turtle")
    finally:
        rdflib.NORMALIZE_LITERALS = was


def _read(path: Path) -> Patch:
    lines = path.read_text(encoding="utf-8").splitlines()
    said = [line.removeprefix("# ").split(": ", 1) for line in lines]
    of = {key: tuple(text for k, text in said if k == key) for key in ("fault", "expect", "remove", "add")}
    assert {key for key, _ in said} <= set(of), path.name
    assert of["fault"], path.name
    assert of["expect"], path.name
    return Patch(path.stem, tuple(_fact(line) for line in of["expect"]), of["remove"], of["add"])


def _fact(line: str) -> Fact:
    severity, shape, constraint, focus = line.split()
    return severity, iri(shape), iri(constraint), iri(focus)
