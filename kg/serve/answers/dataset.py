"""A query, its FROM clauses and the protocol's parameters → the store and graphs to evaluate it over.

Oxigraph counts a triple once for each default graph that has it. The default graph is the merge of its
graphs, a set (SPARQL 1.1 Query, section 13.2), so several of them are merged here first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from kg.serve.tasks import Ask
from kg.serve.workers.world import World
from kg.stores.tokens import Token, tokens

Names = list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph]

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\\]*")
_DEFAULT = ox.DefaultGraph()


@dataclass(frozen=True, slots=True)
class Dataset:
    """The names of the graphs that make the default graph, and of those that GRAPH finds."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def evaluate(world: World, text: str, ask: Ask) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
    """Return the engine's answer; graphs that the protocol names win over FROM (SPARQL 1.1 Protocol, 2.1.4).

    Relative IRIs are resolved against the value "endpoint" of the question, the URL that it was sent to.
    """
    here = dict(ask.values).get("endpoint")
    if ask.default_graphs or ask.named_graphs:
        chosen: Dataset | None = Dataset(ask.default_graphs, ask.named_graphs)
    else:
        chosen = from_clauses(text) if "from" in text.lower() else None
    if chosen is None:
        return world.store.engine.query(text, base_iri=here)
    default: Names | ox.DefaultGraph = [ox.NamedNode(name) for name in chosen.default]
    store = world.store.engine
    if len(set(chosen.default)) > 1:
        default = _DEFAULT
        if not (world.parts and world.parts <= set(chosen.default)):  # else it is there already
            store = _merged(store, chosen)
    named: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(name) for name in chosen.named]
    return store.query(text, base_iri=here, default_graph=default, named_graphs=named)


def from_clauses(text: str) -> Dataset | None:
    """Return the graphs of the FROM clauses; None when there are none, or one cannot be resolved without a parser."""
    found: dict[bool, list[str]] = {False: [], True: []}
    prefixes: dict[str, str] = {}
    words = iter(tokens(text))
    for word in words:
        if word.says("BASE"):
            return None
        if word.says("PREFIX"):
            name, iri = next(words, None), next(words, None)
            if name is not None and iri is not None:
                prefixes[name.text] = iri.text[1:-1]
        elif word.says("FROM"):
            graph = next(words, None)
            named = graph is not None and graph.says("NAMED")
            iri_text = _resolved(next(words, None) if named else graph, prefixes)
            if iri_text is None:
                return None
            found[named].append(iri_text)
    return Dataset(tuple(found[False]), tuple(found[True])) if found[False] or found[True] else None


def _resolved(word: Token | None, prefixes: dict[str, str]) -> str | None:
    """Return the IRI that a token stands for, when that takes neither a base nor escapes."""
    if word is None or word.kind not in ("iri", "name"):
        return None
    if word.kind == "iri":
        text = word.text[1:-1]
    else:
        prefix, _, local = word.text.partition(":")
        text = prefixes.get(f"{prefix}:", "") + local
    return text if _ABSOLUTE.fullmatch(text) else None


@lru_cache(maxsize=1)  # clients ask one question after the other of the same graphs
def _merged(store: ox.Store, chosen: Dataset) -> ox.Store:
    """Return a store whose default graph is the merge of the graphs chosen for it, beside those that are named."""
    merged = ox.Store()
    merged.bulk_extend(_quads(store, chosen.default, into_default=True))
    merged.bulk_extend(_quads(store, chosen.named, into_default=False))
    return merged


def _quads(store: ox.Store, names: Sequence[str], *, into_default: bool) -> Iterator[ox.Quad]:
    for name in sorted(set(names)):
        for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(name)):
            graph = _DEFAULT if into_default else quad.graph_name
            yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)
