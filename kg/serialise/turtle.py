"""Blocks → Turtle: one paragraph a block, predicates in the block's order, every declared prefix on top."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from kg.model import Block
from kg.serialise.terms import full_iri, turtle_node
from kg.vocabulary.namespaces import RDF_TYPE

_WIDTH = 110


def write_turtle(blocks: Iterable[Block], prefixes: Mapping[str, str]) -> Iterator[str]:
    """Yield the prefixes, then each block as a paragraph; named graphs are left out."""
    yield from write_prefixes(prefixes)
    write = paragraph_writer(prefixes)
    for block in blocks:
        if block.statements:
            yield f"\n{write(block)}"


def write_prefixes(prefixes: Mapping[str, str]) -> Iterator[str]:
    """Yield one declaration a line, sorted by prefix."""
    for prefix, namespace in sorted(prefixes.items()):
        yield f"@prefix {prefix}: {full_iri(namespace)} .\n"


def paragraph_writer(prefixes: Mapping[str, str]) -> Callable[[Block], str]:
    """Return a function that writes one block as a paragraph of Turtle."""
    node = turtle_node(prefixes)

    def write(block: Block) -> str:
        objects: dict[str, list[str]] = {}
        for predicate, value in block.statements:
            name = "a" if predicate == RDF_TYPE else node(predicate)
            objects.setdefault(name, []).append(node(value))
        lines = [_line(name, values) for name, values in objects.items()]
        return node(block.subject) + " " + " ;\n    ".join(lines) + " .\n"

    return write


def _line(name: str, values: list[str]) -> str:
    """Return a predicate with its objects on one line, or one object a line where that would be too long."""
    line = f"{name} {', '.join(values)}"
    if len(values) == 1 or len(line) <= _WIDTH:
        return line
    separator = ",\n        "
    return f"{name}\n        {separator.join(values)}"
