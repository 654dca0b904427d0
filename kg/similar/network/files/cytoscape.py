"""A plain graph → Cytoscape JSON (.cyjs), for Cytoscape, cytoscape.js and networkx.

Cytoscape desktop needs a text as id of each node and an object as data of the network, and shows `name` and `interaction`;
networkx needs `value`, the node itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from kg.similar.network.files.plain import Atom, Plain

_HEAD = """\
{
"format_version": "1.0",
"generated_by": "trialkg",
"target_cytoscapejs_version": "~2.1",
"data": {"name": "trialkg"},
"directed": false,
"multigraph": false,
"elements": {
"nodes": ["""


def write_cytoscape(graph: Plain) -> Iterator[str]:
    """Yield the document piece by piece, one line for each node and edge."""
    names = {node: str(row.get("name", node)) for node, row in graph.nodes}
    yield _HEAD
    for number, (node, row) in enumerate(graph.nodes):
        yield _element(number, {"id": node, "value": node, "name": names[node], **row})
    yield '\n],\n"edges": ['
    for number, (source, target, row) in enumerate(graph.edges):
        kind = str(row.get("kind", ""))
        shown = {"name": f"{names[source]} ({kind}) {names[target]}", "interaction": kind}
        yield _element(number, {"id": f"e{number}", "source": source, "target": target, **shown, **row})
    yield "\n]\n}\n}\n"


def _element(number: int, data: Mapping[str, Atom]) -> str:
    return f"{',' if number else ''}\n" + json.dumps({"data": data}, ensure_ascii=False)
