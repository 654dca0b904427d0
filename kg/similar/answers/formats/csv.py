"""Answer about likeness → CSV as RFC 4180 has it: one line a neighbour or a pair, of a comparison one line a facet.

A value keeps every character that the graph has, as in the CSV of queries.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from kg.similar.answers.answers import Answer, Comparison, Match, Pairs, Ranking
from kg.similar.answers.explain import FacetWords
from kg.similar.answers.formats.common import KEYS, decimal
from kg.similar.answers.listings import Cell, Listing, Score, Section, Told


def write_csv(answer: Answer) -> str:
    """Return the answer as CSV with a header line; scores and contributions are decimals."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows(_lines(answer))
    return out.getvalue()


def _lines(answer: Answer) -> Iterator[Sequence[str]]:
    if isinstance(answer, Comparison):
        return _facets(answer)
    if isinstance(answer, Listing):
        return _rows(answer.sections[0])
    return _pairs(answer) if isinstance(answer, Pairs) else _neighbours(answer)


def _neighbours(answer: Ranking) -> Iterator[Sequence[str]]:
    yield ("rank", KEYS[answer.asked.kind], "iri", "label", "score", *answer.asked.shares)
    for rank, match in enumerate(answer.matches, 1):
        yield (str(rank), match.other.name, match.other.iri, match.other.label, *_numbers(match))


def _pairs(answer: Pairs) -> Iterator[Sequence[str]]:
    key = KEYS[answer.asked.kind]
    others = ("other", "other_iri", "other_label")
    yield ("rank", key, "iri", "label", *others, "score", *answer.asked.shares)
    for rank, match in enumerate(answer.matches, 1):
        both = (text for one in (match.this, match.other) for text in (one.name, one.iri, one.label))
        yield (str(rank), *both, *_numbers(match))


def _facets(answer: Comparison) -> Iterator[Sequence[str]]:
    yield ("facet", "this", "other", "shared", "contribution", "weight")
    for facet, share in answer.asked.shares.items():
        words = answer.match.words.get(facet, FacetWords())
        texts = ("; ".join(said) for said in (words.this, words.other, words.shared))
        yield (facet, *texts, decimal(answer.match.contributions[facet]), f"{share:.6g}")


def _rows(section: Section) -> Iterator[Sequence[str]]:
    yield tuple(section.rows[0]) if section.rows else (section.name,)
    for row in section.rows:
        yield tuple(map(_cell, row.values()))


def _cell(value: Cell) -> str:
    if isinstance(value, tuple):
        return "; ".join(one.words if isinstance(one, Told) else one for one in value)
    return decimal(value.parts) if isinstance(value, Score) else str(value)


def _numbers(match: Match) -> Iterator[str]:
    yield decimal(match.score)
    yield from map(decimal, match.contributions.values())
