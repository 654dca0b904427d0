"""Answer → a table for people: drawn with rich in a terminal, plain aligned columns anywhere else."""

from __future__ import annotations

import sys

from kg.errors import printable
from kg.queries.formats.common import as_result, is_number, short
from kg.stores.base import Answer, Result, Verdict


def write_table(answer: Answer) -> str:
    """Return the answer as a table; in a terminal cells wrap to its width, elsewhere nothing is cut."""
    if isinstance(answer, Verdict):
        return "yes\n" if answer.holds else "no\n"
    result = as_result(answer)
    return _drawn(result) if sys.stdout.isatty() else _aligned(result)


def _aligned(result: Result) -> str:
    rows = [
        list(result.columns),
        *([printable(" ".join(short(term).split())) for term in row] for row in result.rows),
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    right = _numeric(result)
    rows.insert(1, ["-" * width for width in widths])
    lines = (
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in rows
    )
    return "\n".join(lines) + f"\n({_counted(len(result.rows))})\n"


def _drawn(result: Result) -> str:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(caption=_counted(len(result.rows)), caption_justify="left")
    for name, number in zip(result.columns, _numeric(result), strict=True):
        table.add_column(name, justify="right" if number else "left", overflow="fold")
    for row in result.rows:
        table.add_row(*(Text(printable(short(term))) for term in row))
    console = Console()
    with console.capture() as captured:
        console.print(table)
    return captured.get()


def _numeric(result: Result) -> list[bool]:
    columns = [[row[at] for row in result.rows] for at in range(len(result.columns))]
    return [any(cells) and all(is_number(term) for term in cells if term) for cells in columns]


def _counted(rows: int) -> str:
    return "1 row" if rows == 1 else f"{rows} rows"
