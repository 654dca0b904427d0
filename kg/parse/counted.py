"""A row whose dose does not say what it counts ("2 × 10⁷") → the same row with doses of the product that it names."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from kg.cells.plausible import COUNTED
from kg.model import Dose, Finding, Record, Severity
from kg.vocabulary.lexicon import Lexicon

_LEAST = Decimal(10) ** 4  # a smaller number without a unit is no count of cells
_WITHOUT = "dose-without-unit"


def count_the_product(record: Record, lexicon: Lexicon) -> Record:
    """Return the record with cells as the unit of large amounts without one, where its product is cells.

    Of any other product (vesicles may be counted, weighed or measured) the unit stays open.
    """
    doses = record.doses or ()
    if record.product is None or record.product.name != COUNTED or not any(map(_open, doses)):
        return record
    cells = lexicon.named("unit", COUNTED)
    counted = tuple(replace(dose, unit=cells) if _open(dose) else dose for dose in doses)
    words = ", ".join(repr(dose.verbatim) for dose in doses if _open(dose))
    message = f"what {words} counts is not said; the row's product is cells, so it is taken as cells"
    finding = Finding(Severity.INFO, "unit-from-product", "dose", message, record.text("dose"))
    kept = [f for f in record.findings if f.code != _WITHOUT or any(d.unit is None for d in counted)]
    return replace(record, doses=counted, findings=(*kept, finding))


def _open(dose: Dose) -> bool:
    return dose.unit is None and dose.low >= _LEAST
