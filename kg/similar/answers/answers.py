"""A scorer and profiles → answers that say why: a ranking, a comparison of two, the most alike of all; for any interface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kg.similar.among import Kind
from kg.similar.answers.explain import FacetWords, Words, explain, say
from kg.similar.answers.listings import Listing
from kg.similar.facets import FACETS, Facet
from kg.similar.pairs.nearest import Nearest
from kg.similar.profile import Profile
from kg.similar.score import Neighbour, Scorer


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer is about: the kind of things, how many are compared with each, and the shares of the facets."""

    kind: Kind
    compared: int
    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Match:
    """Two profiles and why they are alike: score and contributions are whole parts of UNIT, words are by facet."""

    this: Profile
    other: Profile
    score: int
    contributions: Mapping[str, int]
    words: Mapping[str, FacetWords]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The neighbours of a profile, best first. `most` is the score that the profile's twin would have."""

    asked: Asked
    profile: Profile
    said: Mapping[str, Words]
    most: int
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two profiles side by side. `most` is the score that the twin of the first would have."""

    asked: Asked
    match: Match
    most: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """The most alike pairs of all, best first; `asked.compared` counts the profiles."""

    asked: Asked
    matches: tuple[Match, ...]


Answer = Ranking | Comparison | Pairs | Listing


def ranking(scorer: Scorer, kind: Kind, profile: Profile, k: int) -> Ranking:
    """Return the `k` profiles of the scorer's index that are most like `profile`."""
    index = scorer.index
    matches = tuple(match(scorer, profile, found) for found in scorer.neighbours(profile, k))
    others = len(index) - (index.place(profile.iri) is not None)
    asked = Asked(kind, others, scorer.weights.shares)
    said = say(profile, index.terms, facets_of(scorer))
    return Ranking(asked, profile, said, sum(scorer.most(profile).values()), matches)


def comparison(scorer: Scorer, kind: Kind, profile: Profile, position: int) -> Comparison:
    """Return how alike `profile` is to the one at `position`, facet by facet."""
    asked = Asked(kind, len(scorer.index), scorer.weights.shares)
    found = match(scorer, profile, scorer.compare(profile, position))
    return Comparison(asked, found, sum(scorer.most(profile).values()))


def most_alike(scorer: Scorer, kind: Kind, nearest: Nearest, k: int) -> Pairs:
    """Return the `k` pairs that are most alike, of equal scores that of the lesser positions first.

    `nearest` has at least the `k` nearest of each: none of the best pairs can be missing there.
    """
    matches = []
    for one, other in best_pairs(nearest, k):
        profile = scorer.index.profile(one)
        matches.append(match(scorer, profile, scorer.compare(profile, other)))
    return Pairs(Asked(kind, len(scorer.index), scorer.weights.shares), tuple(matches))


def best_pairs(nearest: Nearest, k: int) -> list[tuple[int, int]]:
    """Return the positions of the `k` best pairs, the lesser one first, each pair once."""
    positions, scores = nearest.positions.astype(np.int64), nearest.scores
    own = np.broadcast_to(np.arange(len(positions))[:, None], positions.shape)
    real = scores > 0
    # a pair may be found from one end only: of the other it may be no neighbour
    pairs = np.stack(
        [-scores[real].astype(np.int64), np.minimum(own, positions)[real], np.maximum(own, positions)[real]],
        axis=1,
    )
    return [(one, other) for _, one, other in np.unique(pairs, axis=0)[:k].tolist()]


def match(scorer: Scorer, profile: Profile, found: Neighbour) -> Match:
    """Return a profile and a neighbour of it with what they share and in what they differ."""
    other = scorer.index.profile(found.position)
    # of what answers a description people want to know everything, also what was not described
    facets = (
        facets_of(scorer) if profile.iri else tuple(one for one in FACETS if one.name in scorer.index.columns)
    )
    words = explain(profile, other, scorer.index.terms, facets)
    return Match(profile, other, found.score, found.contributions, words)


def facets_of(scorer: Scorer) -> tuple[Facet, ...]:
    """Return the facets that count."""
    return tuple(facet for facet in FACETS if facet.name in scorer.weights.shares)
