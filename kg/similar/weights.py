"""What the user says of the facets → the share of each in a score."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kg.errors import QueryError
from kg.similar.facets import FACETS, find_facet


@dataclass(frozen=True)
class Weights:
    """The facets that count, in the order of `FACETS`, each with its share; the shares sum to 1."""

    shares: Mapping[str, float]

    @classmethod
    def of(cls, weights: Mapping[str, float] | None = None, only: Sequence[str] = ()) -> Weights:
        """Return the shares when facets count so many times as much as usual, 1 where none is given; of all, or `only` some.

        Raises QueryError for a facet that does not exist, a weight that is no positive number or 0, and when nothing counts.
        """
        given = {find_facet(name).name: _checked(name, weight) for name, weight in (weights or {}).items()}
        chosen = {find_facet(name).name for name in only} or {facet.name for facet in FACETS}
        for name in given:
            if name not in chosen:
                raise QueryError(
                    "this facet has a weight, but is not among those that count",
                    raw=name,
                    allowed=", ".join(sorted(chosen)),
                )
        weight = {
            facet.name: facet.weight * given.get(facet.name, 1.0) for facet in FACETS if facet.name in chosen
        }
        total = math.fsum(weight.values())
        if not total:
            raise QueryError("no facet counts", allowed="at least one weight above 0")
        return cls({name: one / total for name, one in weight.items() if one})

    def within(self, names: Collection[str]) -> Weights:
        """Return the shares of these facets alone; QueryError when none of them counts."""
        shares = {name: share for name, share in self.shares.items() if name in names}
        total = math.fsum(shares.values())
        if not total:
            raise QueryError(
                "none of these facets counts", raw=", ".join(names), allowed=", ".join(self.shares)
            )
        return Weights({name: share / total for name, share in shares.items()})


def _checked(name: str, weight: float) -> float:
    if not (math.isfinite(weight) and weight >= 0):
        raise QueryError(
            "this is no weight",
            where=name,
            raw=str(weight),
            allowed="0 or a positive number, such as 2 or 0.5",
        )
    return weight
