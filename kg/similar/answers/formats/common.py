"""Scores, shares and names → the short texts that all formats have for them."""

from __future__ import annotations

from collections.abc import Sequence

from kg.errors import printable
from kg.similar.among import Kind
from kg.similar.profile import UNIT

KEYS: dict[Kind, str] = {"trial": "trial", "disease": "disease", "cell source": "cell_source"}
FEW = 4  # values that are named before the rest is counted
_PLACES = len(str(UNIT)) - 1


def decimal(parts: int) -> str:
    """Return parts of UNIT as a decimal number with all its digits, and none too many: 0.31."""
    whole, rest = divmod(parts, UNIT)
    return f"{whole}.{rest:0{_PLACES}d}".rstrip("0").rstrip(".")


def short(parts: int) -> str:
    """Return parts of UNIT with three digits: enough to tell neighbours apart."""
    return f"{parts / UNIT:.3f}" if parts >= UNIT // 1000 or not parts else "<0.001"


def clean(text: str) -> str:
    """Return text of the graph on one line, without what would steer a terminal."""
    return printable(" ".join(text.split()))


def title(name: str) -> str:
    """Return the name of a facet or a column as people write it."""
    return name.replace("_", " ")


def few(words: Sequence[str], most: int = FEW) -> str:
    """Return words with commas, the first `most` of them and how many more there are."""
    rest = len(words) - most
    # to say "and 1 more" is no shorter than to name it
    return ", ".join(words) if rest <= 1 else f"{', '.join(words[:most])} and {rest} more"
