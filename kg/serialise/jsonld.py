"""Blocks → JSON-LD 1.1: a context of prefixes and a list of nodes, a nested list for each named graph."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby

from kg.model import Block, Literal, Node
from kg.serialise.terms import compact
from kg.vocabulary.namespaces import RDF_TYPE, XSD

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")  # what every JSON reader keeps as a whole number
_Name = Callable[[str], str]


def write_jsonld(blocks: Iterable[Block], prefixes: Mapping[str, str]) -> Iterator[str]:
    """Yield one document, one line a block; keys and types are prefixed names, identifiers are full IRIs."""
    # a prefix of JSON-LD must end with such a mark; others are left to the formats of Turtle
    context = {name: iri for name, iri in sorted(prefixes.items()) if iri.endswith(("/", "#", ":"))}
    name = _namer(context)
    yield f'{{"@context": {json.dumps(context)},\n"@graph": [\n'
    filled = (block for block in blocks if block.statements)
    for count, (graph, members) in enumerate(groupby(filled, key=lambda block: block.graph)):
        yield ",\n" if count else ""
        yield from _graph(graph, members, name)
    yield "\n]}\n"


def _graph(graph: str, members: Iterable[Block], name: _Name) -> Iterator[str]:
    if graph:
        yield f'{{"@id": {_json(graph)}, "@graph": [\n'
    for count, block in enumerate(members):
        yield (",\n" if count else "") + _json(_node(block, name))
    if graph:
        yield "\n]}"


def _node(block: Block, name: _Name) -> dict[str, object]:
    node: dict[str, object] = {"@id": block.subject}
    values: dict[str, list[object]] = {}
    for predicate, value in block.statements:
        if predicate == RDF_TYPE and isinstance(value, str):
            values.setdefault("@type", []).append(name(value))
        else:
            values.setdefault(name(predicate), []).append(_value(value, name))
    return node | {key: listed[0] if len(listed) == 1 else listed for key, listed in values.items()}


def _value(node: Node, name: _Name) -> object:
    if isinstance(node, str):
        return {"@id": node}
    return _literal(node, name)


def _literal(literal: Literal, name: _Name) -> object:
    lexical, kind = literal
    if kind == XSD.string:
        return lexical
    if kind == XSD.boolean and lexical in ("true", "false"):
        return lexical == "true"
    if kind == XSD.integer and _INTEGER.fullmatch(lexical):
        return int(lexical)
    return (
        {"@value": lexical, "@language": kind[1:]}
        if kind[0] == "@"
        else {"@value": lexical, "@type": name(kind)}
    )


def _namer(context: Mapping[str, str]) -> _Name:
    names = {namespace: prefix for prefix, namespace in sorted(context.items(), reverse=True)}
    known: dict[str, str] = {}

    def write(iri: str) -> str:
        if iri not in known:
            known[iri] = ":".join(compact(iri, names) or (iri,))
        return known[iri]

    return write


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
