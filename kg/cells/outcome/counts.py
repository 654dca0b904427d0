"""Numbers, reports and states of a clause → claims: "LVEF +4.7 %", "CR in 3 of 5", "all had X", "two were extubated"."""

from __future__ import annotations

from collections.abc import Callable

from kg.cells.outcome.compare import compared, of_control
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
from kg.cells.outcome.items import AGENT, AND, BRACKET, COLON, COMMA, GROUP, NAME
from kg.cells.outcome.names import Named
from kg.cells.outcome.number import COUNT, LIMIT, P_VALUE, PERCENT, PLAIN, RATIO, SHIFT, TIME
from kg.cells.outcome.view import DIRECTIONS, NAMES, NUMBERS, SMALL, View

_NOTHING_SAID = frozenset(
    (*DIRECTIONS, "report", "state", "state-bad", "safe", "effective", "futile", "be", "negation", "unmoved")
)
_SUBJECTS = frozenset((AGENT, PLAIN, PERCENT, COUNT, "negation"))
_REACHED = frozenset(["reached", "achieved", "attained", "observed", "seen", "noted", "found", "detected"])


def read_counts(view: View, cell: Cell) -> None:
    """Add the claims of a clause that no word of a direction makes."""
    for kinds, read in _READERS:
        if not view.present.isdisjoint(kinds):
            read(view, cell)


def _shifts(view: View, cell: Cell) -> None:
    """Read changes of a number: "LVEF +4.7 %", "ABI 0.41 → 0.63"."""
    for at in view.where({SHIFT}):
        number = view.chunks[at].number
        places = [i for i in view.left(at) if view.free(i)]
        if places and number is not None and number.rising is not None:
            cell.say(view, places[-1:], INCREASED if number.rising else DECREASED, "number-changed", [at])


def _ratios(view: View, cell: Cell) -> None:
    """Read a ratio of two groups that is not significant as unchanged: "time to recovery HR 0.81, p = 0.32"."""
    for at in view.where({RATIO}):
        p_value = next(view.where({P_VALUE}, at), None)
        places = [i for i in view.left(at) if view.free(i)]
        number = view.chunks[p_value].number if p_value is not None else None
        if places and p_value is not None and number is not None and number.rising:
            cell.say(view, places[-1:], UNCHANGED, "ratio-not-significant", [at, p_value])


def _not_significant(view: View, cell: Cell) -> None:
    """Read "X: n.s.", "X were not significant" and "X no" as unchanged where no direction is given."""
    for at in view.where({"not-significant"}):
        if view.kind(at - 1) in (COMMA, "break") and view.kind(at + 1) == "preposition" and cell.last:
            for name in list(cell.last):
                cell.add(view, name, UNCHANGED, "same-measure", [at])
        elif places := [i for i in view.left(at) if view.free(i)]:
            cell.say(view, places, UNCHANGED, "not-significant", [at])
    for at in view.where({"negation"}):
        if view.form(at) == "none" and view.form(at - 1) == "in" and view.free(at - 2):
            for draft in cell.say(view, view.list_left(at - 2), REPORTED, "measure-in-none", [at]):
                draft.nobody = True
        elif view.kind(at + 1) in ("", COMMA, "break") and view.kind(at - 1) == NAME and view.free(at - 1):
            cell.say(view, view.list_left(at - 1), UNCHANGED, "measure-no", [at])


def _states(view: View, cell: Cell) -> None:
    """Read what patients or their lesions reached: "two were extubated", "fistulas were closed"."""
    for at in view.where({"state", "state-bad", "unmoved"}):
        if view.kind(at) == "unmoved":
            cell.votes.append(Vote("none", view.span(at), "no-effect-stated"))
            continue
        if any(_is_study(view, i) for i in view.where({AGENT}, 0, at)):
            continue  # "the trial was closed"
        left = [i for i in view.left(at) if view.free(i)]
        name = _of_state(view, left[-1], at) if left else _state(view, at)
        view.used.update(left[-1:])
        compared, others = _state_figures(view, at)
        draft = cell.add(view, name, compared, "patients-reached", [at, *others])
        draft.nobody = any(True for _ in view.where({"negation"}, at - 3, at))
        if view.kind(at) == "state-bad" and not draft.nobody:
            cell.votes.append(Vote("bad", view.span(at), "worse-stated"))
        cell.last = [name]


