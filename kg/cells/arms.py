"""Arms of a trial with their numbers ("10 MSC vs 10 control", "20 (12 treated, 8 placebo)") → those numbers."""

from __future__ import annotations

import re

_LISTED = re.compile(r"[;,/|+&]|\b(?:vs\.?|versus|and)\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.,^-])\d{1,6}(?![\w^]|[.,]\d)")
_LETTERED = re.compile(r"(?<![\w.,^-])\d{1,6}(?=[MF]?\b)(?![.,]\d)")  # "3M/2F" counts men and women
_ARM = re.compile(
    r"\b(?:arms?|groups?|cohorts?|treat(?:ed|ment|ments)?|tests?|trial|experiment(?:al)?|intervention|control(?:s|led)?"
    r"|placebo|sham|saline|standard|vehicle|active|cases?)\b",
    re.IGNORECASE,
)
_PER_ARM = re.compile(
    r"(?:\bper|\beach|\bin\seach|/)\s?(?:arm|group|cohort|dose|level|site)\b|\beach\b", re.IGNORECASE
)
_PLAIN = re.compile(r"\s*(\d{1,6})\s*(?:vs\.?|versus)\s*(\d{1,6})\s*", re.IGNORECASE)
_SLASHED = re.compile(r"\s*(\d{1,6})(?:\s*[/:]\s*(\d{1,6}))(?:\s*[/:]\s*(\d{1,6}))*\s*")
_SPREAD = re.compile(r"\d\s?[-–—]\s?\d|[~∼≈<>≤≥±%×]|\d\.\d")
_FEWEST = 2


def listed_arms(text: str) -> list[int]:
    """Return the number of each arm where the whole text lists arms by name, or two numbers versus each other.

    Each piece between the marks has one number, or none where it only goes on; one piece at least names an arm.
    """
    if versus := _PLAIN.fullmatch(text):
        return [int(number) for number in versus.groups()]
    if _SPREAD.search(text) or _PER_ARM.search(text) or not _ARM.search(text):
        return []
    pieces = [[int(n) for n in _NUMBER.findall(piece)] for piece in _LISTED.split(text) if piece.strip()]
    if len(pieces) < _FEWEST or any(len(numbers) != 1 for numbers in pieces):
        return []
    return [number for numbers in pieces for number in numbers]


def slashed_arms(text: str) -> list[int]:
    """Return the numbers of "40/20", [] for any other text."""
    return [int(number) for number in re.findall(r"\d+", text)] if _SLASHED.fullmatch(text) else []


def bracketed_arms(bracket: str, total: int) -> bool:
    """Whether the numbers in a bracket are parts that add up to the number before it."""
    numbers = [int(n) for n in _LETTERED.findall(bracket)]
    return len(numbers) >= _FEWEST and sum(numbers) == total and not _SPREAD.search(bracket)


def per_arm(text: str) -> bool:
    """Whether the text says how many patients one arm has, which is no number of all of them."""
    return _PER_ARM.search(text) is not None
