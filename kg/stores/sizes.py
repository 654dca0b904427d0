"""The size of an answer → whether a server may have cut it, and the query that asks for the true size.

Public servers cut what is longer than they like and say nothing of it. Their limits are round numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kg.stores.tokens import Token, tokens

_LEAST = 1000
NUMBER = "trialkg_number"  # the variable that holds the true size


def is_round(size: int, digits: int) -> bool:
    """Whether `size` is a number that people choose: of so many digits before its zeros, or a power of two."""
    text = str(size)
    return size >= _LEAST and (not text[digits:].strip("0") or size & (size - 1) == 0)


def own_limit(query: str) -> int | None:
    """Return the LIMIT of the outermost query, None without one."""
    depth, found = 0, None
    for token, after in pairwise(tokens(query)):
        depth += (token.text in "({[") - (token.text in ")}]") if token.kind == "mark" else 0
        if depth == 0 and token.says("LIMIT") and after.text.isdecimal():
            found = int(after.text)
    return found


def rows_query(query: str) -> str:
    """Return the query that counts the rows of the SELECT `query`, in the data set that it names."""
    words = list(tokens(query))
    start = next(token.start for token in words if token.says("SELECT"))
    data_set, inside = _dataset(query, [token for token in words if token.start >= start])
    counted = f"SELECT (COUNT(*) AS ?{NUMBER})"
    return f"{query[:start]}{counted} {data_set} WHERE {{ {{ {inside}\n}} }}"


def triples_query(query: str) -> str:
    """Return the query that counts the triples of the CONSTRUCT `query`; "" when no query can.

    It can where each solution makes one triple of names and variables: their number is that of the different
    solutions.
    """
    words = list(tokens(query))
    start = next((at for at, token in enumerate(words) if token.says("CONSTRUCT")), None)
    opening = next((at for at, token in enumerate(words) if token.text == "{"), len(words))
    if start is None or "}" not in (closing := [token.text for token in words[opening : opening + 6]]):
        return ""
    end = opening + closing.index("}")
    triple = [token for token in words[opening + 1 : end] if token.text != "."]
    if len(triple) != 3 or not all(_is_name(token) for token in triple):
        return ""
    names = " ".join(dict.fromkeys(token.text for token in triple if token.kind == "variable"))
    has_template = opening == start + 1
    rest = query[words[end].end if has_template else words[start].end :]
    return rows_query(f"{query[: words[start].start]}SELECT DISTINCT {names} {rest}") if names else ""


def _is_name(token: Token) -> bool:
    return (
        token.kind in ("variable", "iri")
        or (token.kind == "name" and token.text[0] != "_")
        or token.text == "a"
    )


def _dataset(query: str, words: Sequence[Token]) -> tuple[str, str]:
    """Return the dataset clauses of a SELECT, and the SELECT without them: a query inside another has none."""
    clauses, kept, end = [], [], words[0].start
    for at, token in enumerate(words):
        if token.says("FROM"):
            last = words[at + 2] if words[at + 1].says("NAMED") else words[at + 1]
            clauses.append(query[token.start : last.end])
            kept.append(query[end : token.start])
            end = last.end
    return " ".join(clauses), "".join([*kept, query[end:]])
