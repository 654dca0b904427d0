"""A cell with a number of patients ("54", "20(10/10)", "n = 20") → that number, never guessed.

The words that may stand beside the number are the column's header words in the lexicon ("patients", "n").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.cells.common import empty, info, quoted, unrecognised, warning
from kg.cells.numbers import LONGEST_CELL, WORDS, gaps, merged
from kg.model import Finding, Reading, Span, State
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.marks import is_not_given

ALLOWED = "one whole number, its arms in brackets, or arms with their numbers, e.g. 54; 20 (10/10); n = 20"
_COLUMN = "patients"
_LONGEST = 9  # digits; what is longer, as no number word is, counts no patients
_SCHEME = "column"
_PLAIN = re.compile(r"\s*([1-9]\d{0,5}|0)\s*")
_NUMBER = re.compile(r"(?<![\w.,/^-])(?:\d{1,3}(?:,\d{3})+|\d+)(?![\w^]|[.,]\d|/\d)")
_WORD = re.compile(rf"\b(?a:{'|'.join(WORDS)})\b", re.IGNORECASE)
_GROUPS = re.compile(r"\s*(?:[^\W\d_][^:;]*:\s*(?:n\s*=\s*)?\d{1,6}\s*(?:[;,]\s*|$)){2,}", re.IGNORECASE)
_GROUP = re.compile(r":\s*(?:n\s*=\s*)?(\d+)", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_SUM = re.compile(r"\s*\d{1,6}(?:\s*\+\s*\d{1,6})+\s*")
_ARMS = re.compile(r"\s*(\d{1,6})\s?([(\[]\s?\d{1,6}(?:\s?[/+:;,]\s?\d{1,6})+\s?[)\]])\s*")
_DOUBT = re.compile(
    r"[~∼≈<>≤≥±]|(?<!\w)[-–−]\s?\d|\d\s?[-–—]\s?\d|\d\.\d|\d/\d|%"
    r"|\b(?:about|approximately|approx|up to|at least|more than|less than|around|circa|ca)\b",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_HINT = "look at the source and write one whole number"
_QUALIFIER = re.compile(
    r"(?:estimated|planned|anticipated|expected|actual|target|total|of|in|[=:.])+", re.IGNORECASE
)


def read_count(text: str, lexicon: Lexicon) -> Reading[int | None]:
    """Read a number of patients; a range, an estimate or several numbers give None and a warning.

    `rule` is "count.number", "count.arms" (arms in brackets add up to the number before them), "count.sum"
    (arms that are listed and added), or "count.text" (a number among other words).
    """
    plain = _PLAIN.fullmatch(text)
    if plain:
        return Reading(int(plain[1]), State.MAPPED, "count.number", (Span(plain.start(1), plain.end(1)),))
    if len(text) > LONGEST_CELL:
        return _refuse(text)
    if not any(char.isdigit() for char in text) and not _WORD.search(text):
        return empty(None) if is_not_given(text, lexicon) else _refuse(text)
    return _arms(text) or _sum(text) or _in_words(text, lexicon)


def _arms(text: str) -> Reading[int | None] | None:
    match = _ARMS.fullmatch(text)
    if match is None:
        return None
    total, arms = int(match[1]), [int(n) for n in _DIGITS.findall(match[2])]
    findings: tuple[Finding, ...] = ()
    if sum(arms) != total:
        message = f"the arms in brackets add up to {sum(arms)}, not to {total}"
        findings = (warning("count-arms-differ", _COLUMN, message, text, _HINT),)
    return Reading(total, State.MAPPED, "count.arms", gaps(text, ()), (), findings)


def _sum(text: str) -> Reading[int | None] | None:
    if _SUM.fullmatch(text):
        numbers = _DIGITS.findall(text)
    elif _GROUPS.fullmatch(text):
        numbers = _GROUP.findall(text)
    else:
        return None
    total = sum(int(n) for n in numbers)
    message = f"{' + '.join(numbers)} patients of all arms are added up to {total}"
    finding = info("count-summed", _COLUMN, message, text)
    return Reading(total, State.MAPPED, "count.sum", gaps(text, ()), (), (finding,))


def _in_words(text: str, lexicon: Lexicon) -> Reading[int | None]:
    outside = _BRACKET.sub(lambda bracket: " " * len(bracket.group()), text)
    found = [*_NUMBER.finditer(outside)] or [*_WORD.finditer(outside)]
    if len(found) != 1 or _DOUBT.search(outside):
        return _refuse(text)
    match = found[0]
    digits = match.group().replace(",", "").lower()
    if len(digits) > _LONGEST:
        return _refuse(text)
    value = WORDS.get(digits) or int(digits)
    used = merged(text, [Span(match.start(), match.end()), *_header_words(text, lexicon)])
    unread = gaps(text, used)
    unread = tuple(s for s in unread if not _qualifies(text[s.start : s.end]))
    findings = (_unknown(text, unread),) if unread else ()
    return Reading(value, State.MAPPED, "count.text", used, unread, findings)


def _header_words(text: str, lexicon: Lexicon) -> list[Span]:
    matches = lexicon.scan(_SCHEME, text)
    return [Span(m.start, m.end) for m in matches if m.concept.notation == _COLUMN]


def _qualifies(words: str) -> bool:
    return all(_QUALIFIER.fullmatch(word) for word in words.split())


def _unknown(text: str, unread: Sequence[Span]) -> Finding:
    message = f"not part of a number of patients: {quoted(text, unread)}; allowed: {ALLOWED}"
    return warning("word-unknown", _COLUMN, message, text, _HINT)


def _refuse(text: str) -> Reading[int | None]:
    message = f"no single number of patients; allowed: {ALLOWED}"
    finding = warning("count-unrecognised", _COLUMN, message, text, _HINT)
    return unrecognised(None, "count.unrecognised", text, finding)
