"""`kg serve`: a graph → a SPARQL endpoint with pages for people, until it is stopped."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.shared import Messages, graph_files, messages, with_messages
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.serve.http.app import Doors
    from kg.serve.limits import Limits
    from kg.serve.site import Site

_AT_LEAST_ONE = click.IntRange(min=1)


@click.command("serve")
@click.argument("files", nargs=-1, metavar="[FILE ...]")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8642, show_default=True, help="Port; 0 takes a free one."
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen at; others than this computer's need a token.",
)
@click.option(
    "--token",
    envvar="TRIALKG_TOKEN",
    help="Word that every request must show; better in the environment, as TRIALKG_TOKEN.",
)
@click.option(
    "--cors",
    multiple=True,
    metavar="ORIGIN",
    help='Site whose pages may ask, such as https://example.org, or "*" (may be repeated).',
)
@click.option(
    "--timeout", type=click.FloatRange(min=0.1), metavar="SECONDS", help="Time of one query; default: 30."
)
@click.option(
    "--max-rows", type=_AT_LEAST_ONE, metavar="N", help="Rows or triples of one answer; default: 1000000."
)
@click.option(
    "--max-bytes", type=_AT_LEAST_ONE, metavar="N", help="Bytes of one answer; default: 67108864 (64 MiB)."
)
@click.option(
    "--max-request",
    type=_AT_LEAST_ONE,
    metavar="N",
    help="Bytes of one request's body; default: 1048576 (1 MiB).",
)
@click.option(
    "--memory", type=_AT_LEAST_ONE, metavar="MB", help="Memory of one query beyond the graph; default: 1024."
)
@click.option(
    "--queue", type=_AT_LEAST_ONE, metavar="N", help="Requests that may wait for their turn; default: 256."
)
@with_messages
def command(
    files: tuple[str, ...],
    port: int,
    host: str,
    token: str | None,
    cors: tuple[str, ...],
    timeout: float | None,
    max_rows: int | None,
    max_bytes: int | None,
    max_request: int | None,
    memory: int | None,
    queue: int | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """Answer SPARQL queries over HTTP, read only; without FILE, over the last build in output/, else the bundled table."""
    from kg.serve.http.cors import read_origins
    from kg.serve.run import Wish, serve

    out = messages(quiet, verbose)
    doors = _doors(host, _token(token), out)
    limits = _limits(
        seconds=timeout,
        rows=max_rows,
        bytes=max_bytes,
        request=max_request,
        memory=memory and memory * 2**20,
        waiting=queue,
    )
    wish = Wish(tuple(map(Path, graph_files(files, out))), port, doors, read_origins(cors), limits)
    _log(out)
    return serve(wish, _announce)


def _token(given: str | None) -> str:
    """Return the token, "" for none; one that is given empty is a mistake, not an open door."""
    if given is not None and not given.strip():
        raise KgError("the token is empty", where="--token", hint="openssl rand -hex 16 makes one")
    return (given or "").strip()


def _doors(host: str, token: str, out: Messages) -> Doors:
    """Let nobody serve the network by mistake: an address beyond this computer needs a token."""
    from kg.serve.http.app import Doors
    from kg.serve.run import reaches_beyond

    if not token.isascii() or not token.isprintable():
        raise KgError(
            "a token is printable ASCII text", where="--token", hint="openssl rand -hex 16 makes one"
        )
    beyond = reaches_beyond(host)
    if beyond and not token:
        raise KgError(
            "other computers could ask this server, and anybody would be let in",
            where="--host",
            raw=host,
            hint="give a word that requests must show: --token, or TRIALKG_TOKEN in the environment",
        )
    if beyond:
        out.say(
            "warning: other computers reach this server; the token travels unencrypted unless a proxy adds TLS"
        )
    return Doors(host, token, beyond)


def _limits(**given: float | None) -> Limits:
    from kg.serve.limits import Limits

    return Limits(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]


def _announce(site: Site, statements: int) -> None:
    click.echo(f"serving {statements} statements at {site.origin}/")
    sys.stdout.flush()


def _log(out: Messages) -> None:
    """Send what the server has to say to stderr: failures always, each request only to who wants many words."""
    handler = logging.StreamHandler()
    handler.setFormatter(
        _OneLine("%(levelname)s: %(message)s") if out.level < 2 else logging.Formatter("%(message)s")
    )
    for name, level in (("kg.serve", logging.WARNING), ("uvicorn.error", logging.CRITICAL)):
        logger = logging.getLogger(name)
        logger.setLevel(level if out.level < 2 else logging.INFO)
        logger.addHandler(handler)
    access = logging.getLogger("uvicorn.access")
    access.propagate = False
    if out.level > 1:
        access.setLevel(logging.INFO)
        access.addHandler(handler)


class _OneLine(logging.Formatter):
    """Tells a failure in one line, without its traceback."""

    def formatException(self, ei: object) -> str:  # noqa: N802, ARG002 - the name is logging's
        return ""
