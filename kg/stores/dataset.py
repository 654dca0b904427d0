"""A query and names of graphs → the query with FROM clauses, so that it is asked of these graphs and no others.

The protocol has parameters for that, too, but servers overlook them: Comunica 5.3 reads them in the URL only. What
stands in the query no server can overlook.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kg.stores.tokens import Token, names_dataset, tokens

# what may follow the place of dataset clauses
_FOLLOWS = ("WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")


def with_dataset(query: str, graphs: Sequence[str]) -> str:
    """Return `query` for the union of `graphs`, each of which has its name too; unchanged if it has its own FROM."""
    if not graphs or names_dataset(query):
        return query
    clauses = " ".join(f"FROM {kind}<{graph}>" for kind in ("", "NAMED ") for graph in graphs)
    place = _place(list(tokens(query)), len(query))
    return f"{query[:place]} {clauses} {query[place:]}"


def _place(words: Sequence[Token], end: int) -> int:
    depth = 0
    template = any(_opens_template(*pair) for pair in pairwise(words))
    for token in words:
        if depth == 0 and not template and (token.text == "{" or any(map(token.says, _FOLLOWS))):
            return token.start
        if token.kind == "mark":
            depth += (token.text in "({[") - (token.text in ")}]")
            template = template and not (depth == 0 and token.text == "}")
    return end


def _opens_template(token: Token, after: Token) -> bool:
    return token.says("CONSTRUCT") and after.text == "{"
