"""Names that stand in one name together ("iPSC-derived NK cells") → the one that is meant: here the iPSC.

The vocabulary says with tkg:yieldsTo which concepts give way: kinds of cells that are also made of another source,
ways of giving that leave the place open. Two names that are listed ("WJ-MSC and NK cells") stay two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kg.vocabulary.lexicon import Concept, Lexicon, Match
from kg.vocabulary.namespaces import TKG

_MOST = 4  # words between the parts of one name
_OPENS = re.compile(r"[\s\w-]{0,40}[(\[]\s*(?:from\s)?(?:human\s)?")  # "NK cells (cord blood)"
_ASIDE = re.compile(r"\s*,\s*(?:at|during|by|via|under|from|derived\sfrom)\s.{0,20}", re.IGNORECASE)
_LISTS = re.compile(r"[,;:|/+&()\[\].]|\b(?:and|or|plus|with|then|vs|versus|in|followed)\b", re.IGNORECASE)
_PUT = re.compile(r"ed(?:\s(?:in|to|into|onto))?$")  # "implanted into" opens the place where something is put
_FROM = re.compile(r"\b(?:from|of)\b|[(\[]", re.IGNORECASE)


def meant(text: str, matches: Sequence[Match], lexicon: Lexicon) -> tuple[Match, ...]:
    """Return `matches` without those that give way to another one that stands in one name with them.

    Of a tissue and the cells that are native to it ("cartilage-derived chondrocytes") the cells are meant.
    """
    if len(matches) < 2 or not any(TKG.yieldsTo in match.concept.notes for match in matches):
        return tuple(matches)
    gone = {concept for one, other in pairwise(matches) if (concept := _yields(text, one, other, lexicon))}
    return tuple(match for match in matches if match.concept not in gone)


def _yields(text: str, one: Match, other: Match, lexicon: Lexicon) -> Concept | None:
    """Return the one of two neighbours that gives way to the other, None when they are two names."""
    gap = text[one.end : other.start]
    giving = [match.concept for match in (one, other) if TKG.yieldsTo in match.concept.notes]
    if one.concept == other.concept or not giving or not _is_one_name(gap):
        return None
    for tissue, cells in ((one.concept, other.concept), (other.concept, one.concept)):
        if cells in giving and tissue in lexicon.ancestors(cells):
            return tissue
    if _PUT.search(text, one.start, one.end):
        return other.concept
    if len(giving) == 1:
        return giving[0]
    return one.concept if _FROM.search(gap) else other.concept


def _is_one_name(gap: str) -> bool:
    if _OPENS.fullmatch(gap) or _ASIDE.fullmatch(gap):
        return True
    return not _LISTS.search(gap) and len(gap.split()) <= _MOST
