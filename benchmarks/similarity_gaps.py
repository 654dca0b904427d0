"""Hides trials and asks whether their combination of disease, cell source and route comes back among the best gaps.

    python -m benchmarks.similarity_gaps output/trials.nq [more.nq ...]

Each combination that a single trial states is hidden with its trial, and ranked among all gaps of the trials that are left:
once by the formula of `kg.similar.gaps.gaps`, once by each of its rivals. In a second round every combination is hidden with
all trials that state it. Equal scores share their ranks. A combination of which a part occurs in no trial that is left
cannot come back and is only counted; one that another trial covers by something narrower or broader is left out. A hidden
trial's other combinations are not ranked. The interval is the middle 95 % of the mean reciprocal rank over 2,000 samples
of the hidden combinations, drawn with replacement.
"""

from __future__ import annotations

import argparse
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.similar.facets import find_facet
from kg.similar.gaps.gaps import FACETS
from kg.similar.gaps.tried import Tried
from kg.similar.index import Index
from kg.similar.profile import ALL, UNIT, Collection, Profile
from kg.similar.read import read_trials
from kg.stores.oxigraph import open_graph

Cube = NDArray[np.float64]  # diseases × sources × routes
Combination = tuple[str, str, str]


def shipped(tried: Tried) -> Cube:
    """Return the scores of kg.similar.gaps.gaps."""
    return np.array([tried.scores(disease) for disease in range(len(tried.facets[0].parts))], float)


def counted_only(tried: Tried) -> Cube:
    """Return a third of n / (n + 8) for each pair of parts that n trials have, however alike the third one is."""
    pairs = _pairs(_counts(tried))
    return _by_pairs(*(count / (count + 8) for count in pairs))


def nearest(most: int | None) -> Callable[[Tried], Cube]:
    """Return a formula: the sum of the scores of the `most` trials that are most like the combination, or of all."""

    def formula(tried: Tried) -> Cube:
        scores = np.rint(_likeness(tried, np.add) * UNIT / 3)
        if most is None or most >= scores.shape[-1]:
            return scores.sum(-1)
        return -np.partition(-scores, most, axis=-1)[..., :most].sum(-1)

    return formula


def noisy_or(tried: Tried) -> Cube:
    """Return 1 - Π (1 - 0.9 · a·b·c) over all trials, each facet's likeness raised to at least 0.1."""
    rows = [0.1 + 0.9 * row for row in _rows(tried, relative=True)]
    alike = _outer(rows, np.multiply)
    return 1 - np.prod(1 - 0.9 * alike, axis=-1)


def popularity(tried: Tried) -> Cube:
    """Return the product of how many trials have each part."""
    return _outer([count[:, None] for count in _degrees(tried)], np.multiply)[..., 0]


def common_neighbours(tried: Tried) -> Cube:
    """Return how many concepts are linked with both, summed over the three pairs; linked are concepts of one trial."""
    links = _links(tried)
    return _cut(tried, links @ links)


def adamic_adar(tried: Tried) -> Cube:
    """Return the same, each concept counted by one over the logarithm of its links (Adamic and Adar 2003)."""
    links = _links(tried)
    degrees = np.maximum(links.sum(0), 2)
    return _cut(tried, links @ np.diag(1 / np.log(degrees)) @ links)


def chance(tried: Tried) -> Cube:
    """Return random scores, the same each time."""
    return np.random.default_rng(7).random(tuple(len(facet.parts) for facet in tried.facets))


FORMULAS: dict[str, Callable[[Tried], Cube]] = {
    "kg.similar.gaps.gaps": shipped,
    "the same, pairs counted only": counted_only,
    "all trials by their score": nearest(None),
    "10 nearest trials": nearest(10),
    "noisy-or over all trials": noisy_or,
    "popularity": popularity,
    "common neighbours": common_neighbours,
    "Adamic-Adar": adamic_adar,
    "chance": chance,
}


def _rows(tried: Tried, *, relative: bool) -> list[Cube]:
    """Return for each facet the likeness of each part and each trial: parts × trials."""
    found = []
    for name, facet in zip(FACETS, tried.facets, strict=True):
        codes = tried.index.codes[name]
        if relative:
            rows = [facet.likeness(part)[codes] / UNIT for part in range(len(facet.parts))]
        else:
            rows = [facet.column.row(((part, ALL),))[codes] for part in facet.parts]
        found.append(np.array(rows).reshape(len(facet.parts), len(codes)))
    return found


def _likeness(tried: Tried, join: np.ufunc) -> Cube:
    return _outer(_rows(tried, relative=False), join)


def _outer(rows: Sequence[Cube], join: np.ufunc) -> Cube:
    diseases, sources, routes = rows
    both: Cube = join(diseases[:, None, None], sources[None, :, None])
    joined: Cube = join(both, routes[None, None])
    return joined


def _counts(tried: Tried) -> Cube:
    """Return how many trials have each combination of parts."""
    has = [facet.has[:, tried.values[:, at]].astype(float) for at, facet in enumerate(tried.facets)]
    return np.einsum("dt,st,rt,t->dsr", *has, tried.trials, optimize=True)


def _degrees(tried: Tried) -> list[Cube]:
    return [facet.has[:, tried.values[:, at]] @ tried.trials for at, facet in enumerate(tried.facets)]


def _pairs(counts: Cube) -> tuple[Cube, Cube, Cube]:
    return counts.sum(2), counts.sum(1), counts.sum(0)


def _by_pairs(first: Cube, second: Cube, third: Cube) -> Cube:
    return first[:, :, None] + second[:, None, :] + third[None]


