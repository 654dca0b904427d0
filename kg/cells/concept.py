"""Text of a cell-source cell → sources, donor and product; the product and the donor of a whole row.

Product and donor are taken from words only: never the donor from the tissue, never the product from a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kg.cells.common import empty, info, left_over
from kg.cells.mentions import (
    NO_OVERRIDES,
    Found,
    Overrides,
    find_mentions,
    join_mentions,
    read_mentions,
    residue,
    rule_of,
    spans_of,
    unknown,
)
from kg.model import Finding, Mentions, Reading, Span, State
from kg.vocabulary.lexicon import Concept, Lexicon, Match
from kg.vocabulary.marks import is_not_given
from kg.vocabulary.namespaces import TKG
from kg.vocabulary.text import squeeze

__all__ = ["SourceCell", "donor_in_text", "product_of", "read_mentions", "read_sources", "root_product"]

_STOP = re.compile(r"[.;:!?,]\s")
_BETWEEN = frozenset({"human", "derived", "and", "or"})


@dataclass(frozen=True, slots=True)
class SourceCell:
    """What a cell-source cell says: sources with operator, the donor, and the product's root concept."""

    sources: Mentions
    donor: Concept | None = None
    product: Concept | None = None


def read_sources(text: str, lexicon: Lexicon, overrides: Overrides = NO_OVERRIDES) -> Reading[SourceCell]:
    """Return the sources, the donor and the product that a cell-source cell names."""
    if is_not_given(text, lexicon):
        return empty(SourceCell(Mentions()))
    column = "cell_source"
    donors = lexicon.scan("donor", text)
    product = product_of(text, lexicon)
    explained = (*spans_of(donors), *product.spans)
    found = find_mentions(text, "cell-source", lexicon, overrides, explained)
    if (
        found.unread and explained
    ):  # without any, the words of all schemes of the column are looked for anyway
        explained += spans_of(lexicon.scan("preparation", text))
        found = find_mentions(text, "cell-source", lexicon, overrides, explained)
    if found.matches and product.value and product.value.name != "cells":
        found = _outside_products(text, found, lexicon)
    if not (found.matches or donors or product.value):
        return unknown(SourceCell(Mentions()), text, "cell-source", column)
    sources, doubts = join_mentions(text, found.matches, column, lexicon)
    donor, unsure = _one_donor(text, donors, column)
    if not found.matches:
        doubts += (info("source-not-named", column, f"{squeeze(text)!r} names no cell source", text),)
    return Reading(
        SourceCell(sources, donor, product.value),
        State.MAPPED,
        rule_of(text, found) if found.matches else "concept.no-source",
        tuple(sorted({*found.spans, *spans_of(donors), *product.spans}, key=lambda span: span.start)),
        found.unread,
        (*doubts, *unsure, *product.findings, *residue(text, found, column)),
    )


def _outside_products(text: str, found: Found, lexicon: Lexicon) -> Found:
    """Leave out a source inside the name of a product without cells: the CM of "MSC-CM" is no chorion."""
    names = [m for m in lexicon.scan("product", text) if root_product(m.concept, lexicon).name != "cells"]
    kept = [m for m in found.matches if not any(n.start <= m.start and m.end <= n.end for n in names)]
    return replace(found, matches=tuple(kept))


