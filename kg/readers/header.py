"""Lines or cells → how much they look like a table's header: words of the scheme "column", nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kg.errors import SourceError
from kg.readers.surroundings import find_label
from kg.vocabulary.lexicon import Concept, Lexicon
from kg.vocabulary.namespaces import TKG
from kg.vocabulary.text import squeeze

LEAST_COLUMNS = 3  # fewer known columns than this are a sentence, not a header
# in characters; what is longer is prose
_LONGEST_LINE = 1000
_LONGEST_CELL = 150
# a caption names columns too, but between words that no header has
_PROSE = re.compile(
    r"\b(?:the|with|in|is|are|was|were|has|have|that|this|these|which|we|our)\b", re.IGNORECASE
)
_MOST_PROSE = 1
# what only says in which unit a column is
_UNIT = re.compile(r"\s*(?:[(\[×]|\bx\s*10|\bper\b).*", re.IGNORECASE | re.DOTALL)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z][A-Za-z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")


class Score(NamedTuple):
    """How much a text looks like a header: different columns named, and the share of letters they cover."""

    columns: int
    covered: float

    @property
    def is_header(self) -> bool:
        """Whether enough columns are named and they make up most of the text."""
        return self.columns >= LEAST_COLUMNS and self.covered > 0.5


NO_SCORE = Score(0, 0.0)


def score_line(text: str, lexicon: Lexicon) -> Score:
    """Return how much a line without borders looks like a header."""
    if len(text) > _LONGEST_LINE or len(_PROSE.findall(text)) > _MOST_PROSE or find_label(text):
        return NO_SCORE
    columns, covered = _named(text, lexicon)
    return Score(len(set(columns)), covered)


def score_cells(cells: Sequence[str], lexicon: Lexicon) -> Score:
    """Return how much a row of cells looks like a header; a cell counts if most of it is a column's name."""
    if sum(0 < len(cell) <= _LONGEST_CELL for cell in cells) < LEAST_COLUMNS:
        return NO_SCORE
    named = columns_named(cells, lexicon)
    # the columns need not be most of a row with borders: an export has dozens that nobody asked for
    return Score(len(named), 1.0 if named else 0.0)


def columns_named(cells: Iterable[str], lexicon: Lexicon) -> tuple[str, ...]:
    """Return the keys of the columns that the cells are names of, each once; prose names none.

    A header for several things, "Dose and route", names each of them.
    """
    keys: dict[str, None] = {}
    for concept in _concepts_named(cells, lexicon):
        parts = (lexicon.concept(iri).notation for iri in concept.notes.get(TKG.combines, ()))
        keys.update(dict.fromkeys([concept.notation] if concept.notation else parts))
    return tuple(keys)


def others_named(cells: Iterable[str], lexicon: Lexicon) -> tuple[str, ...]:
    """Return the names of the known columns that the record has no key for and the cells are names of."""
    found = (c for c in _concepts_named(cells, lexicon) if not (c.notation or TKG.combines in c.notes))
    return tuple(dict.fromkeys(concept.name for concept in found))


def _concepts_named(cells: Iterable[str], lexicon: Lexicon) -> list[Concept]:
    short = [cell for cell in cells if 0 < len(cell) <= _LONGEST_CELL]
    return [columns[0] for columns, covered in (_best_named(c, lexicon) for c in short) if covered > 0.5]


def _best_named(cell: str, lexicon: Lexicon) -> tuple[tuple[Concept, ...], float]:
    """Return the columns that a header names, with its unit or without it: "Dose (10^6 cells/kg)"."""
    bare = _UNIT.sub("", cell)
    ways = dict.fromkeys((cell, bare) if bare else (cell,))
    return max((_named(way, lexicon) for way in ways), key=lambda found: found[1])


def readable(header: str) -> str:
    """Return a header as words: "cell_source" and "cellSource", as programs write it, become "cell source".

    Nothing but blanks changes, and a name without small letters, such as "NCT", stays as it is.
    """
    return squeeze(_HUMP.sub(" ", header.replace("_", " ")))


def is_markup(text: str) -> bool:
    """Whether `text` is HTML, XML or JSON, whose tags and keys must not be read as words of a table."""
    return text.lstrip().startswith(("<", "{", "["))


def best_header(scores: Iterable[tuple[int, Score]]) -> int | None:
    """Return the index with the best header score, the first of equals, or None when nothing is a header."""
    headers = [(score, -index) for index, score in scores if score.is_header]
    return -max(headers)[1] if headers else None


def no_table(name: str, layouts: Iterable[str], lexicon: Lexicon) -> SourceError:
    """Return the error for a source without a header that any reader knows."""
    known = ", ".join(concept.label for concept in lexicon.concepts("column") if concept.notation)
    return SourceError(
        f"no table found: no line names at least {LEAST_COLUMNS} known columns as a header does",
        where=name,
        allowed=f"a table with a header ({', '.join(layouts)}); known columns: {known}",
        hint="paste the page with the table's header line; "
        "another spelling of a header is added in ontology/vocabulary/column.ttl",
    )


def no_rows(name: str, header: str, line: int) -> SourceError:
    """Return the error for a header with nothing under it."""
    return SourceError(
        "the table has a header but no rows under it",
        where=f"{name}, line {line}",
        raw=header,
        allowed="at least one row under the header",
        hint="copy the whole table; perhaps only its head was selected",
    )


def _named(text: str, lexicon: Lexicon) -> tuple[tuple[Concept, ...], float]:
    # as it is written comes first: "TrialID" is a form of its own
    ways = dict.fromkeys((text.replace("_", " "), readable(text)))
    return max((_matched(way, lexicon) for way in ways), key=lambda found: found[1])


def _matched(text: str, lexicon: Lexicon) -> tuple[tuple[Concept, ...], float]:
    letters = _letters(text)
    matches = lexicon.scan("column", text) if letters else ()
    covered = sum(_letters(text[m.start : m.end]) for m in matches)
    return tuple(m.concept for m in matches), covered / letters if letters else 0.0


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
