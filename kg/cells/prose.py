"""A caption, a title, the words of an arm → the disease, source, route, donor and product that they speak of.

Prose names more than a trial studies: earlier grafts, diseases that are only compared. So a source counts where it
qualifies a product, several diseases only where they are joined as one topic, and nothing is taken where it is unsure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

from kg.cells.concept import donor_in_text, root_product
from kg.cells.courses import behind_verb, with_noun
from kg.cells.mentions import GRAMMAR, join_mentions
from kg.cells.yielding import meant
from kg.model import Mentions, Span
from kg.vocabulary.lexicon import Concept, Lexicon, Match
from kg.vocabulary.text import fold, squeeze, words

T = TypeVar("T")


class Said(NamedTuple, Generic[T]):
    """A value and the words for it."""

    value: T
    words: str


LONGEST = 5000  # characters of prose that are looked into
_TOPIC = re.compile(
    r"[\s,;:()/&+\[\]-]*(?:\b(?:and|or|with|in|of|the|by|from|due|to|patients?|people|caused|induced|associated|related"
    r"|secondary|following|complicated|including|especially|severe|critical|moderate|mild|acute|chronic|refractory"
    r"|steroid-refractory|active|advanced|progressive|early|late|novel|new|non|adult|pediatric|children|its"
    r"|complications?|pneumonia)\b[\s,;:()/&+\[\]-]*)*"
)
_TAKEN = re.compile(r"[\s)]*(?:aspirat|harvest|biops|puncture)", re.IGNORECASE)
_GRAFT = re.compile(r"[\s)]*(?:transplant|graft|recipient)", re.IGNORECASE)
_STOP = re.compile(r"[.,;:()]")
_FEW = 2  # words between a donor word and what it speaks of
_EARLIER = re.compile(r"transplant|graft", re.IGNORECASE)
_FROM = re.compile(r"\b(?:from|of)\s(?:the\s|human\s|their\sown\s|own\s)*$")
_QUALIFYING = frozenset(
    [*GRAMMAR, "tissue", "adult", "expanded", "cultured", "allogeneic", "autologous", "(", ")"]
)


@lru_cache(maxsize=256)
def topic(text: str, lexicon: Lexicon, most: int = LONGEST) -> Said[Mentions] | None:
    """Return the disease that a text is about; several, but not more than `most`, only where it joins them.

    "COVID-19 and ARDS" is one topic, "COVID-19: lessons from ARDS" is none.
    """
    found = _first_of_each(lexicon.scan("disease", text[:LONGEST], free_text=True))
    narrow = [m for m in found if not any(m.concept in lexicon.ancestors(o.concept) for o in found)]
    if not 0 < len(narrow) <= most:
        return None
    gaps = (fold(text[one.end : other.start]) for one, other in pairwise(narrow))
    inside = [[m for m in found if a.end <= m.start < b.start] for a, b in pairwise(narrow)]
    if not all(_joins(gap, between, a.end) for gap, between, a in zip(gaps, inside, narrow, strict=False)):
        return None
    value, _ = join_mentions(text, narrow, "disease", lexicon)
    return Said(value, squeeze(text[narrow[0].start : narrow[-1].end]))


@lru_cache(maxsize=256)
def sources_in(text: str, lexicon: Lexicon) -> Said[Mentions] | None:
    """Return the sources of the products that a text names: "adipose-derived MSCs", "stem cells from cord blood"."""
    text = text[:LONGEST]
    products = lexicon.scan("product", text)
    every = (m for m in lexicon.scan("cell-source", text) if _is_name(text[m.start : m.end]))
    found = _first_of_each(meant(text, [m for m in every if _is_source(text, m, products)], lexicon))
    if not found:
        return None
    value, _ = join_mentions(text, found, "cell_source", lexicon)
    return Said(value, _quoted(text, found))


@lru_cache(maxsize=256)
def routes_in(text: str, lexicon: Lexicon) -> Said[Mentions] | None:
    """Return the routes that a text names; the name of a place is one behind a verb: "infused into the portal vein"."""
    text = text[:LONGEST]
    sure = lexicon.scan("route", text, free_text=True)
    put = [m for m in lexicon.scan("route", text) if m not in sure and behind_verb(text, m.start) is not None]
    found = _first_of_each(meant(text, sorted((*sure, *put), key=lambda m: m.start), lexicon))
    if not found:
        return None
    value, _ = join_mentions(text, found, "route", lexicon)
    spans = [with_noun(text, Span(match.start, match.end)) for match in found]
    spans = [Span(verb, s.end) if (verb := behind_verb(text, s.start)) is not None else s for s in spans]
    return Said(value, " ; ".join(squeeze(text[span.start : span.end]) for span in spans))


@lru_cache(maxsize=256)
def product_in(text: str, lexicon: Lexicon) -> Said[Concept] | None:
    """Return the root concept of the one product that a text names, None when there are several."""
    found = lexicon.scan("product", text[:LONGEST], free_text=True)
    roots = list(dict.fromkeys(root_product(match.concept, lexicon) for match in found))
    return Said(roots[0], text[found[0].start : found[0].end]) if len(roots) == 1 else None


@lru_cache(maxsize=256)
def donor_in(text: str, lexicon: Lexicon) -> Said[Concept] | None:
    """Return the donor where one donor word of a text qualifies the cells, stands apart, or opens it."""
    text = text[:LONGEST]
    reading = donor_in_text(text, lexicon)
    if reading.value is not None:
        return Said(reading.value, " ; ".join(text[span.start : span.end] for span in reading.spans))
    named = lexicon.scan("donor", text, free_text=True)
    if len({m.concept for m in named}) != 1 or _EARLIER.search(text):
        return None
    sure = next((m for m in named if _stands_alone(text, m) or _leads(text, m, lexicon)), None)
    return Said(sure.concept, text[sure.start : sure.end]) if sure else None


def _stands_alone(text: str, donor: Match) -> bool:
    """Whether a donor word opens the text or fills what stands between two marks: "Frailty, allogeneic"."""
    before, after = text[: donor.start].rstrip(), text[donor.end :].lstrip()
    return not before or (before[-1] in ",;(:" and (not after or after[0] in ",;)."))


def _leads(text: str, donor: Match, lexicon: Lexicon) -> bool:
    """Whether a product or its source follows a donor word within the same phrase: "autologous BCMA CAR T cells"."""
    heads = (*lexicon.scan("product", text), *lexicon.scan("cell-source", text))
    gaps = [text[donor.end : head.start] for head in heads if head.start >= donor.end]
    return any(not _STOP.search(gap) and len(words(gap)) <= _FEW for gap in gaps)


def _first_of_each(matches: Sequence[Match]) -> list[Match]:
    first: dict[Concept, Match] = {}
    for match in matches:
        first.setdefault(match.concept, match)
    return list(first.values())


def _quoted(text: str, matches: Sequence[Match]) -> str:
    return " ; ".join(squeeze(text[match.start : match.end]) for match in matches)


def _joins(gap: str, between: Sequence[Match], start: int) -> bool:
    """Whether a gap only joins two diseases; what it names that is already said, or broader, does not part them."""
    for match in reversed(between):
        gap = gap[: match.start - start] + " " + gap[match.end - start :]
    return _TOPIC.fullmatch(gap) is not None


def _is_name(written: str) -> bool:
    """Whether a form is no English word: "At" and "it" are also spelt like abbreviations."""
    return len(written) > 2 or written.isupper()


def _is_source(text: str, source: Match, products: Sequence[Match]) -> bool:
    """Whether a source is what a product is made of here, and not an earlier graft or an organ of the patient."""
    if _TAKEN.match(text, source.end):
        return True
    for product in products:
        if product.start < source.end and source.start < product.end:
            if product.end > source.end or not _GRAFT.match(text, product.end):
                return True
        elif source.end <= product.start and _only(text[source.end : product.start]):
            return True
        elif product.end <= source.start and _FROM.search(fold(text[product.end : source.start])):
            return _only(text[product.end : source.start])
    return False


def _only(gap: str) -> bool:
    return all(word.form in _QUALIFYING for word in words(gap))
