"""An index of trials → combinations of disease, cell source and route that none of them tried, with what supports each.

A gap says "not in this graph", nothing more: trials that no table of the graph lists may have tried it, a trial that states
no source or no route may have tried it, and no gap says that such a therapy would work or be safe.

**What can be a gap.** Its three parts are concepts that trials of the index state, each as the narrowest of its facet in
that trial. It is none when one trial states in every facet the part itself, something narrower (a trial of knee
osteoarthritis is one of osteoarthritis) or something broader (a trial of osteoarthritis may be one of knee
osteoarthritis). A trial that states several values of a facet counts as having tried each with each.

**What supports it.** A trial that states two of the parts and differs in the third. It counts as 0.2 + 0.8 · a trials,
where a is how alike the third part and what the trial states instead are by the measure of `kg.similar`, out of the part's
likeness to itself; a is 0 when the trial states nothing there. The trials that differ in the same facet are of one kind. A
kind that counts n is worth n / (n + 8) of a third of UNIT: much of the same adds little. The score is the sum of the three
kinds, and a kind's worth is shared out among its trials in proportion to what they count. What no such trial supports is not
returned.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from kg.errors import QueryError
from kg.similar.columns.column import Floats
from kg.similar.gaps.tried import FACETS, Flags, Tried, worth
from kg.similar.index import Index
from kg.similar.score import best


@dataclass(frozen=True, slots=True)
class Evidence:
    """A trial that supports a gap: it states two of its parts and differs in the third.

    `shared` are the facets of the two. `differs` is the third, `values` what the trial states there, nothing when it states
    nothing, `through` the narrowest concepts that are broader than both this and the gap's part, and `alike`, in parts of
    UNIT, how alike the two are. `contribution` is the trial's share of the score.
    """

    position: int
    iri: str
    name: str
    shared: tuple[str, ...]
    differs: str
    values: tuple[str, ...]
    through: tuple[str, ...]
    alike: int
    contribution: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A combination of three concepts, by IRI, that no trial of the index tried.

    `score`, in parts of UNIT, is the sum of the contributions. The evidence that contributes most comes first, of equal
    contributions that of the trial with the lesser IRI.
    """

    disease: str
    cell_source: str
    route: str
    score: int
    evidence: tuple[Evidence, ...]

    @property
    def kinds(self) -> Mapping[str, int]:
        """What the trials that differ in each facet contribute together, in the order disease, cell source, route."""
        return {
            facet: sum(one.contribution for one in self.evidence if one.differs == facet) for facet in FACETS
        }


@dataclass(frozen=True, slots=True)
class _Share:
    """What one trial adds: where it is in the index, how alike it is in the facet in which it differs, its contribution."""

    position: int
    alike: int
    contribution: int


def gaps(index: Index, k: int, within: Mapping[str, str] | None = None) -> tuple[Gap, ...]:
    """Return the `k` gaps of an index of trials that are supported best, of equal scores that with the lesser IRIs first.

    `within` keeps to gaps of which a part ("disease", "cell_source", "route") is the concept with the given IRI or narrower.
    Raises QueryError for another facet. The index must have the three facets; k below 1 gives nothing.
    """
    tried = Tried(index)
    allowed = _allowed(tried, within or {})
    ranked = heapq.nsmallest(k, _candidates(tried, allowed, k))
    return tuple(_gap(tried, parts) for _, parts in ranked)


def _allowed(tried: Tried, within: Mapping[str, str]) -> list[Flags]:
    """Return for each facet which of its parts a gap may have."""
    for name in within:
        if name not in FACETS:
            raise QueryError("gaps have no such facet", raw=name, allowed=", ".join(FACETS))
    closure = tried.index.terms.closure
    return [
        np.array([name not in within or within[name] in closure(part) for part in facet.parts], bool)
        for name, facet in zip(FACETS, tried.facets, strict=True)
    ]


def _candidates(tried: Tried, allowed: list[Flags], k: int) -> Iterator[tuple[int, tuple[int, int, int]]]:
    """Yield (-score, parts) of the best `k` gaps of each disease: one disease at a time, so that memory stays small."""
    diseases, sources, routes = allowed
    outside = ~np.outer(sources, routes)
    for disease in np.flatnonzero(diseases).tolist():
        scores = tried.scores(disease)
        scores[outside] = 0
        for cell in best(scores.ravel(), k).tolist():
            yield -int(scores.flat[cell]), (disease, *divmod(cell, len(routes)))


def _gap(tried: Tried, parts: tuple[int, int, int]) -> Gap:
    found = [one for kind in range(len(FACETS)) for one in _kind(tried, parts, kind)]
    evidence = tuple(sorted(found, key=lambda one: (-one.contribution, one.iri)))
    disease, source, route = (facet.parts[part] for facet, part in zip(tried.facets, parts, strict=True))
    return Gap(disease, source, route, sum(one.contribution for one in evidence), evidence)


def _kind(tried: Tried, parts: tuple[int, int, int], kind: int) -> Iterator[Evidence]:
    """Yield the trials that state the other two parts; they differ in the facet `kind`, else the gap would be none."""
    stating = np.ones(len(tried.values), bool)
    for at, (facet, part) in enumerate(zip(tried.facets, parts, strict=True)):
        stating &= at == kind or facet.has[part][tried.values[:, at]]
    positions = np.flatnonzero(stating[tried.of_trial])
    codes = tried.values[tried.of_trial[positions], kind]
    alike = tried.facets[kind].likeness(parts[kind])[codes]
    shares = _shared_out(tried.facets[kind].weight(parts[kind])[codes])
    for position, likeness, share in zip(positions.tolist(), alike.tolist(), shares, strict=True):
        yield _evidence(tried, parts, kind, _Share(position, int(likeness), share))


def _shared_out(counted: Floats) -> list[int]:
    """Return the worth of a kind shared out by what its trials count, and what rounding leaves to the largest remainders."""
    counts = [int(one) for one in counted.tolist()]
    amount = sum(counts)
    total = int(worth(np.array([amount], np.float64))[0])
    shares = [count * total // amount for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda at: (-(counts[at] * total % amount), at))
    for at in by_remainder[: total - sum(shares)]:
        shares[at] += 1
    return shares


def _evidence(tried: Tried, parts: tuple[int, int, int], kind: int, share: _Share) -> Evidence:
    index, facet = tried.index, tried.facets[kind]
    values = facet.stated[tried.values[tried.of_trial[share.position], kind]]
    stated = frozenset[str]().union(*map(index.terms.closure, values))
    return Evidence(
        share.position,
        index.iris[share.position],
        index.names[share.position],
        tuple(name for name in FACETS if name != FACETS[kind]),
        FACETS[kind],
        values,
        index.terms.narrowest(stated & index.terms.closure(facet.parts[parts[kind]])),
        share.alike,
        share.contribution,
    )
