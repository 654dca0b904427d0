"""`kg query`: the catalogue, or the answer to a query, on stdout."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.cli.shared import messages, with_messages
from kg.errors import QueryError

_LAST_BUILD = Path("output/trials.nq")


@click.command("query")
@click.argument("name", required=False, metavar="[NAME|FILE|-]")
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="Set a parameter (may be repeated)."
)
@click.option(
    "--on",
    metavar="FILE",
    help="Graph file to ask; default: the last build in output/, else the bundled table.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "tsv", "json", "xml", "markdown", "turtle"]),
    default=None,
    help="Form of the answer; default: table, or turtle for a query that makes a graph.",
)
@with_messages
def command(
    name: str | None, settings: tuple[str, ...], on: str | None, form: str | None, quiet: bool, verbose: bool
) -> int:
    """Run the bundled query NAME, a query in FILE, or one from standard input ("-"); without NAME, list the queries."""
    from kg.queries.catalogue import list_queries, load_query
    from kg.queries.formats import FORMATS, catalogue_table

    if name is None:
        click.echo(catalogue_table(list_queries()), nl=False)
        return 0
    from kg.queries.run import run
    from kg.vocabulary.load import bundled_lexicon

    out = messages(quiet, verbose)
    query = load_query(sys.stdin.read() if name == "-" else name, is_text=name == "-")
    answer = run(_store(on, out), query, _settings(settings), bundled_lexicon())
    default = "turtle" if answer.is_graph else "table"
    click.echo(FORMATS[form or default](answer), nl=False)
    return 0


def _settings(pairs: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise QueryError("is no parameter", where="--set", raw=pair, allowed="NAME=VALUE")
        values[name.strip()] = value
    return values
