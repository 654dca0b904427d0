"""W3C's machine-readable tests of the SPARQL protocols → plain requests, each with what its response must be.

The manifests are read where they lie, in the folder `sparql/sparql11` of the W3C's rdf-tests that the
environment variable RDF_TESTS names; nothing of them is part of this project.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pyoxigraph as ox

_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_HT = "http://www.w3.org/2011/http#"
_CNT = "http://www.w3.org/2011/content#"
_UT = "http://www.w3.org/2009/sparql/tests/test-update#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_CODES = {"OK": "200", "Created": "201", "NoContent": "204", "NotFound": "404"}


def folder() -> Path | None:
    """Return the folder of the W3C's tests, if this run knows one."""
    place = os.environ.get("RDF_TESTS", "")
    return Path(place) if place and (Path(place) / "protocol" / "manifest.ttl").is_file() else None


@dataclass(frozen=True)
class Expected:
    """What a response must be: one of some statuses ("2xx" or "200"), a kind of answer, a truth, a graph in Turtle."""

    statuses: tuple[str, ...]
    form: str = ""
    holds: bool | None = None
    turtle: str = ""
    location: str = ""

    def allows(self, status: int) -> bool:
        """Whether this status is one of those."""
        return any(f"{status}"[0] == one[0] and one[1:] in ("xx", f"{status}"[1:]) for one in self.statuses)


@dataclass(frozen=True)
class Request:
    """One request of a test."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    expected: Expected

    @property
    def media(self) -> str:
        """The content type."""
        return next((value for name, value in self.headers if name.lower() == "content-type"), "")


@dataclass(frozen=True)
class Case:
    """One test: its name, the files of its graphs by the names of the graphs, its requests."""

    name: str
    data: tuple[tuple[str, Path], ...]
    requests: tuple[Request, ...]


def cases(manifest: str) -> list[Case]:
    """Return the tests of a manifest in their order; none when the W3C's tests are not here."""
    root = folder()
    return [] if root is None else _Manifest(root / manifest).cases()


class _Manifest:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._store = ox.Store()
        self._store.load(path=str(path), base_iri=path.resolve().as_uri())

    def cases(self) -> list[Case]:
        entries = self._one(ox.NamedNode(self._path.resolve().as_uri()), f"{_MF}entries")
        return [self._case(entry) for entry in self._list(entries)]

    def _case(self, node: ox.NamedNode) -> Case:
        data = []
        for graph in self._all(node, f"{_UT}graphData"):
            file = self._one(graph, f"{_UT}graph").value
            data.append((self._text(graph, f"{_RDFS}label"), Path(unquote(file.removeprefix("file://")))))
        requests = self._one(self._one(node, f"{_MF}action"), f"{_HT}requests")
        return Case(
            node.value.rpartition("#")[2], tuple(data), tuple(map(self._request, self._list(requests)))
        )

    def _request(self, node: ox.NamedNode) -> Request:
        response = self._one(node, f"{_HT}resp")
        statuses = [one.value.rpartition("#")[2] for one in self._all(response, f"{_MF}expectedStatus")]
        holds = self._text(response, f"{_MF}expectedBoolean")
        expected = Expected(
            statuses=tuple(_CODES.get(one, one.removeprefix("StatusCode")) for one in statuses),
            form=self._text(response, f"{_MF}expectedFormat"),
            holds=holds == "true" if holds else None,
            turtle=self._body(response).decode(),
            location=self._text(response, f"{_MF}expectedLocation"),
        )
        headers = self._all(node, f"{_HT}headers")
        return Request(
            method=self._text(node, f"{_HT}methodName"),
            path=self._text(node, f"{_HT}absolutePath"),
            headers=tuple(self._header(one) for some in headers for one in self._list(some)),
            body=self._body(node),
            expected=expected,
        )

    def _header(self, node: ox.NamedNode) -> tuple[str, str]:
        return self._text(node, f"{_HT}fieldName"), self._text(node, f"{_HT}fieldValue")

    def _body(self, node: ox.NamedNode) -> bytes:
        bodies = self._all(node, f"{_HT}body")
        if not bodies:
            return b""
        return self._text(bodies[0], f"{_CNT}chars").encode(self._text(bodies[0], f"{_CNT}characterEncoding"))

    def _all(self, node: ox.NamedNode, predicate: str) -> list[ox.NamedNode]:
        """Return the objects; typed as IRIs, though some are blank nodes or literals."""
        quads = self._store.quads_for_pattern(node, ox.NamedNode(predicate), None)
        return [quad.object for quad in quads]  # type: ignore[misc]

    def _one(self, node: ox.NamedNode, predicate: str) -> ox.NamedNode:
        return self._all(node, predicate)[0]

    def _text(self, node: ox.NamedNode, predicate: str) -> str:
        return next((one.value for one in self._all(node, predicate)), "")

    def _list(self, node: ox.NamedNode) -> Iterator[ox.NamedNode]:
        while node != ox.NamedNode(f"{_RDF}nil"):
            yield self._one(node, f"{_RDF}first")
            node = self._one(node, f"{_RDF}rest")