def _links(tried: Tried) -> Cube:
    """Return the graph of concepts as a matrix: 1 where a trial has both, parts of different facets."""
    counts = _counts(tried)
    first, second, third = counts.shape
    links = np.zeros((first + second + third,) * 2)
    pairs = _pairs(counts)
    links[:first, first : first + second] = pairs[0]
    links[:first, first + second :] = pairs[1]
    links[first : first + second, first + second :] = pairs[2]
    return ((links + links.T) > 0).astype(float)


def _cut(tried: Tried, scores: Cube) -> Cube:
    first, second, _ = (len(facet.parts) for facet in tried.facets)
    return _by_pairs(
        scores[:first, first : first + second],
        scores[:first, first + second :],
        scores[first : first + second, first + second :],
    )


@dataclass(frozen=True)
class Rank:
    """Where a hidden combination came back: the first and the last rank of its score, among so many gaps."""

    first: int
    last: int
    gaps: int

    @property
    def reciprocal(self) -> float:
        """The mean of 1 / rank."""
        return sum(1 / rank for rank in range(self.first, self.last + 1)) / (self.last - self.first + 1)

    def within(self, most: int) -> float:
        """Return the part of the ranks that are among the `most` first."""
        return max(0, min(most, self.last) - self.first + 1) / (self.last - self.first + 1)

    @property
    def percentile(self) -> float:
        """The part of the other gaps that are ranked behind."""
        return 1 - ((self.first + self.last) / 2 - 1) / max(self.gaps - 1, 1)


@dataclass
class Round:
    """What came of one round: the ranks by formula, and how many combinations could not come back."""

    ranks: dict[str, list[Rank]]
    lost: int = 0


def combinations(profile: Profile, collection: Collection) -> Iterator[Combination]:
    """Yield the combinations that a trial states."""
    values = [collection.terms.narrowest(one for one, *_ in profile.values.get(name, ())) for name in FACETS]
    yield from product(*values)  # type: ignore[misc]


def hidings(collection: Collection, *, unique: bool) -> list[tuple[Combination, frozenset[int]]]:
    """Return what is hidden: a combination and the positions of its trials."""
    having = defaultdict(set)
    for at, profile in enumerate(collection.profiles):
        for combination in combinations(profile, collection):
            having[combination].add(at)
    found = sorted((combination, frozenset(trials)) for combination, trials in having.items())
    return [one for one in found if not unique or len(one[1]) == 1]


def play(collection: Collection, *, unique: bool) -> Round:
    """Hide each combination and rank it by each formula."""
    done = Round({name: [] for name in FORMULAS})
    facets = [find_facet(name) for name in FACETS]
    for combination, hidden in hidings(collection, unique=unique):
        left = tuple(one for at, one in enumerate(collection.profiles) if at not in hidden)
        tried = Tried(Index.of(Collection(left, collection.terms), facets))
        place = _place(tried, combination)
        if place is None:
            done.lost += 1
            continue
        gap = ~np.array([tried.covered(disease) for disease in range(len(tried.facets[0].parts))])
        if not gap[place]:
            continue
        for other in {one for at in hidden for one in combinations(collection.profiles[at], collection)}:
            if (near := _place(tried, other)) is not None:
                gap[near] = False
        gap[place] = True
        for name, formula in FORMULAS.items():
            done.ranks[name].append(_rank(formula(tried), place, gap))
    return done


def _place(tried: Tried, combination: Combination) -> tuple[int, ...] | None:
    known = [one in facet.parts for one, facet in zip(combination, tried.facets, strict=True)]
    if not all(known):
        return None
    return tuple(facet.parts.index(one) for one, facet in zip(combination, tried.facets, strict=True))


def _rank(scores: Cube, place: tuple[int, ...], gap: NDArray[np.bool_]) -> Rank:
    others, own = scores[gap], scores[place]
    near = 1e-9 * max(1.0, abs(float(own)))  # sums of floating point that differ in their order only
    before = int((others > own + near).sum())
    return Rank(before + 1, before + int((abs(others - own) <= near).sum()), int(gap.sum()))


def lines(done: Round) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield "| formula | MRR | 95 % | hits@10 | hits@100 | mean percentile |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for name, ranks in done.ranks.items():
        reciprocal = np.array([rank.reciprocal for rank in ranks])
        drawn = np.random.default_rng(7).choice(reciprocal, (2000, len(ranks))).mean(1)
        low, high = np.quantile(drawn, (0.025, 0.975))
        mean = [math.fsum(values) / len(ranks) for values in zip(*map(_figures, ranks), strict=True)]
        yield f"| {name} | {mean[0]:.3f} | {low:.3f} to {high:.3f} | {mean[1]:.3f} | {mean[2]:.3f} | {mean[3]:.3f} |"


def _figures(rank: Rank) -> tuple[float, float, float, float]:
    return rank.reciprocal, rank.within(10), rank.within(100), rank.percentile


def main() -> None:
    """Print the tables of each graph file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("graphs", nargs="+", type=Path)
    for path in parser.parse_args().graphs:
        collection = read_trials(open_graph(path))
        for unique in (True, False):
            done = play(collection, unique=unique)
            ranks = done.ranks["kg.similar.gaps.gaps"]
            what = "combinations of one trial" if unique else "all combinations"
            mean = round(sum(rank.gaps for rank in ranks) / max(len(ranks), 1))
            print(
                f"\n{path.parent.name}/{path.name}, {len(collection.profiles)} trials, {what}: {len(ranks)} hidden"
            )
            print(f"({done.lost} more cannot come back), on average among {mean:,} gaps\n")
            print("\n".join(lines(done)) if ranks else "nothing to rank")


if __name__ == "__main__":
    main()
