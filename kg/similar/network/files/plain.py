"""A graph → plain nodes and edges that every format can hold: typed columns, texts without what XML forbids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Literal

import networkx as nx

from kg.errors import GraphError
from kg.vocabulary.text import squeeze

Kind = Literal["boolean", "long", "double", "string"]
"""The types of attributes, by names that GraphML and GEXF share."""

Atom = bool | int | float | str
Row = Mapping[str, Atom]
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2
_KINDS: tuple[tuple[type[Atom], Kind], ...] = (
    (bool, "boolean"),
    (int, "long"),
    (float, "double"),
    (str, "string"),
)


@dataclass(frozen=True, slots=True)
class Plain:
    """Nodes as (name, attributes) and edges as (source, target, attributes), in the order of the graph."""

    nodes: tuple[tuple[str, Row], ...]
    edges: tuple[tuple[str, str, Row], ...]


def plain(graph: nx.Graph) -> Plain:
    """Return nodes and edges of `graph` with all names and texts on one line and fit for XML.

    A character that XML forbids becomes U+FFFD. Raises GraphError when two nodes would thereby have one name, and for an
    attribute that is neither text nor number nor boolean.
    """
    names = {node: _text(str(node)) for node in graph}
    if len(set(names.values())) < len(names):
        raise GraphError("two nodes have the same name but for characters that a graph file cannot hold")
    nodes = tuple((names[node], _row(attributes)) for node, attributes in graph.nodes(data=True))
    edges = tuple((names[a], names[b], _row(attributes)) for a, b, attributes in graph.edges(data=True))
    return Plain(nodes, edges)


def columns(rows: Iterable[Row]) -> dict[str, Kind]:
    """Return the attributes of all rows in the order in which they first come up, each with a type that fits all values."""
    found: dict[str, Kind] = {}
    for row in rows:
        for name, value in row.items():
            kind = _kind(value)
            found[name] = _both(found.get(name, kind), kind)
    return found


def written(value: Atom) -> str:
    """Return a value as XML Schema writes it, ready to stand in XML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(value) if isinstance(value, str) else repr(value)


def _row(attributes: Mapping[str, object]) -> Row:
    return {_text(str(name)): _atom(name, value) for name, value in attributes.items()}


def _atom(name: str, value: object) -> Atom:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool | int | float):
        return value
    raise GraphError("an attribute of the network is neither text nor number", where=name, raw=repr(value))


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", squeeze(text))


def _kind(value: Atom) -> Kind:
    return next(kind for type_, kind in _KINDS if isinstance(value, type_))


def _both(one: Kind, other: Kind) -> Kind:
    if one == other:
        return one
    return "double" if {one, other} == {"long", "double"} else "string"
