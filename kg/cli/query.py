"""`kg query`: the catalogue, or the answer to a query, on stdout."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from kg.cli.shared import messages, show, with_messages, with_timeout
from kg.errors import QueryError

if TYPE_CHECKING:
    from kg.stores.base import Answer


@click.command("query")
@click.argument("name", required=False, metavar="[NAME|FILE|-]")
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="Set a parameter (may be repeated)."
)
@click.option(
    "--on",
    metavar="FILE|URL",
    help="Graph file to ask, or the URL of a triple store; default: the last build in output/, else the bundled table.",
)
@with_timeout
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "tsv", "json", "xml", "markdown", "turtle"]),
    default=None,
    help="Form of the answer; default: table, or turtle for a query that makes a graph.",
)
@with_messages
def command(
    name: str | None,
    settings: tuple[str, ...],
    on: str | None,
    timeout: float,
    form: str | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """Run the bundled query NAME, a query in FILE, or one from standard input ("-"); without NAME, list the queries.

    A triple store at a URL may ask for credentials. They come from the environment: TRIALKG_USER and
    TRIALKG_PASSWORD, or TRIALKG_TOKEN.
    """
    from kg.queries.catalogue import list_queries, load_query
    from kg.queries.formats import catalogue_table
    from kg.stores.base import Result

    if name is None:
        click.echo(catalogue_table(list_queries()), nl=False)
        return 0
    from kg.build.store import open_store
    from kg.queries.run import run

    query = load_query(_standard_input() if name == "-" else name, is_text=name == "-")
    values = _settings(settings)
    out = messages(quiet, verbose)
    with closing(open_store(on, timeout, out.say)) as store:
        answer = run(store, query, values)
    if isinstance(answer, Result) and not answer.rows and query.parameters:
        names = ", ".join(parameter.name for parameter in query.parameters)
        out.say(f"no rows; the query has parameters that you can give with --set: {names}")
    _print(answer, form)
    return 0


def _print(answer: Answer, form: str | None) -> None:
    from kg.queries.formats import FORMATS
    from kg.stores.base import Graph

    form = form or ("turtle" if isinstance(answer, Graph) else "table")
    text = FORMATS[form](answer)
    # a table for a terminal is safe already, and has colours of its own
    click.echo(text, nl=False) if form == "table" else show(text)


def _standard_input() -> str:
    from kg.queries.catalogue import decode_query
    from kg.readers.base import open_source

    return decode_query(open_source("-").data, "stdin")


def _settings(pairs: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise QueryError("is no parameter", where="--set", raw=pair, allowed="NAME=VALUE")
        values[name.strip()] = value
    return values
