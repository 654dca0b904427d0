"""`kg build`: sources → the output folder."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.shared import messages, tally, tell_findings, with_columns, with_messages, with_vocabulary


def _folder(_context: click.Context, _option: click.Parameter, value: str) -> Path:
    if not value.strip():
        raise click.BadParameter("the folder has no name; . is the one you are in")
    return Path(value)


@click.command("build")
@click.argument("sources", nargs=-1, metavar="[SOURCE ...]")
@click.option(
    "-o",
    "--out",
    type=click.Path(file_okay=False),
    callback=_folder,
    default="output",
    show_default=True,
    help="Folder for the results.",
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="FORMAT",
    help="Write this graph format too (may be repeated): ntriples, trig, jsonld.",
)
@click.option("--base", default=None, metavar="IRI", help="Base of the data's IRIs, ending in / or #.")
@click.option("--license", "licence", default="", metavar="IRI", help="Licence of the data set, by its IRI.")
@with_columns
@with_vocabulary
@with_messages
def command(
    sources: tuple[str, ...],
    out: Path,
    formats: tuple[str, ...],
    base: str | None,
    licence: str,
    columns: tuple[str, ...],
    vocabulary: tuple[Path, ...],
    quiet: bool,
    verbose: bool,
) -> int:
    """Build the knowledge graph of SOURCE ... into a folder; without a SOURCE, of the bundled table.

    Writes trials.ttl, trials.nq, trials.csv, ledger.csv, dataset.ttl, quarantine.csv, unrecognised.csv,
    validation.ttl, report.html and manifest.json: all of them, or none. A quarantine.csv of an earlier build,
    completed, may stand beside its sources. The exit code is 1 when rows were quarantined or the graph breaks
    a shape.
    """
    from kg.build.run import Options, build
    from kg.validate.model import summary
    from kg.vocabulary.namespaces import ROOT

    talk = messages(quiet, verbose)
    options = Options(formats, base or ROOT, vocabulary, columns, licence)
    made = build(sources, out, options, talk.say)
    tell_findings(made.tables, talk)
    talk.say(tally(made.tables))
    talk.say(summary(made.report))
    for name in made.files:
        click.echo(out / name)
    return 0 if made.fine else 1
