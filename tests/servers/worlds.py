"""What the servers hold in the tests: the graph of the bundled table, and a small one with a term of each kind."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from servers import direct
from servers.running import Running

ROOT = Path(__file__).resolve().parents[2]
BUNDLED = ROOT / "output" / "trials.nq"

E = "https://example.org/contract/"
SMALL = f"""
@prefix e: <{E}> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:g {{
  e:a e:p 1 , 2.5 , "x\\"y\\\\z\\n\\t" , "über 😀"@en , "2026-11-22"^^xsd:date , "2026"^^xsd:gYear ,
    "https://example.org/?a=1&b=2"^^xsd:anyURI .
  e:b e:p e:a .
}}
e:h {{ e:c e:p e:a ; e:q true , -7 , 123456789.125 }}
""".encode()


def world() -> bytes:
    """Return both as N-Quads."""
    return BUNDLED.read_bytes() + ox.serialize(
        ox.parse(SMALL, format=ox.RdfFormat.TRIG), format=ox.RdfFormat.N_QUADS
    )


def triples_of(nquads: bytes) -> dict[str, set[ox.Triple]]:
    """Return the triples of each named graph of a document."""
    found = defaultdict(set)
    for quad in ox.parse(nquads, format=ox.RdfFormat.N_QUADS):
        found[quad.graph_name.value].add(ox.Triple(quad.subject, quad.predicate, quad.object))
    return dict(found)


@cache
def documents() -> dict[str, bytes]:
    """Return each graph of the world as a Turtle document, by its name."""
    return {
        name: ox.serialize(triples, format=ox.RdfFormat.TURTLE)
        for name, triples in triples_of(world()).items()
    }


def fill(running: Running) -> None:
    """Put the world into a store that can be written to; the others serve it from a file."""
    for name, turtle in documents().items() if running.writable else ():
        direct.put(running, name, turtle)
