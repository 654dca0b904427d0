"""Graph files, or the bundled table → the world that all workers share: the store, the lexicon, the limits."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.model import Block
from kg.serve.limits import Limits
from kg.serve.tasks import Ask, Reply
from kg.stores.base import format_of, read_graph
from kg.stores.oxigraph import OxigraphStore
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon


@dataclass(frozen=True, slots=True)
class World:
    """What a task may look at. Nothing in it changes after the start.

    `digest` is the SHA-256 of what was loaded. `parts` are the names of the graphs of which the default graph
    is the union; empty when it has more than they.
    """

    store: OxigraphStore
    lexicon: Lexicon
    limits: Limits
    digest: str
    parts: frozenset[str] = frozenset()


Task = Callable[[World, Ask], Reply]


def load_world(files: Sequence[Path], limits: Limits) -> World:
    """Return the world of the graph files, or without any, of the bundled table; raises KgError."""
    store, seal = OxigraphStore(), hashlib.sha256()
    for path in files:
        form, data = format_of(path), read_graph(path)
        seal.update(hashlib.sha256(data).digest())
        store.load_text(data, form, path.name)
    if not files:
        from kg.build.sources import bundled_quads

        store.load_blocks(_sealed(bundled_quads(), seal))
    parts = (
        frozenset() if store.count("") else frozenset(graph.value for graph in store.engine.named_graphs())
    )
    store.merge()
    return World(store, bundled_lexicon(), limits, seal.hexdigest(), parts)


def _sealed(blocks: Iterable[Block], seal: hashlib._Hash) -> Iterator[Block]:
    for block in blocks:
        seal.update(repr(block).encode())
        yield block
