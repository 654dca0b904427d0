"""`kg parse`: the records of a source on stdout; nothing is written."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.shared import messages, show, tally, tell_findings, with_messages, with_vocabulary


@click.command("parse")
@click.argument("source")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "jsonl", "csv"]),
    default="table",
    show_default=True,
    help="jsonl: one JSON object a row; csv: for a spreadsheet; table: to read here.",
)
@with_vocabulary
@with_messages
def command(source: str, form: str, vocabulary: tuple[Path, ...], quiet: bool, verbose: bool) -> int:
    """Print the records of SOURCE, a table as text, CSV or TSV ("-" reads standard input); nothing is written.

    Rows that cannot be read are named on stderr with their text, and the exit code is 1.
    """
    from kg.parse.tables import parse_source
    from kg.readers.base import open_source
    from kg.records import write_csv, write_jsonl
    from kg.vocabulary.load import bundled_lexicon

    out = messages(quiet, verbose)
    tables = parse_source(open_source(source), bundled_lexicon(vocabulary))
    records = [record for parsed in tables for record in parsed.records]
    if form == "table":
        from kg.cli.tables import print_records

        print_records(records)
    else:
        for text in write_jsonl(records) if form == "jsonl" else write_csv(records):
            show(text)
    tell_findings(tables, out)
    out.say(tally(tables))
    return 1 if any(parsed.quarantined for parsed in tables) else 0
