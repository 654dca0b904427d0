"""A graph → SPARQL updates: INSERT DATA in batches beside the graph, then one MOVE onto it.

A failure in between drops what waits beside the graph, and the graph is as it was. Only when the answer to the
MOVE is lost nothing more is sent: a MOVE that is still to come would find nothing, and empty the graph.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress

from kg.errors import StoreError
from kg.load.check import count
from kg.load.shown import show_request
from kg.load.sparql import count_query, drop, insertions, move
from kg.load.spool import GraphFile
from kg.load.way import Asker, NotTakenError, staging
from kg.stores.exchange import Answered, Request, refusal
from kg.stores.web import Web

_GATEWAYS = (502, 504)
_OTHER_WAY = (400, 404, 405, 406, 415, 501)
_WAITS = (0.5, 1, 2, 4, 8, 16, 32, 60, 60)  # seconds in which a MOVE without an answer may still be done


class _UnclearError(StoreError):
    """The MOVE was sent, and whether it was or will be done is not known."""


class UpdateWay:
    """Update requests. It implements `kg.load.way.Way`."""

    name = "update"

    def __init__(self, web: Web, url: str, asker: Asker) -> None:
        self._web = web
        self._url = url
        self._asker = asker
        self._as_form: bool | None = None  # None: not yet known which of the two the server takes

    def load(self, graph: GraphFile) -> None:
        """Send the triples beside the graph, count them there, and move them onto it."""
        self._begin(graph)
        try:
            for text in insertions(graph):
                self._send(text)
            self._expect(staging(graph.graph), graph.triples)
            self._move(graph)
        except _UnclearError:
            raise
        except BaseException:
            with suppress(StoreError):
                self._send(drop(graph))
            raise

    def plan(self, graph: GraphFile) -> Iterator[str]:
        """Yield the requests."""
        yield show_request(self._request(drop(graph)))
        for text in insertions(graph):
            yield show_request(self._request(text))
        yield self._asker.question(count_query(staging(graph.graph), graph.triples))
        yield show_request(self._request(move(graph)))

    def _begin(self, graph: GraphFile) -> None:
        """Make room beside the graph; the first time this finds out how the server takes updates."""
        if self._as_form is not None:
            self._send(drop(graph))
            return
        said = []
        for self._as_form in (True, False):
            answered = self._web.send(self._request(drop(graph)))
            if answered.fine:
                return
            if answered.status not in _OTHER_WAY:
                break
            said.append(str(answered.status))
        self._as_form = None
        if not said or answered.status in (401, 403):
            raise refusal(answered, "the server did not take the update")
        raise NotTakenError(
            f"update: status {', then '.join(said)}", where=self._url, raw=answered.text[:500]
        )

    def _send(self, text: str) -> None:
        _fine(self._web.send(self._request(text)))

    def _request(self, text: str, *, retry: bool = True) -> Request:
        if self._as_form is False:
            headers = {"content-type": "application/sparql-update"}
            return Request("POST", self._url, headers=headers, body=text.encode(), retry=retry)
        return Request("POST", self._url, form=(("update", text),), retry=retry)

    def _move(self, graph: GraphFile) -> None:
        """Send the MOVE once; when its answer is lost, the counts tell whether it was done, now or a while later."""
        try:
            answered = self._web.send(self._request(move(graph), retry=False))
        except StoreError as lost:
            self._await_move(graph, lost)
            return
        if answered.status in _GATEWAYS:
            self._await_move(graph, refusal(answered, "what stands between lost the answer"))
        else:
            _fine(answered)

    def _await_move(self, graph: GraphFile, lost: StoreError) -> None:
        for wait in _WAITS:
            if self._is_moved(graph):
                return
            time.sleep(wait)
        raise _UnclearError(
            f"{lost.what}, and the graph was not moved in its place since",
            where=lost.where,
            hint=f"its triples wait in <{staging(graph.graph)}>; {lost.hint or 'load it again'}",
        ) from lost

    def _is_moved(self, graph: GraphFile) -> bool:
        with suppress(StoreError):  # a server that is busy with the move may not answer
            beside = count(self._asker, staging(graph.graph), 0)
            return beside == 0 and count(self._asker, graph.graph, graph.triples) == graph.triples
        return False

    def _expect(self, name: str, triples: int) -> None:
        found = count(self._asker, name, triples)
        if found != triples:
            raise StoreError(f"{found:,} of {triples:,} triples arrived", where=name)


def _fine(answered: Answered) -> None:
    """Raise StoreError for an answer that tells of a failure; Virtuoso says some of them in a header only."""
    if not answered.fine:
        raise refusal(answered, "the server did not take the update")
    if state := answered.headers.get("x-sql-state"):
        raise StoreError(f"the server did not finish the update (state {state})", where=answered.url)
