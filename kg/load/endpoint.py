"""The query endpoint of a server → rows, whole or an error: how what was loaded is counted and looked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from kg.errors import StoreError
from kg.load.shown import show_request
from kg.stores.exchange import Answered, Request, refusal
from kg.stores.web import Web

_JSON = "application/sparql-results+json"
_PARTIAL = ("x-sql-state", "x-sql-message")


class EndpointAsker:
    """Queries by form, answers in JSON. It implements `kg.load.way.Asker`."""

    def __init__(self, web: Web, url: str) -> None:
        self._web = web
        self._url = url

    def rows(self, query: str) -> Sequence[Mapping[str, str]]:
        """Return the rows of a SELECT."""
        answered = self._web.send(self._request(query))
        if not answered.fine:
            raise refusal(answered, "the server did not answer the query")
        if any(name in answered.headers for name in _PARTIAL):
            raise StoreError("the answer is not complete", where=self._url, raw=str(dict(answered.headers)))
        return _read(answered)

    def question(self, query: str) -> str:
        """Return the request."""
        return show_request(self._request(query))

    def _request(self, query: str) -> Request:
        return Request("POST", self._url, headers={"accept": _JSON}, form=(("query", query),))


def _read(answered: Answered) -> list[dict[str, str]]:
    try:
        bindings = json.loads(answered.body)["results"]["bindings"]
        return [{name: str(term["value"]) for name, term in row.items()} for row in bindings]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise StoreError(
            "the answer is no table of results", where=answered.url, raw=answered.text[:500], allowed=_JSON
        ) from None
