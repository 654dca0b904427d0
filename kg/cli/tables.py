"""Records → a table for the terminal: the typed values, one row a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from kg.errors import printable
from kg.model import Dose, Mentions, Record

_HEADER = ("row", "disease", "source", "route", "dose", "doses", "n", "number", "phase", "ref", "doubts")
_NO_COLUMN = ("donor", "product")  # read, but of no column here
_LARGE = 4  # numbers with more than so many further digits are written with a power of ten
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


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
    """Return the amount as people write it: 2×10⁶, 1.5×10⁶–3×10⁶, 15."""
    ends = _number(dose.low) if dose.low == dose.high else f"{_number(dose.low)}–{_number(dose.high)}"
    return f"{ends} {dose.unit.label if dose.unit else ''}".strip()


def _number(value: Decimal) -> str:
    exponent = value.adjusted()
    if value == 0 or exponent < _LARGE:
        return f"{value.normalize():f}"
    factor = f"{value.scaleb(-exponent).normalize():f}"
    return f"{factor}×10{str(exponent).translate(_RAISED)}"


def _times(record: Record) -> str:
    schedule = record.schedule
    if schedule is None or (schedule.minimum, schedule.maximum) == (None, None):
        return ""
    if schedule.minimum == schedule.maximum:
        return str(schedule.minimum)
    return f"{schedule.minimum or 0}–{schedule.maximum or ''}"
