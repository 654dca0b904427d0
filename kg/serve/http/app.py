"""The parts of the endpoint → one ASGI application: guards outside, then the body, then the routes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp

from kg.serve.http.bodies import Bodies
from kg.serve.http.cors import Options, cors_headers, known_origin
from kg.serve.http.gate import Check, Gate
from kg.serve.http.guards import bearer, known_verb, local_names, one_framing, plain_target
from kg.serve.http.refusal import Refusal
from kg.serve.http.respond import Answers
from kg.serve.http.service import Service
from kg.serve.limits import Limits
from kg.serve.site import Site


@dataclass(frozen=True, slots=True)
class Doors:
    """Where the server listens and whom it lets in: the address it is bound to, and the token, if any.

    `beyond` says that other computers reach the address; they may know this one by any name.
    """

    host: str = "127.0.0.1"
    token: str = ""
    beyond: bool = False

    def __repr__(self) -> str:
        return f"Doors(host={self.host!r}, token={'***' if self.token else ''!r}, beyond={self.beyond})"


def assemble(
    pool: Answers, site: Site, limits: Limits, doors: Doors, pages: Sequence[BaseRoute] = ()
) -> ASGIApp:
    """Return the application; `pages` are the routes for people and for the data's IRIs."""
    routes = [*Service(pool, site).routes(), *pages, Route("/{path:path}", _nothing)]
    inside: ASGIApp = Router(routes, redirect_slashes=False)
    inside = Options(Bodies(inside, limits.request, limits.seconds))
    return Gate(inside, [*_checks(site, doors)], cors_headers(site.cors))


def _checks(site: Site, doors: Doors) -> Iterator[Check]:
    """Yield the guards, the cheapest and the most general first."""
    yield one_framing
    if not doors.beyond:
        yield local_names(doors.host)
    yield plain_target
    yield known_origin(site.cors)
    if doors.token:
        yield bearer(doors.token)
    yield known_verb


async def _nothing(request: Request) -> Response:  # noqa: ARG001 - as routes have it
    raise Refusal(404, "there is nothing at this path; / says what there is")
