"""What a trial, a disease or a cell source is compared by: facets with plain, ordered values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.similar.terms import Terms

UNIT = 1_000_000  # a score of 1: scores are whole numbers, so that sums of contributions are exact
ALL = 1000  # a share of 1: all trials of a profile have the concept

Concepts = tuple[tuple[str, int], ...]
"""(IRI, or the name of a thing without IRI; share out of ALL), ordered; those of a trial all have the share ALL."""

Amounts = tuple[tuple[str, float, float], ...]
"""(what: IRI of a unit, or a word such as "interval"; decadic logarithm of the least; of the most), ordered."""

Value = Concepts | Amounts


@dataclass(frozen=True, slots=True)
class Profile:
    """One thing that is compared. `name` is what people call it: the registration number, or the last part of the IRI.

    `values` has the facets that are stated, by name; none is empty.
    """

    iri: str
    name: str
    label: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Collection:
    """What is compared with each other, ordered by IRI, and the concepts that the profiles speak of."""

    profiles: tuple[Profile, ...]
    terms: Terms
