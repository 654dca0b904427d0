"""A scorer → the nearest of every profile to every other, exactly: each pair counts, though few are looked at closely.

Profiles with equal values are one group, and only groups are compared, many queries at a time (`block`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue

import numpy as np

from kg.similar.columns.column import Codes
from kg.similar.pairs.block import BLOCK, Search
from kg.similar.pairs.parts import Part, parts_of
from kg.similar.pairs.ranked import Found, Places, best_of_each, runs
from kg.similar.score import Scorer


@dataclass(frozen=True)
class Nearest:
    """The nearest of each profile, a row each, best first, of equal scores that with the lesser position first.

    `positions` and `scores` (in parts of UNIT) are int32[N, k]. A profile is not among its own nearest, nor is one
    with which it shares nothing: where there are fewer than k, the position is -1 and the score 0.
    """

    positions: Codes
    scores: Codes


@dataclass(frozen=True)
class Groups:
    """Profiles of equal values, in the order of their first members.

    `of` has the group of each profile; `members` are the positions of the first group's profiles, then the
    second's, each in order, and `starts` says where each group begins.
    """

    of: Places
    members: Places
    starts: Places

    @property
    def first(self) -> Places:
        """Return the first member of each group."""
        return self.members[self.starts[:-1]]


def nearest(scorer: Scorer, k: int = 10, workers: int | None = None) -> Nearest:
    """Return the `k` nearest of every profile of the scorer's index, the same for any number of `workers`.

    `workers` is the number of threads, by default one for each processor.
    """
    index, size = scorer.index, len(scorer.index)
    found = Nearest(np.full((size, k), -1, np.int32), np.zeros((size, k), np.int32))
    kept = min(k, size - 1)
    if kept <= 0:
        return found
    groups = group({facet: index.codes[facet] for facet in scorer.weights.shares})
    parts = parts_of(scorer, groups.first)
    blocks: SimpleQueue[Places] = SimpleQueue()
    for block in _blocks(parts, len(groups.first)):
        blocks.put(block)
    threads = min(workers or os.cpu_count() or 1, blocks.qsize())
    with ThreadPoolExecutor(threads) as pool:
        tasks = [pool.submit(_work, blocks, Search(parts, kept + 1), groups, found) for _ in range(threads)]
        for task in tasks:
            task.result()
    return found


def group(codes: Mapping[str, Codes]) -> Groups:
    """Return the groups of profiles that have the same code in every column; at least one column, none of length 0."""
    key = np.zeros(len(next(iter(codes.values()))), np.int64)
    for column in codes.values():
        key = key * (int(column.max()) + 1) + column
        # numbered anew each time: neither the number of groups nor that of codes exceeds that of profiles
        key = np.unique(key, return_inverse=True)[1]
    _, first, of = np.unique(key, return_index=True, return_inverse=True)
    rank = np.empty_like(first)
    rank[np.argsort(first)] = np.arange(len(first))
    of = rank[of]
    members = np.argsort(of, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(of))])
    return Groups(of, members, starts)


def _blocks(parts: tuple[Part, ...], size: int) -> Iterator[Places]:
    """Yield groups in blocks of queries, those of which much is stated first: like ones are searched alike."""
    stated = sum((part.codes < part.column.size for part in parts), np.zeros(size, np.int64))
    order = np.argsort(0 - stated, kind="stable")
    for start in range(0, size, BLOCK):
        yield order[start : start + BLOCK]


def _work(blocks: SimpleQueue[Places], search: Search, groups: Groups, found: Nearest) -> None:
    """Search blocks until none is left; each writes its own rows of `found`."""
    while True:
        try:
            queries = blocks.get_nowait()
        except Empty:
            return
        _write(queries, _profiles(search.run(queries), groups, search.kept), groups, found)


def _profiles(hits: Found, groups: Groups, kept: int) -> Found:
    """Return the best profiles for each query instead of the best groups; of a group `kept` are enough."""
    sizes = np.minimum(np.diff(groups.starts)[hits.candidate], kept)
    at = np.repeat(np.arange(len(sizes)), sizes)
    positions = groups.members[runs(groups.starts[hits.candidate], sizes)]
    return best_of_each(Found(hits.query[at], positions, hits.score[at]), kept)


def _write(queries: Places, hits: Found, groups: Groups, found: Nearest) -> None:
    """Write the hits of a block of groups into the rows of their members, each without itself."""
    kept = int(hits.rank.max(initial=-1)) + 1
    table = np.full((2, len(queries), kept + 1), (-1), np.int64)
    table[0, hits.query, hits.rank], table[1, hits.query, hits.rank] = hits.candidate, hits.score
    sizes = np.diff(groups.starts)[queries]
    rows = groups.members[runs(groups.starts[queries], sizes)]
    positions, scores = table[:, np.repeat(np.arange(len(queries)), sizes)]
    # itself goes behind all others, whose order stays
    last = np.argsort(positions == rows[:, None], axis=1, kind="stable")
    width = min(kept, found.positions.shape[1])
    chosen = np.take_along_axis(positions, last, 1)[:, :width]
    chosen_scores = np.take_along_axis(scores, last, 1)[:, :width]
    found.positions[rows, :width] = chosen
    found.scores[rows, :width] = np.where(chosen < 0, 0, chosen_scores)
