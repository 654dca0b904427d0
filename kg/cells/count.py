"""A cell with a number of patients ("54", "20(10/10)", "n = 20") → that number, never guessed.

The words that may stand beside the number are the column's header words in the lexicon ("patients", "n").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.cells.arms import bracketed_arms, listed_arms, per_arm, slashed_arms
from kg.cells.common import empty, info, quoted, unrecognised, warning
from kg.cells.numbers import LONGEST_CELL, WORDS, gaps, merged
from kg.model import Finding, Reading, Span, State
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.marks import is_not_given

ALLOWED = "one whole number, its arms in brackets, or arms with their numbers, e.g. 54; 20 (10/10); n = 20"
_COLUMN = "patients"
_LONGEST = 9  # digits; what is longer, as no number word is, counts no patients
_SCHEME = "column"
_PLAIN = re.compile(r"\s*([1-9]\d{0,5}|0)(?:\.0{1,2})?[*†‡§#]{0,3}\s*")  # "20.0" is a spreadsheet's 20
_NUMBER = re.compile(r"(?<![\w.,/^-])(?:\d{1,3}(?:,\d{3})+|\d+)(?![\w^]|[.,]\d|/\d)")
_TENS = {
    word: 10 * n
    for n, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}
_WORD = re.compile(
    rf"\b(?a:(?:{'|'.join(_TENS)})[- ](?:{'|'.join(list(WORDS)[:9])})|{'|'.join(WORDS)}|{'|'.join(_TENS)})\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\s*(?:eyes?|knees?|hips?|joints?|limbs?|legs?|teeth|tooth|defects?|lesions?|wounds?|fistulas?|fistulae|sites?)\b",
    re.IGNORECASE,
)
# no words that fill a column of their own beside the number (male, randomized)
_PEOPLE = re.compile(
    r"\b(?:pts?\b\.?|children|adults|infants|neonates|newborns|people|persons|(?:healthy\s)?volunteers|individuals|enrolled)\b",
    re.IGNORECASE,
)
_GROUPS = re.compile(r"\s*(?:[^\W\d_][^:;]*:\s*(?:n\s*=\s*)?\d{1,6}\s*(?:[;,/|]\s*|$)){2,}", re.IGNORECASE)
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
    r"(?:estimated|planned|anticipated|expected|actual|target|total|of|in|[=:.()[\]]"
    r"|[(\[](?:terminated|completed|ongoing|recruiting)[)\]])+",
    re.IGNORECASE,
)


def read_count(text: str, lexicon: Lexicon, header: str = "") -> Reading[int | None]:
    """Read a number of patients; a range, an estimate or several numbers give None and a warning.

    A `header` such as "Trial/Control" says what "20/20" counts. `rule` is "count.number", "count.arms" (arms in
    brackets add up to the number before them), "count.sum" (arms that are listed and added), or "count.text" (a
    number among other words).
    """
    plain = _PLAIN.fullmatch(text)
    if plain:
        return Reading(int(plain[1]), State.MAPPED, "count.number", gaps(text, ()))
    if len(text) > LONGEST_CELL:
        return _refuse(text)
    if not any(char.isdigit() for char in text) and not _WORD.search(text):
        return empty(None) if is_not_given(text, lexicon) else _refuse(text)
    return _arms(text) or _sum(text) or _slashed(text, header) or _in_words(text, lexicon)


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
        numbers = [int(n) for n in _DIGITS.findall(text)]
    elif _GROUPS.fullmatch(text):
        numbers = [int(n) for n in _GROUP.findall(text)]
    else:
        numbers = listed_arms(text)
    return _summed(text, numbers) if numbers else None


def _summed(text: str, numbers: Sequence[int]) -> Reading[int | None]:
    total = sum(numbers)
    message = f"{' + '.join(map(str, numbers))} patients of all arms are added up to {total}"
    finding = info("count-summed", _COLUMN, message, text)
    return Reading(total, State.MAPPED, "count.sum", gaps(text, ()), (), (finding,))


def _slashed(text: str, header: str) -> Reading[int | None] | None:
    """Add up "40/20": a part would not be greater than its whole, so these are arms, as a header may say."""
    numbers = slashed_arms(text)
    if not numbers:
        return None
    if numbers[0] > numbers[1] or len(numbers) > 2 or "/" in header:
        return _summed(text, numbers)
    message = f"{text!r} may be two arms, {sum(numbers)} patients, or {numbers[0]} of {numbers[1]} patients"
    finding = warning("count-unrecognised", _COLUMN, message, text, _HINT)
    return unrecognised(None, "count.unrecognised", text, finding)


def _in_words(text: str, lexicon: Lexicon) -> Reading[int | None]:
    outside = _BRACKET.sub(lambda bracket: " " * len(bracket.group()), text)
    found = [*_NUMBER.finditer(outside)] or [*_WORD.finditer(outside)]
    named = _header_words(text, lexicon)
    match = _of_patients(outside, found, named)
    if match is None or _DOUBT.search(outside) or _counts_others(outside, match):
        return _refuse(text)
    value = _value(match.group())
    if value is None:
        return _refuse(text)
    parts = [Span(*b.span()) for b in _BRACKET.finditer(text) if bracketed_arms(b.group(), value)]
    used = merged(text, [Span(match.start(), match.end()), *named, *parts, *_people(text)])
    unread = tuple(s for s in gaps(text, used) if not _qualifies(text[s.start : s.end]))
    findings = (_unknown(text, unread),) if unread else ()
    return Reading(value, State.MAPPED, "count.arms" if parts else "count.text", used, unread, findings)


def _of_patients(outside: str, found: Sequence[re.Match[str]], named: Sequence[Span]) -> re.Match[str] | None:
    """Return the one number, or of several ("60 eyes of 30 patients") the one that counts patients."""
    if len(found) == 1:
        return found[0]
    others = [m for m in found if _OTHERS.match(outside, m.end())]
    starts = {span.start for span in (*named, *_people(outside))}
    blanks = {m.end(): len(outside) - len(outside[m.end() :].lstrip()) for m in found}
    counted = [m for m in found if m not in others and blanks[m.end()] in starts]
    return counted[0] if len(counted) == 1 and len(counted) + len(others) == len(found) else None


def _counts_others(outside: str, match: re.Match[str]) -> bool:
    """Whether the number counts eyes or knees, or the patients of one arm only."""
    return _OTHERS.match(outside, match.end()) is not None or per_arm(outside)


def _value(written: str) -> int | None:
    digits = written.replace(",", "").lower()
    if digits.isdecimal():
        return int(digits) if len(digits) <= _LONGEST else None
    return sum(WORDS.get(word) or _TENS.get(word, 0) for word in re.split("[- ]", digits)) or None


def _people(text: str) -> list[Span]:
    return [Span(*match.span()) for match in _PEOPLE.finditer(text)]


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
