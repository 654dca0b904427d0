"""The lines of a table without borders → those that surely begin a row, or surely end one, by a cell that each row has.

A trial's number, an author with a year, the next number of the rows, or a bracketed reference is hardly ever found
at the edge of a line in the middle of a row; where it is, no row goes on beyond it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from kg.cells.read import CellReader
from kg.segment.habits import Habits
from kg.segment.score import understood

_LEAST = 2  # rows with such a cell, for it to tell anything of the others
_MOST_NUMBER, _MOST_AUTHORS, _MOST_OWN = 3, 7, 4  # words of such a cell
_FEW = 0.15  # of the blocks, that may be other than they should
_LONG = re.compile(r"\d{6}")
_LONGEST, _LOOKED_AT = 40, 4000  # characters of a number, and of a line
_AL = ("et al.", "et al", "et al.,")
_PLAIN_END = re.compile(r"(?:^|\s)\d{1,3}(?:\s?[,–-]\s?\d{1,3})*$")
_MOST_LINES = 12  # of a row, in the mean


class Edges(NamedTuple):
    """Places between lines, as numbers of lines before them: where the lines are parted into `blocks`, one row each
    mostly; `begins` says that the row begins its block, else it ends it. No blocks where nothing tells."""

    blocks: tuple[tuple[int, int], ...] = ()
    begins: bool = True


def edges(texts: Sequence[str], keys: Sequence[str], reader: CellReader, habits: Habits) -> Edges:
    """Return the blocks of lines that the first column's cells begin, or else those that the last one's end."""
    trials = [at for at, text in enumerate(texts) if "trial_number" in keys and _has_trial(text, reader)]
    begins = list(_begins(texts, keys, reader, habits))
    if _tells(begins, len(texts)):
        found = Edges(tuple(pairwise([*begins, len(texts)])), True)
        if _one_trial_each(found.blocks, trials):
            return found
    ends = [at + 1 for at, text in enumerate(texts) if _is_end(text, keys, reader, habits)]
    plain = (
        sum(_PLAIN_END.search(text[-_LONGEST:]) is not None for text in texts)
        if keys[-1] == "reference"
        else 0
    )
    if _tells(ends, len(texts)) and 2 * plain <= len(ends):
        places = [0, *ends] if ends[-1] == len(texts) else [0, *ends, len(texts)]
        found = Edges(tuple(pairwise(places)), False)
        if _one_trial_each(found.blocks, trials):
            return found
    return Edges()


def _tells(places: Sequence[int], lines: int) -> bool:
    return len(places) >= _LEAST and lines <= _MOST_LINES * len(places)


def _one_trial_each(blocks: Sequence[tuple[int, int]], trials: Sequence[int]) -> bool:
    """Whether few of the blocks have several lines with the number of a trial."""
    several = sum(bisect_left(trials, end) - bisect_left(trials, start) > 1 for start, end in blocks)
    return several <= _FEW * len(blocks)


def _has_trial(text: str, reader: CellReader) -> bool:
    words = (word for word in text[:_LOOKED_AT].split() if _LONG.search(word) and len(word) <= _LONGEST)
    return any(understood(reader.read("trial_number", word.strip("(),;"))) for word in words)


def _begins(texts: Sequence[str], keys: Sequence[str], reader: CellReader, habits: Habits) -> Iterator[int]:
    """Yield the lines that begin with a cell of the first column; running numbers must come one after the other."""
    look, number = habits.looks.get(0), 1
    for at, text in enumerate(texts):
        words = text.split(maxsplit=_MOST_AUTHORS)[:_MOST_AUTHORS]
        if keys[0]:
            here = any(_is_anchor(keys[0], " ".join(words[:n]), reader) for n in range(1, len(words) + 1))
            if here or _goes_on_below(text, texts[at + 1 : at + 2], keys[0], reader):
                yield at
        elif look is not None and words and words[0].strip("#.)") == str(number) and look(words[0]):
            number += 1
            yield at


def _goes_on_below(text: str, below: Sequence[str], key: str, reader: CellReader) -> bool:
    """Whether a line is nothing but the beginning of an author's work, whose year stands on the line below."""
    if key != "reference" or not below or not text.endswith(_AL):
        return False
    year = below[0].split(maxsplit=1)[0] if below[0].strip() else ""
    return text.count(" ") < _MOST_AUTHORS - 1 and _is_anchor(key, f"{text} {year}", reader)


def _is_end(text: str, keys: Sequence[str], reader: CellReader, habits: Habits) -> bool:
    words = text.rsplit(maxsplit=_MOST_AUTHORS)[-_MOST_AUTHORS:]
    if keys[-1]:
        return any(_is_anchor(keys[-1], " ".join(words[-n:]), reader) for n in range(1, len(words) + 1))
    look = habits.looks.get(len(keys) - 1)
    return look is not None and any(look(" ".join(words[-n:])) for n in range(1, _MOST_OWN + 1))


def _is_anchor(key: str, text: str, reader: CellReader) -> bool:
    """Whether the whole text is a trial's valid number, an author's work, or references in brackets."""
    count = text.count(" ") + 1
    if key == "trial_number" and count <= _MOST_NUMBER and any(map(str.isdigit, text)):
        reading = reader.read(key, text)
        return understood(reading) and all(one.valid for one in reading.value)
    if key == "reference" and (text[0] == "[" or "19" in text or "20" in text or "al." in text):
        reading = reader.read(key, text)
        return understood(reading) and (text[0] == "[" or reading.rule.startswith("reference.author"))
    return False
