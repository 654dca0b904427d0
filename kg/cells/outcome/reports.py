"""Reports and evaluations of a clause → claims and votes: "all had X", "X was not reached", "was effective", "X; Y"."""

from __future__ import annotations

from kg.cells.outcome.drafts import (
    DECREASED,
    IMPROVED,
    INCREASED,
    REPORTED,
    UNCHANGED,
    Cell,
    Vote,
    better_when,
    kind_of,
)
from kg.cells.outcome.items import AGENT, COMMA, NAME
from kg.cells.outcome.number import COUNT, PERCENT, PLAIN
from kg.cells.outcome.view import DIRECTIONS, SMALL, View

_NOTHING_SAID = frozenset(
    (*DIRECTIONS, "report", "state", "state-bad", "safe", "effective", "futile", "be", "negation", "unmoved")
)
_SUBJECTS = frozenset((AGENT, PLAIN, PERCENT, COUNT, "negation"))
_REACHED = frozenset(["reached", "achieved", "attained", "observed", "seen", "noted", "found", "detected"])


def reports(view: View, cell: Cell) -> None:
    """Read "all patients had X", "none achieved X", "X was not reached"."""
    for at in view.where({"report"}):
        i = view.skip(at + 1, {*SMALL, "hedge", "negation"})
        subject = next(view.where(_SUBJECTS, 0, at), None)
        if view.kind(i) == NAME and view.free(i) and not view.opens(i) and subject is not None:
            negated = view.has({"negation"}, 0, i)
            for draft in cell.say(
                view, [p for p in view.right(i) if view.free(p)], REPORTED, "patients-had", [at]
            ):
                draft.nobody = negated
        elif view.form(at) in _REACHED and (left := [p for p in view.left(at) if view.free(p)]):
            opening = view.head(left[0])
            negations = list(view.where({"negation"}, max(opening, 0), at))
            rule = "named-only" if _is_lasting(view, left[-1]) else "measure-seen"
            for draft in cell.say(view, left, REPORTED, rule, [at, *negations]):
                draft.nobody = bool(negations)


def _is_lasting(view: View, at: int) -> bool:
    """Whether a name is of a time, which is good not to have reached: "median survival was not reached"."""
    heads = [term.concept.name for term in view.chunks[at].terms if term.concept is not None]
    words = view.words(at).lower()
    return (
        "median" in words
        or "duration" in words
        or any(head.endswith(("-survival", "-duration")) for head in heads)
    )


def trends(view: View, cell: Cell) -> None:
    """Read "trend in survival" as a hedged improvement where no direction is given."""
    for at in view.where({"hedge"}):
        cue = view.chunks[at].cue
        if cue is None or cue.name != "hedge-trend" or view.kind(at + 1) != "preposition":
            continue
        i = view.skip(at + 2, SMALL)
        if view.kind(i) == NAME and view.free(i):
            cell.say(view, view.right(i), IMPROVED, "trend-in-measure", [at])


def absent(view: View, cell: Cell) -> None:
    """Read "no response" as a response that nobody reached."""
    for at in view.where({"negation"}):
        i = view.skip(at + 1, SMALL)
        if view.kind(i) != NAME or not view.free(i) or view.opens(i):
            continue
        if view.form(at) == "not" and view.kind(at - 1) == "break" and cell.drafts:
            cell.say(view, view.right(i), UNCHANGED, "but-not-measure", [at])
            continue
        heads = [t.concept for t in view.chunks[i].terms if t.concept is not None]
        if view.form(at).startswith("fail"):
            cell.say(view, view.right(i), UNCHANGED, "failed-measure", [at])
            continue
        if any(
            kind_of(head) in ("response", "clinical") and better_when(head) == INCREASED for head in heads
        ):
            cell.say(view, view.right(i), UNCHANGED, "no-measure", [at])
        elif any(better_when(head) == DECREASED for head in heads):
            for draft in cell.say(view, view.right(i), REPORTED, "no-measure", [at]):
                draft.absence = True


def as_before(view: View, cell: Cell) -> None:
    """Read "IBDQ also" as what was said just before."""
    if len(view) == 2 and view.free(0) and view.form(1) in ("also", "too") and cell.drafts:
        cell.say(view, [0], cell.drafts[-1].direction, "as-before", [1])


def evaluations(view: View, cell: Cell) -> None:
    """Add what is said of the treatment as a whole, and that what was gained did not last or was not had by all."""
    for at in view.where({"effective"}):
        negated = view.has({"negation"}, at - 3, at)
        way, rule = ("none", "no-effect-stated") if negated else ("good", "benefit-stated")
        cell.votes.append(Vote(way, view.span(at), rule))
    for at in view.where({"negation"}, 1):
        if (
            view.form(at) == "not"
            and view.kind(at - 1) in ("break", COMMA)
            and view.kind(at + 1) == "preposition"
        ):
            cell.votes.append(Vote("none", view.span(at, at + 1), "not-in-all"))
    for at in view.where({"futile", "verdict", "undone"}):
        cell.votes.append(Vote("none", view.span(at), "no-effect-stated"))


def mentions(view: View, cell: Cell) -> None:
    """Read names with nothing said of them, as in a list of planned end points."""
    if any(chunk.kind in _NOTHING_SAID for chunk in view.chunks):
        return
    places = [i for i in view.where({NAME}) if view.free(i) and not _in_phrase(view, i)]
    if places:
        cell.say(view, places, REPORTED, "named-only", [])


def _in_phrase(view: View, at: int) -> bool:
    before = view.head(at)
    opened = view.kind(before) in ("preposition", "of", "comparison") and before > 0
    return opened and view.has({NAME, AGENT}, 0, before)
