"""The catalogue of queries → a table: name, question, parameters with their examples."""

from __future__ import annotations

from collections.abc import Iterable

from kg.queries.catalogue import Parameter, QueryFile
from kg.queries.formats.table import write_table
from kg.stores.base import Result, literal


def catalogue_table(queries: Iterable[QueryFile]) -> str:
    """Return the queries as a table for people."""
    rows = tuple(
        (literal(query.id), literal(query.description), literal(" ".join(map(_setting, query.parameters))))
        for query in queries
    )
    return write_table(Result(("query", "question", "parameters"), rows))


def _setting(parameter: Parameter) -> str:
    example = f'"{parameter.example}"' if " " in parameter.example else parameter.example
    return f"{parameter.name}={example}"
