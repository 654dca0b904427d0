"""A plain graph → GEXF 1.2, for Gephi and networkx.

Version 1.3 is newer, but fewer programs read it, and nothing here needs it. The schema allows neither a name of the graph
nor line ends in labels, and has the label of a node and the weight of an edge as their own attributes. No date of the last
change is written, so that the same network makes the same file.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.similar.network.files.plain import Kind, Plain, Row, columns, written

_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\
 xsi:schemaLocation="http://www.gexf.net/1.2draft http://www.gexf.net/1.2draft/gexf.xsd" version="1.2">
  <meta>
    <creator>trialkg</creator>
  </meta>
  <graph defaultedgetype="undirected" idtype="string" mode="static">
"""
_OWN = {"node": ("label",), "edge": ("label", "weight")}  # what the schema has as attributes of the element


def write_gexf(graph: Plain) -> Iterator[str]:
    """Yield the document piece by piece: columns of nodes, columns of edges, nodes, edges."""
    yield _HEAD
    yield from _columns("node", columns(row for _, row in graph.nodes))
    yield from _columns("edge", columns(row for *_, row in graph.edges))
    yield "    <nodes>\n"
    for name, row in graph.nodes:
        yield f'      <node id="{written(name)}"{_own("node", {"label": name, **row})}>{_values("node", row)}</node>\n'
    yield "    </nodes>\n    <edges>\n"
    for number, (source, target, row) in enumerate(graph.edges):
        ends = f'id="{number}" source="{written(source)}" target="{written(target)}"'
        yield f"      <edge {ends}{_own('edge', row)}>{_values('edge', row)}</edge>\n"
    yield "    </edges>\n  </graph>\n</gexf>\n"


def _columns(owner: str, kinds: dict[str, Kind]) -> Iterator[str]:
    yield f'    <attributes class="{owner}" mode="static">\n'
    for name, kind in kinds.items():
        if name not in _OWN[owner]:
            title = written(name)
            yield f'      <attribute id="{title}" title="{title}" type="{kind}"/>\n'
    yield "    </attributes>\n"


def _own(owner: str, row: Row) -> str:
    return "".join(f' {name}="{written(row[name])}"' for name in _OWN[owner] if name in row)


def _values(owner: str, row: Row) -> str:
    values = ((written(name), written(value)) for name, value in row.items() if name not in _OWN[owner])
    inner = "".join(f'<attvalue for="{name}" value="{value}"/>' for name, value in values)
    return f"<attvalues>{inner}</attvalues>" if inner else ""
