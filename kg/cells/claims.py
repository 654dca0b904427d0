"""A cell that holds several things → who has claimed which of its characters, and what is still free.

A character is claimed once: what is a dose can be no count, what is a count no reference.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from kg.cells.numbers import gaps, merged
from kg.model import Span

MASK = ";"
"""What stands for a claimed character: a mark that ends a clause, a list of numbers and a name."""

_EDGE = " \t\n,;:.|/&·–—-"
_SPLITS = (
    re.compile(r"\([^()]*\)|\[[^\[\]]*\]|[⁰¹²³⁴⁵⁶⁷⁸⁹][⁰¹²³⁴⁵⁶⁷⁸⁹,⁻–-]*|[^()\[\]⁰¹²³⁴⁵⁶⁷⁸⁹]+"),
    re.compile(r"(?:[^;|()]|\([^()]*\))+"),
    re.compile(r"(?:[^,;|()]|\([^()]*\))+"),
    re.compile(r"(?:[^,;|:/()]|\([^()]*\))+"),
)


class Found(NamedTuple):
    """Words for one key: `spans` are to be claimed; `read_as` what its reader shall see, when that is more or less."""

    spans: tuple[Span, ...]
    read_as: tuple[Span, ...] = ()


def found(spans: Iterable[Span]) -> Found | None:
    """Return the finding of these spans, None when there are none."""
    kept = tuple(spans)
    return Found(kept) if kept else None


class Claims:
    """The claims on one text, by key."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._spans: dict[str, tuple[Span, ...]] = {}

    def claim(self, key: str, spans: Iterable[Span]) -> None:
        """Give `key` those characters of `spans` that nobody has yet, without the marks around them."""
        own = [free for span in spans for free in self._free(span)]
        if own:
            joined = merged(self.text, (*self._spans.get(key, ()), *own))
            self._spans[key] = joined

    def extend(self, key: str, spans: Iterable[Span]) -> None:
        """Let the claims of `key` reach on over free characters, each of `spans` begins where one of them ends."""
        more = {span.start: span.end for span in spans}
        if more:
            own = (Span(span.start, more.get(span.end, span.end)) for span in self.of(key))
            self._spans[key] = merged(self.text, tuple(own))

    def of(self, key: str) -> tuple[Span, ...]:
        """Return the places of a key, in the order of the text."""
        return self._spans.get(key, ())

    def masked(self, but: Collection[str] = ()) -> str:
        """Return the text with `MASK` for each claimed character, except for the claims of the keys `but`."""
        chars = list(self.text)
        for key, spans in self._spans.items():
            for span in () if key in but else spans:
                chars[span.start : span.end] = MASK * (span.end - span.start)
        return "".join(chars)

    def unclaimed(self) -> tuple[Span, ...]:
        """Return the stretches that nobody has claimed, without the marks that part them from the others."""
        taken = [span for spans in self._spans.values() for span in spans]
        bare = (trim(self.text, span) for span in gaps(self.text, taken))
        return tuple(span for span in bare if span is not None)

    def segments(self) -> Iterator[Span]:
        """Yield what is free, whole first, then cut at brackets, semicolons, commas and slashes; each once."""
        free = dict.fromkeys(self.unclaimed())
        yield from free
        for pattern in _SPLITS:
            finer = dict.fromkeys(piece for span in free for piece in self._pieces(pattern, span))
            yield from (piece for piece in finer if piece not in free)
            free = finer

    def _pieces(self, pattern: re.Pattern[str], span: Span) -> Iterator[Span]:
        for match in pattern.finditer(self.text, span.start, span.end):
            piece = trim(self.text, Span(match.start(), match.end()))
            if piece is not None:
                yield piece

    def _free(self, span: Span) -> Iterator[Span]:
        taken = [own for spans in self._spans.values() for own in spans]
        inside = [
            Span(max(own.start, span.start) - span.start, min(own.end, span.end) - span.start)
            for own in taken
            if own.start < span.end and span.start < own.end
        ]
        for gap in gaps(self.text[span.start : span.end], inside):
            free = trim(self.text, Span(gap.start + span.start, gap.end + span.start))
            if free is not None:
                yield free


def trim(text: str, span: Span) -> Span | None:
    """Return `span` without blanks, joining marks and unpaired brackets at its ends; None if nothing is left."""
    start, end = span.start, span.end
    while start < end:
        part = text[start:end]
        if _loose_start(part):
            start += 1
        elif (part[-1] in _EDGE and not _abbreviated(part)) or part[-1] in "([" or _loose_end(part):
            end -= 1
        else:
            return Span(start, end)
    return None


def words_of(text: str, spans: Sequence[Span]) -> str:
    """Return the words of `spans`, those that do not touch joined by " ; "."""
    return " ; ".join(" ".join(text[span.start : span.end].split()) for span in spans)


def _loose_start(part: str) -> bool:
    if part[0] in "([":
        return {"(": ")", "[": "]"}[part[0]] not in part
    decimal = part[0] == "." and part[1:2].isdigit()
    return part[0] in ")]+" or (part[0] in _EDGE and not decimal)


def _loose_end(part: str) -> bool:
    pairs = {")": "(", "]": "["}
    return part[-1] in pairs and part.count(part[-1]) > part.count(pairs[part[-1]])


def _abbreviated(part: str) -> bool:
    """Whether a full stop at the end belongs to an abbreviation: "i.v.", "et al."."""
    return re.search(r"(?:\b\w\.\w\.|\bal\.)$", part) is not None
