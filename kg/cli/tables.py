"""Records → a table for the terminal: the typed values, one row a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.errors import printable
from kg.model import Dose, Mentions, Record
from kg.records.figures import figures

_HEADER = ("row", "disease", "source", "route", "dose", "doses", "n", "number", "phase", "ref", "doubts")
_NO_COLUMN = ("donor", "product")  # read, but of no column here


def print_records(records: Iterable[Record]) -> None:
    """Print the records as a table as wide as the terminal; without borders when stdout is no terminal."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*_HEADER, box=None, pad_edge=False, header_style="bold")
    for record in records:
        table.add_row(*(Text(printable(text)) for text in _row(record)))
    console = Console(soft_wrap=False)
    console.print(table) if console.is_terminal else Console(width=200).print(table)


def readable(record: Record) -> dict[str, str]:
    """Return what was read of a row by the keys of its columns, as people write it; "" where nothing was."""
    return {
        "disease": _labels(record.diseases),
        "cell_source": _labels(record.cell_sources),
        "donor": record.donor.label if record.donor else "",
        "product": record.product.label if record.product else "",
        "route": _labels(record.routes),
        "dose": "; ".join(_amount(dose) for dose in record.doses or ()),
        "frequency": _times(record),
        "patients": "" if record.patients is None else str(record.patients),
        "trial_number": ", ".join(one.number for one in record.registrations or ()),
        "phase": record.phase.label if record.phase else "",
        "reference": ", ".join(record.references or ()),
    }


def _row(record: Record) -> Sequence[str]:
    shown = (text for key, text in readable(record).items() if key not in _NO_COLUMN)
    doubts = sum(finding.severity != "info" for finding in record.findings)
    return (str(record.row), *shown, str(doubts or ""))


def _labels(mentions: Mentions | None) -> str:
    joint = f" {mentions.operator} " if mentions and mentions.operator else ", "
    return joint.join(concept.label for concept in mentions.concepts) if mentions else ""


def _amount(dose: Dose) -> str:
    return figures(dose.low, dose.high, dose.unit.label if dose.unit else "")


def _times(record: Record) -> str:
    schedule = record.schedule
    if schedule is None or (schedule.minimum, schedule.maximum) == (None, None):
        return ""
    if schedule.minimum == schedule.maximum:
        return str(schedule.minimum)
    return f"{schedule.minimum or 0}–{schedule.maximum or ''}"