def _is_study(view: View, at: int) -> bool:
    return any(term.form in ("study", "trial", "programme", "program") for term in view.chunks[at].terms)


def _of_state(view: View, at: int, state: int) -> Named:
    words = f"{view.words(at)} {view.words(state)}"
    return Named(words, (view.span(at), view.span(state)), None, view.chunks[state].cue)


def _state(view: View, at: int) -> Named:
    end = at + 2 if view.form(at + 1) == "without" and view.kind(at + 2) in NAMES else at
    return Named(view.words(at, end), (view.span(at, end),), None, view.chunks[at].cue)


def _state_figures(view: View, at: int) -> tuple[str, list[int]]:
    first = next(view.where({PERCENT, COUNT}, at, at + 4), None)
    return compared(view, first) if first is not None else (REPORTED, [])


def _figures(view: View, cell: Cell) -> None:
    """Read rates and counts with the measure they are of, two of them in comparison as a direction."""
    for at in view.where(NUMBERS):
        places = [i for i in _of_figure(view, at) if view.free(i)]
        if not places:
            continue
        direction, others = compared(view, at)
        rule = "figure" if direction == REPORTED else "compared-figures"
        if negations := list(view.where({"negation"}, at, places[0])):
            cell.say(view, places, UNCHANGED, "no-measure", [at, *negations])
            continue
        for draft in cell.say(view, places, direction, rule, [at, *others]):
            draft.nobody = _nobody(view, at)
            draft.limited = any(True for _ in view.where({LIMIT}, places[-1], at))


def _times(view: View, cell: Cell) -> None:
    """Read "median survival was 12 months" as reported; a time alone says nothing of the effect."""
    for at in view.where({TIME}):
        before = view.skip_back(at - 1, {"be", COLON, "adverb"})
        if before < at - 1 and view.kind(before) == NAME and view.free(before):
            cell.say(view, [before], REPORTED, "time-reported", [at])


def _nobody(view: View, at: int) -> bool:
    number = view.chunks[at].number
    if any(True for _ in view.where({"negation"}, at + 1, next(view.where({NAME}, at + 1), at + 1))):
        return True
    zero = number is not None and bool(number.values) and not any(number.values)
    return zero or view.kind(at - 1) == "negation"


def _of_figure(view: View, at: int) -> list[int]:
    if view.form(at + 1) == "for" and view.kind(at + 2) == NAME:
        return view.right(at + 2)  # "53 % for CR"
    if left := _before_figure(view, at):
        return left
    passed = {AGENT, GROUP, "report", "be", *SMALL, "hedge", TIME, BRACKET, "negation"}
    i = view.skip(at + 1, {"of", *SMALL})
    while True:
        if view.kind(i) in passed or (view.form(i) == "in" and view.kind(i - 1) in ("be", "report")):
            i += 1
        elif view.kind(i) == AND and of_control(view, i):
            i = view.skip(i + 1, {*NUMBERS, *SMALL, "of", "preposition"})
        else:
            break
    return view.right(i) if view.kind(i) == NAME and view.free(i) and not view.opens(i) else []


