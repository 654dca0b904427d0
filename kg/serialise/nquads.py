"""Blocks → N-Quads: one quad a line, in the order of the blocks; no graph name for the default graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kg.model import Block
from kg.serialise.terms import plain_node


def write_nquads(blocks: Iterable[Block], prefixes: Mapping[str, str]) -> Iterator[str]:  # noqa: ARG001
    """Yield the lines of each block; the format knows no prefixes."""
    node = plain_node()
    for block in blocks:
        subject = node(block.subject)
        end = f" {node(block.graph)} .\n" if block.graph else " .\n"
        yield "".join([f"{subject} {node(p)} {node(o)}{end}" for p, o in block.statements])
