"""Claims and votes → what the cell says of the effect, by the rules of coding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.cells.outcome.drafts import (
    DECREASED,
    IMPROVED,
    INCREASED,
    UNCHANGED,
    WORSENED,
    Draft,
    Vote,
    better_when,
)
from kg.cells.outcome.kinds import CLINICAL, RESPONSE
from kg.model import Span

_GOOD, _NONE, _BAD = "good", "none", "bad"
Evidence = dict[str, list[Span]]


def efficacy_code(drafts: Iterable[tuple[Draft, str]], votes: Sequence[Vote]) -> tuple[str, list[Span]]:
    """Return the code and the words that it rests on; each draft comes with its kind of endpoint."""
    found: Evidence = {_GOOD: [], _NONE: [], _BAD: []}
    for draft, kind in drafts:
        if way := _way(draft, kind):
            found[way].append(draft.whole)
    for vote in votes:
        found[vote.way].append(vote.span)
    code = _code(found)
    keys = {
        "improved": (_GOOD,),
        "mixed": (_GOOD, _NONE, _BAD),
        "no-difference": (_NONE,),
        "worsened": (_BAD,),
    }
    return code, [span for key in keys.get(code, ()) for span in found[key]]


def _code(found: Evidence) -> str:
    if found[_GOOD]:
        return "mixed" if found[_NONE] or found[_BAD] else "improved"
    if found[_BAD]:
        return "worsened"
    return "no-difference" if found[_NONE] else "not-stated"


def _way(draft: Draft, kind: str) -> str:
    if kind not in (CLINICAL, RESPONSE) or draft.absence or draft.overruled:
        return ""
    head = draft.named.head
    better = draft.named.better or better_when(head)
    if draft.limited:
        return _NONE if draft.nobody else _GOOD
    direction = draft.direction
    if direction == IMPROVED:
        return _GOOD
    if direction == WORSENED:
        return _BAD
    if direction == UNCHANGED:
        return _NONE
    if direction in (INCREASED, DECREASED):
        if head is not None and not better:
            return ""
        return _BAD if better and better != direction else _GOOD
    if draft.rule in ("named-only", "time-reported") or (kind != RESPONSE and not draft.nobody):
        return ""
    if draft.nobody:
        return "" if better == DECREASED else _NONE
    return _GOOD
