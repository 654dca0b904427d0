"""The pattern of a registry's numbers → words that say what a number looks like."""

from __future__ import annotations

import re

from kg.vocabulary.text import squeeze

_PARTS: tuple[tuple[str, str], ...] = (
    (r"\\d", "[0-9]"),
    (r"\[0-9\]\{(\d+)\}", r" and \1 digits "),
    (r"\[0-9\]\{(\d+),(\d+)\}", r" and \1 to \2 digits "),
    (r"\[0-9\]", " and a digit "),
    (r"\[0-9a-z\]\{(\d+),(\d+)\}", r" and \1 to \2 small letters or digits "),
    (r"\[A-Z\]\{(\d+)\}", r" and \1 capitals "),
    (r"\[A-Z\]\{(\d+),(\d+)\}", r" and \1 to \2 capitals "),
    (r"\[A-Z\]", " and a capital "),
    (r"\[a-z\]", " and a small letter "),
    (r"\((?:\?:)?([^()]*)\)\?", r" (\1, or not) "),
    (r"\(\?:|\(\?P<\w+>", "("),
    (r"\|", " or "),
    (r"[\^$\\]", ""),
    (r"(^|\(|\bor)\s*and ", r"\1 "),
)


def describe_pattern(pattern: str) -> str:
    """Return a number's pattern in words ("NCT and 8 digits"); a part that has no words stays as it is."""
    for part, said in _PARTS:
        pattern = re.sub(part, said, pattern)
    return squeeze(pattern).replace("( ", "(").replace(" )", ")")
