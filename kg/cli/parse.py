"""`kg parse`: the records of a source on stdout; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.rows import Wanted
from kg.cli.shared import (
    Messages,
    Tally,
    choices_of,
    messages,
    show,
    tally,
    tell_findings,
    tell_quarantined,
    tell_table,
    with_columns,
    with_messages,
    with_vocabulary,
)

if TYPE_CHECKING:
    from kg.model import Parsed, Record
    from kg.parse.plan import Plan


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
@click.option(
    "--explain", "explained", is_flag=True, help="Say how the source was read: columns, evidence, doubts."
)
@click.option(
    "--row",
    "rows",
    multiple=True,
    type=click.IntRange(min=1),
    metavar="N",
    help="Only this row of each table; with --explain: cell by cell, and which words its outcome's codes rest on"
    " (may be repeated).",
)
@with_columns
@with_vocabulary
@with_messages
def command(
    source: str,
    form: str,
    explained: bool,
    rows: tuple[int, ...],
    columns: tuple[str, ...],
    vocabulary: tuple[Path, ...],
    quiet: bool,
    verbose: bool,
) -> int:
    """Print the records of SOURCE, a table in any layout ("-" reads standard input); nothing is written.

    Rows that cannot be read are named on stderr with their text, and the exit code is 1. What a file SOURCE.toml
    beside SOURCE says of its columns holds unless --column says otherwise.
    """
    from kg.model import Settings
    from kg.parse.tables import plan_source
    from kg.readers.base import open_source
    from kg.vocabulary.load import bundled_lexicon

    if explained and form != "table":
        raise click.UsageError("--explain prints text of its own; leave --format out")
    out = messages(quiet, verbose)
    lexicon = bundled_lexicon(vocabulary)
    settings = Settings(columns=choices_of(columns, lexicon))
    plans = plan_source(open_source(source), lexicon, settings)
    wanted = Wanted(frozenset(rows))
    if form != "table":
        return _rows(plans, wanted, form, out)
    return _explained(plans, wanted) if explained else _whole(plans, wanted, out)


def _collected(plans: Sequence[Plan], wanted: Wanted) -> Sequence[Parsed]:
    from kg.parse.tables import collect

    tables = tuple(wanted.select(collect(plan)) for plan in plans)
    wanted.check()
    return tables


def _whole(plans: Sequence[Plan], wanted: Wanted, out: Messages) -> int:
    """Print all records at once, as the columns of a table need it."""
    from kg.cli.tables import print_records

    tables = _collected(plans, wanted)
    print_records(record for parsed in tables for record in parsed.records)
    tell_findings(tables, out)
    out.say(tally(tables))
    return _code(tables)


def _explained(plans: Sequence[Plan], wanted: Wanted) -> int:
    """Print how the source was read, or all that is known of the rows that are wanted."""
    from kg.cli.explain import explain

    tables = _collected(plans, wanted)
    if wanted.numbers:
        from kg.cli.explain_row import explain_rows
        from kg.cli.marks import show_lines

        show_lines(explain_rows(tables))
        return _code(tables)
    for line in explain(tables):
        show(line + "\n")
    return _code(tables)


def _code(tables: Sequence[Parsed]) -> int:
    return 1 if any(parsed.quarantined for parsed in tables) else 0


def _rows(plans: Sequence[Plan], wanted: Wanted, form: str, out: Messages) -> int:
    """Print record after record while the rows are read, so that a long table needs no memory."""
    from kg.records import write_csv, write_jsonl

    counts = Tally()
    records = _told(plans, wanted, out, counts)
    for text in write_jsonl(records) if form == "jsonl" else write_csv(records):
        show(text)
    wanted.check()
    out.say(counts.text())
    return 1 if counts.away else 0


def _told(plans: Sequence[Plan], wanted: Wanted, out: Messages, counts: Tally) -> Iterator[Record]:
    """Yield the records of all tables that are wanted; say what is doubtful about the tables, and each quarantined row."""
    from kg.model import Quarantined

    for plan in plans:
        tell_table(plan.table, plan.findings, out)
        for row in wanted.among(plan.table, plan.read()):
            if isinstance(row, Quarantined):
                tell_quarantined(row, out)
                counts.away += 1
            else:
                counts.count(row)
                yield row
