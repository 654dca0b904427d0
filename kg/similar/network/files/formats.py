"""The suffix of a file → the format that a network is written in. A new format is a new file and a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import networkx as nx

from kg.build.output import Written, write_folder
from kg.errors import OutputError
from kg.similar.network.files.cytoscape import write_cytoscape
from kg.similar.network.files.gexf import write_gexf
from kg.similar.network.files.graphml import write_graphml
from kg.similar.network.files.plain import Plain, plain

FORMATS: dict[str, Callable[[Plain], Iterator[str]]] = {
    ".graphml": write_graphml,
    ".gexf": write_gexf,
    ".cyjs": write_cytoscape,
}


def check_suffix(path: Path) -> str:
    """Return the suffix of a graph file in lower case; OutputError with those that are known for another one."""
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise OutputError(
            "the suffix does not say which graph format this is",
            where=path.name,
            raw=path.suffix,
            allowed=", ".join(FORMATS),
        )
    return suffix


def write_graph(graph: nx.Graph, path: Path) -> Written:
    """Write `graph` to `path` in the format of its suffix, whole or not at all; return size and SHA-256 of the file.

    The same graph makes the same bytes. Raises OutputError when the suffix is unknown or the file cannot be written.
    """
    write = FORMATS[check_suffix(path)]
    return write_folder(path.parent, {path.name: write(plain(graph))})[path.name]
