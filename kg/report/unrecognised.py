"""Records → unrecognised.csv: the words that no concept has, how often, where first, and the nearest that have one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from kg.model import Parsed
from kg.records import csv_line, harmless
from kg.vocabulary.lexicon import Concept, Lexicon
from kg.vocabulary.text import fold

HEADER = ("column", "words", "count", "source", "row", "candidate", "concept", "likeness")
_LEAST = 0.6  # below this likeness a candidate helps nobody
_MOST = 3
_LONGEST = 80  # longer texts are sentences, and comparing them with every form would take long


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """Words under a column that no concept has: how often, the first place, and the nearest forms with concept and
    likeness (0 to 1), best first. A candidate is a proposal; it is never applied by itself."""

    column: str
    words: str
    count: int
    source: str
    row: int
    candidates: tuple[tuple[str, Concept, float], ...]


def find_unrecognised(tables: Sequence[Parsed], lexicon: Lexicon) -> tuple[Unrecognised, ...]:
    """Return the unknown words of all records, the most frequent first."""
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], tuple[str, int]] = {}
    for record in (record for parsed in tables for record in parsed.records):
        for finding in record.findings:
            for words in finding.words:
                key = (finding.column, words)
                counts[key] += 1
                first.setdefault(key, (record.source, record.row))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        Unrecognised(column, words, count, *first[column, words], _nearest(column, words, lexicon))
        for (column, words), count in ordered
    )


def write_unrecognised(found: Sequence[Unrecognised]) -> Iterator[str]:
    """Yield unrecognised.csv: one line for each candidate, one without a candidate where there is none."""
    for line in (HEADER, *(line for one in found for line in _lines(one))):
        yield csv_line(map(harmless, line))


def _lines(one: Unrecognised) -> Iterator[tuple[str, ...]]:
    place = (one.column, one.words, str(one.count), one.source, str(one.row))
    for form, concept, likeness in one.candidates:
        yield (*place, form, concept.iri, f"{likeness:.2f}")
    if not one.candidates:
        yield (*place, "", "", "")


def _nearest(column: str, words: str, lexicon: Lexicon) -> tuple[tuple[str, Concept, float], ...]:
    """Return the forms most like `words` of the schemes that serve the column, one a concept."""
    wanted = fold(words)
    if len(wanted) > _LONGEST:
        return ()
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    best: dict[str, tuple[float, str, Concept]] = {}
    for scheme in lexicon.schemes(column):
        for concept in lexicon.concepts(scheme):
            for form in concept.forms:
                likeness = _likeness(matcher, fold(form))
                if likeness >= _LEAST and likeness > best.get(concept.iri, (0.0,))[0]:
                    best[concept.iri] = (likeness, form, concept)
    ranked = sorted(best.values(), key=lambda item: (-item[0], item[1], item[2].iri))
    return tuple((form, concept, likeness) for likeness, form, concept in ranked[:_MOST])


def _likeness(matcher: SequenceMatcher[str], form: str) -> float:
    """Return the share of matching characters, 0 as soon as the cheap bounds show that it is too small."""
    matcher.set_seq1(form)
    if matcher.real_quick_ratio() < _LEAST or matcher.quick_ratio() < _LEAST:
        return 0.0
    return matcher.ratio()
