"""The bytes of an RDF document → nothing, or a GraphError: what is nested so deep that a parser dies of it.

Oxigraph reads and drops nested terms by recursion, and ends the process with a stack overflow, which Python
cannot catch: at some 10,000 levels of JSON-LD, and of the triples in triples that RDF 1.1 does not have.
"""

from __future__ import annotations

import re

from kg.errors import GraphError

_DEEPEST = 100
_JSON = re.compile(rb'"(?:[^"\\]|\\.)*+"|(?P<open>[\[{])|(?P<close>[\]}])', re.DOTALL)
_TURTLE = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*+"""'
    rb"|'''(?:[^'\\]|\\.|'(?!''))*+'''"
    rb'|"(?:[^"\\\r\n]|\\.)*+"'
    rb"|'(?:[^'\\\r\n]|\\.)*+'"
    rb"|\\.|#[^\r\n]*+|<[^<>\s]*+>|(?P<open><<)|(?P<close>>>)",
    re.DOTALL,
)


def refuse_depth(data: bytes, where: str, *, json: bool = False) -> None:
    """Raise GraphError when `data`, a document of the Turtle family or JSON-LD, is nested too deep to be read."""
    opening = data.count(b"{") + data.count(b"[") if json else data.count(b"<<")
    if opening <= _DEEPEST:  # so it is in nearly all files, which need no closer look
        return
    depth = 0
    for token in (_JSON if json else _TURTLE).finditer(data):
        depth += (token.lastgroup == "open") - (token.lastgroup == "close")
        if depth > _DEEPEST:
            raise GraphError(
                "the document is nested too deep to be read safely", where=where, allowed=f"{_DEEPEST} levels"
            )
