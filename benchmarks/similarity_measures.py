"""A ranking with ties and what is right → measures of it, each the exact mean over every order of what is tied.

Scores come as numbers for all candidates; those that are equal form a block. Reciprocal rank, precision, average
precision and discounted gain of a random order within blocks follow McSherry and Najork (2008,
doi:10.1007/978-3-540-78646-7_38).
"""

from __future__ import annotations

from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
MEASURES = ("MRR", "hits@10", "P@5", "AP", "nearest", "nDCG@10")
_DIGITS = 9  # scores nearer than that are tied: the last bits of a sum differ with its order


class Block(NamedTuple):
    """Candidates of one score: how many stand before them, how many they are, how many are right, the sum of their gains."""

    before: int
    size: int
    right: int
    gain: float


def blocks_of(scores: Floats, right: Flags, gains: Floats) -> list[Block]:
    """Return the candidates by score, highest first."""
    rounded = np.round(scores.astype(np.float64), _DIGITS)
    order = np.argsort(-rounded, kind="stable")
    starts = np.flatnonzero(np.diff(rounded[order], prepend=np.inf))
    sizes = np.diff([*starts, len(order)])
    rights = np.add.reduceat(right[order].astype(np.int64), starts)
    gained = np.add.reduceat(gains[order], starts)
    columns = (starts.tolist(), sizes.tolist(), rights.tolist(), gained.tolist())
    return [Block(*row) for row in zip(*columns, strict=True)]


def measured(scores: Floats, right: Flags, gains: Floats) -> tuple[float, ...]:
    """Return the `MEASURES` of one ranking; at least one candidate is right."""
    blocks = blocks_of(scores, right, gains)
    ideal = blocks_of(gains, right, gains)
    return (
        reciprocal_rank(blocks),
        hit(blocks, 10),
        precision(blocks, 5),
        average_precision(blocks),
        blocks[0].gain / blocks[0].size,
        discounted(blocks, 10) / discounted(ideal, 10),
    )


def reciprocal_rank(blocks: list[Block]) -> float:
    """Return the expected reciprocal of the place of the first right one."""
    block = next(one for one in blocks if one.right)
    mean, none_yet = 0.0, 1.0
    for place in range(block.size - block.right + 1):
        now = block.right / (block.size - place)
        mean += none_yet * now / (block.before + place + 1)
        none_yet *= 1 - now
    return mean


def hit(blocks: list[Block], most: int) -> float:
    """Return the probability that a right one is among the first `most`."""
    block = next(one for one in blocks if one.right)
    room = min(max(most - block.before, 0), block.size)
    return 1 - comb(block.size - block.right, room) / comb(block.size, room)


def precision(blocks: list[Block], most: int) -> float:
    """Return the expected part of right ones among the first `most`."""
    return sum(one.right / one.size * min(one.size, max(most - one.before, 0)) for one in blocks) / most


def average_precision(blocks: list[Block]) -> float:
    """Return the expected mean, over all right ones, of the precision down to each of them."""
    total, found = 0.0, 0
    for block in blocks:
        if block.right:
            places = np.arange(block.size)
            others = (block.right - 1) / (block.size - 1) if block.size > 1 else 0.0
            below = (found + 1 + places * others) / (block.before + 1 + places)
            total += block.right / block.size * float(below.sum())
            found += block.right
    return total / found


def discounted(blocks: list[Block], most: int) -> float:
    """Return the expected sum, over the first `most`, of the gain divided by log2(place + 1)."""
    total = 0.0
    for block in blocks:
        places = np.arange(block.before, min(block.before + block.size, most))
        total += block.gain / block.size * float((1 / np.log2(places + 2)).sum())
    return total


def interval(values: Floats, seed: int, draws: int = 10_000) -> tuple[float, float]:
    """Return the bounds of the middle 95 % of the means over trials drawn anew (percentile bootstrap, Efron 1979).

    `values` has a line for each trial and a column for each question about it, NaN for one that is not asked: the questions
    about a trial are drawn together. There is at least one.
    """
    sums, counts = np.nansum(values, axis=1), (~np.isnan(values)).sum(axis=1)
    sums, counts = sums[counts > 0], counts[counts > 0]
    random = np.random.default_rng(seed)
    drawn = (random.integers(0, len(sums), len(sums)) for _ in range(draws))
    means = np.sort([sums[at].sum() / counts[at].sum() for at in drawn])
    return float(means[round(draws * 0.025)]), float(means[round(draws * 0.975) - 1])
