"""Blocks → N-Triples: one triple a line, in the order of the blocks; named graphs are left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kg.model import Block
from kg.serialise.terms import plain_node


def write_ntriples(blocks: Iterable[Block], prefixes: Mapping[str, str]) -> Iterator[str]:  # noqa: ARG001
    """Yield the lines of each block; the format knows no prefixes."""
    node = plain_node()
    for block in blocks:
        subject = node(block.subject)
        yield "".join([f"{subject} {node(p)} {node(o)} .\n" for p, o in block.statements])
