"""Any text → lines that fit: no controls, wrapped or cut to a width, with a sign where the font has none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container
from itertools import accumulate

Measure = Callable[[str], float]

MISSING = "□"  # stands where the font has no sign; SVG gets the character itself back
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Return `text` on one line, composed (NFC), with U+FFFD for all that may not stand in XML."""
    composed = unicodedata.normalize("NFC", _NOT_IN_XML.sub("\ufffd", text))
    return " ".join("".join("\ufffd" if "\x7f" <= c <= "\x9f" else c for c in composed).split())


def drawable(text: str, signs: Container[int]) -> str:
    """Return `text` with MISSING for each character whose code is not among `signs`; the length stays."""
    return "".join(c if c == "\n" or ord(c) in signs else MISSING for c in text)


def cut(text: str, width: float, measure: Measure) -> str:
    """Return `text`, or as much of it as fits into `width` with an ellipsis."""
    if measure(text) <= width:
        return text
    kept = len(text)
    while kept > 1 and measure(text[:kept].rstrip() + "…") > width:
        kept -= 1
    return text[:kept].rstrip() + "…"


def wrap(text: str, width: float, measure: Measure, most: int = 0) -> list[str]:
    """Return `text` in lines no wider than `width`, at most `most` of them (0: any number), the last one cut."""
    lines: list[str] = []
    for word in text.split(" "):
        pieces = _pieces(word, width, measure)
        if lines and measure(f"{lines[-1]} {pieces[0]}") <= width:
            lines[-1] += f" {pieces.pop(0)}"
        lines.extend(pieces)
    if most and len(lines) > most:
        lines = [*lines[: most - 1], cut(" ".join(lines[most - 1 :]), width, measure)]
    return lines


def _pieces(word: str, width: float, measure: Measure) -> list[str]:
    """Part a word that is wider than a line: after a hyphen or slash near the end, else anywhere."""
    pieces = []
    while len(word) > 1 and measure(word) > width:
        fit = max(1, sum(measure(head) <= width for head in accumulate(word)))
        good = max(word.rfind(mark, 0, fit) for mark in "-/") + 1
        fit = good if good > fit // 2 else fit
        pieces.append(word[:fit])
        word = word[fit:]
    return [*pieces, word] if word else pieces or [""]


def counted(count: int, what: str) -> str:
    """Return a number of things in words: "1 trial", "1,000 trials"."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
