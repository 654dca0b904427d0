"""What the commands share: the options for messages, results → stdout, findings → lines on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.errors import printable
from kg.resources import LAST_BUILD

if TYPE_CHECKING:
    from kg.model import Choice, Finding, Parsed, Quarantined, Record, Table
    from kg.vocabulary.lexicon import Lexicon


@dataclass(frozen=True)
class Messages:
    """Where a command tells what it does: on stderr, so that results on stdout can be piped."""

    level: int  # 0 quiet, 1 normal, 2 verbose

    def say(self, text: str, level: int = 1) -> None:
        """Print `text` unless the user wanted fewer words."""
        if self.level >= level:
            click.echo(printable(text), err=True)


def with_messages(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --quiet and --verbose to a command; it gets `quiet` and `verbose`."""
    quiet = click.option("-q", "--quiet", is_flag=True, help="Print results and errors only.")
    verbose = click.option("-v", "--verbose", is_flag=True, help="Print remarks too.")
    return quiet(verbose(function))


def with_timeout(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --timeout to a command that talks to a triple store; it gets `timeout`, in seconds."""
    return click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        default=60,
        metavar="SECONDS",
        help="How long the store may be silent; default 60.",
    )(function)


def with_vocabulary(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --vocabulary to a command; it gets `vocabulary`, a tuple of paths."""
    return click.option(
        "--vocabulary",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Your own words for concepts, in Turtle, SSSOM or a table with tabs; they win (may be repeated).",
    )(function)


def with_columns(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --column to a command; it gets `columns`, a tuple of texts for `choices_of`."""
    return click.option(
        "--column",
        "columns",
        multiple=True,
        metavar="COLUMN=MEANING",
        help='What a column means: 3=dose, "Cell mass=dose+route", 3=text, "Table 2:3=dose" (may be repeated).',
    )(function)


def choices_of(columns: Sequence[str], lexicon: Lexicon) -> tuple[Choice, ...]:
    """Return what --column says; raises SourceError, with the meanings that are allowed, for what it cannot say."""
    from kg.readers.sidecar import read_choice

    return tuple(read_choice(text, lexicon) for text in columns)


def messages(quiet: bool, verbose: bool) -> Messages:
    """Return the messages for these options; --quiet wins."""
    return Messages(0 if quiet else 2 if verbose else 1)


def tell_findings(tables: Sequence[Parsed], out: Messages) -> None:
    """Print the findings of whole tables and every quarantined row, with file, lines, raw text and hint."""
    for parsed in tables:
        tell_table(parsed.table, parsed.findings, out)
        for row in parsed.quarantined:
            tell_quarantined(row, out)


def tell_table(table: Table, findings: Sequence[Finding], out: Messages) -> None:
    """Print what is doubtful about a whole table, remarks only when the user wants many words."""
    for finding in (*table.findings, *findings):
        level = 2 if finding.severity == "info" else 1
        out.say(f"{finding.severity}: {table.source}: {finding.message}", level)
        if finding.hint:
            out.say(f"  hint: {finding.hint}", level)


def tell_quarantined(row: Quarantined, out: Messages) -> None:
    """Print a row that could not be read, even to a user who wants few words."""
    out.say(f"quarantined: {row.source}, row {row.row}, {place(row.lines)}: {row.finding.message}", 0)
    out.say(f"  found: {row.text[:160]!r}", 0)
    out.say(f"  hint: {row.finding.hint}", 0)


def show(text: str) -> None:
    """Print a result: unchanged into a file or a pipe, without what would steer it on a terminal."""
    # color: click would cut escape sequences out of data that goes into a pipe
    click.echo(printable(text) if sys.stdout.isatty() else text, nl=False, color=True)


def place(lines: tuple[int, int]) -> str:
    """Return "line 5" or "lines 5-7"."""
    return f"line {lines[0]}" if lines[0] == lines[1] else f"lines {lines[0]}-{lines[1]}"


def graph_files(named: Sequence[str], out: Messages) -> tuple[str, ...]:
    """Return the graph files to use: those named, else that of the last build; none stands for the bundled table."""
    if not named and LAST_BUILD.is_file():
        named = (str(LAST_BUILD),)
    out.say(
        f"asking {', '.join(named)}"
        if named
        else f"no build in {LAST_BUILD.parent}/: asking the bundled table",
        2,
    )
    return tuple(named)


@dataclass
class Tally:
    """Rows read, rows quarantined and findings by severity, counted one by one."""

    rows: int = 0
    away: int = 0
    findings: dict[str, int] = field(default_factory=lambda: {"warning": 0, "info": 0, "violation": 0})

    def count(self, record: Record) -> None:
        """Count a record and its findings."""
        self.rows += 1
        for finding in record.findings:
            self.findings[finding.severity] += 1

    def text(self) -> str:
        """Return the counts in one line."""
        parts = [f"{self.rows} rows read"]
        if self.away:
            parts.append(f"{self.away} quarantined")
        parts.append(f"{self.findings['violation'] + self.findings['warning']} doubtful places")
        parts.append(f"{self.findings['info']} remarks")
        return ", ".join(parts)


def tally(tables: Sequence[Parsed]) -> str:
    """Return one line that counts rows, quarantined rows and findings by severity."""
    counts = Tally(away=sum(len(parsed.quarantined) for parsed in tables))
    for parsed in tables:
        for record in parsed.records:
            counts.count(record)
    return counts.text()
