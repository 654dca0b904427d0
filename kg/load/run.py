"""Graphs that wait to be sent → graphs in a store, one after the other, each checked after it arrived."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kg.errors import StoreError
from kg.load.check import check, count, questions
from kg.load.spool import GraphFile
from kg.load.way import Asker, NotTakenError, Way

Say = Callable[[str], None]

_MOST_NAMES = 12


@dataclass(frozen=True)
class Loaded:
    """A graph that arrived: `checked` is the number of triples that were looked for one by one."""

    graph: str
    triples: int
    how: str
    checked: int


def load_graphs(graphs: Sequence[GraphFile], ways: Sequence[Way], asker: Asker, say: Say) -> list[Loaded]:
    """Load the graphs in the first way that the store takes, and check each.

    StoreError names the graph that failed, what it holds now, and which ones were loaded before.
    """
    left = list(ways)
    done: list[Loaded] = []
    for number, graph in enumerate(graphs, 1):
        say(f"graph {number} of {len(graphs)}: {graph.graph}, {graph.triples:,} triples")
        try:
            how = _load(graph, left, say)
            check(asker, graph)
        except StoreError as error:
            raise _failed(error, graph, done, _holds(asker, graph)) from error
        done.append(Loaded(graph.graph, graph.triples, how, len(graph.sample)))
    return done


def plan(graphs: Sequence[GraphFile], way: Way, asker: Asker) -> Iterator[str]:
    """Yield what `load_graphs` would do when the store takes graphs in this way; nothing is done."""
    for graph in graphs:
        yield from way.plan(graph)
        yield from map(asker.question, questions(graph))


def _load(graph: GraphFile, left: list[Way], say: Say) -> str:
    """Load a graph in the first of the ways that are left; what the store does not take is left no more."""
    said: list[str] = []
    while left:
        try:
            left[0].load(graph)
        except NotTakenError as error:
            said.append(error.what)
            say(f"{error.what}: trying another way" if left[1:] else error.what)
            del left[0]
        else:
            return left[0].name
    raise StoreError(
        f"this store takes no writes here ({'; '.join(said)})",
        hint="give the URL of a server that is not read-only, with credentials if it asks for them",
    )


def _holds(asker: Asker, graph: GraphFile) -> str:
    try:
        return f"it holds {count(asker, graph.graph, graph.triples):,} triples now"
    except StoreError:
        return "the store does not tell how many triples it holds now"


def _failed(error: StoreError, graph: GraphFile, done: Sequence[Loaded], holds: str) -> StoreError:
    names = [f"<{one.graph}>" for one in done]
    loaded = ", ".join(names[:_MOST_NAMES]) or "none"
    loaded += f" and {len(names) - _MOST_NAMES} more" if names[_MOST_NAMES:] else ""
    state = f"{holds}; loaded before it: {loaded}; every other graph is as it was"
    hints = [hint for hint in (error.hint, state) if hint]
    return StoreError(
        f"the graph <{graph.graph}> was not loaded: {error.what}",
        where=error.where,
        raw=error.raw,
        allowed=error.allowed,
        hint="; ".join(hints),
    )
