"""A collection of profiles → columns: each distinct value of a facet once, and a code for each profile."""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kg.errors import QueryError
from kg.similar.columns.amounts import AmountColumn
from kg.similar.columns.column import Codes, Column
from kg.similar.columns.concepts import ConceptColumn
from kg.similar.facets import FACETS, Facet
from kg.similar.profile import Collection, Profile, Value
from kg.similar.storage.texts import places_of
from kg.similar.terms import Terms

_MOST_NAMES = 20_000  # names among which the nearest to a misspelt one is looked for


@dataclass(frozen=True)
class Index:
    """Profiles in columns, in the order of their IRIs.

    `codes` has for each facet the code of each profile's value in the facet's column, whose size stands for "not stated".
    """

    iris: Sequence[str]
    names: Sequence[str]
    labels: Sequence[str]
    terms: Terms
    columns: Mapping[str, Column]
    codes: Mapping[str, Codes]

    @cached_property
    def bare_names(self) -> Sequence[str]:
        """The names without what people write differently, see `bare`."""
        return tuple(map(bare, self.names))

    @classmethod
    def of(cls, collection: Collection, facets: Sequence[Facet] = FACETS) -> Index:
        """Return the index of a collection."""
        profiles = collection.profiles
        columns: dict[str, Column] = {}
        codes: dict[str, Codes] = {}
        for facet in facets:
            stated = [profile.values.get(facet.name) for profile in profiles]
            columns[facet.name], codes[facet.name] = _column(facet, stated, collection.terms)
        iris, names, labels = (
            tuple(getattr(one, field) for one in profiles) for field in ("iri", "name", "label")
        )
        return cls(iris, names, labels, collection.terms, columns, codes)

    def __len__(self) -> int:
        return len(self.iris)

    def profile(self, position: int) -> Profile:
        """Return the profile at a position."""
        values = {
            facet: column.value(code)
            for facet, column in self.columns.items()
            if (code := int(self.codes[facet][position])) < column.size
        }
        return Profile(self.iris[position], self.names[position], self.labels[position], values)

    def collection(self) -> Collection:
        """Return all profiles, as the index was made of them."""
        return Collection(tuple(self.profile(at) for at in range(len(self))), self.terms)

    def place(self, iri: str) -> int | None:
        """Return the position of the profile with this IRI, or None."""
        at = bisect_left(self.iris, iri)
        return at if at < len(self) and self.iris[at] == iri else None

    def find(self, name: str) -> int:
        """Return the position of what `name` names: an IRI, a registration number or label in any spelling.

        Raises QueryError with the nearest names, or with the IRIs when several profiles have the name.
        """
        wanted = name.strip().removeprefix("<").removesuffix(">")
        if (at := self.place(wanted)) is not None:
            return at
        for text, names in ((wanted, self.names), (bare(wanted), self.bare_names)):
            hits = places_of(text, names)
            if len(hits) == 1:
                return hits[0]
            if hits:
                raise QueryError(
                    "this names several", raw=name, allowed=", ".join(self.iris[at] for at in hits)
                )
        raise self._unknown(name)

    def _unknown(self, name: str) -> QueryError:
        near = difflib.get_close_matches(name.strip(), self.names[:_MOST_NAMES], n=3, cutoff=0.6)
        return QueryError(
            "nothing in the graph has this name",
            raw=name,
            allowed="a registration number, a label or an IRI that the graph has",
            hint=f"did you mean {' or '.join(near)}?" if near else "kg query all-trials lists the trials",
        )


def _column(facet: Facet, stated: Sequence[Value | None], terms: Terms) -> tuple[Column, Codes]:
    counts = Counter(value for value in stated if value)
    values = sorted(counts)
    place = {value: code for code, value in enumerate(values)}
    codes = np.array([place[value] if value else len(values) for value in stated], np.int32)
    having = [counts[value] for value in values]
    if facet.kind == "concepts":
        return ConceptColumn.of(values, having, terms), codes  # type: ignore[arg-type]
    return AmountColumn.of(values, having, facet.spans), codes  # type: ignore[arg-type]


def bare(name: str) -> str:
    """Return a name without spaces, hyphens and the like, in lower case: the same for all spellings of a number."""
    return "".join(char for char in name.lower() if char.isalnum())
