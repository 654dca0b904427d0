"""Classes, properties, graphs, files → the IRIs of the parts of a description; no two things share one."""

from __future__ import annotations

from urllib.parse import quote

from kg.graph.iris import Minter
from kg.serialise.terms import compact
from kg.vocabulary.namespaces import PREFIXES

_KNOWN = {namespace: prefix for prefix, namespace in PREFIXES.items()}


class Names:
    """The IRIs under one base: `<base>dataset/trials` for the data set, `…/class/tkg-Dose` for a part of it."""

    def __init__(self, base: str) -> None:
        """Raise GraphError unless `base` is an absolute IRI that ends with "/" or "#"."""
        self._minter = Minter(base)
        self._graphs = {self._minter.iri("graph", ""): "graph"}
        self.base = base
        self.dataset = self._minter.iri("dataset", "trials")

    def of_class(self, iri: str) -> str:
        """Return the IRI of the part that holds the instances of a class."""
        return self._part("class", _term(iri))

    def of_property(self, iri: str) -> str:
        """Return the IRI of the part that holds the triples of a property."""
        return self._part("property", _term(iri))

    def of_links(self, terminology: str, predicate: str) -> str:
        """Return the IRI of the links to a terminology, given by its IRI, through one predicate."""
        return self._part("links", f"{terminology.rsplit('/', 1)[-1]}/{_term(predicate)}")

    def of_graph(self, iri: str) -> str:
        """Return the IRI of what is said of a named graph."""
        found = compact(iri, self._graphs)
        return self._part("graph", found[1] if found else quote(iri, safe=""))

    def of_file(self, name: str, suffix: str = "") -> str:
        """Return the IRI of a file of the build, or with a suffix "/…" of something about it."""
        return self._part("file", quote(name, safe="") + suffix)

    def _part(self, kind: str, local: str) -> str:
        return f"{self.dataset}/{kind}/{local}"


def _term(iri: str) -> str:
    """Return "prefix-name", or the whole IRI percent-encoded: no prefix has a hyphen, and no name "%3A"."""
    found = compact(iri, _KNOWN)
    return f"{found[0]}-{found[1]}" if found else quote(iri, safe="")