def _before_figure(view: View, at: int) -> list[int]:
    """Return the names that stand before a figure, unless patients stand between."""
    i = at - 1
    passed = {
        "be",
        COLON,
        "preposition",
        TIME,
        *SMALL,
        BRACKET,
        LIMIT,
        "report",
        "hedge",
        "of",
        "comparison",
        GROUP,
        P_VALUE,
    }
    while i >= 0:
        kind = view.kind(i)
        if kind in passed:
            i -= 1
        elif kind == AGENT and view.kind(view.head(i)) in ("preposition", "of", COLON):
            i = view.head(i)
        elif kind == NAME:
            phrase = view.before_phrase(view.head(i))
            if phrase is None or view.kind(phrase) != NAME:
                return view.list_left(i) if view.free(i) else []
            i = phrase
        else:
            return []
    return []


def _reports(view: View, cell: Cell) -> None:
    """Read "all patients had X", "none achieved X", "X was not reached"."""
    for at in view.where({"report"}):
        i = view.skip(at + 1, {*SMALL, "hedge", "negation"})
        subject = next(view.where(_SUBJECTS, 0, at), None)
        if view.kind(i) == NAME and view.free(i) and not view.opens(i) and subject is not None:
            negated = any(True for _ in view.where({"negation"}, 0, i))
            for draft in cell.say(
                view, [p for p in view.right(i) if view.free(p)], REPORTED, "patients-had", [at]
            ):
                draft.nobody = negated
        elif view.form(at) in _REACHED and (left := [p for p in view.left(at) if view.free(p)]):
            negations = list(view.where({"negation"}, left[-1], at))
            lasting = any(
                word in view.words(left[-1]).lower() for word in ("median", "duration")
            )  # not reached: longer
            for draft in cell.say(
                view, left, REPORTED, "named-only" if lasting else "measure-seen", [at, *negations]
            ):
                draft.nobody = bool(negations)


def _trends(view: View, cell: Cell) -> None:
    """Read "trend in survival" as a hedged improvement where no direction is given."""
    for at in view.where({"hedge"}):
        cue = view.chunks[at].cue
        if cue is None or cue.name != "hedge-trend" or view.kind(at + 1) != "preposition":
            continue
        i = view.skip(at + 2, SMALL)
        if view.kind(i) == NAME and view.free(i):
            cell.say(view, view.right(i), IMPROVED, "trend-in-measure", [at])


def _absent(view: View, cell: Cell) -> None:
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


def _as_before(view: View, cell: Cell) -> None:
    """Read "IBDQ also" as what was said just before."""
    if len(view) == 2 and view.free(0) and view.form(1) in ("also", "too") and cell.drafts:
        cell.say(view, [0], cell.drafts[-1].direction, "as-before", [1])


def _evaluations(view: View, cell: Cell) -> None:
    for at in view.where({"effective"}):
        negated = any(True for _ in view.where({"negation"}, at - 3, at))
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


def _mentions(view: View, cell: Cell) -> None:
    """Read names with nothing said of them, as in a list of planned end points."""
    if any(chunk.kind in _NOTHING_SAID for chunk in view.chunks):
        return
    places = [i for i in view.where({NAME}) if view.free(i) and not _in_phrase(view, i)]
    if places:
        cell.say(view, places, REPORTED, "named-only", [])


def _in_phrase(view: View, at: int) -> bool:
    before = view.head(at)
    opened = view.kind(before) in ("preposition", "of", "comparison") and before > 0
    return opened and any(True for _ in view.where({NAME, AGENT}, 0, before))


# what a clause must have for a reader to find anything, in the order in which they are asked
_READERS: tuple[tuple[frozenset[str], Callable[[View, Cell], None]], ...] = (
    (frozenset((SHIFT,)), _shifts),
    (frozenset((RATIO,)), _ratios),
    (frozenset(("not-significant", "negation")), _not_significant),
    (frozenset(("state", "state-bad", "unmoved")), _states),
    (NUMBERS, _figures),
    (frozenset((TIME,)), _times),
    (frozenset(("report",)), _reports),
    (frozenset(("hedge",)), _trends),
    (frozenset(("negation",)), _absent),
    (NAMES, _as_before),
    (frozenset(("effective", "negation", "futile", "verdict", "undone")), _evaluations),
    (NAMES, _mentions),
)
