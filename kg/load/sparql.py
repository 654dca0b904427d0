"""A graph that waits to be sent → the texts of the queries and updates that load it and look for it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.load.spool import GraphFile
from kg.load.way import staging

MOST_TRIPLES = 500  # Virtuoso 7 makes 8 lines of SQL of a triple, and takes no more than 10,000
MOST_BYTES = 1_000_000
_LONG = 4000  # characters of a triple that a query should not have to hold
_ESCAPE = re.compile(r"\\(?:\\([uU])|.)")


def in_sparql(triple: str) -> str:
    r"""Return a triple of N-Triples as SPARQL reads it.

    A letter u after an escaped backslash becomes an escape of its own, because SPARQL 1.1 (section 19.2) lets a
    reader resolve \u escapes before it reads strings.
    """
    return _ESCAPE.sub(lambda found: f"\\\\\\U{ord(found[1]):08X}" if found[1] else found[0], triple)


def insertions(graph: GraphFile) -> Iterator[str]:
    """Yield the updates that write the triples beside the graph, in batches that every store can read."""
    batch: list[str] = []
    size = 0
    with graph.path.open(encoding="utf-8", newline="\n") as stream:
        for line in stream:
            triple = in_sparql(line)
            if batch and (len(batch) == MOST_TRIPLES or size + len(triple) > MOST_BYTES):
                yield _insertion(graph, batch)
                batch, size = [], 0
            batch.append(triple)
            size += len(triple)
    yield _insertion(graph, batch)


def drop(graph: GraphFile) -> str:
    """Return the update that makes room beside the graph."""
    return f"DROP SILENT GRAPH <{staging(graph.graph)}>"


def move(graph: GraphFile) -> str:
    """Return the update that puts what waits beside the graph in its place."""
    return f"MOVE GRAPH <{staging(graph.graph)}> TO GRAPH <{graph.graph}>"


def count_query(graph: str, expected: int) -> str:
    """Return the query for the number of triples of a graph.

    It is another text for another number: Virtuoso keeps the plan of a query by its text, and that of an empty
    graph takes minutes where the graph has 100,000 triples.
    """
    return f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} # {expected} expected"


def sample_query(graph: str, triple: str) -> str:
    """Return a query with a row when the triple is there (Virtuoso answers no ASK as others do).

    Of a long literal only that there is one.
    """
    pattern = in_sparql(triple)
    if len(triple) > _LONG:
        subject, predicate, _ = triple.split(" ", 2)
        pattern = f"{subject} {predicate} ?o . FILTER(STRLEN(STR(?o)) > {_LONG // 4})"
    return f"SELECT (1 AS ?one) WHERE {{ GRAPH <{graph}> {{ {pattern} }} }} LIMIT 1"


def _insertion(graph: GraphFile, triples: list[str]) -> str:
    return f"INSERT DATA {{ GRAPH <{staging(graph.graph)}> {{\n{''.join(triples)}}} }}"
