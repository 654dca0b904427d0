"""Trials and a hidden facet → how alike other ways find them: sets of values, texts, walks in graphs, and two floors.

Each peer returns a function from the position of a trial to its scores with all trials. The hidden facet is hidden whole: no
trial's value of it takes part, neither the query's nor a candidate's. Peers see the same facets; where they need plain
names, amounts are rounded.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from benchmarks.similarity_measures import Floats
from benchmarks.similarity_walks import Rows, node2vec, pagerank, rdf2vec, simrank
from benchmarks.similarity_world import TARGETS, World, without
from kg.similar.columns.concepts import ConceptColumn, closure
from kg.similar.facets import FACETS
from kg.similar.index import Index
from kg.similar.profile import Collection as Profiles
from kg.similar.profile import Value
from kg.similar.score import Scorer
from kg.similar.terms import Terms
from kg.similar.weights import Weights
from kg.vocabulary.namespaces import TKG

_WORD = r"(?u)\b\w+\b"  # scikit-learn's own leaves out words of one letter, such as the I of a phase


@dataclass(frozen=True)
class Method:
    """One way to compare. `most` trials are the most it can do in bearable time, `needs` the package that it is made of;
    with `seeds` above 1 its measures are means over so many runs."""

    name: str
    rows: Callable[[World, str, int], Rows]
    most: int = 1_000_000
    needs: str = "numpy"
    seeds: int = 1


def ours(*left_out: str, weights: Mapping[str, float] | None = None) -> Callable[[World, str, int], Rows]:
    """Return the scores of this project, without the facets `left_out`."""

    def rows(world: World, hidden: str, _: int) -> Rows:
        return _scores(world, world.index, [hidden, *left_out], weights or {})

    return rows


def flat(world: World, hidden: str, _: int) -> Rows:
    """Return the same scores when no concept is broader than another."""
    terms = Terms(world.terms.labels, {})
    return _scores(world, Index.of(Profiles(world.collection.profiles, terms)), [hidden], {})


def even(world: World, hidden: str, _: int) -> Rows:
    """Return the same scores when every concept counts as much as any other."""
    columns = dict(world.index.columns)
    for name, column in columns.items():
        if isinstance(column, ConceptColumn):
            columns[name] = Even(column.members, column.terms, column.arrays())
    return _scores(world, replace(world.index, columns=columns), [hidden], {})


class Even(ConceptColumn):
    """The column of a facet whose sets of concepts, with all that is broader, are alike by 2 · |A ∩ B| / (|A| + |B|)."""

    def row(self, value: Value) -> Floats:
        """Return how alike `value` is to each distinct value, and 0 for "not stated"."""
        mine = closure(value, self.terms).keys()  # type: ignore[arg-type]
        return np.array([*(2 * len(mine & one) / (len(mine) + len(one)) for one in self._closed), 0.0])

    @cached_property
    def _closed(self) -> list[frozenset[str]]:
        return [frozenset(closure(self.value(code), self.terms)) for code in range(self.size)]


def _scores(world: World, index: Index, left_out: Sequence[str], weights: Mapping[str, float]) -> Rows:
    only = [facet.name for facet in FACETS if facet.name not in left_out]
    given = {name: weight for name, weight in weights.items() if name in only}
    scorer = Scorer(index, Weights.of(given, only))
    profiles = world.collection.profiles
    return lambda at: scorer.scores(profiles[at]).astype(np.float64)


def chance(world: World, hidden: str, _: int) -> Rows:  # noqa: ARG001
    """Return one score for all: the mean over every order."""
    return lambda _: np.zeros(len(world))


def common(world: World, hidden: str, _: int) -> Rows:
    """Return how many trials state the hidden value of each, whatever the query; nobody could know it."""
    counts = Counter(name for stated in world.stated[hidden] for name in stated)
    scores = np.array(
        [max((counts[name] for name in stated), default=0) for stated in world.stated[hidden]], float
    )
    return lambda _: scores


class Postings:
    """Sets of names turned round: for each name the trials that state it."""

    def __init__(self, sets: Sequence[Collection[str]]) -> None:
        self.sets = sets
        found: dict[str, list[int]] = defaultdict(list)
        for at, names in enumerate(sets):
            for name in sorted(names):
                found[name].append(at)
        self.trials = {name: np.array(trials) for name, trials in found.items()}

    def sums(self, at: int, weight: Callable[[str], float]) -> Floats:
        """Return for each trial the sum of the weights of the names that it shares with one."""
        total = np.zeros(len(self.sets))
        for name in sorted(self.sets[at]):
            total[self.trials[name]] += weight(name)
        return total


def jaccard(world: World, hidden: str, _: int) -> Rows:
    """Return shared names by all names of both (Jaccard 1912)."""
    postings = Postings(world.named(hidden))
    sizes = np.array([len(names) for names in postings.sets])

    def row(at: int) -> Floats:
        shared = postings.sums(at, lambda _: 1.0)
        return np.asarray(shared / np.maximum(sizes + sizes[at] - shared, 1))

    return row


def cosine(*, broader: bool) -> Callable[[World, str, int], Rows]:
    """Return the cosine of names weighted by ln(trials / trials that state it)."""

    def rows(world: World, hidden: str, _: int) -> Rows:
        postings = Postings(world.named(hidden, broader=broader))
        weight = {name: math.log(len(world) / len(trials)) ** 2 for name, trials in postings.trials.items()}
        norms = np.array(
            [math.sqrt(sum(weight[name] for name in sorted(names))) or 1.0 for names in postings.sets]
        )
        return lambda at: postings.sums(at, weight.__getitem__) / norms / norms[at]

    return rows


def text(*left_out: str, names: bool = True) -> Callable[[World, str, int], Rows]:
    """Return the cosine of the words of the rows, weighted by scikit-learn's TF-IDF.

    The cells of the hidden facet's columns and of columns filling `left_out` are taken out of the texts, and, unless
    `names`, every form of the trial's own hidden value and of what is narrower or broader.
    """

    def rows(world: World, hidden: str, _: int) -> Rows:
        from sklearn.feature_extraction.text import TfidfVectorizer

        columns = frozenset[str]().union(*(world.columns_of(one) for one in (TARGETS[hidden], *left_out)))
        texts = [" ".join(text for column, text in cells if column not in columns) for cells in world.texts]
        if not names:
            forms = _forms(world)
            texts = [
                without(one, forms(stated)) for one, stated in zip(texts, world.stated[hidden], strict=True)
            ]
        found = TfidfVectorizer(token_pattern=_WORD).fit_transform(texts)
        return lambda at: np.asarray((found @ found[at].T).todense()).ravel()

    return rows


def _forms(world: World) -> Callable[[Iterable[str]], list[str]]:
    """Return what gives the forms of stated values of the hidden facet, of what is broader and what is narrower."""
    narrower: dict[str, set[str]] = defaultdict(set)
    for concept in world.forms:
        for broad in world.terms.closure(concept):
            narrower[broad].add(concept)

    def forms(stated: Iterable[str]) -> list[str]:
        near = {one for name in stated for one in (*world.terms.closure(name), *narrower[name])}
        return sorted({form for one in near for form in world.forms.get(one, ())})

    return forms


# the default weights were chosen when figures on the data of benchmarks/README.md were known; the second line's were not
METHODS = (
    Method("**trialkg**", ours()),
    Method("trialkg, all weights the same", ours(weights={one.name: 1 / one.weight for one in FACETS})),
    Method("trialkg, nothing is broader", flat),
    Method("trialkg, all concepts count the same", even),
    Method("trialkg, no measures, no outcome", ours("measures", "outcome")),
    Method("Jaccard of values", jaccard),
    Method("TF-IDF cosine of values", cosine(broader=False)),
    Method("TF-IDF cosine of values and broader", cosine(broader=True)),
    Method("TF-IDF cosine of the row's text", text(), needs="sklearn"),
    Method("text without names of the hidden value", text(names=False), needs="sklearn"),
    Method("text without them and the outcome", text(TKG.outcome, names=False), needs="sklearn"),
    Method("SimRank", simrank, most=1_000, needs="networkx"),
    Method("personalised PageRank", pagerank, most=20_000, needs="scipy"),
    Method("node2vec", node2vec, most=20_000, needs="gensim", seeds=3),
    Method("RDF2Vec", rdf2vec, most=20_000, needs="gensim", seeds=3),
    Method("the most common value first", common),
    Method("chance", chance),
)
