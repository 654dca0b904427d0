"""A scorer over trials → what the map of them shows: places, areas, groups, links, names, and how it was made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kg.similar.communities import Community, find_communities
from kg.similar.draw.areas import areas_of_diseases, stated
from kg.similar.draw.layout import place
from kg.similar.draw.map import GROUP_SIZE, MOST_GROUPS, NAMED_UNTIL, Group, Map
from kg.similar.draw.sheet import require
from kg.similar.index import Index
from kg.similar.links import Link, find_links
from kg.similar.pairs import nearest
from kg.similar.profile import UNIT
from kg.similar.score import Scorer

if TYPE_CHECKING:
    from scipy.sparse import csr_array

NEAREST = 10
_LINKS = 3  # drawn, for each trial on average
MOST = 5_000  # trials on a map: the places are found from all pairs of them


def map_of(scorer: Scorer) -> Map:
    """Return the map of the trials of the scorer's index; above MOST trials, of so many of them, evenly by their IRIs.

    OutputError when matplotlib or scipy is missing.
    """
    require()
    size = len(scorer.index)
    scorer = thinned(scorer, MOST)
    index = scorer.index
    links = find_links(scorer, nearest(scorer, NEAREST))
    communities = find_communities(index, links)
    strongest = sorted(links, key=lambda link: (-link.score, link.first, link.second))
    return Map(
        title="Which trials are alike",
        note=_note(len(index), size),
        caption=_caption(scorer, communities),
        places=place(closeness(scorer, near(len(index)))),
        areas=[areas_of_diseases(stated(index.profile(at)), index.terms) for at in range(len(index))],
        groups=[Group(community.title, community.members) for community in communities],
        links=[(link.first, link.second) for link in strongest[: len(index) * _LINKS]],
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
    """Return squared scores (0 to 1) of the pairs of which one is as near to the other as its k-th nearest, n × n.

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
        near = np.flatnonzero(scores >= least)
        others.append(near)
        squares.append(np.square(scores[near] / UNIT))
        starts.append(starts[-1] + len(near))
    one_way = csr_array(
        (np.concatenate([[], *squares]), np.concatenate([[], *others]).astype(np.int32), starts),
        shape=(size, size),
    )
    return one_way.maximum(one_way.T).tocsr()


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


def _central(links: Sequence[Link], communities: Sequence[Community]) -> list[int]:
    """Return positions worth a name: the best linked of each community, then all others that have links."""
    strength: dict[int, int] = {}
    for link in links:
        for end in (link.first, link.second):
            strength[end] = strength.get(end, 0) + link.score
    order = sorted(strength, key=lambda at: (-strength[at], at))
    rank = {at: number for number, at in enumerate(order)}
    leaders = [
        min((at for at in one.members if at in rank), key=rank.__getitem__, default=-1) for one in communities
    ]
    return list(dict.fromkeys([*(at for at in leaders if at >= 0), *order]))


def _note(shown: int, size: int) -> str:
    what = f"{size:,} trial{'' if size == 1 else 's'}"
    part = "" if shown == size else f", of which {shown:,} are shown, taken evenly by their numbers"
    return f"{what}{part}. Trials that stand near each other are alike in what was studied and how."


def _caption(scorer: Scorer, communities: Sequence[Community]) -> str:
    facets = ", ".join(facet.replace("_", " ") for facet in scorer.weights.shares)
    size = len(scorer.index)
    large = sum(len(one.members) >= GROUP_SIZE for one in communities)
    titles = f", the {MOST_GROUPS} largest" if large > MOST_GROUPS else ","
    names = " Numbers name trials with the strongest links." if size <= NAMED_UNTIL else ""
    return (
        f"Compared by: {facets}. Each trial is drawn towards the {near(size)} most like it (force-directed layout, LinLog "
        "model) and away from all others; directions and the distance between far groups mean nothing. Lines join the most "
        f"alike. Outlined: groups found by the method of Louvain{titles} named after what their members share; those who "
        "stand far from their group are outside of its outline. Sign and colour: the trial's disease area, of several the "
        f"one with the fewest trials.{names}"
    )
