"""A store, or a file → the index of what is to be compared: its trials, or the diseases or cell sources of these."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kg.build.store import Say, nothing, open_store
from kg.errors import QueryError
from kg.similar.aggregate import collect
from kg.similar.facets import FACETS, Facet, find_facet
from kg.similar.index import Index
from kg.similar.profile import Collection
from kg.similar.read import read_trials
from kg.similar.storage.file import is_index, open_index
from kg.similar.weights import Weights
from kg.stores.base import Answers
from kg.vocabulary.lexicon import Lexicon

Kind = Literal["trial", "disease", "cell source"]


@dataclass(frozen=True, slots=True)
class Among:
    """What is compared with each other. `facet` is the one that tells them apart, "" for trials: the others compare them."""

    kind: Kind
    facet: str = ""

    @property
    def facets(self) -> tuple[Facet, ...]:
        """The facets by which they can be compared."""
        return tuple(facet for facet in FACETS if facet.name != self.facet)

    def weights(self, weights: Mapping[str, float], only: Sequence[str]) -> Weights:
        """Return the shares of the facets; QueryError for one that there is not, or that tells apart what is compared."""
        for name in (*weights, *only):
            self.check(name)
        return Weights.of(weights, only or [facet.name for facet in self.facets])

    def check(self, name: str) -> Facet:
        """Return the facet of this name; QueryError when there is none, or when it tells apart what is compared."""
        facet = find_facet(name)
        if facet.name == self.facet:
            allowed = ", ".join(one.name for one in self.facets)
            raise QueryError(f"{self.kind}s are not compared by this facet", raw=name, allowed=allowed)
        return facet

    def open(self, on: str | None, timeout: float = 60, say: Say = nothing) -> Index:
        """Return the index of a file that has one, of a graph file, or of the triple store at a URL (`open_store`)."""
        if on is not None and is_index(Path(on)):
            say(f"asking the index {on}", 2)
            return self.of_index(open_index(Path(on)))
        with closing(open_store(on, timeout, say)) as store:
            return self.index(store)

    def index(self, store: Answers) -> Index:
        """Return the index of all that the store has; QueryError when it has none, and whatever the store raises."""
        return self._of_trials(read_trials(store))

    def of_index(self, index: Index) -> Index:
        """Return the index of what is compared, given that of trials or its own; QueryError for any other."""
        if set(index.columns) == {facet.name for facet in self.facets}:
            return index
        if set(index.columns) != {facet.name for facet in FACETS}:
            raise QueryError(
                f"the index is not one of {self.kind}s",
                allowed="an index of trials" + (f" or of {self.kind}s" if self.facet else ""),
                hint=f"by its facets it is one of {' and '.join(_those_of(index)) or 'other things'}",
            )
        return self._of_trials(index.collection())

    def find(self, name: str, index: Index, lexicon: Callable[[], Lexicon]) -> int:
        """Return the position of what is called `name`; diseases and cell sources have all names that `lexicon` knows.

        Raises QueryError with near names for one that nothing in the index has.
        """
        try:
            return index.find(name)
        except QueryError:
            schemes = find_facet(self.facet).schemes if self.facet else ()
            for found in (lexicon().find(scheme, name) for scheme in schemes):
                if found is not None and index.place(found.iri) is not None:
                    return index.find(found.iri)
            raise

    def _of_trials(self, trials: Collection) -> Index:
        found = collect(trials, self.facet) if self.facet else trials
        if not found.profiles:
            raise QueryError(
                f"the graph has no {self.kind}s that could be compared", hint="kg build makes a graph"
            )
        return Index.of(found, self.facets)


def _those_of(index: Index) -> Iterator[str]:
    """Yield the names under which an index is known."""
    for name, among in AMONG.items():
        if set(index.columns) == {facet.name for facet in among.facets}:
            yield f"--among {name}"


AMONG: dict[str, Among] = {
    "trials": Among("trial"),
    "diseases": Among("disease", "disease"),
    "cell_sources": Among("cell source", "cell_source"),
}
