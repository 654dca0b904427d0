"""Trials and a hidden facet → how alike links find them: SimRank, personalised PageRank, and vectors of random walks.

Graphs have an edge between a trial and each name that it states, and between a concept and what is broader; the hidden
facet's edges are left out for every trial. The RDF graph is that of the file.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.similarity_measures import Floats
from benchmarks.similarity_world import World
from kg.similar.terms import Terms

Rows = Callable[[int], Floats]
WALKS, LENGTH, SIZE = 10, 20, 64


def graph_of(world: World, hidden: str) -> Any:
    """Return the graph of trials, named by position, and what they state, as networkx has it; without the hidden facet."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(len(world)))
    for facet, sets in world.stated.items():
        for at, names in enumerate(sets):
            for name in sorted(names) if facet != hidden else ():
                graph.add_edge(at, f"{facet}: {name}")
                _add_broader(graph, facet, name, world.terms)
    return graph


def _add_broader(graph: Any, facet: str, name: str, terms: Terms) -> None:
    for one in sorted(terms.closure(name)):
        graph.add_edges_from((f"{facet}: {one}", f"{facet}: {up}") for up in terms.broader.get(one, ()))


def simrank(world: World, hidden: str, _: int) -> Rows:
    """Return SimRank (Jeh and Widom 2002) as networkx computes it, with its defaults."""
    import networkx as nx

    found = nx.simrank_similarity(graph_of(world, hidden))
    return lambda at: np.array([found[at][other] for other in range(len(world))])


def pagerank(world: World, hidden: str, _: int) -> Rows:
    """Return PageRank personalised on the query (Haveliwala 2002), as networkx computes it, with its defaults."""
    import networkx as nx

    graph = graph_of(world, hidden)

    def row(at: int) -> Floats:
        found = nx.pagerank(graph, personalization={at: 1.0}, nstart={at: 1.0}, tol=1e-10, max_iter=1000)
        return np.array([found[other] for other in range(len(world))])

    return row


def node2vec(world: World, hidden: str, seed: int) -> Rows:
    """Return the cosine of vectors of biased walks (Grover and Leskovec 2016; p 1, q 1/2) in the graph of `graph_of`."""
    graph = graph_of(world, hidden)
    random = np.random.default_rng(seed)
    nodes = list(graph)
    place = {node: at for at, node in enumerate(nodes)}
    near = [[place[one] for one in graph[node]] for node in nodes]
    walks = [biased(near, at, random) for _ in range(WALKS) for at in random.permutation(len(nodes)).tolist()]
    return _cosines(walks, [str(at) for at in range(len(world))], seed)


def biased(near: Sequence[Sequence[int]], start: int, random: np.random.Generator) -> list[str]:
    """Return one walk of node2vec: to what is next to the last node, or is it, half as likely as to what is not."""
    walk, close = [start], frozenset[int]()
    while len(walk) < LENGTH and near[walk[-1]]:
        following = near[walk[-1]]
        step = following[int(random.random() * len(following))]
        if step in close and random.random() < 0.5:
            continue
        close = frozenset([walk[-1], *near[walk[-1]]])
        walk.append(step)
    return [str(at) for at in walk]


def rdf2vec(world: World, hidden: str, seed: int) -> Rows:
    """Return the cosine of vectors of walks in the RDF graph, properties among the words (Ristoski and Paulheim 2016).

    Walks go along a property or against it, five steps from every trial. Statements with a value of the hidden facet
    are left out; literals have no nodes, so amounts do not count.
    """
    secret = frozenset(
        up for stated in world.stated[hidden] for one in stated for up in world.terms.closure(one)
    )
    near: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for subject, prop, thing in world.links:
        if thing in secret and subject not in world.terms.labels:
            continue
        near[subject].append((prop, thing))
        near[thing].append((f"^{prop}", subject))
    random = np.random.default_rng(seed)
    walks = [_steps(near, iri, random) for _ in range(5 * WALKS) for iri in world.index.iris]
    return _cosines(walks, world.index.iris, seed)


def _steps(
    near: Mapping[str, Sequence[tuple[str, str]]], start: str, random: np.random.Generator
) -> list[str]:
    walk = [start]
    for _ in range(5):
        following = near.get(walk[-1], ())
        if following:
            walk.extend(following[int(random.integers(len(following)))])
    return walk


def _cosines(walks: Sequence[list[str]], trials: Sequence[str], seed: int) -> Rows:
    """Return the cosines of skip-gram vectors of the trials."""
    from gensim.models import Word2Vec

    model = Word2Vec(
        walks,
        vector_size=SIZE,
        window=5,
        min_count=0,
        sg=1,
        epochs=5,
        seed=seed,
        workers=1,
        hashfxn=lambda word: zlib.crc32(word.encode()),
    )
    vectors = np.array([model.wv[trial] for trial in trials], np.float64)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return lambda at: np.asarray(vectors @ vectors[at])
