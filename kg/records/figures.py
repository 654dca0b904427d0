"""Numbers and ranges → the figures that people write: 2×10⁶, 1.5×10⁶–3×10⁶, 15."""

from __future__ import annotations

from decimal import Decimal

_LARGE = 4  # numbers with more than so many further digits are written with a power of ten
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def figure(value: Decimal) -> str:
    """Return a number in figures, large ones with a power of ten."""
    exponent = value.adjusted()
    if value == 0 or exponent < _LARGE:
        return f"{value.normalize():f}"
    factor = f"{value.scaleb(-exponent).normalize():f}"
    return f"{factor}×10{str(exponent).translate(_RAISED)}"


def figures(low: Decimal, high: Decimal, unit: str = "") -> str:
    """Return a range in figures with its unit; a range of one number is that number."""
    ends = figure(low) if low == high else f"{figure(low)}–{figure(high)}"
    return f"{ends} {unit}".strip()
