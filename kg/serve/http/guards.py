"""The head of a request → nothing, or a refusal: each guard is a function that knows one way to misuse a server.

They look at what was sent, never at what it would lead to, and change nothing. Guards that keep something in
mind (the token, the address) are made by a function of that.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from urllib.parse import unquote_to_bytes

from starlette.requests import Request

from kg.serve.http.gate import Check
from kg.serve.http.protocol import utf8
from kg.serve.http.refusal import Refusal

ENDPOINT = ("/sparql", "/sparql/")
_READING = ("GET", "HEAD", "OPTIONS")
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::(\d{0,5}))?", re.IGNORECASE)
_STEERING = re.compile(r"[\x00-\x1f\x7f]")


def one_framing(request: Request) -> None:
    """Refuse a body with two lengths and a request to two hosts: whoever stands before us may have read the other."""
    if "transfer-encoding" in request.headers and "content-length" in request.headers:
        raise Refusal(
            400, "Transfer-Encoding and Content-Length contradict each other", (("Connection", "close"),)
        )
    hosts = request.headers.getlist("host")
    if len(hosts) != 1 or not host_name(hosts[0]):
        raise Refusal(400, "a request names one host", (("Connection", "close"),))


def plain_target(request: Request) -> None:
    """Refuse a path that is not text, steers something, or names another host.

    A target in absolute form (`GET http://host/path`, as proxies get it) counts as its path when the host is
    the one of the header.
    """
    scope = request.scope
    raw: bytes = scope["raw_path"]
    whole = re.match(rb"https?://([^/]*)", raw, re.IGNORECASE)
    if whole:
        if whole[1].decode("latin-1").lower() != request.headers.get("host", "").lower():
            raise Refusal(400, "the target of the request is on another host")
        raw = raw[whole.end() :] or b"/"
        scope["raw_path"], scope["path"] = raw, unquote_to_bytes(raw).decode("utf-8", "replace")
    if not raw.startswith(b"/") or raw.startswith(b"//") or b"\\" in raw:
        raise Refusal(400, "a path starts with one /")
    if re.search(rb"%(?![0-9A-Fa-f]{2})", raw) or _STEERING.search(utf8(unquote_to_bytes(raw), "the path")):
        raise Refusal(400, "the path holds characters that no path here has")


def known_verb(request: Request) -> None:
    """Refuse what does not read: POST is for the SPARQL endpoint, and no other verb changes anything here."""
    allowed = (*_READING, "POST") if request.scope["path"] in ENDPOINT else _READING
    if request.method not in allowed:
        reason = f"{request.method[:20]} is not answered here: everything is read only"
        raise Refusal(405, reason, (("Allow", ", ".join(allowed)),))


def local_names(host: str) -> Check:
    """Return the guard of a server that is bound to the loopback address `host`.

    A page of another site can give its own name our address (DNS rebinding); then the browser believes that
    we are that site, but still says the name.
    """

    def guard(request: Request) -> None:
        named = host_name(request.headers.get("host", ""))
        if named != host.lower() and not is_loopback(named):
            raise Refusal(421, "this server answers to names of this computer only, such as localhost")

    return guard


def is_loopback(name: str) -> bool:
    """Whether a host name or an address without brackets is this computer's own by its form."""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def host_name(header: str) -> str:
    """Return the name of a Host header without port and brackets, in small letters; "" when it is none."""
    found = _HOST.fullmatch(header.strip())
    name = found[1].lower() if found else ""
    return name if not name.startswith("[") else _address(name[1:-1])


def _address(text: str) -> str:
    try:
        return str(ipaddress.IPv6Address(text))
    except ValueError:
        return ""


def bearer(token: str) -> Check:
    """Return the guard that lets nobody in without the token; preflights carry none and learn nothing."""
    expected = hashlib.sha256(token.encode()).digest()

    def guard(request: Request) -> None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        # digests: the comparison then takes as long for any length
        same = hmac.compare_digest(hashlib.sha256(given.strip().encode("latin-1")).digest(), expected)
        if request.method != "OPTIONS" and not (same and scheme.lower() == "bearer"):
            raise Refusal(401, "this server needs a token", (("WWW-Authenticate", 'Bearer realm="trialkg"'),))

    return guard
