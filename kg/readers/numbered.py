"""Texts → whether they hold registration numbers or values: enough to tell rows of trials from their heads."""

from __future__ import annotations

import re
from collections.abc import Sequence

# only the shape that numbers have in common; the registries' own formats stand in the vocabulary
_NUMBER = re.compile(
    r"(?<![A-Za-z])(?:NCT|[A-Za-z]{0,3}CTR|ISRCTN|jRCT|UMIN|JPRN|DRKS|EUCTR|IRCT|KCT|CTIS|RBR|CTRI|NTR)"
    r"[A-Za-z\s:#/._-]{0,6}\d{4,}|(?<!\d)\d{4}-\d{6}-\d{2}(?!\d)"
)

# what headers have digits in: a unit, a power of ten, a remark in brackets
_OF_HEADERS = re.compile(
    r"\([^()]*\)|\[[^\[\]]*\]|[×x*]\s*10\s?\^?[0-9⁰¹²³⁴-⁹]{0,2}(?![0-9])|\b10(?:\^\d+|[⁰¹²³⁴-⁹]+)|[A-Z]+\d+\+"
)
_LEAST_VALUES = 2  # cells


def has_number(text: str) -> bool:
    """Return whether something in `text` is shaped like the number of a registered trial."""
    return bool(_NUMBER.search(text))


def are_values(cells: Sequence[str]) -> bool:
    """Return whether cells are those of a row under a head: a trial's number among them, or half of them with amounts."""
    if any(map(has_number, cells)):
        return True
    filled = [cell for cell in cells if cell]
    counted = sum(any(map(str.isdecimal, _OF_HEADERS.sub("", cell))) for cell in filled)
    return counted >= max(_LEAST_VALUES, len(filled) / 2)
