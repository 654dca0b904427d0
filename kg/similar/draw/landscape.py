"""A scorer over trials → what the map of them shows: places, areas, groups, links, names, and how it was made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kg.similar.draw.areas import areas_of_diseases, stated
from kg.similar.draw.layout import place
from kg.similar.draw.map import GROUP_SIZE, MOST_GROUPS, NAMED_UNTIL, Group, Map
from kg.similar.draw.sheet import require
from kg.similar.draw.words import counted
from kg.similar.index import Index
from kg.similar.network.communities import Community, find_communities
from kg.similar.network.links import find_links
from kg.similar.pairs.nearest import nearest
from kg.similar.profile import UNIT
from kg.similar.score import Scorer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Floats = NDArray[np.float64]

NEAREST = 10
_TRIES = 8  # layouts of a map whose points can be told apart, of which the most faithful is shown
_LINKS = 3  # drawn, for each trial on average
MOST = 1_000  # trials on a map: more than can be told apart, and the places are found from all pairs of them


def map_of(scorer: Scorer) -> Map:
    """Return the map of the trials of the scorer's index; above MOST trials, of so many of them, evenly by their IRIs.

    OutputError when matplotlib or scipy is missing.
    """
    require()
    size = len(scorer.index)
    scorer = thinned(scorer, MOST)
    index = scorer.index
    communities = find_communities(index, find_links(scorer, nearest(scorer, NEAREST)))
    closest = closeness(scorer, near(len(index)))
    links = closest.maximum(closest.T).tocsr()
    places = max(
        (place(links, seed) for seed in range(_TRIES if len(index) <= NAMED_UNTIL else 1)),
        key=lambda found: kept(closest, found) or 0,
    )
    return Map(
        title="Which trials are alike",
        note=_note(len(index), size),
        caption=_caption(scorer, communities, kept(closest, places)),
        places=places,
        areas=[areas_of_diseases(stated(index.profile(at)), index.terms) for at in range(len(index))],
        groups=[Group(community.title, community.members) for community in communities],
        links=_strongest(links, len(index) * _LINKS),
        names={
            at: index.names[at]
            for at in _central(links, communities)
            if "registry" in index.profile(at).values
        },
    )


def near(size: int) -> int:
    """Return how many nearest trials draw one of `size` trials: a fiftieth, or that large maps fall into crumbs."""
    return max(NEAREST, size // 50)


def closeness(scorer: Scorer, k: int) -> csr_array:
    """Return for each trial, a row, the squared scores (0 to 1) of the `k` most like it; n × n.

    Of equally near ones all count, so that the order of the trials has no say in where they stand.
    """
    import numpy as np
    from scipy.sparse import csr_array

    size = len(scorer.index)
    others, squares, starts = [], [], [0]
    for at in range(size):
        scores = scorer.scores(scorer.index.profile(at))
        scores[at] = 0
        least = max(1, np.partition(scores, -k)[-k]) if size > k else 1
        close = np.flatnonzero(scores >= least)
        others.append(close)
        squares.append(np.square(scores[close] / UNIT))
        starts.append(starts[-1] + len(close))
    columns = np.concatenate([[], *others]).astype(np.int32)
    return csr_array((np.concatenate([[], *squares]), columns, starts), shape=(size, size))


def kept(closest: csr_array, places: Floats) -> float | None:
    """Return which part of those that stand next to a trial are among the most like it, on average; None for too few.

    As many are looked at as count as near (`near`). What a plane cannot show of the likeness, this says.
    """
    import numpy as np
    from scipy.spatial import cKDTree

    size, k = len(places), near(len(places))
    if size <= 2 * k:
        return None
    found = cKDTree(places).query(places, k + 1)[1]
    own = np.repeat(np.arange(size), k)
    beside = found[found != np.arange(size)[:, None]]
    if len(beside) != len(own):  # several at one place
        return None
    return float((closest[own, beside] > 0).mean())


def _strongest(links: csr_array, most: int) -> list[tuple[int, int]]:
    """Return the strongest links, of equal ones those of neighbours in the order of IRIs, so that none becomes a hub."""
    import numpy as np
    from scipy.sparse import triu

    upper = triu(links, 1, format="coo")
    order = np.lexsort((upper.row, upper.col - upper.row, -upper.data))[:most]
    return list(zip(upper.row[order].tolist(), upper.col[order].tolist(), strict=True))


def thinned(scorer: Scorer, most: int) -> Scorer:
    """Return the scorer over at most so many of its profiles, taken evenly by their order; what is rare stays rare."""
    import numpy as np

    index, size = scorer.index, len(scorer.index)
    if size <= most:
        return scorer
    kept = np.arange(most) * size // most
    iris, names, labels = (
        [field[at] for at in kept.tolist()] for field in (index.iris, index.names, index.labels)
    )
    codes = {facet: column[kept] for facet, column in index.codes.items()}
    return Scorer(Index(iris, names, labels, index.terms, index.columns, codes), scorer.weights)


def _central(links: csr_array, communities: Sequence[Community]) -> list[int]:
    """Return positions worth a name: the best linked of each community, then all others that have links."""
    strength = links.sum(axis=1).round(9).tolist()
    order = sorted((at for at, one in enumerate(strength) if one), key=lambda at: (-strength[at], at))
    group = {at: one.number for one in communities for at in one.members}
    leaders = {group[at]: at for at in reversed(order)}
    return list(dict.fromkeys([*(leaders[number] for number in sorted(leaders)), *order]))


def _note(shown: int, size: int) -> str:
    part = "" if shown == size else f", {shown:,} of them shown, evenly by their numbers"
    return f"{counted(size, 'trial')}{part}. Trials that stand near each other are alike in what was studied and how."


def _caption(scorer: Scorer, communities: Sequence[Community], share: float | None) -> str:
    facets = ", ".join(facet.replace("_", " ") for facet in scorer.weights.shares)
    size = len(scorer.index)
    large = sum(len(one.members) >= GROUP_SIZE for one in communities)
    titles = f", the {MOST_GROUPS} largest" if large > MOST_GROUPS else ","
    names = " Numbers name trials with the strongest links." if size <= NAMED_UNTIL else ""
    return (
        f"Compared by: {facets}. Each trial is drawn towards the {near(size)} most like it (force-directed layout, "
        "ForceAtlas2) and away from all others; directions and the distance between far groups mean nothing."
        f"{_shown(size, share)} Lines join the most alike. Outlined: groups found by the method of Louvain{titles} named "
        "after what their members share; those who stand far from their group are outside of its outline. Sign and colour: "
        f"the trial's disease area, of several the one with the fewest trials.{names}"
    )


def _shown(size: int, share: float | None) -> str:
    if share is None:
        return ""
    number = near(size)
    return (
        f" Of the {number} that stand next to a trial, {share:.0%} are among the {number} most like it "
        f"(by chance, {number / (size - 1):.0%} would be)."
    )
