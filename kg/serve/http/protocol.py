"""A request to the SPARQL endpoint, as bytes and headers → the query and its graphs, or a refusal.

The rules are those of SPARQL 1.1 Protocol, section 2.1. A request that changes something is refused in
every form that the protocol has for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.serve.http.refusal import Refusal

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_BROKEN = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>"{}|\\^`\x7f-\x9f\ud800-\udfff]*')
_MOST = 1000  # parameters of one request

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: SPARQL text, and the graphs that the protocol's parameters name, if any."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it came: its verb, the part of the URL after `?`, its headers (small letters) and its body."""

    method: str
    search: bytes
    headers: Mapping[str, str]
    body: bytes = b""


def read_question(sent: Sent) -> Question | None:
    """Return what is asked, or None for a request without a query; raises Refusal for what is not allowed."""
    pairs = [*pairs_of(sent.search)]
    if sent.method == "POST":
        pairs += _of_body(sent)
    if values_of(pairs, "update"):
        raise no_updates()
    queries = values_of(pairs, "query")
    if len(queries) > 1:
        raise Refusal(400, "more than one query: a request asks one")
    graphs = [
        tuple(absolute(value, name) for value in values_of(pairs, name))
        for name in ("default-graph-uri", "named-graph-uri")
    ]
    if queries:
        return Question(queries[0], graphs[0], graphs[1])
    if sent.method == "POST":
        raise Refusal(400, "there is no query: give it as query=, or as the body")
    return None


def _of_body(sent: Sent) -> Pairs:
    """Return the parameters that the body of a POST gives."""
    media, charset = media_type(sent.headers.get("content-type", ""))
    encoding = sent.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise Refusal(
            415, f"the body is encoded with {encoding}; send it as it is", (("Accept-Encoding", "identity"),)
        )
    if media == UPDATE:
        raise no_updates()
    if media not in (FORM, QUERY):
        accepted = f"{FORM}, {QUERY}"
        raise Refusal(415, f"a query is sent as {FORM} or as {QUERY}", (("Accept-Post", accepted),))
    if charset not in ("", "utf-8", "utf8", "us-ascii"):
        raise Refusal(400, f"the body is in {charset}; SPARQL is sent in UTF-8")
    return pairs_of(sent.body) if media == FORM else (("query", utf8(sent.body, "the query")),)


def no_updates() -> Refusal:
    """Return the refusal of every request that would change the graph."""
    return Refusal(403, "this endpoint is read only: the graph cannot be changed here")


def media_type(header: str) -> tuple[str, str]:
    """Return the media type and the charset of a Content-Type header, in small letters; "" when not given."""
    media, *parameters = header.lower().split(";")
    charset = ""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset":
            charset = value.strip().strip('"')
    return media.strip(), charset


def pairs_of(text: bytes) -> list[tuple[str, str]]:
    """Return names and values of a form or the part of a URL after `?`; raises Refusal unless it is all UTF-8."""
    parts = [part for part in text.split(b"&") if part]
    if len(parts) > _MOST:
        raise Refusal(400, f"more than {_MOST} parameters")
    return [(_decoded(name), _decoded(value)) for name, _, value in (part.partition(b"=") for part in parts)]


def values_of(pairs: Iterable[tuple[str, str]], name: str) -> list[str]:
    """Return the values of all parameters of that name."""
    return [value for key, value in pairs if key == name]


def absolute(value: str, name: str) -> str:
    """Return `value` if it is an absolute IRI; raises Refusal, which says that parameter `name` needs one."""
    if not _IRI.fullmatch(value):
        raise Refusal(400, f"{name} is not an absolute IRI: {value[:200]}")
    return value


def utf8(data: bytes, what: str) -> str:
    """Return text in UTF-8; raises Refusal where it is not, or holds a NUL."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refusal(400, f"{what} is not text in UTF-8 (byte {error.start + 1})") from None
    if "\0" in text:
        raise Refusal(400, f"{what} holds the character NUL")
    return text


def _decoded(part: bytes) -> str:
    if _BROKEN.search(part):
        raise Refusal(400, "a % is not followed by two hexadecimal digits; a % itself is written %25")
    data = _ESCAPE.sub(lambda found: bytes((int(found[1], 16),)), part.replace(b"+", b" "))
    return utf8(data, "a parameter")
