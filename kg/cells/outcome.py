"""Text of an outcome cell → its verbatim words and whether a result is public; it is not coded here."""

from __future__ import annotations

from kg.cells.common import empty, left_over
from kg.model import Outcome, Reading, Span, State
from kg.vocabulary.lexicon import Concept, Lexicon
from kg.vocabulary.marks import is_not_given

_KNOWN = frozenset({"and", "yet", "the", "are", "is"})


def read_outcome(text: str, lexicon: Lexicon) -> Reading[Outcome | None]:
    """Return the outcome as written with its status; None when nothing is given.

    The status is "not public" only when the whole text says so ("Not yet public", "results pending").
    """
    if is_not_given(text, lexicon):
        return empty(None)
    span = (Span(0, len(text)),)
    if status := _whole_status(text, lexicon):
        return Reading(Outcome(text, status), State.MAPPED, f"outcome.{status.name}", span)
    reported = lexicon.named("outcome-status", "reported")
    return Reading(Outcome(text, reported), State.TEXT, "outcome.verbatim", span)


def _whole_status(text: str, lexicon: Lexicon) -> Concept | None:
    matches = lexicon.scan("outcome-status", text)
    statuses = {match.concept for match in matches}
    if len(statuses) != 1 or left_over(text, [Span(m.start, m.end) for m in matches], _KNOWN):
        return None
    return matches[0].concept
