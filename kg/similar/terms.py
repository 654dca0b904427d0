"""Concepts of the graph → their labels, and what is broader than they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class Terms:
    """Labels and `skos:broader` of concepts, by IRI. A concept that it does not know has no broader one."""

    def __init__(self, labels: Mapping[str, str], broader: Mapping[str, tuple[str, ...]]) -> None:
        self.labels = dict(sorted(labels.items()))
        self.broader = {iri: tuple(sorted(above)) for iri, above in sorted(broader.items())}
        self._closures: dict[str, frozenset[str]] = {}

    def label(self, iri: str) -> str:
        """Return the preferred label, or the last part of an IRI that has none; a plain name is its own label."""
        return self.labels.get(iri) or iri.rsplit("/", 1)[-1] or iri

    def closure(self, iri: str) -> frozenset[str]:
        """Return the concept and every broader one; a circle of broader concepts is walked once."""
        found = self._closures.get(iri)
        if found is None:
            seen, waiting = {iri}, [iri]
            while waiting:
                above = [one for one in self.broader.get(waiting.pop(), ()) if one not in seen]
                seen.update(above)
                waiting.extend(above)
            found = self._closures[iri] = frozenset(seen)
        return found

    def narrowest(self, iris: Iterable[str]) -> tuple[str, ...]:
        """Return those that are not broader than another of them, ordered."""
        every = set(iris)
        above = {
            broad for one in every for broad in self.closure(one) - {one} if one not in self.closure(broad)
        }
        return tuple(sorted(every - above))

    def tops(self, iris: Iterable[str]) -> tuple[str, ...]:
        """Return the broadest concepts above any of some, each once, ordered."""
        return tuple(sorted({top for iri in iris for top in self.top(iri)}))

    def top(self, iri: str) -> tuple[str, ...]:
        """Return the broadest concepts above it, or itself when none is broader; ordered."""
        return tuple(sorted(one for one in self.closure(iri) if not self.broader.get(one))) or (iri,)
