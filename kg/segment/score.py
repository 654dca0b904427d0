"""A piece of a row and a column → how well the piece fits there, in natural-log units.

The scale is that of a log likelihood against free text: a piece that its column reads completely gains, every
word that the column cannot read costs. Free text neither gains nor costs, so it takes what no column claims.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

from kg.cells.concept import SourceCell
from kg.cells.read import CellReader
from kg.model import Reading, Severity, State
from kg.segment.chain import Chain
from kg.segment.near import near

ABSENT = -6.0  # the price of a cell that left no word in the row


@dataclass(frozen=True, slots=True)
class Kind:
    """How a column's cells look: longest piece in words, gain when read, and more for each further word of it.

    `base` is the price of a piece that is not read completely, `unread` that of each word left unread; a column
    without a price (`free`) takes any text; sentences are
    expected of it unless it is a column of its `own`. A number is mostly written alone, so further words cost it.
    A `name` may be one that no vocabulary knows.
    `before` is the price of each word without meaning before the first one that has any.
    `bracketed` says that it may begin with a square bracket, which elsewhere belongs to the words before.
    `patience` is how many pieces in a row may fail to be read before a longer one is not worth trying.
    """

    longest: int
    gain: float = 0.0
    further: float = 0.3
    base: float = 0.0
    unread: float = 0.0
    free: bool = False
    own: bool = False
    name: bool = False
    before: float = 0.0
    bracketed: bool = False
    patience: int = 5


_KINDS = {
    "disease": Kind(10, gain=3.0, further=1.0, base=-1.0, unread=-1.5, name=True, patience=9),
    "cell_source": Kind(12, gain=3.0, further=1.0, base=-1.0, unread=-1.5, name=True, patience=9),
    "donor": Kind(4, gain=3.0, base=-3.0, unread=-2.0, before=-1.5),
    "product": Kind(10, gain=2.5, further=1.0, base=-1.0, unread=-1.5, name=True, patience=9),
    "route": Kind(10, gain=3.0, further=1.0, base=-1.0, unread=-1.5, name=True, before=-1.2, patience=9),
    "dose": Kind(24, gain=3.0, further=1.5, base=-3.0, unread=-1.5),
    "frequency": Kind(16, gain=3.0, base=-3.0, unread=-1.5),
    "patients": Kind(14, gain=2.0, further=-0.7, base=-6.0, unread=-2.0, patience=3),
    "trial_number": Kind(10, gain=3.0, base=-6.0, unread=-2.0, patience=3),
    "phase": Kind(4, gain=2.5, base=-6.0, unread=-2.0, patience=2),
    "reference": Kind(8, gain=2.0, further=-0.5, base=-6.0, unread=-2.0, bracketed=True, patience=2),
    "outcome": Kind(100_000, free=True),
}
_OWN = Kind(40, unread=-0.1, free=True, own=True)
_NOT_GIVEN = 1.5
_AUTHORS = 5.0  # an author and a year, which no other column has
_DOUBTFUL = -1.5  # the price of a reading that is less sure than others of its kind
_BEHIND = -1.0  # the price of each word behind the last one that means anything: "… Human", "… of"
_REMARKED = -0.5  # the price of each word in brackets that means nothing to the column
_AGAIN = -3.0  # the price of a donor in the middle of a cell, which mostly is the beginning of another one
_TORN = -2.5  # the price of an edge that tears apart what belongs together
_SENTENCE = (
    1.5  # what speaks for a free text that ends as a sentence does, or against one that does not begin so
)
_JOINTS = (
    "and|or|a|an|the|of|in|on|at|by|for|to|with|per|from|until|than|within|during|between|was|were|is|are"
)
_OPENS = re.compile(rf"[(,;)\]=]|(?:[+&]|{_JOINTS})$")
_UNCOUNTED = re.compile(
    r"(?:^|\s)(?:on|at|by|until|to|through|after|from|in|of) (?:day|week|month|year|grade|stage|phase|table|figure)$",
    re.IGNORECASE,
)
_FEW = 6  # words of a number of patients that does not begin with it
_NEAR = 40  # characters at the end of a text that tell how it ends
_GOES_ON = re.compile(rf"(?:.*[,;(\[/×=]|[+&<>≤≥]|{_JOINTS})$")
_OPEN_END = re.compile(r"(?:[-,;/(&+\[:]|\b(?:and|or|of|from|human|the|an?))\s*$", re.IGNORECASE)
_BARE = re.compile(r"\s+(?!(?:from|of|derived|in|with|and|or|plus|isolated)\b)\w", re.IGNORECASE)
_REMARK = re.compile(r"\([^()]*\)")
_ENDS_SENTENCE = re.compile(r".*[.!?)\]%]$")


def kind(key: str) -> Kind:
    """Return how the cells of the column `key` look; a column of its own ("") is free text of some words."""
    return _KINDS.get(key, _OWN)


class Seams:
    """The places between the words of a row where no cell should end: in a bracket, behind a comma, at "and"."""

    def __init__(self, chain: Chain) -> None:
        self._tokens = tokens = chain.tokens
        self._depth = [*accumulate((_depth(token) for token in tokens), initial=0)]
        self._goes_on = [False, *(_GOES_ON.match(token) is not None for token in tokens[:-1]), False]
        opens = [False, *(_OPENS.match(token) is not None for token in tokens[1:]), False]
        self._torn = [a or b for a, b in zip(self._goes_on, opens, strict=True)]

    def whole(self, start: int, end: int) -> bool:
        """Whether nothing is left open where the words `[start, end)` begin and end."""
        return not (self._goes_on[start] or self._goes_on[end] or self._depth[start] != self._depth[end])

    def bracketed(self, at: int) -> bool:
        """Whether the word at this place stands in brackets, its own or those around it."""
        return self._depth[at] > 0 or self._depth[at + 1] > 0 or self._tokens[at][0] in "(["

    def price(self, look: Kind, start: int, end: int) -> float:
        """Return what it costs to make a cell of the words `[start, end)`; free text may gain by it."""
        first = self._tokens[start]
        torn = self._torn[start] or (start > 0 and first.startswith("[") and not look.bracketed)
        price = _TORN * torn + _TORN * (self._depth[start] != self._depth[end])
        if look.free and not look.own:
            ends = _ENDS_SENTENCE.match(self._tokens[end - 1])
            price += _SENTENCE * bool(ends) - _SENTENCE * first[0].islower()
        return price


def breaks_off(text: str) -> bool:
    """Whether a text ends where no sentence does: with a comma, an open bracket, "of", or "on day" without the day."""
    return bool(
        text.endswith("et al.") or _GOES_ON.match(text.rsplit(" ", 1)[-1]) or _UNCOUNTED.search(text[-_NEAR:])
    )


def _depth(token: str) -> int:
    return sum(map(token.count, "([{")) - sum(map(token.count, ")]}"))


def score(key: str, text: str, count: int, reader: CellReader) -> float:
    """Return how well `text` of `count` words fits the column `key`, which is not a free one."""
    look = kind(key)
    if key == "patients" and count > _FEW and not text[0].isdigit():
        return look.base + look.unread * count  # no number of patients has so many words
    reading = reader.read(key, text)
    if reading.state is State.EMPTY:
        return _NOT_GIVEN
    if not understood(reading):
        if reading.spans and _only_labels(reading, text):
            return look.gain + look.further * (len(reading.spans) - 1) + _DOUBTFUL
        if count > 1 and (fit := near(key, text, reading, reader)) is not None:
            return fit
        return look.base + look.unread * max(1, _unread_words(reading, text))
    if key == "reference" and reading.rule.startswith("reference.author"):
        return _AUTHORS
    before, named, behind = _named_words(reading, text, count)
    remark = _remark_words(reading, text) if "(" in text else 0
    fit = look.gain + look.further * max(0, named - remark - 1) + look.before * before
    fit += (_BEHIND if key != "donor" else look.unread) * behind + _REMARKED * remark
    if _doubtful(reading):
        fit += _DOUBTFUL
    return fit + _AGAIN if _begins_again(reading, text, reader) else fit


def _only_labels(reading: Reading[object], text: str) -> bool:
    """Whether each unread word only says what the brackets behind it are about: "MSC (i.v.), NSC (i.t.)"."""
    return bool(reading.unread) and all(text[span.end :].lstrip().startswith("(") for span in reading.unread)


def understood(reading: Reading[object]) -> bool:
    """Whether the whole text was read as a value of its column."""
    return reading.complete and reading.state is State.MAPPED


def _doubtful(reading: Reading[object]) -> bool:
    """Whether a reading has a warning, names things side by side without a joint, or not what is asked."""
    if any(finding.severity is Severity.WARNING for finding in reading.findings):
        return True
    value = reading.value
    donor_only = isinstance(value, SourceCell) and not value.sources.concepts and value.product is None
    return donor_only or reading.rule == "concept.side-by-side"


def _begins_again(reading: Reading[object], text: str, reader: CellReader) -> bool:
    """Whether a name begins in the middle of a cell: "Stem Cells Autologous BM", "Stem Cells dermis"."""
    value = reading.value
    if not isinstance(value, SourceCell) or len(reading.spans) < 2:
        return False
    if value.product is not None and _BARE.match(text, reading.spans[0].end):
        product = reader.lexicon.scan("product", text[: reading.spans[0].end])
        if product and not product[0].start and value.sources.concepts:
            return True
    if value.donor is None or not reading.spans[0].start < reading.spans[-1].start:
        return False
    found = reader.lexicon.scan("donor", text)
    if not found or not found[0].start or not text[found[-1].end :].strip(" )].,;"):
        return False
    return _OPEN_END.search(text, 0, found[0].start) is None


def _named_words(reading: Reading[object], text: str, count: int) -> tuple[int, int, int]:
    """Return how many words the value rests on, and how many without meaning stand before and behind them."""
    if count == 1 or not reading.spans:
        return 0, 1, 0
    first, last = min(s.start for s in reading.spans), max(s.end for s in reading.spans)
    before, behind = text.count(" ", 0, first), text.count(" ", last)
    return before, count - before - behind, behind


def _remark_words(reading: Reading[object], text: str) -> int:
    """Return how many words stand in brackets and mean nothing to the column."""
    brackets = [match.span() for match in _REMARK.finditer(text)]
    return sum(
        text.count(" ", start, end) + 1
        for start, end in brackets
        if not any(span.start < end and start < span.end for span in reading.spans)
    )


def _unread_words(reading: Reading[object], text: str) -> int:
    if reading.state is not State.MAPPED and not reading.unread:
        return len(text.split())
    return sum(len(text[s.start : s.end].split()) for s in reading.unread)
