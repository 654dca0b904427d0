"""A query's text → nothing, or a QueryError: queries read what is loaded and reach for nothing else."""

from __future__ import annotations

from kg.errors import QueryError
from kg.stores.tokens import keyword_of, resolved, tokens

_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH")


# Oxigraph reads a query by recursion and dies of a stack overflow, which Python cannot catch: at about 5,000
# nested groups and at about 10,000 operators in a row. Data (VALUES, IN) may be as long as it likes.
_DEEPEST = 100
_LONGEST = 3000


def refuse_giants(text: str) -> None:
    """Raise QueryError for a query that is nested so deep, or so long, that it could end the process."""
    depth = size = 0
    for token in tokens(text):
        if token.kind == "mark":
            depth += (token.text in "({[") - (token.text in ")}]")
        size += token.kind in ("mark", "word", "variable") and token.text not in "(),"
        if depth > _DEEPEST or size > _LONGEST:
            allowed = f"{_DEEPEST} nested brackets, {_LONGEST} keywords, variables and operators"
            raise QueryError("this query is too large to be answered safely", raw=text, allowed=allowed)


def refuse_services(text: str) -> None:
    """Raise QueryError when the query would send anything to another endpoint (SERVICE).

    Oxigraph has no switch for it. A query without the letters cannot do it; any other one is parsed.
    Escapes for characters cannot hide them: Oxigraph reads those in strings and IRIs only.
    """
    if "service" in text.lower():
        from kg.stores.rdf_lib import calls_service

        if calls_service(text):
            raise QueryError(
                "a query may not call another endpoint",
                raw="SERVICE",
                allowed="queries over the loaded graph only",
                hint="load the other graph as a file, then query both",
            )


def refuse_updates(text: str) -> None:
    """Raise QueryError for an update: a store is read by queries and filled by `load` only."""
    keyword = keyword_of(text)
    if keyword in _UPDATES:
        raise QueryError(
            "a query may not change the graph", raw=keyword, allowed="SELECT, ASK, CONSTRUCT or DESCRIBE"
        )


def refuse_unsafe(text: str) -> None:
    """Raise QueryError for all that a query may not be or do, however the server reads escapes for characters."""
    refuse_giants(text)
    for reading in dict.fromkeys((text, resolved(text))):
        refuse_updates(reading)
        refuse_services(reading)
