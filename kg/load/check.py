"""A store after loading → nothing, or a StoreError that names graph, what was expected and what was found."""

from __future__ import annotations

from collections.abc import Iterator

from kg.errors import StoreError
from kg.load.sparql import count_query, sample_query
from kg.load.spool import GraphFile
from kg.load.way import Asker


def count(asker: Asker, graph: str, expected: int) -> int:
    """Return how many triples the graph holds; 0 when there is none."""
    rows = asker.rows(count_query(graph, expected))
    try:
        (row,) = rows
        return int(row["n"])
    except (ValueError, KeyError):
        raise StoreError(
            "the store did not answer with a number of triples", where=graph, raw=str(rows)
        ) from None


def check(asker: Asker, graph: GraphFile) -> None:
    """Raise StoreError when the number of triples differs, or one of the sample is not there."""
    found = count(asker, graph.graph, graph.triples)
    if found != graph.triples:
        raise StoreError(
            "the graph does not hold what was loaded",
            where=graph.graph,
            raw=f"{found} triples",
            allowed=f"{graph.triples} triples",
        )
    for triple in graph.sample:
        if not asker.rows(sample_query(graph.graph, triple)):
            what = "a triple that was loaded is not there, or was changed"
            raise StoreError(what, where=graph.graph, raw=triple)


def questions(graph: GraphFile) -> Iterator[str]:
    """Yield the queries that `check` asks."""
    yield count_query(graph.graph, graph.triples)
    yield from (sample_query(graph.graph, triple) for triple in graph.sample)
