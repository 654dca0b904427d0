"""A scorer → dendrograms of what is compared: diseases by their trials, and single trials where they are few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kg.similar.aggregate import collect
from kg.similar.draw.areas import areas_of_diseases, key_of, stated
from kg.similar.draw.dendrogram import Dendrogram
from kg.similar.draw.words import counted
from kg.similar.index import Index
from kg.similar.profile import Collection
from kg.similar.score import Scorer
from kg.similar.weights import Weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_DISEASES, MOST_TRIALS = 60, 120


def disease_tree(trials: Collection, weights: Weights) -> Dendrogram:
    """Return the dendrogram of the diseases of a collection of trials, of the most frequent ones."""
    every = collect(trials, "disease")
    counts = dict.fromkeys((one.iri for one in every.profiles), 0)
    for trial in trials.profiles:
        for disease in stated(trial):
            counts[disease] += 1
    scorer = Scorer(Index.of(every), weights)
    iris = scorer.index.iris
    kept = sorted(sorted(range(len(iris)), key=lambda at: (-counts[iris[at]], at))[:MOST_DISEASES])
    label = trials.terms.label
    return Dendrogram(
        title="Which diseases are studied alike",
        note=_note(len(kept), len(iris), "disease") + f" {counted(len(trials.profiles), 'trial')} in all.",
        caption=_caption(scorer, "disease") + " In brackets: number of trials.",
        distances=distances(scorer, kept),
        labels=[f"{label(iris[at])} ({counts[iris[at]]:,})" for at in kept],
        areas=[areas_of_diseases([iris[at]], trials.terms) for at in kept],
        things="diseases",
        key=key_of(trials),
    )


def trial_tree(trials: Collection, scorer: Scorer) -> Dendrogram:
    """Return the dendrogram of the trials of a scorer's index; it is read up to some MOST_TRIALS."""
    index = scorer.index
    size = len(index)
    return Dendrogram(
        title="Which trials are alike",
        note=_note(size, size, "trial"),
        caption=_caption(scorer),
        distances=distances(scorer, range(size)),
        labels=[f"{one.name}: {one.label}" if one.label else one.name for one in trials.profiles],
        areas=[areas_of_diseases(stated(one), trials.terms) for one in trials.profiles],
        things="trials",
        key=key_of(trials),
    )


def distances(scorer: Scorer, kept: Sequence[int]) -> NDArray[np.float64]:
    """Return 1 − score / √(most · most) for each two of those kept, where `most` is what each would have with its twin."""
    import numpy as np

    places = np.asarray(kept, dtype=np.int64)
    profiles = [scorer.index.profile(int(at)) for at in places]
    most = np.sqrt([float(sum(scorer.most(one).values())) for one in profiles])
    found = np.ones((len(places), len(places)))
    for row, profile in enumerate(profiles):
        reach = most[row] * most
        found[row] -= np.divide(
            scorer.scores(profile)[places], reach, out=np.zeros(len(places)), where=reach > 0
        )
    # two that state the same are at 0, not a rounding error apart
    found = np.clip(np.round((found + found.T) / 2, 9), 0, 1)
    np.fill_diagonal(found, 0)
    return np.asarray(found)


def _note(shown: int, size: int, what: str) -> str:
    part = "" if shown == size else f", of which the {shown:,} most frequent are shown"
    return f"{counted(size, what)}{part}. The further to the right two are joined, the more alike they are."


def _caption(scorer: Scorer, without: str = "") -> str:
    facets = (
        ", ".join(facet.replace("_", " ") for facet in scorer.weights.shares if facet != without) or "nothing"
    )
    return (
        f"Compared by: {facets}. Distance: 1 − score / √(own · own), where own is the score that each would have with its "
        "twin. Joined by average linkage (UPGMA); leaves are ordered so that neighbours are alike. Sign and colour: the "
        "disease area, of several the one with the fewest trials."
    )
