"""A question's pairs of names and values → what a worker needs to know of the server to make a page."""

from __future__ import annotations

from kg.serve.resources import known_prefixes
from kg.serve.tasks import Ask
from kg.serve.things import Things
from kg.serve.world import World
from kg.vocabulary.namespaces import ROOT


def values_of(ask: Ask, name: str) -> tuple[str, ...]:
    """Return the values of that name."""
    return tuple(value for key, value in ask.values if key == name)


def prefixes_of(world: World, ask: Ask) -> dict[str, str]:
    """Return the prefixes for the data whose bases the question gives."""
    bases = values_of(ask, "base")
    return dict(known_prefixes(bases[0] if bases else ROOT, world.lexicon))


def things_of(world: World, ask: Ask) -> Things:
    """Return what makes pages of the world's things."""
    return Things(world.store.engine, values_of(ask, "base"), prefixes_of(world, ask))
