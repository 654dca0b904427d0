"""Header or cell → the kind of column that it belongs to, where the record has no key for that: year, sponsor, status.

The kinds are the concepts of the scheme `column` under `own-column`, which have header words and, in skos:example, whole
cells. Kinds whose cells have a shape of their own ("2015", "6 months") are known by that too.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kg.vocabulary.lexicon import Concept, Lexicon
from kg.vocabulary.namespaces import SKOS, TKG, VOCABULARY
from kg.vocabulary.text import fold, squeeze, words

SCHEME = "column"
_OWN = f"{VOCABULARY}{SCHEME}/own-column"
_EXAMPLE = f"{SKOS.iri}example"
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*")
_LONGEST = 100  # characters of a cell that has a shape
_EDGES = " \t#*†‡§¶‖:;,.-–—/|"
_YEAR = r"(?:19|20)\d\d"
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_NUMBER = r"\d+(?:\.\d+)?"
_LENGTH = rf"{_NUMBER}(?:\s*(?:-|to|,|and|or|/)\s*{_NUMBER})*\+?"
_UNIT = r"(?:hours?|hrs?|h|days?|d|weeks?|wks?|w|months?|mos?|m|years?|yrs?|y)"
_DURATION = rf"(?:(?:up to|at least|median|mean|approx\.?|about|[~<>≤≥])\s*)*{_LENGTH}[\s-]*{_UNIT}\b\.?"
_SHAPES = {
    "running-number": re.compile(r"#?\d{1,4}[.)]?"),
    "year": re.compile(rf"{_YEAR}(?:\s*[-/]\s*(?:{_YEAR}|\d\d))?"),
    "start-date": re.compile(
        rf"(?:\d{{1,2}}[\s/.-]+)?{_MONTH}[\s/.,-]*(?:\d{{1,2}},?\s*)?{_YEAR}|{_YEAR}-\d\d(?:-\d\d)?|\d{{1,2}}/\d{{1,2}}/{_YEAR}"
    ),
    "follow-up": re.compile(rf"{_DURATION}(?:[\s,;and]+{_DURATION})*(?:\s*\([^()]*\))?"),
    "age": re.compile(r"[<>≤≥]?\s*\d{1,3}(?:\s*(?:-|to)\s*\d{1,3})?\s*(?:years?|yrs?|y)(?:\s*(?:and|or) \w+)?"),
    "sex": re.compile(r"\d+\s?m?/\s?\d+\s?f?|\d+\s?[mf][,/ ]+\d+\s?[mf]"),
    "link": re.compile(r"(?:https?://|www\.)\S+"),
}  # fmt: skip
_SHAPES["completion-date"] = _SHAPES["start-date"]


def core(header: str) -> str:
    """Return a header without what stands in brackets and without marks at its ends, "Follow up (months)*"."""
    bare = squeeze(_BRACKETS.sub(" ", header)).strip(_EDGES)
    return bare or squeeze(header)


def column_concept(header: str, lexicon: Lexicon) -> Concept | None:
    """Return the column that the whole header names, or the whole of it outside brackets and marks, or None."""
    whole = lexicon.find(SCHEME, squeeze(header))
    return whole if whole is not None else lexicon.find(SCHEME, core(header))


def own_kind(header: str, lexicon: Lexicon) -> str:
    """Return the kind that a header names when the record has no key for it ("year", "sponsor"), else ""."""
    concept = column_concept(header, lexicon)
    return concept.name if concept is not None and _OWN in concept.broader else ""


def part_keys(concept: Concept, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the keys of the several things that the cells of this kind of column hold, () when it is no such kind.

    The order is that of the record's columns in the vocabulary, which is that of the concept's IRIs.
    """
    return tuple(lexicon.concept(iri).notation for iri in concept.notes.get(TKG.combines, ()))


def has_cells(kind: str, lexicon: Lexicon) -> bool:
    """Return whether cells of this kind can be known by their look; a sponsor's or a title cannot."""
    return kind in _SHAPES or bool(_examples(kind, lexicon))


def fits_kind(kind: str, text: str, lexicon: Lexicon) -> bool:
    """Return whether the whole of a cell looks like one of this kind: "2015" a year, "Recruiting" a status.

    A list of such cells fits too ("Spain, Italy"). False says nothing of a kind without `has_cells`.
    """
    shape = _SHAPES.get(kind)
    if shape is not None and len(text) <= _LONGEST and shape.fullmatch(fold(squeeze(text))):
        return True
    return bool(_examples(kind, lexicon)) and _is_list(text, _examples(kind, lexicon))


def _is_list(text: str, known: frozenset[str]) -> bool:
    if _form(text) in known:
        return True
    parts = [_form(part) for part in re.split(r"[,;/|&]|\band\b|[()]", text)]
    filled = [part for part in parts if part]
    return len(filled) > 1 and all(part in known for part in filled)


@lru_cache(maxsize=256)
def _examples(kind: str, lexicon: Lexicon) -> frozenset[str]:
    try:
        concept = lexicon.named(SCHEME, kind)
    except KeyError:
        return frozenset()
    return frozenset(_form(example) for example in concept.notes.get(_EXAMPLE, ()))


def _form(text: str) -> str:
    return " ".join(word.form for word in words(text))
