"""The rows of a table → the same rows in the order that the query asks for, strings by their code points.

SPARQL 1.1 (section 15.1) compares strings so, but some servers sort them as a dictionary of a language does: then
one query has another first row there. Only what has one order is sorted again: names, numbers, plain texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import takewhile
from typing import Any

from kg.stores.base import Result, Term
from kg.stores.tokens import Token, tokens
from kg.vocabulary.namespaces import XSD

_ENDS = ("LIMIT", "OFFSET", "VALUES")
_NUMBER = re.compile(r"-?[0-9]{1,1000}(?:\.[0-9]{1,1000})?")
_TEXTS = (XSD.string, XSD.anyURI, XSD.boolean)


def in_order(result: Result, query: str) -> Result:
    """Return `result` sorted by ORDER BY of `query`, as far as that names columns; ties stay as they are."""
    rows = list(result.rows)
    names = takewhile(lambda one: one[0] in result.columns, order_of(query))
    for name, down in reversed(list(names)):
        at = result.columns.index(name)
        key = _key({row[at] for row in rows})
        if key is None:
            return result
        rows.sort(key=lambda row, at=at, key=key: key(row[at]), reverse=down)  # type: ignore[misc]
    return Result(result.columns, tuple(rows))


def order_of(query: str) -> list[tuple[str, bool]]:
    """Return the names that ORDER BY of the outermost query begins with, and whether each goes down."""
    words = _clause(list(tokens(query)))
    found = []
    while words:
        down = words[0].says("DESC")
        bracketed = down or words[0].says("ASC")
        if bracketed and [word.text for word in words[1:4:2]] != ["(", ")"]:
            break
        name = words[2 if bracketed else 0]
        if name.kind != "variable":
            break
        found.append((name.text[1:], down))
        words = words[4 if bracketed else 1 :]
    return found


def _clause(words: list[Token]) -> list[Token]:
    depth, start = 0, None
    for at, token in enumerate(words):
        if token.kind == "mark":
            depth += (token.text in "({[") - (token.text in ")}]")
        if depth == 0 and token.says("ORDER"):
            start = at + 2
        elif depth == 0 and start is not None and any(map(token.says, _ENDS)):
            return words[start:at]
    return [] if start is None else words[start:]


def _key(terms: set[Term | None]) -> Callable[[Term | None], Any] | None:
    """Return what a column is sorted by: nothing first, then names, then literals of one kind; None for no way."""
    literals = [term for term in terms if term and term.kind == "literal"]
    if any(term and term.kind == "bnode" for term in terms):
        return None
    if all(
        term.datatype in (XSD.integer, XSD.decimal) and _NUMBER.fullmatch(term.value) for term in literals
    ):
        return _by(lambda term: Decimal(term.value))
    kinds = {(term.datatype, term.lang) for term in literals}
    if len(kinds) == 1 and (literals[0].lang or literals[0].datatype in _TEXTS):
        return _by(lambda term: term.value)
    return None


def _by(value: Callable[[Term], Any]) -> Callable[[Term | None], Any]:
    def key(term: Term | None) -> tuple[Any, ...]:
        if term is None:
            return (0,)
        return (1, term.value) if term.kind == "iri" else (2, value(term))

    return key
