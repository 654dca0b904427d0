"""Query text → its VALUES blocks of one variable, which are the places where parameters stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.errors import QueryError
from kg.queries.catalogue import Parameter, QueryFile
from kg.stores.tokens import Token, tokens
from kg.vocabulary.namespaces import VOCABULARY


@dataclass(frozen=True, slots=True)
class Block:
    """One block `VALUES ?name { … }`: the characters between its braces and the tokens there."""

    name: str
    start: int
    end: int
    inside: tuple[Token, ...]


def value_blocks(text: str) -> tuple[Block, ...]:
    """Return the VALUES blocks of one variable; QueryError when one variable has two of them."""
    blocks = tuple(_blocks(tuple(tokens(text))))
    seen: set[str] = set()
    for block in blocks:
        if block.name in seen:
            raise QueryError(f"two VALUES blocks for ?{block.name}", allowed="one for each parameter")
        seen.add(block.name)
    return blocks


def _blocks(found: tuple[Token, ...]) -> Iterator[Block]:
    for at, token in enumerate(found[:-3]):
        variable, brace = found[at + 1], found[at + 2]
        if token.says("VALUES") and variable.kind == "variable" and brace.text == "{":
            close = next((n for n in range(at + 3, len(found)) if found[n].text == "}"), None)
            if close is not None:
                inside = found[at + 3 : close]
                yield Block(variable.text[1:], brace.end, found[close].start, inside)


def _guessed(text: str, block: Block) -> Parameter:
    """Return the parameter of a block without a header: its type is that of the term that stands there."""
    first = block.inside[0] if block.inside else None
    if first is None or first.kind == "word":
        return Parameter(block.name, "string")
    if first.kind == "number":
        return Parameter(block.name, "decimal" if "." in first.text else "integer", example=first.text)
    if first.kind in ("iri", "name"):
        return _guessed_iri(block.name, _expanded(text, first))
    return Parameter(block.name, "string", example=first.text)


def _guessed_iri(name: str, value: str) -> Parameter:
    if value.startswith(VOCABULARY) and value.count("/", len(VOCABULARY)) == 1:
        return Parameter(name, "concept", scheme=value[len(VOCABULARY) :].split("/")[0], example=value)
    kind = value.rsplit("/", 2)[-2:-1]
    return Parameter(name, "trial" if kind == ["trial"] else "iri", example=value)


def _expanded(text: str, token: Token) -> str:
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, _, local = token.text.partition(":")
    found = list(tokens(text))
    for at, word in enumerate(found[:-2]):
        if word.says("PREFIX") and found[at + 1].text == f"{prefix}:":
            return found[at + 2].text[1:-1] + local
    return token.text


def parameters_of(query: QueryFile) -> tuple[Parameter, ...]:
    """Return the parameters that a query declares or, without a header, those of its VALUES blocks."""
    blocks = {block.name: block for block in value_blocks(query.text)}
    for parameter in query.parameters:
        if parameter.name not in blocks:
            raise QueryError(
                f"the parameter {parameter.name} has no place in the query",
                where=query.id,
                hint=f"write VALUES ?{parameter.name} {{ … }} where its value belongs",
            )
    if query.parameters or query.summary:
        return query.parameters
    return tuple(_guessed(query.text, block) for block in blocks.values())
