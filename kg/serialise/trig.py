"""Blocks → TriG: Turtle paragraphs, those of one named graph together in braces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from kg.model import Block
from kg.serialise.terms import full_iri
from kg.serialise.turtle import paragraph_writer, write_prefixes


def write_trig(blocks: Iterable[Block], prefixes: Mapping[str, str]) -> Iterator[str]:
    """Yield the prefixes, then each named graph; blocks of the default graph stand without braces."""
    yield from write_prefixes(prefixes)
    write = paragraph_writer(prefixes)
    filled = (block for block in blocks if block.statements)
    for graph, members in groupby(filled, key=lambda block: block.graph):
        if graph:
            yield f"\n{full_iri(graph)} {{\n"
        for block in members:
            yield f"\n{write(block)}"
        if graph:
            yield "\n}\n"
