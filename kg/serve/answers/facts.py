"""A question's pairs of names and values → what a worker needs to know of the server to make a page."""

from __future__ import annotations

import pyoxigraph as ox

from kg.serve.answers.resources import known_prefixes
from kg.serve.tasks import Ask
from kg.serve.views.things import Things
from kg.serve.workers.world import World
from kg.vocabulary.namespaces import ROOT


def values_of(ask: Ask, name: str) -> tuple[str, ...]:
    """Return the values of that name."""
    return tuple(value for key, value in ask.values if key == name)


def prefixes_of(world: World, ask: Ask) -> dict[str, str]:
    """Return the prefixes for the data, whose base is the one of the graph of provenance."""
    bases = values_of(ask, "base")
    graphs = ((base, ox.NamedNode(f"{base}graph/provenance")) for base in bases)
    data = [base for base, graph in graphs if world.store.engine.contains_named_graph(graph)]
    others = [base for base in bases if base != ROOT]
    return dict(known_prefixes((*data, *others, ROOT)[0], world.lexicon))


def things_of(world: World, ask: Ask) -> Things:
    """Return what makes pages of the world's things."""
    return Things(world.store.engine, values_of(ask, "base"), prefixes_of(world, ask))
