"""A plain graph → GraphML, for Gephi, Cytoscape, yEd, igraph and networkx."""

from __future__ import annotations

from collections.abc import Iterator

from kg.similar.network.files.plain import Kind, Plain, Row, columns, written

_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\
 xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


def write_graphml(graph: Plain) -> Iterator[str]:
    """Yield the document piece by piece: keys of nodes, keys of edges, nodes, edges."""
    yield _HEAD
    yield from _keys("node", columns(row for _, row in graph.nodes))
    yield from _keys("edge", columns(row for *_, row in graph.edges))
    yield '  <graph edgedefault="undirected">\n'
    for name, row in graph.nodes:
        yield f'    <node id="{written(name)}">{_data("node", row)}</node>\n'
    for source, target, row in graph.edges:
        yield f'    <edge source="{written(source)}" target="{written(target)}">{_data("edge", row)}</edge>\n'
    yield "  </graph>\n</graphml>\n"


def _keys(owner: str, kinds: dict[str, Kind]) -> Iterator[str]:
    for name, kind in kinds.items():
        yield (
            f'  <key id="{_key(owner, name)}" for="{owner}" attr.name="{written(name)}" attr.type="{kind}"/>\n'
        )


def _data(owner: str, row: Row) -> str:
    return "".join(f'<data key="{_key(owner, name)}">{written(value)}</data>' for name, value in row.items())


def _key(owner: str, name: str) -> str:
    # ids are unique in a file. d0, d1, …, as is usual, will not do: Gephi takes d3 of nodes and d7 of edges for yEd's labels
    return f"{owner}-{written(name)}"
