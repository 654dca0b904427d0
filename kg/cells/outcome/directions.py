"""Words of a direction in a clause → claims; one without a name is said of what stood before, or of the treatment."""

from __future__ import annotations

from collections.abc import Sequence

from kg.cells.outcome.attach import names_of, negations_of
from kg.cells.outcome.drafts import (
    DECREASED,
    IMPROVED,
    INCREASED,
    REPORTED,
    UNCHANGED,
    WORSENED,
    Cell,
    Vote,
    better_when,
    kind_of,
    way_of,
)
from kg.cells.outcome.items import AGENT, AND, COMMA, GROUP
from kg.cells.outcome.names import Named
from kg.cells.outcome.view import ADJECTIVE, DIRECTIONS, EITHER, NAMES, NOUN, NUMBERS, SMALL, VERB, View


def read_directions(view: View, cell: Cell) -> None:
    """Add a claim for each word of a direction; words for a change in any direction come last."""
    later: list[int] = []
    for at in view.where(DIRECTIONS):
        if _is_idle(view, at):
            continue
        if way_of(view.chunks[at]) == REPORTED and not negations_of(view, at, ()):
            later.append(at)
        else:
            _read(view, at, cell)
    for at in later:
        _read(view, at, cell)


def _is_idle(view: View, at: int) -> bool:
    """Whether a word of a direction belongs to the next one: "more decreased", "stable or improved"."""
    nxt = view.skip(at + 1, {"adverb", "article"})
    if (
        view.kind(at) == ADJECTIVE
        and view.kind(nxt) in (VERB, ADJECTIVE, NOUN, EITHER)
        and view.kind(nxt) != ADJECTIVE
    ):
        return nxt == at + 1 or view.kind(nxt) in (NOUN, EITHER)
    if view.form(at) == "less" and view.kind(at - 1) == VERB and way_of(view.chunks[at - 1]) == DECREASED:
        return True
    if view.form(at) == "benefit" and view.form(at + 1) == "from":
        return True
    return view.kind(at + 1) == AND and view.form(at + 1) == "or" and view.kind(at + 2) in (VERB, ADJECTIVE)


def _read(view: View, at: int, cell: Cell) -> None:
    way = way_of(view.chunks[at])
    if way == DECREASED and view.kind(at) == VERB and view.form(at + 1) == "less":
        way = IMPROVED  # "declined less"
    places, rule = names_of(view, at, cell)
    negations = negations_of(view, at, places)
    negated = sum(view.form(i) != "nor" for i in negations) % 2 == 1 and not view.is_no_change(at)
    if not places:
        _alone(view, at, cell, negations if negated else [], rule)
        return
    direction = turned(way) if negated else way
    if cell.last and min(places) > at and all(_is_named_again(view, i, cell) for i in places):
        return  # "CRP fell in those with raised CRP"
    if whole := _whole_noun(view, at, places, way, negated):
        cell.add(view, whole, UNCHANGED if negated else REPORTED, "patients-reached", [at, *negations])
        view.used.update(places)
        return
    if (
        view.kind(at) == VERB
        and direction == UNCHANGED
        and not negated
        and all(_is_response(view, i) for i in places)
    ):
        direction = REPORTED  # "maintained responses"
    drafts = cell.say(view, places, direction, ("not-" if negated else "") + rule, [at, *negations])
    for draft in drafts:
        better = better_when(draft.named.head)
        harm = way == WORSENED or (bool(better) and way in (INCREASED, DECREASED) and way != better)
        draft.absence = negated and (harm or any(view.form(i) == "without" for i in negations))


def _is_named_again(view: View, at: int, cell: Cell) -> bool:
    return any(name.name.lower() == view.words(at).lower() for name in cell.last) and any(
        view.words(i).lower() == view.words(at).lower() for i in view.used
    )


def turned(way: str) -> str:
    """Return what a negation makes of a direction: not increased is unchanged, not unchanged is only reported."""
    return REPORTED if way == UNCHANGED else UNCHANGED


def _is_response(view: View, at: int) -> bool:
    return any(kind_of(term.concept) == "response" for term in view.chunks[at].terms)


