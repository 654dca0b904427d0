"""A request to the graph store → the graph that it names (SPARQL 1.1 Graph Store HTTP Protocol, section 4)."""

from __future__ import annotations

from kg.serve.http.protocol import absolute, pairs_of, values_of
from kg.serve.http.refusal import Refusal

DEFAULT = ""


def read_graph_name(search: bytes) -> str:
    """Return the IRI after `?graph=`, or DEFAULT for `?default`; raises Refusal unless there is exactly one of them."""
    pairs = pairs_of(search)
    graphs, default = values_of(pairs, "graph"), values_of(pairs, "default")
    if len(graphs) + bool(default) != 1:
        raise Refusal(400, "name one graph: ?graph=IRI, or ?default for the union of all")
    return absolute(graphs[0], "graph") if graphs else DEFAULT
