"""Trials and the nearest of each → one network: trials, the concepts that they state, and who is like whom and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from urllib.parse import quote

import networkx as nx

from kg.similar.facets import FACETS
from kg.similar.index import Index
from kg.similar.network.bridges import areas_of
from kg.similar.network.centrality import Centrality, find_centralities
from kg.similar.network.communities import Community, find_communities
from kg.similar.network.links import Link, Pairs, find_links
from kg.similar.profile import UNIT
from kg.similar.score import Scorer

STATES = "states"
SIMILAR = "similar"
Attributes = dict[str, str | int | float]


class Statement(NamedTuple):
    """What a trial states: the facet, and the concept directly, without what is broader."""

    trial: str
    facet: str
    concept: str

    @property
    def node(self) -> str:
        """The concept's node: its IRI, or a name made of facet and concept, which no IRI is."""
        return self.concept if "://" in self.concept else f"{self.facet}:{quote(self.concept)}"


@dataclass(frozen=True)
class Network:
    """What there is to know of the trials of an index together: who is like whom, in which group, how central.

    `kind` is what the profiles are, "trial" or the name of a facet. Communities and centralities (by position) are
    found when they are first asked for.
    """

    index: Index
    links: tuple[Link, ...]
    kind: str = "trial"

    @classmethod
    def of(cls, scorer: Scorer, nearest: Pairs, kind: str = "trial") -> Network:
        """Return the network of all in the scorer's index and the `nearest` of each."""
        return cls(scorer.index, find_links(scorer, nearest), kind)

    @cached_property
    def communities(self) -> tuple[Community, ...]:
        """The groups that are more alike inside than outside (`find_communities`)."""
        return find_communities(self.index, self.links)

    @cached_property
    def centralities(self) -> tuple[Centrality, ...]:
        """How central each is (`find_centralities`)."""
        return find_centralities(len(self.index), self.links)

    def graph(self) -> nx.Graph:
        """Return the network as a graph whose nodes are IRIs, of a concept without IRI "facet:name".

        Nodes: first the trials by IRI (`kind`, `name`, `label`, `areas` when a disease is stated, `community`,
        `community_title`, `strength` and `betweenness`), then the concepts (`kind` is the facet, `name`, `label`).
        Edges, for each trial in this order: to the concepts that it states directly (`kind` "states", `facet`), to
        the trials that it is like (`kind` "similar", `weight` from 0 to 1 and, by the name of the facet, what each
        adds to it; a facet that adds nothing is absent).
        """
        statements = tuple(self._statements())
        graph = nx.Graph()
        graph.add_nodes_from(self._trials())
        graph.add_nodes_from(self._concepts(statements))
        graph.add_edges_from(_stated(statements))
        graph.add_edges_from(self._similar())
        return graph

    def _trials(self) -> Iterator[tuple[str, Attributes]]:
        index = self.index
        communities = {at: community for community in self.communities for at in community.members}
        for at, (iri, centrality) in enumerate(zip(index.iris, self.centralities, strict=True)):
            areas = "; ".join(index.terms.label(area) for area in areas_of(index, at))
            yield (
                iri,
                {
                    "kind": self.kind,
                    "name": index.names[at],
                    "label": index.labels[at] or index.names[at],
                    **({"areas": areas} if areas else {}),
                    "community": communities[at].number,
                    "community_title": communities[at].title,
                    "strength": centrality.strength / UNIT,
                    "betweenness": centrality.betweenness,
                },
            )

    def _statements(self) -> Iterator[Statement]:
        for at, iri in enumerate(self.index.iris):
            values = self.index.profile(at).values
            for facet in FACETS:
                if facet.kind == "concepts":
                    yield from (Statement(iri, facet.name, value[0]) for value in values.get(facet.name, ()))

    def _concepts(self, statements: Iterable[Statement]) -> Iterator[tuple[str, Attributes]]:
        order = {facet.name: place for place, facet in enumerate(FACETS)}
        found: dict[str, Statement] = {}
        for one in sorted(statements, key=lambda one: order[one.facet]):
            found.setdefault(one.node, one)
        for node, one in sorted(found.items()):
            label = self.index.terms.label(one.concept)
            yield node, {"kind": one.facet, "name": label, "label": label}

    def _similar(self) -> Iterator[tuple[str, str, Attributes]]:
        iris = self.index.iris
        for link in self.links:
            parts = {facet: amount / UNIT for facet, amount in link.contributions.items()}
            yield iris[link.first], iris[link.second], {"kind": SIMILAR, "weight": link.score / UNIT, **parts}


def network(scorer: Scorer, nearest: Pairs, kind: str = "trial") -> nx.Graph:
    """Return the network of all in the scorer's index and the `nearest` of each as a graph (see `Network.graph`)."""
    return Network.of(scorer, nearest, kind).graph()


def _stated(statements: Iterable[Statement]) -> Iterator[tuple[str, str, Attributes]]:
    """Yield an edge for each trial and concept; one concept may be stated under two facets."""
    facets: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in statements:
        facets[one.trial, one.node].append(one.facet)
    for (trial, node), names in facets.items():
        yield trial, node, {"kind": STATES, "facet": ", ".join(names)}
