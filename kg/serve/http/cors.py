"""The Origin of a request → whether a page of that site may ask, and what its browser is told of it (Fetch, CORS)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.errors import KgError
from kg.serve.http.gate import Check, More
from kg.serve.http.guards import ENDPOINT
from kg.serve.http.refusal import Refusal
from kg.serve.http.respond import Whole
from kg.serve.tasks import Reply

ANY = "*"
_ORIGIN = re.compile(r"(https?)://(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::(\d{1,5}))?")
_PORTS = {"http": "80", "https": "443"}


def read_origins(texts: Sequence[str]) -> tuple[str, ...]:
    """Return origins as browsers write them; KgError for what is no origin."""
    return tuple(ANY if text == ANY else _written(text) for text in texts)


def _written(text: str) -> str:
    found = _ORIGIN.fullmatch(text.strip().lower().rstrip("/"))
    if found is None:
        allowed = "scheme, host and port, such as https://example.org or http://localhost:3000; * for all"
        raise KgError("this is not the origin of a site", where="--cors", raw=text, allowed=allowed)
    scheme, host, port = found.groups()
    return f"{scheme}://{host}" + (f":{port}" if port and port != _PORTS[scheme] else "")


def known_origin(listed: Sequence[str]) -> Check:
    """Return the guard against requests that pages of other sites make in a visitor's browser.

    Programs send no Origin. Links from other sites are followed; their scripts, pictures and forms are not
    answered.
    """

    def guard(request: Request) -> None:
        if allowed_origin(request, listed):
            return
        origins = request.headers.getlist("origin")
        if origins and not (len(origins) == 1 and _is_own(origins[0], request.headers.get("host", ""))):
            raise Refusal(403, "pages of other sites may not ask here (kg serve --cors ORIGIN lets one)")
        if request.headers.get("sec-fetch-site", "") == "cross-site" and not _is_link(request):
            raise Refusal(
                403, "another site may link here, and nothing else (kg serve --cors ORIGIN lets it)"
            )

    return guard


def _is_link(request: Request) -> bool:
    return request.method in ("GET", "HEAD") and request.headers.get("sec-fetch-mode", "") == "navigate"


def _is_own(origin: str, host: str) -> bool:
    """Whether a page of `origin` came from this server, as the browser names it."""
    found = _ORIGIN.fullmatch(origin.lower())
    if found is None:
        return False
    scheme, name, port = found.groups()
    own, _, own_port = host.lower().rpartition(":") if re.search(r":\d+$", host) else (host.lower(), "", "")
    return (name, port or _PORTS[scheme]) == (own, own_port or _PORTS[scheme])


def allowed_origin(request: Request, listed: Sequence[str]) -> str:
    """Return what Access-Control-Allow-Origin says to this request; "" when its origin is not listed."""
    origin = request.headers.get("origin", "").lower()
    if not origin:
        return ""
    return ANY if ANY in listed else origin if origin in listed else ""


def cors_headers(listed: Sequence[str]) -> More:
    """Return the function that gives the headers by which a listed site's page may read a response."""

    def more(request: Request) -> Sequence[tuple[str, str]]:
        allowed = allowed_origin(request, listed)
        if not allowed:
            return ()
        readable = (
            "Access-Control-Expose-Headers",
            "Allow, Content-Length, ETag, Retry-After, WWW-Authenticate",
        )
        # a page of another site may then load the response in every way, not only by script
        return (
            ("Access-Control-Allow-Origin", allowed),
            readable,
            ("Cross-Origin-Resource-Policy", "cross-origin"),
        )

    return more


class Options:
    """Answers OPTIONS: which verbs a path has, and to a browser's preflight, what a page may send."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer OPTIONS, and hand on everything else."""
        if scope["method"] != "OPTIONS":
            await self._app(scope, receive, send)
            return
        verbs = "GET, HEAD, OPTIONS, POST" if scope["path"] in ENDPOINT else "GET, HEAD, OPTIONS"
        headers = [("Allow", verbs)]
        if "access-control-request-method" in Request(scope).headers:
            headers += [
                ("Access-Control-Allow-Methods", verbs),
                ("Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, If-None-Match"),
                ("Access-Control-Max-Age", "600"),
            ]
        await Whole(Reply(204, "", b"", tuple(headers)))(scope, receive, send)
