"""`kg validate`: graph files → a report on stdout, exit code 1 when a shape is broken."""

from __future__ import annotations

import click

from kg.cli.shared import messages, show, with_messages


@click.command("validate")
@click.argument("files", nargs=-1, metavar="[FILE ...]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html", "turtle", "sarif"]),
    default="text",
    show_default=True,
    help="Form of the report.",
)
@with_messages
def command(files: tuple[str, ...], form: str, quiet: bool, verbose: bool) -> int:
    """Check graph FILE ... (default: output/trials.ttl) against the SHACL shapes; several files are one graph.

    The exit code is 1 when something breaks a shape, 0 when there are only warnings and remarks.
    """
    from kg.validate.check import load_graph, load_shapes, validate
    from kg.validate.formats import FORMATS

    out = messages(quiet, verbose)
    graph = load_graph(*(files or ("output/trials.ttl",)))
    out.say(f"checking {len(graph)} triples", 2)
    report = validate(graph, load_shapes())
    show(FORMATS[form](report, verbose))
    return 0 if report.conforms else 1
