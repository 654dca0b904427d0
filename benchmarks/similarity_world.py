"""A graph file → what similarity is measured on: trials, what they state as plain names, their rows' texts, their links.

The right answers are the values that a trial states of a facet, without those that are broader than another one it states.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.similarity_measures import Flags, Floats
from kg.similar.facets import FACETS, Facet
from kg.similar.index import Index
from kg.similar.profile import Value
from kg.similar.read import read_trials
from kg.stores.base import Answers
from kg.stores.oxigraph import open_graph
from kg.vocabulary.namespaces import PROV, RDF_TYPE, SKOS, TKG

TARGETS = {
    "disease": TKG.condition,
    "cell_source": TKG.cellSource,
    "phase": TKG.reportedPhase,
    "route": TKG.route,
}
Link = tuple[str, str, str]
_LINKED = ("ClinicalTrial", "TrialReport", "Registration", "Dose", "Schedule", "Outcome", "OutcomeClaim")
_ROW = f"?report <{TKG.reports}> ?trial ; <{PROV.wasDerivedFrom}> ?row ."


class World:
    """The trials of one graph file, in the order of the index."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._store: Answers = open_graph(path)
        self.collection = read_trials(self._store)
        self.index = Index.of(self.collection)
        self.terms = self.collection.terms
        self._places = {iri: at for at, iri in enumerate(self.index.iris)}

    def __len__(self) -> int:
        return len(self.index)

    @cached_property
    def stated(self) -> Mapping[str, Sequence[frozenset[str]]]:
        """By facet the plain names of what each trial states, see `names_of`; none where it states nothing."""
        profiles = self.collection.profiles
        return {
            facet.name: [names_of(facet, one.values.get(facet.name, ())) for one in profiles]
            for facet in FACETS
        }

    def named(self, hidden: str, *, broader: bool = False) -> list[frozenset[str]]:
        """Return what each trial states of all facets but `hidden`, as "facet: name"; with all that is broader too."""
        shown = [(facet, sets) for facet, sets in self.stated.items() if facet != hidden]
        return [
            frozenset(
                f"{facet}: {name}"
                for facet, sets in shown
                for stated in sets[at]
                for name in (self.terms.closure(stated) if broader else (stated,))
            )
            for at in range(len(self))
        ]

    @cached_property
    def rows(self) -> Sequence[frozenset[str]]:
        """The rows that report each trial."""
        return self._sets(f"SELECT ?trial ?row {{ {_ROW} }}")

    @cached_property
    def tables(self) -> Sequence[frozenset[str]]:
        """The tables that report each trial."""
        return self._sets(f"SELECT ?trial ?table {{ {_ROW} ?row <{TKG.table}> ?table }}")

    @cached_property
    def texts(self) -> Sequence[Sequence[tuple[str, str]]]:
        """The cells of the rows of each trial, as (IRI of the column's concept, or ""; text), ordered."""
        found: dict[int, set[tuple[str, str]]] = defaultdict(set)
        cells = f"{_ROW} ?cell <{TKG.row}> ?row ; <{TKG.verbatim}> ?text . OPTIONAL {{ ?cell <{TKG.column}> ?column }}"
        for trial, text, column in self._ask(f"SELECT DISTINCT ?trial ?text ?column {{ {cells} }}"):
            if trial in self._places:
                found[self._places[trial]].add((column, text))
        return [sorted(found[at]) for at in range(len(self))]

    def columns_of(self, prop: str) -> frozenset[str]:
        """Return the columns whose cells are read for a property of the report."""
        return frozenset(
            column for (column,) in self._ask(f"SELECT ?column {{ ?column <{TKG.fills}> <{prop}> }}")
        )

    @cached_property
    def forms(self) -> Mapping[str, Sequence[str]]:
        """The labels and synonyms of each concept, in small letters."""
        found: dict[str, set[str]] = defaultdict(set)
        kinds = f"<{SKOS.prefLabel}>|<{SKOS.altLabel}>|<{SKOS.hiddenLabel}>"
        for concept, form in self._ask(f"SELECT ?concept ?form {{ ?concept {kinds} ?form }}"):
            found[concept].add(form.lower())
        return {concept: sorted(forms) for concept, forms in found.items()}

    @cached_property
    def links(self) -> Sequence[Link]:
        """What the graph says of trials, reports, doses, schedules, outcomes and claims that is no literal and no
        provenance, and what is broader than what; ordered."""
        classes = " ".join(f"<{getattr(TKG, name)}>" for name in _LINKED)
        left_out = f"<{RDF_TYPE}>, <{PROV.wasDerivedFrom}>"
        told = (
            f"SELECT DISTINCT ?s ?p ?o {{ VALUES ?class {{ {classes} }} ?s a ?class ; ?p ?o"
            f" FILTER(isIRI(?o) && ?p NOT IN ({left_out}) && !STRSTARTS(STR(?p), 'http://schema.org/')"
            " && !STRSTARTS(STR(?p), 'https://schema.org/')) }"
        )
        above = [(one, SKOS.broader, broad) for one, broads in self.terms.broader.items() for broad in broads]
        return sorted({*((s, p, o) for s, p, o in self._ask(told)), *above})

    def _sets(self, query: str) -> list[frozenset[str]]:
        found: dict[int, set[str]] = defaultdict(set)
        for trial, thing in self._ask(query):
            if trial in self._places:
                found[self._places[trial]].add(thing)
        return [frozenset(found[at]) for at in range(len(self))]

    def _ask(self, query: str) -> list[tuple[str, ...]]:
        return [tuple(term.value if term else "" for term in row) for row in self._store.select(query).rows]


class Target:
    """The hidden facet: which trials share a value with another, and how near their values are by what is broader."""

    def __init__(self, world: World, facet: str) -> None:
        narrowest = [frozenset(world.terms.narrowest(stated)) for stated in world.stated[facet]]
        self.values = sorted(set(narrowest), key=sorted)
        place = {value: at for at, value in enumerate(self.values)}
        self.codes: NDArray[np.int64] = np.array([place[value] for value in narrowest], np.int64)
        self._closed = [
            frozenset(up for one in value for up in world.terms.closure(one)) for value in self.values
        ]

    def right(self, at: int) -> Flags:
        """Return which trials state a value that the trial at this position states."""
        mine = self.values[self.codes[at]]
        return np.array([bool(mine & value) for value in self.values])[self.codes]

    def gains(self, at: int) -> Floats:
        """Return of each trial the part that is common of its values and all broader ones and those of the trial here."""
        mine = self._closed[self.codes[at]]
        return np.array([len(mine & one) / (len(mine | one) or 1) for one in self._closed])[self.codes]


def names_of(facet: Facet, value: Value) -> frozenset[str]:
    """Return a value as plain names: a concept as it is, an amount rounded to a quarter of the facet's span in decades."""
    if facet.kind == "concepts":
        return frozenset(str(name) for name, _ in value)  # type: ignore[misc]
    names = set()
    for what, low, high in value:  # type: ignore[misc]
        step = (facet.spans.get(what) or facet.spans[""]) / 4
        names.add(f"{what} 10^{round((low + high) / 2 / step) * step:g}")
    return frozenset(names)


def without(text: str, forms: Sequence[str]) -> str:
    """Return a text without these forms, wherever they stand as whole words, the longest first."""
    words = sorted(forms, key=lambda form: (-len(form), form))
    if not words:
        return text
    pattern = "|".join(re.escape(form) for form in words)
    return re.sub(rf"(?<!\w)(?:{pattern})(?:e?s)?(?!\w)", " ", text, flags=re.IGNORECASE)
