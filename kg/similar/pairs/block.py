"""A block of queries → the best groups of each: coarse bounds for all pairs, exact scores for the few that may be best.

A bound is the sum of what the facets contribute, each rounded up to a multiple of `COARSE`, in 16 bits, so that it is
made of rows of small tables at memory speed. Sets of concepts of which there are too many for a table have a bound of
their own (`closed`); where it lets too many pairs through, all of them are compared. As in the MaxScore of text
search (Turtle and Flood 1995, doi:10.1016/0306-4573(95)00020-H), what cannot exceed the worst of the best so far is
left out, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from kg.similar.pairs.merged import Merged, merge
from kg.similar.pairs.parts import Part
from kg.similar.pairs.ranked import Found, Places, best_of_each

BLOCK = 128  # queries that are searched together
COARSE = 32  # parts of UNIT in one step of a bound: a score of 1 fits into 16 bits
_STEP = 1024  # candidates whose bounds stay in the processor's cache
_CROWDED = (
    0.03  # part of all pairs; when bounds let more through, sets without a table are compared as a whole
)
_PROBED = 3  # times as many are scored as are wanted, to know how good these must be
_AT_ONCE = 1 << 18  # pairs that are scored together

Bounds = NDArray[np.int16]


class Search:
    """Searches blocks of queries among all groups, one block at a time. `kept` says how many are wanted for each query."""

    def __init__(self, parts: Sequence[Part], kept: int) -> None:
        self.parts = parts
        self.merged = merge(part for part in parts if part.table is not None)
        self.kept = kept
        self.size = len(parts[0].codes)
        # so many runs that the best of each are enough to know what the best of all come to
        self.run_length = max(min(_STEP, self.size // (4 * kept)), 16)
        self._bounds = np.empty(self.size * BLOCK, np.int16)
        self._scratch = np.empty(_STEP * BLOCK, np.int16)
        self._mask = np.empty(_STEP * BLOCK, np.bool_)

    def run(self, queries: Places) -> Found:
        """Return the best groups of each query by score, then by place, those of score 0 left out; queries are numbered."""
        block = _Block(self, queries, [part for part in self.parts if part.closed])
        if block.bounded and block.crowded():
            block = _Block(self, queries, [])
        return block.finish()

    def bounds(self, width: int) -> Bounds:
        """Return the memory for the bounds of all groups with `width` queries."""
        return self._bounds[: self.size * width].reshape(-1, width)

    def scratch(self, height: int, width: int) -> Bounds:
        """Return memory for the bounds of one step."""
        return self._scratch[: height * width].reshape(-1, width)

    def mask(self, height: int, width: int) -> NDArray[np.bool_]:
        """Return memory for a mask of one step."""
        return self._mask[: height * width].reshape(-1, width)

    def steps(self) -> Iterator[slice]:
        """Yield the groups in steps."""
        for start in range(0, self.size, _STEP):
            yield slice(start, min(start + _STEP, self.size))


class _Block:
    """One search: the bounds of all pairs, and the score that a candidate must exceed.

    `exact` are the facets with what each value contributes to it, `bounded` those of which only a bound is known.
    """

    def __init__(self, search: Search, queries: Places, bounded: Sequence[Part]) -> None:
        self.search = search
        self.queries = queries
        self.exact = {part: part.exact(queries) for part in search.parts if part not in bounded}
        self.bounded = [
            (part, part.closed, part.closed.among(part.codes[queries])) for part in bounded if part.closed
        ]
        self.exceed = np.zeros(len(queries), np.int64)
        self.bounds = search.bounds(len(queries))
        self._add_all()

    def _add_all(self) -> None:
        """Add up the bounds, then find out what the best candidates come to."""
        columns = [*self.search.merged, *(Merged.single(part) for part in self.exact if part.table is None)]
        tables = [(column.codes, column.table(self.exact)) for column in columns]
        tables += [part.bound(closed, self.queries) for part, closed, _ in self.bounded]
        coarse = [(codes, (-(-table // COARSE)).astype(np.int16)) for codes, table in tables]
        highest = np.concatenate([self._add(step, coarse) for step in self.search.steps()])
        if len(highest) >= self.search.kept:
            self._probe(highest)

    def crowded(self) -> bool:
        """Return whether many candidates could be among the best, from a sample of them."""
        sample = self.bounds[:: max(self.search.size // 2000, 1)]
        return bool(np.mean(sample > self._needed()) > _CROWDED)

    def finish(self) -> Found:
        """Return the best of all candidates."""
        best = Found.none()
        for candidates in self._candidates():
            best = best_of_each(best.join(self._scored(candidates)), self.search.kept)
            self._exceed(best, 0)
        return best

    def _add(self, step: slice, tables: Sequence[tuple[Places, Bounds]]) -> Bounds:
        """Add up the bounds of a step; return the highest of each run of candidates (row) for each query."""
        bounds = self.bounds[step]
        scratch = self.search.scratch(*bounds.shape)
        for at, (codes, table) in enumerate(tables):
            table.take(codes[step], axis=0, out=scratch if at else bounds, mode="clip")
            if at:
                bounds += scratch
        length = self.search.run_length
        whole = len(bounds) // length * length
        highest: Bounds = bounds[:whole].reshape(-1, length, bounds.shape[1]).max(axis=1)
        return highest

    def _probe(self, highest: Bounds) -> None:
        """Score a few candidates of high bounds: at least so many are as good as the worst of them."""
        kept = self.search.kept
        rank = len(highest) - min(_PROBED * kept, len(highest))
        least = np.partition(highest, rank, axis=0)[rank]
        needed = np.maximum(least, 1) - 1
        pairs = np.concatenate([self._beyond(step, needed) for step in self.search.steps()])
        pairs = pairs[np.argsort(pairs % len(self.queries), kind="stable")]
        hits = Found(pairs % len(self.queries), pairs, pairs)
        few = hits.candidate[hits.rank < 2 * _PROBED * kept]  # where many are alike, some of them will do
        self._exceed(best_of_each(self._scored(few), kept), 1)

    def _exceed(self, best: Found, less: int) -> None:
        """Ask for more than the last of the best, less `less`, where there are as many as wanted."""
        last = best.where(best.rank == self.search.kept - 1)
        self.exceed[last.query] = np.maximum(self.exceed[last.query], last.score - less)

    def _needed(self) -> Bounds:
        """Return the bound that a candidate of each query must exceed."""
        return np.minimum(self.exceed // COARSE, np.iinfo(np.int16).max).astype(np.int16)

    def _candidates(self) -> Iterator[Places]:
        """Yield the pairs that may be among the best, in order of the candidates, some at a time."""
        waiting: list[Places] = []
        needed = self._needed()
        for step in self.search.steps():
            waiting.append(self._beyond(step, needed))
            if sum(map(len, waiting)) > _AT_ONCE:
                yield np.concatenate(waiting)
                waiting, needed = [], self._needed()
        if waiting:
            yield np.concatenate(waiting)

    def _beyond(self, step: slice, needed: Bounds) -> Places:
        """Return the pairs of a step whose bound exceeds what is needed: candidate times number of queries plus query."""
        bounds = self.bounds[step]
        mask = self.search.mask(*bounds.shape)
        np.greater(bounds, needed, out=mask)
        beyond: Places = np.flatnonzero(mask) + step.start * len(self.queries)
        return beyond

    def _scored(self, pairs: Places) -> Found:
        """Return pairs with their exact scores, without those that do not exceed what is asked for."""
        candidates, queries = np.divmod(pairs, len(self.queries))
        score = np.zeros(len(pairs), np.int64)
        for part, table in self.exact.items():
            score += table.ravel()[part.codes[candidates] * len(self.queries) + queries]
        for part, closed, shares in self.bounded:
            own, codes = part.codes[self.queries], part.codes[candidates]
            score += part.whole(closed.likeness(shares, own, queries, codes))
        return Found(queries, candidates, score).where(score > self.exceed[queries])
