"""Sets of concepts → how alike they are: by what they share, the more the rarer it is.

A set counts with everything broader than its members. With p(t) the part of the profiles that have t, and
IC(t) = -log2 p(t) the information in knowing it (Resnik 1995), two sets A and B are alike by

    2 · IC(A ∩ B) / (IC(A) + IC(B)) · (1 - p(rarest shared))

where the IC of a set is the sum over its members. The first factor is the similarity of two descriptions by Lin (1998,
"An information-theoretic definition of similarity"), the second the relevance of Schlicker et al. (2006,
doi:10.1186/1471-2105-7-302): what nearly all have in common is no likeness. p(t) = n(t) / (N + 1) for n(t) of the N
profiles that state the facet, so that even what all have says a little. IC is counted in whole millionths of a bit: no sum
depends on its order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kg.similar.columns.column import Arrays, Codes, Floats, Whole
from kg.similar.profile import Concepts, Value
from kg.similar.terms import Terms

_BIT = 1_000_000  # parts of a bit


class ConceptColumn:
    """The distinct sets of concepts of one facet. It implements `kg.similar.columns.column.Column`.

    `members` are the concepts by IRI, ordered. The distinct values are runs of (member, share), `starts` says where each
    begins; the postings are the same turned round and closed over what is broader: for each member the codes of the
    values that have it.
    """

    def __init__(self, members: Sequence[str], terms: Terms, arrays: Arrays) -> None:
        self.members = members
        self.terms = terms
        self._stored = dict(arrays)
        self.stating = int(arrays["stating"][0])
        self.size = len(arrays["starts"]) - 1
        self._information: Whole = arrays["information"]  # type: ignore[assignment]
        self._part: Floats = arrays["part"]  # type: ignore[assignment]
        self._mass: Whole = arrays["mass"]  # type: ignore[assignment]

    @classmethod
    def of(cls, values: Sequence[Concepts], counts: Sequence[int], terms: Terms) -> ConceptColumn:
        """Return the column of distinct `values`, each of which `counts` profiles have."""
        closed = [closure(value, terms) for value in values]
        members = sorted({member for value in closed for member in value})
        place = {member: at for at, member in enumerate(members)}
        direct = _runs([((place[iri], share) for iri, share in value) for value in values])
        posted: list[list[tuple[int, int]]] = [[] for _ in members]
        having = np.zeros(len(members), np.int64)
        for code, value in enumerate(closed):
            for member, share in value.items():
                posted[place[member]].append((code, share))
                having[place[member]] += counts[code]
        part = having / (sum(counts) + 1)
        information = np.rint(-np.log2(part) * _BIT).astype(np.int64)
        mass = np.array(
            [sum(share * int(information[place[one]]) for one, share in value.items()) for value in closed],
            np.int64,
        )
        postings = {f"posting_{name}": run for name, run in _runs(posted).items()}
        arrays = {**direct, **postings, "part": part, "information": information, "mass": mass}
        return cls(members, terms, {**arrays, "stating": np.array([sum(counts)], np.int64)})

    def arrays(self) -> Arrays:
        """Return all that the column is made of but the names of its members."""
        return self._stored

    def value(self, code: int) -> Concepts:
        """Return the distinct value of this code."""
        run = slice(*self._stored["starts"][code : code + 2].tolist())
        pairs = zip(self._stored["codes"][run].tolist(), self._stored["shares"][run].tolist(), strict=True)
        return tuple((self.members[member], share) for member, share in pairs)

    def row(self, value: Value) -> Floats:
        """Return how alike `value` is to each distinct value, and 0 for "not stated"."""
        closed = closure(value, self.terms)  # type: ignore[arg-type]
        known = [(self._place[one], share) for one, share in closed.items() if one in self._place]
        # the rarest last: it overwrites the relevance of what is more common
        known.sort(key=lambda pair: (-self._part[pair[0]], pair[0]))
        shared = np.zeros(self.size + 1, np.int64)
        relevance = np.zeros(self.size + 1)
        for member, share in known:
            codes, shares = self._posting(member)
            shared[codes] += np.minimum(shares, share) * self._information[member]
            relevance[codes] = 1 - self._part[member]
        whole = sum(share * self.information(one) for one, share in closed.items()) + self._mass
        likeness = np.zeros(self.size + 1)
        np.divide(2 * shared[:-1], whole, out=likeness[:-1], where=whole > 0)
        return likeness * relevance

    def own(self, value: Value) -> float:
        """Return the likeness of `value` and itself: by how rare its rarest member is."""
        parts = [self.part(one) or 1 / (self.stating + 1) for one in closure(value, self.terms)]  # type: ignore[arg-type]
        return 1 - min(parts)

    def information(self, member: str) -> int:
        """Return the information in having a concept, in millionths of a bit; of one that nobody has, as if one had it."""
        if member in self._place:
            return int(self._information[self._place[member]])
        return int(np.rint(np.log2(self.stating + 1) * _BIT))

    def part(self, member: str) -> float:
        """Return the part of the profiles with this facet that have a concept, 0 for one that nobody has."""
        return float(self._part[self._place[member]]) if member in self._place else 0.0

    def _posting(self, member: int) -> tuple[Codes, NDArray[np.int64]]:
        run = slice(*self._stored["posting_starts"][member : member + 2].tolist())
        codes: Codes = self._stored["posting_codes"][run]  # type: ignore[assignment]
        return codes, self._stored["posting_shares"][run].astype(np.int64)

    @cached_property
    def _place(self) -> Mapping[str, int]:
        return {member: at for at, member in enumerate(self.members)}


def closure(value: Concepts, terms: Terms) -> dict[str, int]:
    """Return the shares of a value's concepts and of all that is broader, each at least that of what is narrower."""
    closed: dict[str, int] = {}
    for iri, share in value:
        for one in terms.closure(iri):
            closed[one] = max(share, closed.get(one, 0))
    return dict(sorted(closed.items()))


def _runs(lists: Sequence[Iterable[tuple[int, int]]]) -> dict[str, NDArray[np.generic]]:
    """Return lists of (code, share) one after the other in arrays, and where each starts."""
    flat = [list(one) for one in lists]
    starts = np.cumsum([0, *map(len, flat)], dtype=np.int64)
    codes = np.fromiter((code for one in flat for code, _ in one), np.int32, int(starts[-1]))
    shares = np.fromiter((share for one in flat for _, share in one), np.int16, int(starts[-1]))
    return {"starts": starts, "codes": codes, "shares": shares}
