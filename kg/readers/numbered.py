"""A text → whether it holds a registration number: enough to know a table of trials by, and no more than that."""

from __future__ import annotations

import re

# only the shape that numbers have in common; the registries' own formats stand in the vocabulary
_NUMBER = re.compile(
    r"(?<![A-Za-z])(?:NCT|[A-Za-z]{0,3}CTR|ISRCTN|jRCT|UMIN|JPRN|DRKS|EUCTR|IRCT|KCT|CTIS|RBR|CTRI|NTR)"
    r"[A-Za-z\s:#/._-]{0,6}\d{4,}|(?<!\d)\d{4}-\d{6}-\d{2}(?!\d)"
)


def has_number(text: str) -> bool:
    """Return whether something in `text` is shaped like the number of a registered trial."""
    return bool(_NUMBER.search(text))
