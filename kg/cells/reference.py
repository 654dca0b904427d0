"""Text of a reference cell → keys of the cited works: list numbers, "Author et al., year", DOI or PMID."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.cells.common import empty, info, left_over, plain, quoted, unrecognised, warning
from kg.model import Finding, Reading, Span, State
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.marks import is_not_given
from kg.vocabulary.text import squeeze

COLUMN = "reference"
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_LONGEST_RANGE = 100
_LONGEST_NAMES = 1000  # authors are looked for in no longer text than this, from its end
_YEAR = r"(?:19|20)\d\d[a-z]?"
_NAME = r"[^\W\d_a-zà-öø-ÿ][\w'-]*\.?"
_PARTICLE = r"(?:van|von|der|den|de|la|le|di|da|del|dos|ter|ten|el|al|bin|ibn)\s+"
_AUTHOR = rf"(?<![\w'-])(?:{_PARTICLE})*{_NAME}(?:\s+{_NAME}){{0,2}}"
_ET_AL = rf"{_AUTHOR}(?:,?\s*(?:&|\band\b)?\s*{_AUTHOR}){{0,2}}?,?\s+et\s+al(?![^\W\d_])\.?"
_AUTHORS = rf"{_AUTHOR}(?:\s*(?:,|&|\band\b)\s*{_AUTHOR}){{0,3}}"
_IN_YEAR = rf"\s*,?\s*(?:\(\s*{_YEAR}\s*\)|\[{_YEAR}\]|{_YEAR}\b)"
_AUTHOR_YEAR = re.compile(rf"(?:{_ET_AL}|{_AUTHORS}){_IN_YEAR}")
_MONTH = re.compile(
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|ust|ember|ober)?\.?,?\s+\(?\d",
    re.I,
)
_YEAR_AND_NUMBER = re.compile(
    rf"(?:{_ET_AL}|{_AUTHORS}){_IN_YEAR}\s*[\[(](\d{{1,4}}(?:\s*[,-]\s*\d{{1,4}})*)[\])]"
)
_GLUED = re.compile(rf"({_ET_AL})\s*,?\s*[\[(]?(\d{{1,4}})[\])]?(?!\d)")
# a raised number behind a surname alone: "Vega7", "Lee8,9"
_NAMED = re.compile(r"(?<!\w)[^\W\d_a-zà-öø-ÿ][\w'-]*[a-zà-öø-ÿ](\d{1,3}(?:\s*[,-]\s*\d{1,3})*)(?!\w)")
_AUTHORS_ONLY = re.compile(_ET_AL)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:?\s*)?(10\.\d{4,9}/[^\s;,]+)", re.IGNORECASE)
_PUBMED = re.compile(r"pmid\s*:?\s*(\d{1,9})\b", re.IGNORECASE)
_PMC = re.compile(r"\bPMC\d{4,9}\b")
# seven or eight digits that stand alone under "Reference" or "PMID" are a PubMed number
_BARE_PUBMED = re.compile(r"\s*(?:[1-9]\d{6}|[1-4]\d{7})(?:\s*[,;]\s*(?:[1-9]\d{6}|[1-4]\d{7}))*\s*")
_NUMBERS = re.compile(
    r"[\s\[(#]*\d{1,4}[\])]*(?:\s*(?:[,;/-]|and)\s*[\[(]*\d{1,4}[\])]*|\s+[\[(]+\d{1,4}[\])]+)*[\s.*†‡]*"
)
_NUMBER = re.compile(r"(?<![\w.])(\d{1,4})(?:([\])\s]*-[\[(\s]*)(\d{1,4}))?(?![\w.]*\d)")
_TAIL = re.compile(r"(?<![\w.,/-])[\[(]*(\d{1,4}(?:\s*[,-]\s*\d{1,4})*)[\])]*[\s.]*$")
_KNOWN = frozenset({"and", "ref", "refs", "reference", "references"})


@dataclass(frozen=True, slots=True)
class _Key:
    key: str
    start: int
    end: int


def read_references(text: str, lexicon: Lexicon) -> Reading[tuple[str, ...]]:
    """Return the keys of the works that `text` cites, in its order, each once; "12–14" is three keys.

    A number behind its author ("Smith et al.9", "Smith et al. 2010 [9]") is the key; without a number the author
    and year are.
    """
    if is_not_given(text, lexicon):
        return empty(())
    flat = plain(text).translate(_SUPERSCRIPTS)
    rule, keys = _keys(text, flat)
    if not keys:
        message = f"no reference in {squeeze(text)!r}; allowed are numbers, author and year, a DOI or a PMID"
        return unrecognised(
            (), "reference.none", text, warning("reference-unreadable", COLUMN, message, text)
        )
    spans = tuple(dict.fromkeys(Span(k.start, k.end) for k in keys))
    unread = left_over(text, spans, _KNOWN)
    return Reading(
        tuple(dict.fromkeys(k.key for k in keys)), State.MAPPED, rule, spans, unread, _remarks(text, unread)
    )


def _keys(text: str, flat: str) -> tuple[str, list[_Key]]:
    if _NUMBERS.fullmatch(flat):
        return "reference.numbers", list(_numbers(flat, 0))
    if _BARE_PUBMED.fullmatch(flat):
        found = re.finditer(r"\d+", flat)
        return "reference.pubmed", [_Key(f"PMID:{m.group()}", m.start(), m.end()) for m in found]
    if not any(char.isalpha() for char in flat):
        return "", []
    if len(flat) > _LONGEST_NAMES:
        flat = " " * (len(flat) - _LONGEST_NAMES) + flat[-_LONGEST_NAMES:]
    for rule, find in (
        ("reference.doi", _dois),
        ("reference.pubmed", _pubmed),
        ("reference.pubmed-central", _pubmed_central),
        ("reference.author-number", _author_numbers),
        ("reference.author-year", _author_years),
        ("reference.glued", _glued),
        ("reference.named", _named),
    ):
        if keys := list(find(text, flat)):
            return rule, keys
    if tail := _TAIL.search(flat):
        return "reference.tail", list(_numbers(flat[: tail.end()], tail.start()))
    return "reference.author", list(_authors(text, flat))


def _numbers(flat: str, at: int) -> Iterator[_Key]:
    for match in _NUMBER.finditer(flat, at):
        first, last = match.group(1), match.group(3)
        if last is None:
            yield _Key(first, match.start(), match.end())
        elif 0 < int(last) - int(first) <= _LONGEST_RANGE:
            for number in range(int(first), int(last) + 1):
                yield _Key(str(number), match.start(), match.end())
        else:
            yield _Key(f"{first}-{last}", match.start(), match.end())


def _dois(text: str, flat: str) -> Iterator[_Key]:
    for match in _DOI.finditer(flat):
        end = match.start(1) + len(match.group(1).rstrip(".,;)]"))
        yield _Key(text[match.start(1) : end], match.start(), end)


def _pubmed(_: str, flat: str) -> Iterator[_Key]:
    for match in _PUBMED.finditer(flat):
        yield _Key(f"PMID:{match.group(1)}", match.start(), match.end())


def _pubmed_central(_: str, flat: str) -> Iterator[_Key]:
    for match in _PMC.finditer(flat):
        yield _Key(match.group(), match.start(), match.end())


def _author_numbers(_: str, flat: str) -> Iterator[_Key]:
    """Take the number of the list where it stands behind each author and year: "Lee et al. 2010 [23]"."""
    found = list(_YEAR_AND_NUMBER.finditer(flat))
    if not found or len(found) != len(_AUTHOR_YEAR.findall(flat)):
        return
    for match in found:
        for key in _numbers(flat[: match.end()], match.start(1)):
            yield _Key(key.key, match.start(), match.end())


def _author_years(text: str, flat: str) -> Iterator[_Key]:
    for match in _AUTHOR_YEAR.finditer(flat):
        if not _MONTH.match(match.group()):
            yield _Key(squeeze(text[match.start() : match.end()]), match.start(), match.end())


def _glued(_: str, flat: str) -> Iterator[_Key]:
    for match in _GLUED.finditer(flat):
        yield _Key(match.group(2), match.start(), match.end())


def _named(_: str, flat: str) -> Iterator[_Key]:
    for match in _NAMED.finditer(flat):
        for key in _numbers(match[1], 0):
            yield _Key(key.key, match.start(), match.end())


def _authors(text: str, flat: str) -> Iterator[_Key]:
    match = _AUTHORS_ONLY.fullmatch(flat.strip())
    if match:
        start = len(text) - len(text.lstrip())
        yield _Key(squeeze(text), start, start + match.end())


def _remarks(text: str, unread: tuple[Span, ...]) -> tuple[Finding, ...]:
    if not unread:
        return ()
    return (info("reference-text", COLUMN, f"words beside the reference: {quoted(text, unread)}", text),)
