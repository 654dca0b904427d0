"""The cells of a column → how well they read under each key of the record.

A cell is graded: 1 it can hardly be anything else, 0.5 it may be this, 0 it says nothing, -1 it cannot be this. The
readers of cells decide; only what is a sure sign of its kind is said here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from kg.cells.read import CellReader
from kg.columns.kinds import fits_kind, has_cells
from kg.model import Reading, State
from kg.vocabulary.namespaces import TKG

KEYS = (
    *("disease", "cell_source", "donor", "product", "route", "dose", "frequency", "patients"),
    *("trial_number", "phase", "outcome", "reference"),
)
"""Every key that a column can have, in the order in which equals are preferred."""

CLEAR, MAYBE, WEAK, NOTHING, NEVER = 1.0, 0.5, 0.25, 0.0, -1.0
_SAMPLE = 40  # distinct cells of a column that are looked at
_LONGEST = 400  # characters; longer cells are prose, which says what it is by its length
_PROSE = 5  # words
_SENTENCE = 12
_COUNTED = 3  # rows that must be numbered
_DIGITS = 6
_ROMAN = re.compile(r"[IViv]")
_LETTER = re.compile(r"[^\W\d_]{2}")
_CITES = ("reference.doi", "reference.pubmed", "reference.author-year", "reference.glued", "reference.author")
# what is counted or compared of those treated: "7/10 closed", "56% vs 38%", "p = 0.03"
_JUDGED = ("report", "safe", "unmoved")
_AGAINST = re.compile(r"\d\s*%?\s*(?:vs\b|versus\b|/\s*\d+\s+[^\W\d_]{4})", re.IGNORECASE)
_COMPARED = re.compile(r"\d\s*%|\d\s*/\s*\d|\bvs\b\.?|\bp\s*[<=>]\s*0?\.\d", re.IGNORECASE)
_TAILS = ("reference.numbers", "reference.tail")
_LABELLED = re.compile(r"(?:^|[;|>.]\s*)[^\W\d_][^:|;<>]{2,40}:\s?\S")


class Fit(NamedTuple):
    """How the cells of a column read under one key: of `cells` different ones, how many clearly, at all, never."""

    cells: int = 0
    clear: int = 0
    some: int = 0
    never: int = 0
    mean: float = 0.0

    def share(self, count: int) -> float:
        """Return `count` as a share of the cells, 0 without cells."""
        return count / self.cells if self.cells else 0.0


class Cells:
    """The cells of one column in a sample of rows, those that say something, each text once."""

    def __init__(self, texts: Iterable[str], reader: CellReader) -> None:
        """Take the cells' `texts`, of which those that say that nothing is given do not count."""
        self.reader = reader
        self._fits: dict[str, Fit] = {}
        filled = [text for text in texts if not _is_blank(text, reader)]
        self.filled = len(filled)
        self.texts = tuple(dict.fromkeys(filled))[:_SAMPLE]

    def fit(self, key: str) -> Fit:
        """Return how these cells read under `key`; asked for once."""
        if key not in self._fits:
            self._fits[key] = self._fit(key)
        return self._fits[key]

    def may_be(self, key: str, least: float) -> bool:
        """Return whether at least the share `least` of the cells reads as `key` at all; asks no further than needed."""
        failures = (1 - least) * len(self.texts)
        for text in self.texts:
            failures -= grade(key, text, self.reader) < WEAK
            if failures < 0:
                return False
        return True

    def of_kind(self, kind: str) -> float:
        """Return the share of the cells that look like those of an own kind of column ("year"), 0 without cells."""
        if not self.texts or not has_cells(kind, self.reader.lexicon):
            return 0.0
        return sum(fits_kind(kind, text, self.reader.lexicon) for text in self.texts) / len(self.texts)

    @property
    def results(self) -> float:
        """The share of the cells that say how something went: "improved", "7/10 closed", "56% vs 38%".

        It is 0 when nearly all of them only have numbers, which may count anything.
        """
        worded = sum(map(self._has_direction, self.texts))
        said = sum(bool(_COMPARED.search(text)) or self._has_direction(text) for text in self.texts)
        return said / len(self.texts) if 3 * worded >= len(self.texts) > 0 else 0.0

    def _has_direction(self, text: str) -> bool:
        lexicon = self.reader.lexicon
        cues = (match.concept for match in lexicon.scan("cue", text))
        said = any(TKG.namesDirection in cue.notes or cue.note(TKG.wordClass) in _JUDGED for cue in cues)
        return said or bool(lexicon.scan("adverse-event", text) or _AGAINST.search(text))

    @property
    def labelled(self) -> bool:
        """Whether most cells are lists of labelled items, as registries write interventions: "Drug: X|Drug: Y"."""
        return bool(self.texts) and 2 * sum(map(bool, map(_LABELLED.search, self.texts))) > len(self.texts)

    @property
    def prose(self) -> bool:
        """Whether most cells are whole sentences, too long for a name."""
        return bool(self.texts) and 2 * sum(len(t.split()) >= _SENTENCE for t in self.texts) > len(self.texts)

    def _fit(self, key: str) -> Fit:
        grades = [grade(key, text, self.reader) for text in self.texts]
        return Fit(
            len(grades),
            sum(one == CLEAR for one in grades),
            sum(one >= WEAK for one in grades),
            sum(one == NEVER for one in grades),
            round(sum(grades) / len(grades), 3) if grades else 0.0,
        )


