"""Pieces of a marked-up cell → its text as a person reads it, with every superscript told apart.

A superscript is a power ("10⁶"), an isotope ("⁹⁹Tc"), a unit ("m²"), a charge ("CD34⁺"), an ordinal ("5th"), the mark
of a footnote, or the number of a cited work. What it stands behind and where it links to decide.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum

from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.text import squeeze

# stands for an inline element that holds blanks only: it parts two words or, misplaced, one word
LOOSE_BLANK = "\ue000"
_SUPERSCRIPTS = str.maketrans("0123456789+-−–‐‑‒()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁻⁻⁻⁽⁾")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad"))
_SIGNS = "*†‡§¶‖#∥⁎∗"
_SAME_SIGN = str.maketrans("⁎∗", "**")
_DASH = "+\\-−–‐‑‒"
_ONE_MARK = rf"(?:[a-zA-Z](?![a-zA-Z])|[{_SIGNS}]{{1,4}}|\d{{1,2}}(?!\d))"
_MARKS = re.compile(rf"[\[(]?{_ONE_MARK}(?:[\s,;]*{_ONE_MARK})*[\])]?")
_MARK = re.compile(rf"[a-zA-Z]|\d+|([{_SIGNS}])\1*")
_POWER = re.compile(rf"(?P<power>[{_DASH}]?\s?\d[\d{_DASH}]*)(?P<rest>.*)", re.DOTALL)
_CHARGE = re.compile(rf"\d?[{_DASH}]+(?:/[{_DASH}]+)?")
_INVERSE = re.compile(r"[\-−–]\d")  # "kg⁻¹"
_CITED = re.compile(r"[\[(]?\d{1,4}(?:\s?[,;–‐‑−-]\s?\d{1,4})*[\])]?")
_TEN = re.compile(r"(?:(?<![\d.])|(?<=[\d×x*·\s][.,]))10$")
_LENGTH = re.compile(r"(?<![^\W\d_])[cdkmnµμ]?m$")
_NAME = re.compile(r"(?:\bet al\.?,?|\bcolleagues|\bco-?workers)$")
_SURNAMES = re.compile(r"[A-ZÀ-Þ][\w'’-]+(?:\s*(?:,|&|\band\b)?\s*[A-ZÀ-Þ][\w'’-]*\.?){0,3}")
_NUCLIDE = re.compile(r"[A-Z][a-z]?(?![a-z])")
_ORDINALS = ("a", "e", "o")  # as in "5e", "2a"


class Link(Enum):
    """Where a piece of text links to, as far as it matters to its meaning."""

    NONE = ""
    WORK = "work"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: its characters, whether it is raised, and where it links to."""

    text: str
    raised: bool = False
    link: Link = Link.NONE


def read_pieces(pieces: Iterable[Piece], marks: Collection[str] = frozenset()) -> tuple[str, tuple[str, ...]]:
    """Return the text of `pieces` with white space folded, and the footnote marks that were left out of it.

    `marks` are the marks that the notes of the table explain, as `mark_names` writes them.
    """
    joined = _joined(pieces)
    if not any(piece.raised or piece.link is Link.NOTE for piece in joined):
        return squeeze("".join([piece.text for piece in joined]).translate(_UNSEEN)), ()
    written, dropped = "", []
    for at, piece in enumerate(joined):
        behind = written.strip()
        if piece.link is Link.NOTE or piece.raised:
            lead, core, trail = _edges(piece.text)
            if _is_note_mark(piece.link, core, behind, marks):
                dropped.append(squeeze(core))
                written += lead + trail
                continue
            if piece.raised and core:
                after = joined[at + 1].text if at + 1 < len(joined) else ""
                # a power belongs to its base also when a blank stands between them
                base = behind if _TEN.search(behind) and piece.link is not Link.WORK else written + lead
                written = base + _raised(piece.link, core, behind, after) + trail
                continue
        written += piece.text
    return squeeze(written.translate(_UNSEEN)), tuple(dropped)


def mark_names(text: str) -> tuple[str, ...]:
    """Return the footnote marks that `text` is made of: "a,b" is two, "**" is one; none when it is something else."""
    if not _MARKS.fullmatch(text):
        return ()
    return tuple(match.group().lower().translate(_SAME_SIGN) for match in _MARK.finditer(text))


