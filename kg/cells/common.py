"""Spans used by a reader → the words left over; and the readings and findings that all readers share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

from kg.errors import shorten
from kg.model import Finding, Reading, Severity, Span, State
from kg.vocabulary.text import Word, fold, words

T = TypeVar("T")

MARKS = frozenset(',;:/|&+()[]{}<>"“”*†‡§¶#·•®™©_=~?!')
"""Marks that join or decorate what a cell names; they are never words of their own."""


def empty(value: T) -> Reading[T]:
    """Return the reading of a cell that says that nothing is given."""
    return Reading(value, State.EMPTY, "not-given")


def unrecognised(value: T, rule: str, text: str, finding: Finding) -> Reading[T]:
    """Return the reading of a cell of which nothing was understood: all of it is unread."""
    return Reading(value, State.UNRECOGNISED, rule, (), (Span(0, len(text)),), (finding,))


def info(code: str, column: str, message: str, raw: str, hint: str = "") -> Finding:
    """Return a finding that is only a remark."""
    return Finding(Severity.INFO, code, column, message, raw, hint)


def warning(code: str, column: str, message: str, raw: str, hint: str = "") -> Finding:
    """Return a finding of something doubtful."""
    return Finding(Severity.WARNING, code, column, message, raw, hint)


def left_over(text: str, used: Iterable[Span], known: Collection[str]) -> tuple[Span, ...]:
    """Return the stretches of `text` outside `used` whose words are neither in `known` (folded) nor marks.

    Unknown words that follow each other without a used stretch between them make one span.
    """
    return join_words(outside(words(text), used), known)


def outside(sequence: Sequence[Word], used: Iterable[Span]) -> list[Word | None]:
    """Return `sequence` with None in place of every word that touches one of the `used` spans."""
    taken = sorted((span.start, span.end) for span in used)
    kept: list[Word | None] = []
    for word in sequence:
        while taken and taken[0][1] <= word.start:
            taken.pop(0)
        covered = bool(taken) and taken[0][0] < word.end
        kept.append(None if covered else word)
    return kept


def join_words(rest: Iterable[Word | None], known: Collection[str]) -> tuple[Span, ...]:
    """Return one span for each run of unknown words; None, a mark or a known word ends a run."""
    runs: list[Span] = []
    open_run = False
    for word in rest:
        if word is None or word.form in MARKS or word.form in known:
            open_run = False
            continue
        start = runs.pop().start if open_run else word.start
        runs.append(Span(start, word.end))
        open_run = True
    return tuple(runs)


def plain(text: str) -> str:
    """Return `text` with one kind of dash, quote and blank, its letters untouched; the length stays."""
    return "".join(own if own.isalpha() else flat for own, flat in zip(text, fold(text), strict=True))


def quoted(text: str, spans: Iterable[Span]) -> str:
    """Return the words of `spans` quoted and joined, for a message."""
    return ", ".join(repr(shorten(text[span.start : span.end], 60)) for span in spans)
