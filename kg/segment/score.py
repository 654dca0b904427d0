"""A piece of a row and a column → how well the piece fits there, in natural-log units.

The scale is that of a log likelihood against free text: a piece that its column reads completely gains, every
word that the column cannot read costs. Free text neither gains nor costs, so it takes what no column claims.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.cells.read import CellReader
from kg.model import Reading, State

ABSENT = -6.0  # the price of a cell that left no word in the row


@dataclass(frozen=True, slots=True)
class Kind:
    """How a column's cells look: longest piece in words, gain when read, and more for each further word of it.

    `base` is the price of a piece that is not read completely, `unread` that of each word left unread; a column
    without a price (`free`) takes any text. A number is mostly written alone, so further words cost it.
    `patience` is how many pieces in a row may fail to be read before a longer one is not worth trying.
    """

    longest: int
    gain: float = 0.0
    further: float = 0.3
    base: float = 0.0
    unread: float = 0.0
    free: bool = False
    patience: int = 5


_KINDS = {
    "disease": Kind(10, gain=3.0, base=-1.0, unread=-1.5),
    "cell_source": Kind(12, gain=3.0, base=-1.0, unread=-1.5),
    "donor": Kind(4, gain=3.0, base=-3.0, unread=-2.0),
    "product": Kind(10, gain=2.5, base=-1.0, unread=-1.5),
    "route": Kind(10, gain=3.0, base=-1.0, unread=-1.5),
    "dose": Kind(24, gain=3.0, base=-3.0, unread=-1.5),
    "frequency": Kind(16, gain=3.0, base=-3.0, unread=-1.5),
    "patients": Kind(5, gain=2.0, further=-0.7, base=-6.0, unread=-2.0, patience=2),
    "trial_number": Kind(10, gain=3.0, base=-6.0, unread=-2.0, patience=3),
    "phase": Kind(4, gain=2.5, base=-6.0, unread=-2.0, patience=2),
    "reference": Kind(4, gain=2.0, base=-6.0, unread=-2.0, patience=2),
    "outcome": Kind(100_000, free=True),
}
_OWN = Kind(40, unread=-0.1, free=True)
_NOT_GIVEN = 1.5


def kind(key: str) -> Kind:
    """Return how the cells of the column `key` look; a column of its own ("") is free text of some words."""
    return _KINDS.get(key, _OWN)


def score(key: str, text: str, count: int, reader: CellReader) -> float:
    """Return how well `text` of `count` words fits the column `key`, which is not a free one."""
    look = kind(key)
    reading = reader.read(key, text)
    if reading.state is State.EMPTY:
        return _NOT_GIVEN
    if understood(reading):
        return look.gain + look.further * (count - 1)
    return look.base + look.unread * max(1, _unread_words(reading, text))


def understood(reading: Reading[object]) -> bool:
    """Whether the whole text was read as a value of its column."""
    return reading.complete and reading.state is State.MAPPED


def _unread_words(reading: Reading[object], text: str) -> int:
    if reading.state is not State.MAPPED and not reading.unread:
        return len(text.split())
    return sum(len(text[s.start : s.end].split()) for s in reading.unread)
