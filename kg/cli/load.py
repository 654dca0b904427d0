"""`kg load`: graph files → the named graphs of a triple store; a summary on stdout, progress on stderr."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from kg.cli.shared import messages, show, with_messages, with_timeout

if TYPE_CHECKING:
    from kg.load.run import Loaded


@click.command("load")
@click.argument("target", metavar="URL|FOLDER")
@click.argument("files", nargs=-1, metavar="[FILE ...]", type=click.Path(path_type=Path))
@click.option(
    "--graph", default="", metavar="IRI", help="Named graph for triples that a file has in none (Turtle)."
)
@click.option(
    "--transport",
    type=click.Choice(["auto", "graph-store", "update", "bulk"]),
    default="auto",
    help="How graphs are sent; default: the first way that the store takes.",
)
@click.option(
    "--bulk",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="Use Virtuoso's bulk loader: a folder here that the server may read (DirsAllowed).",
)
@click.option(
    "--isql",
    default="127.0.0.1:1111",
    metavar="HOST:PORT",
    help="SQL port of Virtuoso, for --bulk; default 127.0.0.1:1111.",
)
@with_timeout
@click.option("--dry-run", is_flag=True, help="Send nothing; print each request that would be sent.")
@with_messages
def command(
    target: str,
    files: tuple[Path, ...],
    graph: str,
    transport: Literal["auto", "graph-store", "update", "bulk"],
    bulk: Path | None,
    isql: str,
    timeout: float,
    dry_run: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Load graph files into the triple store at URL, or into the FOLDER of an Oxigraph database.

    Without FILE the last build, output/trials.nq. Each named graph replaces the one of its name; every other graph
    stays as it is. Credentials come from the environment: TRIALKG_USER and TRIALKG_PASSWORD, or TRIALKG_TOKEN.
    """
    from kg.load.task import Task, load
    from kg.load.task import dry_run as planned

    task = Task(target, files, graph, transport, bulk, isql, timeout)
    if dry_run:
        for paragraph in planned(task, os.environ):
            show(f"{paragraph}\n")
        return 0
    out = messages(quiet, verbose)
    try:
        show(_summary(load(task, os.environ, out.say)))
    except KeyboardInterrupt:
        out.say("interrupted: graphs up to the last one named are loaded, that one perhaps", 0)
        return 130
    return 0


def _summary(loaded: list[Loaded]) -> str:
    """Return the table of what arrived: graph, triples, how, and how many triples were looked for one by one."""
    from kg.queries.formats import FORMATS
    from kg.stores.base import Result, literal
    from kg.vocabulary.namespaces import XSD

    rows = [
        (
            literal(one.graph),
            literal(str(one.triples), XSD.integer),
            literal(one.how),
            literal(f"count, {one.checked} triples"),
        )
        for one in loaded
    ]
    return FORMATS["table"](Result(("graph", "triples", "how", "checked"), tuple(rows)))
