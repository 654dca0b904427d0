"""Notes below a table → their text, and the marks by which cells point to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kg.model import Finding, Severity
from kg.readers.markup.pieces import LOOSE_BLANK, Piece, is_power, mark_names, read_pieces
from kg.readers.markup.walk import Dialect, pieces_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_SIGNS = re.compile(r"([*†‡§¶‖#∥])\1*")
_FIRST = re.compile(r"\s*[\[(]?(?P<mark>[a-z]|\d{1,2})(?:[\s).:\]]|$)")


def note_texts(notes: Iterable[_Element], dialect: Dialect) -> tuple[str, ...]:
    """Return the texts of notes, each once, their marks parted from the words."""
    texts = (_text(_parted(pieces_of(note, dialect))) for note in notes)
    return tuple(dict.fromkeys(text for text in texts if text))


def marks_of(notes: Iterable[_Element], dialect: Dialect) -> frozenset[str]:
    """Return the marks that notes explain: raised ones, signs wherever they stand, a letter or number in front."""
    marks: set[str] = set()
    for note in notes:
        pieces = pieces_of(note, dialect)
        text = _text(pieces)
        marks |= {name for at, piece in _raised_marks(pieces) for name in mark_names(piece.text.strip())}
        marks |= {match.group() for match in _SIGNS.finditer(text)}
        marks |= {match["mark"] for match in [_FIRST.match(text)] if match}
    return frozenset(marks)


def marks_left_out(marks: Iterable[str]) -> tuple[Finding, ...]:
    """Return the remark that these footnote marks were left out of the cells, nothing when there are none."""
    listed = ", ".join(sorted(set(marks)))
    if not listed:
        return ()
    message = f"marks of footnotes were left out of the cells: {listed}"
    return (Finding(Severity.INFO, "footnote-mark", "table", message, raw=listed),)


def _text(pieces: Iterable[Piece]) -> str:
    return read_pieces(pieces)[0].replace(LOOSE_BLANK, " ").strip()


def _parted(pieces: list[Piece]) -> Iterator[Piece]:
    raised = {at for at, _ in _raised_marks(pieces)}
    for at, piece in enumerate(pieces):
        yield Piece(f" {piece.text.strip()} ") if at in raised else piece


def _raised_marks(pieces: list[Piece]) -> Iterator[tuple[int, Piece]]:
    before = ""
    for at, piece in enumerate(pieces):
        if piece.raised and mark_names(piece.text.strip()) and not is_power(piece.text, before):
            yield at, piece
        before = (before + piece.text)[-40:]
