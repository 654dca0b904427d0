"""Text out of a file format that can hold any character → the text of a cell: one line, only what can be shown."""

from __future__ import annotations

import re

from kg.vocabulary.text import squeeze

# what neither XML nor UTF-8 nor a terminal can carry; white space is folded before
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Return `text` with white space folded to one blank, and U+FFFD for what cannot stand in text."""
    return _FORBIDDEN.sub("\ufffd", squeeze(text))
