"""What a server answered to a query → a table, a graph, or yes and no; StoreError for what is not all of it."""

from __future__ import annotations

from kg.errors import StoreError
from kg.stores import virtuoso
from kg.stores.base import Answer, Graph, Result, Verdict
from kg.stores.documents import GRAPH_MEDIA, read_graph_answer
from kg.stores.exchange import Answered
from kg.stores.refused import words_of
from kg.stores.results_json import read_json
from kg.stores.results_xml import read_xml

_TABLE_MEDIA = {
    "application/sparql-results+json": read_json,
    "application/json": read_json,
    "application/sparql-results+xml": read_xml,
    "application/xml": read_xml,
    "text/xml": read_xml,
}
_KINDS: dict[str, type[Answer]] = {"SELECT": Result, "ASK": Verdict, "CONSTRUCT": Graph, "DESCRIBE": Graph}
_IN_PARTS = "ask for less at once, with LIMIT and OFFSET, or let the server take more time"


def accepted(form: str, product: str = "") -> str:
    """Return the media types to ask for, for a query of this form: first those whose end can be seen."""
    if _KINDS[form] is not Graph:
        return "application/sparql-results+json, application/sparql-results+xml;q=0.8"
    first = [virtuoso.GRAPHS] if product == virtuoso.PRODUCT else []
    media = dict.fromkeys([*first, *GRAPH_MEDIA])
    return ", ".join(f"{name};q={1 - at / 10:g}" if at else name for at, name in enumerate(media))


def read_answer(answered: Answered, form: str) -> Answer:
    """Return what the server answered to a query of this form (SELECT, ASK, CONSTRUCT or DESCRIBE)."""
    try:
        refuse_partial(answered)
        answer = _read(answered, _KINDS[form] is Graph)
    except StoreError as error:
        where = f"{answered.url}, {error.where}" if error.where else answered.url
        raise StoreError(error.what, where=where, raw=error.raw, hint=error.hint or _IN_PARTS) from error
    if virtuoso.is_virtuoso(answered.headers) or form == "ASK":
        answer = virtuoso.verdict_of(answer)
    if virtuoso.is_virtuoso(answered.headers):
        answer = virtuoso.with_integers(answer)
    if not isinstance(answer, _KINDS[form]):
        raise StoreError(f"the server did not answer a {form} as one", where=answered.url)
    return answer


def refuse_partial(answered: Answered) -> None:
    """Raise StoreError when the server says that this is not all of the answer."""
    state = answered.headers.get("x-sql-state", "")
    if state:
        said = answered.headers.get("x-sql-message", state)
        raise StoreError("the server gives up after a part of the answer", raw=said, hint=_IN_PARTS)


def _read(answered: Answered, wants_graph: bool) -> Answer:
    media = answered.media
    if wants_graph and media in GRAPH_MEDIA:
        return read_graph_answer(answered.body, media)
    if not wants_graph and media in _TABLE_MEDIA:
        return _TABLE_MEDIA[media](answered.body)
    if "html" in media:
        raise StoreError(
            "a page for people, not an answer to a query",
            raw=words_of(answered),
            hint="give the URL of the query endpoint itself",
        )
    raise StoreError(
        f"an answer of the media type {media or '(none)'}",
        raw=words_of(answered),
        allowed=", ".join(GRAPH_MEDIA if wants_graph else _TABLE_MEDIA),
        hint="give the URL of the query endpoint itself",
    )
