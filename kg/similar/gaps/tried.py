"""An index of trials → which diseases, cell sources and routes were tried together, and what supports those that were not.

A *part* is a concept that some trial states as the narrowest of its facet. Trials are counted in whole parts of UNIT, so
that every sum is exact, in whatever order it is made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kg.similar.columns.column import Codes, Column, Floats, Whole
from kg.similar.index import Index
from kg.similar.profile import ALL, UNIT
from kg.similar.terms import Terms

FACETS = ("disease", "cell_source", "route")
LEAST = 0.2  # what a trial counts that has two of the parts and is not alike in the third
HALF = 8  # trials, like the part in the facet in which they differ, that earn half of what their kind can
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Facet:
    """The parts of one facet beside the distinct values of its column, and "not stated", which is the last.

    `stated` has the narrowest concepts of each value. `has` (parts × values) says which values state a part, `near` also
    those that state something narrower or broader.
    """

    column: Column
    parts: tuple[str, ...]
    stated: tuple[tuple[str, ...], ...]
    has: Flags
    near: Flags

    @classmethod
    def of(cls, column: Column, terms: Terms) -> Facet:
        """Return the parts that the values of a column state."""
        values = (column.value(code) for code in range(column.size))
        stated = [terms.narrowest(str(iri) for iri, *_ in value) for value in values]
        parts = tuple(sorted({part for value in stated for part in value}))
        has, near = (np.zeros((len(parts), column.size + 1), bool) for _ in range(2))
        place = {part: at for at, part in enumerate(parts)}
        related = _related(parts, terms)
        for code, value in enumerate(stated):
            has[[place[part] for part in value], code] = True
            near[[other for part in value for other in related[place[part]]], code] = True
        return cls(column, parts, (*stated, ()), has, near)

    def likeness(self, part: int) -> Floats:
        """Return for each value how alike it is to a part, out of the part's likeness to itself; in whole parts of UNIT."""
        value = ((self.parts[part], ALL),)
        alike: Floats = np.rint(np.minimum(self.column.row(value) / self.column.own(value), 1) * UNIT)
        return alike

    def weight(self, part: int) -> Floats:
        """Return what a trial of each value counts where this part is the third; in whole parts of UNIT."""
        weight: Floats = np.rint(LEAST * UNIT + (1 - LEAST) * self.likeness(part))
        return weight

    @cached_property
    def weights(self) -> Floats:
        """`weight` of every part: values × parts."""
        rows = [self.weight(part) for part in range(len(self.parts))]
        return np.ascontiguousarray(np.array(rows).reshape(self.has.shape).T)

    @cached_property
    def having(self) -> Floats:
        """`has` in numbers: values × parts."""
        return np.ascontiguousarray(self.has.T, np.float64)

    @cached_property
    def nearing(self) -> NDArray[np.float32]:
        """`near` in numbers: values × parts."""
        return np.ascontiguousarray(self.near.T, np.float32)


class Tried:
    """What the trials of an index tried.

    `values` are the distinct combinations of values that trials have, `trials` says how many trials have each, and
    `of_trial` which one each trial has. The index must have the facets `FACETS`.
    """

    def __init__(self, index: Index) -> None:
        self.index = index
        self.facets = tuple(Facet.of(index.columns[name], index.terms) for name in FACETS)
        codes = np.stack([index.codes[name] for name in FACETS], axis=1)
        values, of_trial, trials = np.unique(codes, axis=0, return_inverse=True, return_counts=True)
        self.values: Codes = values
        self.of_trial: Whole = of_trial.reshape(len(index))
        self.trials: Floats = trials.astype(np.float64)

    def support(self, disease: int) -> tuple[Floats, Floats, Floats]:
        """Return for a disease with every cell source × route what supports the three: an array for each kind of trials.

        The kinds are the facets in which trials differ: those of the source and the route count by how alike their disease
        is, those of the disease and the route by their source, those of the disease and the source by their route.
        """
        diseases, sources, routes = self.facets
        shape = (len(sources.parts), len(routes.parts))
        counted = self.trials * diseases.weight(disease)[self.values[:, 0]]
        entries, cells = self._cells
        by_disease = _sums(cells, counted[entries], shape)
        having = np.flatnonzero(diseases.has[disease][self.values[:, 0]])
        first, second = self.values[having, 1], self.values[having, 2]
        trials = self.trials[having, np.newaxis]
        by_source = (sources.weights[first] * trials).T @ routes.having[second]
        by_route = (sources.having[first] * trials).T @ routes.weights[second]
        return by_disease, by_source, by_route

    def covered(self, disease: int) -> Flags:
        """Return for a disease with every cell source × route whether a trial tried them, or may have by what it states."""
        diseases, sources, routes = self.facets
        found = np.flatnonzero(diseases.near[disease][self.values[:, 0]])
        pairs = np.unique(self.values[found, 1:], axis=0)
        both: NDArray[np.float32] = sources.nearing[pairs[:, 0]].T @ routes.nearing[pairs[:, 1]]
        return both > 0

    def scores(self, disease: int) -> Codes:
        """Return for a disease with every cell source × route the score of the gap, 0 for what is none."""
        by_disease, by_source, by_route = (worth(amount) for amount in self.support(disease))
        total: Codes = by_disease + by_source + by_route
        total[self.covered(disease)] = 0
        return total

    @cached_property
    def _cells(self) -> tuple[Whole, Whole]:
        """The combinations of values that have a source and a route, and the place of these in sources × routes."""
        _, sources, routes = self.facets
        pairs = [
            (at, source * len(routes.parts) + route)
            for at, (_, first, second) in enumerate(self.values.tolist())
            for source in np.flatnonzero(sources.has[:, first]).tolist()
            for route in np.flatnonzero(routes.has[:, second]).tolist()
        ]
        cells = np.array(pairs, np.int64).reshape(len(pairs), 2)
        return cells[:, 0], cells[:, 1]


def worth(amount: Floats) -> Codes:
    """Return what trials of one kind, counted in parts of UNIT, add to a score: below a third, half of it for HALF."""
    return np.rint(amount / (amount + HALF * UNIT) * (UNIT / len(FACETS))).astype(np.int32)


def _sums(cells: Whole, amounts: Floats, shape: tuple[int, int]) -> Floats:
    """Return the sum of the amounts of each cell of a table."""
    sums = np.zeros(shape[0] * shape[1])
    np.add.at(sums, cells, amounts)
    return sums.reshape(shape)


def _related(parts: Sequence[str], terms: Terms) -> list[list[int]]:
    """Return for each part the places of itself and of those that are narrower or broader."""
    place = {part: at for at, part in enumerate(parts)}
    related: dict[int, set[int]] = defaultdict(set)
    for at, part in enumerate(parts):
        for broad in terms.closure(part):
            if broad in place:
                related[at].add(place[broad])
                related[place[broad]].add(at)
    return [sorted(related[at]) for at in range(len(parts))]