def product_of(
    source: str, lexicon: Lexicon, *, product: str = "", units: Iterable[Concept] = (), context: str = ""
) -> Reading[Concept | None]:
    """Return the root concept of the product that a row is about: cells, extracellular vesicles, …

    `source` and `product` are cell texts, `units` the units of the row's doses, `context` the table's caption
    and title. Named vesicles (or another product free of cells) win over cells: "BM-MSC-EV" names both.
    Spans lie in `source`. The context is asked last, and only believed when it names a single product.
    """
    matches = lexicon.scan("product", source)
    named = [root_product(m.concept, lexicon) for m in (*matches, *lexicon.scan("product", product))]
    named += [root_product(c, lexicon) for unit in units if (c := _counted(unit, lexicon))]
    if named:
        free = [concept for concept in dict.fromkeys(named) if concept.name != "cells"]
        several = _several(source, free) if len(free) > 1 else ()
        return Reading((free or named)[0], State.MAPPED, "product.named", spans_of(matches), (), several)
    roots = {root_product(m.concept, lexicon) for m in lexicon.scan("product", context, free_text=True)}
    if len(roots) != 1:
        return Reading(None, State.EMPTY, "product.not-named")
    (root,) = roots
    message = f"the product ({root.label}) stands only in the table's caption or title"
    remark = info("product-from-context", "row", message, "")
    return Reading(root, State.MAPPED, "product.context", (), (), (remark,))


def donor_in_text(text: str, lexicon: Lexicon) -> Reading[Concept | None]:
    """Return the donor where a donor word of a free text qualifies the cells ("autologous MSC transplant").

    "allogeneic stem cell transplantation" is another therapy: only a product more special than cells counts.
    """
    sources = lexicon.scan("cell-source", text, free_text=True)
    products = [p for p in lexicon.scan("product", text, free_text=True) if _special(p, sources, lexicon)]
    named = lexicon.scan("donor", text, free_text=True)
    donors = [match for match in named if _qualifies(text, match, products, (*sources, *named))]
    donor, findings = _one_donor(text, donors, "outcome")
    if donor is None:
        return Reading(None, State.EMPTY, "donor.not-named", (), (), findings)
    return Reading(donor, State.MAPPED, "donor.in-text", spans_of(donors), (), findings)


# ---------------------------------------------------------------- product and donor


def root_product(concept: Concept, lexicon: Lexicon) -> Concept:
    """Return the broadest product that a product is one of: cells, extracellular vesicles, …"""
    return next((c for c in reversed(lexicon.ancestors(concept)) if c.scheme == concept.scheme), concept)


def _counted(unit: Concept, lexicon: Lexicon) -> Concept | None:
    thing = unit.note(TKG.countedThing)
    known = next((c for c in lexicon.concepts("product") if c.iri == thing), None)
    return known or (lexicon.find("product", thing) if thing else None)


def _several(text: str, products: Iterable[Concept]) -> tuple[Finding, ...]:
    labels = ", ".join(concept.label for concept in products)
    message = f"the row names several products ({labels}); the first is taken"
    return (info("product-several", "row", message, text),)


def _one_donor(text: str, donors: Sequence[Match], column: str) -> tuple[Concept | None, tuple[Finding, ...]]:
    kinds = list(dict.fromkeys(match.concept for match in donors))
    if len(kinds) < 2:
        return (kinds[0] if kinds else None), ()
    message = f"{squeeze(text)!r} names {' and '.join(kind.label for kind in kinds)}; none is taken"
    return None, (info("donor-several", column, message, text),)


def _special(product: Match, sources: Sequence[Match], lexicon: Lexicon) -> bool:
    """Whether a product is more special than cells, and no cell that is also a source (an earlier graft)."""
    if product.concept.name == "cells":
        return False
    around = [s for s in sources if s.start < product.end and product.start < s.end]
    return all(lexicon.find("product", source.concept.label) != product.concept for source in around)


def _qualifies(text: str, donor: Match, products: Sequence[Match], others: Sequence[Match]) -> bool:
    """Whether only sources, donors, grammar and participles stand between the donor word and a product."""
    product = next((p for p in products if p.start >= donor.end), None)
    if product is None or _STOP.search(text, donor.end, product.start):
        return False
    gap = text[donor.end : product.start]
    inside = [other for other in others if donor.end <= other.start and other.end <= product.start]
    used = [Span(m.start - donor.end, m.end - donor.end) for m in inside]
    return all(gap[s.start : s.end].endswith("ed") for s in left_over(gap, used, _BETWEEN))
