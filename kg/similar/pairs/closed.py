"""A column of many sets of concepts → how alike single pairs of them are, and bounds of that for all pairs at once.

Each concept has one of `BITS` bits, and a set the bits of its concepts. Two sets share no more than what the one has
in the bits that the other has: a table of queries and of the few possible patterns of bits bounds all likenesses.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.similar.columns.column import Floats
from kg.similar.columns.concepts import ConceptColumn
from kg.similar.pairs.ranked import Places, runs

BITS = 10


@dataclass(frozen=True)
class Closed:
    """The distinct sets, closed over what is broader, as runs: `starts`, and `members` and `shares` of each.

    `information` and `part` are those of the members, `mass` that of the sets, as in `ConceptColumn`. `bit` is that of
    each member, `pattern` has the bits of each set, `least` the least mass of the sets of each pattern. The last set
    is "not stated", which has no member.
    """

    starts: Places
    members: Places
    shares: Places
    information: Places
    part: Floats
    mass: Places
    bit: Places
    pattern: Places
    least: Places

    @classmethod
    def of(cls, column: ConceptColumn) -> Closed:
        """Return the sets of a column: its postings, turned round."""
        stored = column.arrays()
        begin = stored["posting_starts"].astype(np.int64)
        sets = stored["posting_codes"].astype(np.int64)
        posted = np.repeat(np.arange(len(column.members)), begin[1:] - begin[:-1])
        order = np.argsort(sets, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(sets, minlength=column.size + 1))])
        part: Floats = stored["part"].astype(np.float64)
        mass = np.append(stored["mass"].astype(np.int64), 0)
        # bits go round from the most frequent concept on, so that each has its part of the frequent ones
        bit = np.empty(len(part), np.int64)
        bit[np.argsort(-part, kind="stable")] = np.arange(len(part)) % BITS
        pattern = np.zeros(column.size + 1, np.int64)
        np.bitwise_or.at(pattern, sets, 1 << bit[posted])
        least = np.full(1 << BITS, mass.max(initial=0), np.int64)
        np.minimum.at(least, pattern, mass)
        shares, information = (
            stored["posting_shares"][order].astype(np.int64),
            stored["information"].astype(np.int64),
        )
        return cls(starts, posted[order], shares, information, part, mass, bit, pattern, least)

    def bound(self, queries: Places) -> Floats:
        """Return how alike a set of each pattern (row) can be to each of the sets `queries` (column) at most."""
        sizes = self.starts[queries + 1] - self.starts[queries]
        entries, query = runs(self.starts[queries], sizes), np.repeat(np.arange(len(queries)), sizes)
        members = self.members[entries]
        shared, relevance = np.zeros((BITS, len(queries)), np.int64), np.zeros((BITS, len(queries)))
        np.add.at(shared, (self.bit[members], query), self.shares[entries] * self.information[members])
        np.maximum.at(relevance, (self.bit[members], query), 1 - self.part[members])
        most, best = np.zeros((1, len(queries))), np.zeros((1, len(queries)))
        for bit in range(BITS):
            most = np.concatenate([most, most + shared[bit]])
            best = np.concatenate([best, np.maximum(best, relevance[bit])])
        whole = self.mass[queries] + np.maximum(most, self.least[:, None])
        return 2 * most / np.maximum(whole, 1) * best

    def among(self, queries: Places) -> NDArray[np.int16]:
        """Return the share that each of the sets `queries` (row) has of each member (column)."""
        sizes = self.starts[queries + 1] - self.starts[queries]
        entries = runs(self.starts[queries], sizes)
        table = np.zeros((len(queries), len(self.part)), np.int16)
        table[np.repeat(np.arange(len(queries)), sizes), self.members[entries]] = self.shares[entries]
        return table

    def likeness(self, table: NDArray[np.int16], queries: Places, rows: Places, sets: Places) -> Floats:
        """Return how alike pairs are: the query of each by its row of `table`, made of `queries`, with each of `sets`.

        It is `ConceptColumn.row` to the last bit.
        """
        sizes = self.starts[sets + 1] - self.starts[sets]
        entries = runs(self.starts[sets], sizes)
        members = self.members[entries]
        common = np.minimum(table[np.repeat(rows, sizes), members], self.shares[entries])
        hits = np.flatnonzero(common)
        pair, members = np.repeat(np.arange(len(sets)), sizes)[hits], members[hits]
        shared = np.zeros(len(sets), np.int64)
        rarest = np.ones(len(sets))
        np.add.at(shared, pair, common[hits] * self.information[members])
        np.minimum.at(rarest, pair, self.part[members])
        whole = self.mass[queries[rows]] + self.mass[sets]
        likeness = np.zeros(len(sets))
        np.divide(2 * shared, whole, out=likeness, where=whole > 0)
        return likeness * (1 - rarest)
