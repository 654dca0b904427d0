"""Numbers as tables write them → exact decimals: separators, powers of ten in every spelling, number words.

This is grammar, not vocabulary: no unit and no thing that is counted is named here. Regular expressions match
the text as written, so that all places are places in the cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kg.model import Span

DASH = "-‐‑‒–—―−﹣－"
TIMES = "×xX*✕✖╳∗⋅·•∙⨯"
TILDE = "~∼〜～˜"
SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹"
FROM_SUPERSCRIPT = str.maketrans(SUPERSCRIPT + "⁺⁻", "0123456789+-")
LONGEST_CELL = 1000  # characters; a longer text is prose, and none of these readers looks into it
LONGEST = 18  # a longer run of digits is a key of something, not an amount

NUMBER = (
    rf"[1-9]\d{{0,2}}(?:,\d{{3}})+(?![\d,]*\d)(?:\.\d+)?|[1-9]\d{{0,2}}(?:\s\d{{3}})*\s000(?![\d.,]*\d)"
    rf"|\d+(?=\.10(?:\^|[{SUPERSCRIPT}]))|0,\d+(?![\d,]*\d)|\d+(?:\.\d+)?|\.\d+"
)
"""A number without sign: "106", "1.5", ".5", "1,200", "1 000 000", "0,5"; "2" of "2.10^6"."""

_EXACT = (
    rf"10\s?(?:[\^∧ˆ]|\*\*)\s?[(\[{{]?(?P<caret>[{DASH}+]?\d{{1,2}})[)\]}}]?"
    rf"|10\s?(?P<raised>[⁺⁻]?[{SUPERSCRIPT}]{{1,2}})(?:[·.](?P<tenths>[{SUPERSCRIPT}]))?"
)
_AFTER_TIMES = (
    rf"{_EXACT}|10\((?P<paren>\d{{1,2}})\)|10\s\((?P<aside>\d{{1,2}})\)|1[eE]\+?(?P<one_e>\d{{1,2}})|10\s?[eE]\+?(?P<ten_e>\d{{1,2}})"
    r"|10(?P<lost>[1-9]\d?)|10\s(?P<blank>[1-9]\d?)"
)
_END = rf"(?!\d|\.\d|,\d{{3}}(?!\d)|[·.][{SUPERSCRIPT}])"
TIMES_POWER = re.compile(rf"(?:[{TIMES}]|(?<=\d)\.(?=10(?:\^|[{SUPERSCRIPT}])))\s?(?:{_AFTER_TIMES}){_END}")
"""A power of ten behind a multiplication sign: "× 10⁶", "x10^6", "*10e6", "× 106"."""
BARE_POWER = re.compile(rf"(?:{_EXACT}){_END}")
"""A power of ten without a factor, in a spelling that cannot be anything else: "10⁶", "10^6"."""

_WORDS = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen twenty"""
WORDS = {word: value for value, word in enumerate(_WORDS.split(), start=1)}
"""English number words up to twenty."""

SCALES = {"thousand": 3, "million": 6, "mln": 6, "mio": 6, "mm": 6, "m": 6, "billion": 9, "bn": 9}
"""Powers of ten that are words; "M" and "MM" only in capitals, which the caller's pattern sees to."""
_STYLES = {"lost": "lost", "blank": "blank", "aside": "blank", "ten_e": "ten-e"}  # group → how it was written


@dataclass(frozen=True, slots=True)
class Power:
    """A power of ten: its exponent, how it was written, and the words for it.

    `style` is "exact" (10⁶, 10^6, 1e6), "scale" (million), "lost" (106 for 10⁶), "blank" (10 6, 10 (6)),
    "ten-e" (× 10e6, which tables write for × 10⁶), "rounded" (10¹⁰·⁶), or one that may mean either: "doubtful"
    (10e6 as a number) and "bare" (106 cells without a factor).
    """

    exponent: int
    style: str
    written: str

    @property
    def restored(self) -> bool:
        """Whether the exponent is an inference and not what the characters say."""
        return self.style in ("lost", "blank", "ten-e")


def to_decimal(text: str) -> Decimal:
    """Return the value of a text that `NUMBER` matches; "1,200" and "1 200 000" are whole, "0,5" is a half."""
    if text.startswith("0,"):
        return Decimal(text.replace(",", "."))
    return Decimal("".join(text.replace(",", "").split()))


def scaled(value: Decimal, exponent: int) -> Decimal:
    """Return value × 10^exponent exactly, integral values without an exponent or trailing zeros."""
    sign, digits, own = value.as_tuple()
    product = Decimal((sign, digits, int(own) + exponent))
    whole = int(product)
    return Decimal(whole) if whole == product else Decimal(f"{product:f}".rstrip("0"))


def power_of(match: re.Match[str]) -> Power:
    """Return the power of ten that `TIMES_POWER` or `BARE_POWER` matched."""
    style, digits = next((name, text) for name, text in match.groupdict().items() if text is not None)
    exponent = int(re.sub(f"[{DASH}]", "-", digits.translate(FROM_SUPERSCRIPT)))
    known = "rounded" if match.groupdict().get("tenths") else _STYLES.get(style, "exact")
    return Power(exponent, known, match.group())


def factor_of(match: re.Match[str]) -> Decimal:
    """Return the factor before the power that `power_of` reads: 1, or 3.98 for 10¹⁰·⁶, which is about 3.98 × 10¹⁰."""
    tenths = match.groupdict().get("tenths")
    if tenths is None:
        return Decimal(1)
    exact = Decimal(10) ** (Decimal(int(tenths.translate(FROM_SUPERSCRIPT))) / 10)
    return exact.quantize(Decimal("0.01"))


def gaps(text: str, used: Iterable[Span]) -> tuple[Span, ...]:
    """Return the parts of `text` outside the `used` spans, trimmed of blanks, empty ones left out."""
    found: list[Span] = []
    at = 0
    for span in [*sorted(used, key=lambda s: (s.start, s.end)), Span(len(text), len(text))]:
        if span.start > at and (part := trimmed(text, at, span.start)):
            found.append(part)
        at = max(at, span.end)
    return tuple(found)


def trimmed(text: str, start: int, end: int) -> Span | None:
    """Return `[start, end)` without the blanks at its ends, None when nothing else is in it."""
    part = text[start:end]
    left = len(part) - len(part.lstrip())
    return Span(start + left, start + len(part.rstrip())) if part.strip() else None


def merged(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the spans in order, those with only blanks between them joined into one."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if joined and not text[joined[-1].end : span.start].strip():
            joined[-1] = Span(joined[-1].start, max(span.end, joined[-1].end))
        else:
            joined.append(span)
    return tuple(joined)
