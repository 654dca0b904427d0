"""An answer that is no answer to a query → the error that says why, in the server's words, and what to do."""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.errors import KgError, QueryError, StoreError, printable, shorten
from kg.stores.exchange import Answered

_MOST_WORDS = 300


class _Reason(NamedTuple):
    what: str
    hint: str = ""


_ADDRESS = "give the URL of the query endpoint itself"
_LATER = "ask again later, or for less at once"
_REASONS = {
    401: _Reason(
        "the server wants to know who asks", "set TRIALKG_USER and TRIALKG_PASSWORD, or TRIALKG_TOKEN"
    ),
    403: _Reason(
        "the server does not allow this query",
        "set TRIALKG_USER and TRIALKG_PASSWORD, or TRIALKG_TOKEN, of someone who may ask",
    ),
    404: _Reason("there is nothing at this address", _ADDRESS),
    405: _Reason("no queries are taken at this address", _ADDRESS),
    406: _Reason(
        "the server has its answer in no form that can be read",
        "tables are read in JSON and XML, graphs in JSON-LD, RDF/XML, N-Triples and Turtle",
    ),
    413: _Reason("the query, or its answer, is too large for the server", "ask for less at once"),
    414: _Reason(
        "the query is too long for the server, which takes it in the URL only", "ask a shorter query"
    ),
    429: _Reason("the server has been asked too often", "wait some minutes, then ask again"),
    500: _Reason("the server failed", "ask for less at once, or look into the log of the server"),
    502: _Reason("the server behind this address does not answer", _LATER),
    503: _Reason("the server is busy, or stopped the query", _LATER),
    504: _Reason("the server behind this address takes too long", _LATER),
}


def refused(answered: Answered) -> KgError:
    """Return the error of an answer whose status is not 200."""
    status = answered.status
    if status == 400:
        return QueryError(f"the server refuses the query: {words_of(answered)}", where=answered.url)
    if 300 <= status < 400:
        there = answered.headers.get("location", "")
        reason = _Reason("this address has moved", f"give the URL {printable(there)}" if there else "")
    else:
        reason = _REASONS.get(status, _Reason("the server did not answer", ""))
    what = f"{reason.what} (status {status})"
    return StoreError(what, where=answered.url, raw=words_of(answered), hint=reason.hint)


def words_of(answered: Answered) -> str:
    """Return what the body says, on one line, without marks of HTML and without what steers a terminal."""
    text = answered.body[: 16 * _MOST_WORDS].decode("utf-8", "replace")
    if "html" in answered.media or re.match(r"\s*<(?:!doctype|html)", text, re.IGNORECASE):
        text = re.sub(r"(?is)<(script|style)\b.*?</\1>|<[^>]*>", " ", text)
    return printable(shorten(text, _MOST_WORDS))