def grade(key: str, text: str, reader: CellReader) -> float:
    """Return how surely a cell that says something is one of the column `key`, from -1 to 1."""
    if len(text) > _LONGEST:
        return MAYBE if key == "outcome" else NOTHING
    return _GRADES[key](text, reader.read(key, text))


def _is_blank(text: str, reader: CellReader) -> bool:
    return not text.strip() or reader.read("", text).state is State.EMPTY


# ---------------------------------------------------------------- one key each


def _named(text: str, reading: Reading[Any]) -> float:
    if reading.state is State.MAPPED and reading.value.concepts:
        return CLEAR if reading.complete else MAYBE
    return NOTHING if _LETTER.search(text) and not _is_number_of_trial(text) else NEVER


def _source(text: str, reading: Reading[Any]) -> float:
    value = reading.value
    if reading.state is not State.MAPPED:
        return NOTHING if _LETTER.search(text) and not _is_number_of_trial(text) else NEVER
    if value.sources.concepts:
        return CLEAR if reading.complete else MAYBE
    return (MAYBE if reading.complete else WEAK) if value.product else NEVER


def _product(text: str, reading: Reading[Any]) -> float:
    return min(_source(text, reading), MAYBE)


def _dose(_: str, reading: Reading[Any]) -> float:
    doses = reading.value or ()
    if not doses:
        return NEVER
    if any(dose.unit for dose in doses):
        return CLEAR if reading.complete else MAYBE
    return WEAK if reading.complete else NOTHING


def _frequency(text: str, reading: Reading[Any]) -> float:
    if reading.state is not State.MAPPED:
        return NEVER
    schedule = reading.value
    if not (schedule.minimum or schedule.maximum or schedule.median or schedule.interval):
        return NOTHING
    if not _LETTER.search(text):
        return WEAK
    return CLEAR if reading.complete else MAYBE


def _patients(_: str, reading: Reading[Any]) -> float:
    if reading.value is None:
        return NEVER
    return MAYBE if reading.rule == "count.number" or not reading.complete else CLEAR


def _trial_number(_: str, reading: Reading[Any]) -> float:
    if any(one.valid or one.registry for one in reading.value or ()):
        return CLEAR if reading.complete else MAYBE
    return WEAK if reading.value else NEVER


def _phase(text: str, reading: Reading[Any]) -> float:
    if reading.state is not State.MAPPED:
        return NEVER
    worded = "phase" in text.lower() or _ROMAN.search(text)
    return CLEAR if worded and reading.complete else MAYBE


def _reference(text: str, reading: Reading[Any]) -> float:
    if reading.state is not State.MAPPED:
        return NOTHING if _LETTER.search(text) and not _is_number_of_trial(text) else NEVER
    if reading.rule in _CITES or (reading.rule in _TAILS and "[" in text):
        return CLEAR
    return MAYBE if reading.rule == "reference.numbers" else WEAK


def _outcome(text: str, reading: Reading[Any]) -> float:
    if reading.state is State.MAPPED:
        return CLEAR
    if len(text.split()) >= _PROSE or _COMPARED.search(text):
        return MAYBE
    return WEAK if _LETTER.search(text) and not _is_number_of_trial(text) else NEVER


def _is_number_of_trial(text: str) -> bool:
    return sum(map(str.isdigit, text)) > sum(map(str.isalpha, text))


_GRADES: dict[str, Callable[[str, Reading[Any]], float]] = {
    **dict.fromkeys(("disease", "donor", "route"), _named),
    "cell_source": _source,
    "product": _product,
    "dose": _dose,
    "frequency": _frequency,
    "patients": _patients,
    "trial_number": _trial_number,
    "phase": _phase,
    "reference": _reference,
    "outcome": _outcome,
}


def counts_rows(texts: Sequence[str]) -> bool:
    """Return whether the cells of the first rows only number them: 1, 2, 3 and so on, at least three of them.

    A number may be left out, as when the row that has it could not be read.
    """
    numbers = [text.strip("# .)") for text in texts if text.strip()]
    if len(numbers) < _COUNTED or not all(number.isdecimal() and len(number) < _DIGITS for number in numbers):
        return False
    counted = list(map(int, numbers))
    grows = all(before < after for before, after in pairwise(counted))
    return counted[0] == 1 and grows and 5 * len(counted) >= 4 * counted[-1]
