"""The port of every way to load a graph, and of whoever answers what a store holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from kg.errors import StoreError
from kg.load.spool import GraphFile


class NotTakenError(StoreError):
    """The store does not take graphs in this way; nothing was changed."""


class Way(Protocol):
    """Loads one graph after the other, each whole or not at all, as far as the store allows that."""

    name: str

    def load(self, graph: GraphFile) -> None:
        """Let the store hold exactly this graph under its name.

        NotTakenError when the store has no such way, StoreError for any other failure.
        """

    def plan(self, graph: GraphFile) -> Iterator[str]:
        """Yield what `load` would do, a paragraph a step; nothing is done."""


class Asker(Protocol):
    """Answers SELECT queries of what is loaded."""

    def rows(self, query: str) -> Sequence[Mapping[str, str]]:
        """Return the rows, each a mapping from names to lexical forms; StoreError when they may not be all."""

    def question(self, query: str) -> str:
        """Return what `rows` would do; nothing is done."""


def staging(graph: str) -> str:
    """Return the graph in which the triples of `graph` wait until they are all there."""
    return f"{graph}/loading"
