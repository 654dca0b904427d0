"""A query's text → nothing, or a QueryError: queries read what is loaded and reach for nothing else."""

from __future__ import annotations

from kg.errors import QueryError
from kg.stores.tokens import keyword_of

_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH")


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
