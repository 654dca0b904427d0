"""What the commands share: the options for messages, results → stdout, findings → lines on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.errors import printable

if TYPE_CHECKING:
    from kg.model import Parsed


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


def with_vocabulary(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --vocabulary to a command; it gets `vocabulary`, a tuple of paths."""
    return click.option(
        "--vocabulary",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Your own words for concepts, in Turtle, SSSOM or a table with tabs; they win (may be repeated).",
    )(function)


def messages(quiet: bool, verbose: bool) -> Messages:
    """Return the messages for these options; --quiet wins."""
    return Messages(0 if quiet else 2 if verbose else 1)


def tell_findings(tables: Sequence[Parsed], out: Messages) -> None:
    """Print the findings of whole tables and every quarantined row, with file, lines, raw text and hint."""
    for parsed in tables:
        for finding in (*parsed.table.findings, *parsed.findings):
            level = 2 if finding.severity == "info" else 1
            out.say(f"{finding.severity}: {parsed.table.source}: {finding.message}", level)
            if finding.hint:
                out.say(f"  hint: {finding.hint}", level)
        for row in parsed.quarantined:
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


def tally(tables: Sequence[Parsed]) -> str:
    """Return one line that counts rows, quarantined rows and findings by severity."""
    records = [record for parsed in tables for record in parsed.records]
    away = sum(len(parsed.quarantined) for parsed in tables)
    counts = {"warning": 0, "info": 0, "violation": 0}
    for record in records:
        for finding in record.findings:
            counts[finding.severity] += 1
    parts = [f"{len(records)} rows read"]
    if away:
        parts.append(f"{away} quarantined")
    parts.append(f"{counts['violation'] + counts['warning']} doubtful places")
    parts.append(f"{counts['info']} remarks")
    return ", ".join(parts)