def is_power(text: str, behind: str) -> bool:
    """Whether raised `text` behind `behind` is a power: of ten, or of a unit of length."""
    core, base = text.strip(), behind.rstrip()
    return core[:1].isdigit() and bool(_TEN.search(base) or (core in ("2", "3") and _LENGTH.search(base)))


def settle_blanks(text: str, lexicon: Lexicon | None = None) -> str:
    """Return `text` with its loose blanks settled: they part words, unless without them more is a column's name.

    Pages put a blank of its own element inside of words ("S ource"); only a header can be told to be one, and
    only with a lexicon.
    """
    if LOOSE_BLANK not in text:
        return text
    parted, closed = squeeze(text.replace(LOOSE_BLANK, " ")), squeeze(text.replace(LOOSE_BLANK, ""))
    if lexicon is not None and _named(closed, lexicon) > _named(parted, lexicon):
        return closed
    return parted


def _named(text: str, lexicon: Lexicon) -> int:
    return sum(match.end - match.start for match in lexicon.scan("column", text))


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Join neighbours of one kind; between two raised links the raised comma belongs to them."""
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last and piece.text and _goes_on(last, piece):
            link = Link.WORK if Link.WORK in (last.link, piece.link) else piece.link
            joined[-1] = Piece(last.text + piece.text, piece.raised, link)
        elif piece.text:
            joined.append(piece)
    return joined


def _goes_on(last: Piece, piece: Piece) -> bool:
    if last.raised != piece.raised or Link.NOTE in (last.link, piece.link):
        return False
    if not piece.raised:
        return last.link is piece.link
    if Link.WORK in (last.link, piece.link):
        return True
    return last.text[-1:].isalpha() == piece.text[:1].isalpha()  # not "6" and "a" of "10⁶ᵃ"


def _edges(text: str) -> tuple[str, str, str]:
    core = text.strip()
    at = text.find(core)
    return text[:at], core, text[at + len(core) :]


def _is_note_mark(link: Link, core: str, behind: str, marks: Collection[str]) -> bool:
    names = mark_names(core)
    if link is Link.NOTE or not names:
        return bool(names)
    if link is Link.WORK or not behind or not all(name in marks for name in names):
        return False
    numbers = core[0].isdigit()
    return not (numbers and (_TEN.search(behind) or _LENGTH.search(behind) or _NAME.search(behind)))


def _raised(link: Link, core: str, behind: str, after: str) -> str:
    """Return how a superscript that is no footnote mark is written behind `behind`."""
    if link is not Link.WORK:
        if _TEN.search(behind):
            return _power(core)
        if _is_typographic(core, behind, after):
            return core.translate(_SUPERSCRIPTS)
    if _CITED.fullmatch(core):
        return _citation(core, behind, after)
    ordinal = core in _ORDINALS and behind[-1:].isdigit()
    if len(core) == 1 and core.isalpha() and behind and not ordinal:
        return f" {core}"  # a mark that no note explains; glued to its word it would hide the word
    return core


def _power(core: str) -> str:
    match = _POWER.fullmatch(core)
    if match is None:
        return f"^{core}" if core[0].isalnum() else core
    if match["rest"][:1] in (".", ",") and match["rest"][1:2].isdigit():
        return core.translate(_SUPERSCRIPTS).replace(".", "·").replace(",", "·")
    return match["power"].replace(" ", "").translate(_SUPERSCRIPTS) + match["rest"]


def _is_typographic(core: str, behind: str, after: str) -> bool:
    """Whether a superscript is a charge ("CD34⁺"), a power of a unit or an isotope."""
    if _CHARGE.fullmatch(core) or _INVERSE.fullmatch(core):
        return bool(behind)
    if core in ("2", "3") and _LENGTH.search(behind):
        return True
    nuclide = core.isdigit() and len(core) <= 3 and _NUCLIDE.match(after)
    return bool(nuclide) and not behind[-1:].isalnum()


def _citation(core: str, behind: str, after: str) -> str:
    """Return the numbers of cited works: glued to names, in brackets where they would change a word or number."""
    alone = not behind and not after.strip()
    if alone or core[0] in "[(" or not behind[-1:].isalnum() or _NAME.search(behind):
        return core
    if _SURNAMES.fullmatch(behind) and behind[-1].isalpha() and not after.strip():
        return core
    return f" [{core}]"