def _whole_noun(view: View, at: int, places: Sequence[int], way: str, negated: bool) -> Named | None:
    """Return "clinical improvement" as one name where patients are said to have had it, or not to."""
    if way != IMPROVED or list(places) != [at - 1] or view.kind(at) not in (NOUN, EITHER):
        return None
    words = view.words(at - 1).split()
    known = any(term.kind == "measure" for term in view.chunks[at - 1].terms)
    adjective = not known and len(words) < 3 and words[-1].lower().endswith(("al", "ic", "ive", "ory", "ary"))
    if not adjective or not (negated or _counted(view, at)):
        return None
    return Named(view.words(at - 1, at), (view.span(at - 1, at),), None, view.chunks[at].cue)


def _counted(view: View, at: int) -> bool:
    before = view.has({*NUMBERS, AGENT}, at - 5, at)
    return before or view.has(NUMBERS, at, at + 3)


def _alone(view: View, at: int, cell: Cell, negations: Sequence[int], rule: str) -> None:
    """Read a direction without a name as said of what stood before, of the patients, or of the treatment as a whole."""
    way = way_of(view.chunks[at])
    if rule == "direction-of-direction":
        return
    if (
        _of_others(view, at)
        or (negations and _between_doses(view, at, cell))
        or (view.is_no_change(at) and _between_doses(view, at, cell))
    ):
        return
    direction = turned(way) if negations else way
    if direction == UNCHANGED and view.kind(at) == VERB and not negations:
        return  # "improved and was maintained" is said of the improvement
    if (
        cell.last
        and _goes_on(view, at)
        and (
            view.kind(at) in (VERB, ADJECTIVE)
            or direction == UNCHANGED
            or (view.kind(at) == EITHER and way != IMPROVED)
        )
    ):
        for name in list(cell.last):
            if direction == UNCHANGED and any(
                True for _ in view.where({"comparison", GROUP}, at - 2, at + 4)
            ):
                cell.overrule(name)  # better than before, but not than the others
            cell.add(view, name, direction, "same-measure", [at, *negations])
    elif way == IMPROVED and not negations and view.kind(at) != ADJECTIVE and _counted(view, at):
        name = Named(view.words(at), (view.span(at),), None, view.chunks[at].cue)
        cell.add(view, name, REPORTED, "patients-reached", [at])
    elif way == WORSENED and not negations and _counted(view, at):
        cell.votes.append(Vote("bad", view.span(at), "worse-stated"))
    elif view.is_no_change(at) or (negations and way in (IMPROVED, INCREASED, DECREASED)):
        first = min([at, *negations])
        if cell.drafts and cell.drafts[-1].rule == "compared-figures" and not view.present & NAMES:
            cell.overrule(cell.drafts[-1].named)
        if view.has({"comparison"}, at):
            cell.overrule(None)
        cell.votes.append(Vote("none", view.span(first, at), "no-effect-stated"))
    elif way == IMPROVED and view.kind(at) != ADJECTIVE and not negations:
        cell.votes.append(Vote("good", view.span(at), "benefit-stated"))


def _goes_on(view: View, at: int) -> bool:
    """Whether nothing but small words stands between the last joint of the clause and `at`: "… but rose later"."""
    i = view.skip_back(at - 1, {*SMALL, "hedge", "be", "negation", "report", "preposition", "time"})
    compares = view.has({"comparison"}, at)
    return view.kind(i) in ("break", COMMA, AND) if i >= 0 else compares


def _of_others(view: View, at: int) -> bool:
    """Whether a direction is that of the control group alone: "… yet fell in controls"."""
    i = view.skip(at + 1, SMALL)
    return (
        view.form(i) == "in"
        and view.kind(view.skip(i + 1, SMALL)) == GROUP
        and "both" not in view.words(i + 1).lower()
    )


def _between_doses(view: View, at: int, cell: Cell) -> bool:
    """Whether a difference is one between parts of the treatment: "no difference between one and two injections"."""
    words = view.words(0, len(view) - 1).lower().replace(".", " ").replace(",", " ").split()
    compares = not view.present.isdisjoint({"comparison"})
    return compares and "differen" in view.words(at).lower() and not cell.words["alike"].isdisjoint(words)
