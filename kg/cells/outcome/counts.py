"""Numbers, reports and states of a clause → claims: "LVEF +4.7 %", "CR in 3 of 5", "all had X", "two were extubated"."""

from __future__ import annotations

from kg.cells.outcome.compare import compared, of_control
from kg.cells.outcome.drafts import (
    DECREASED,
    INCREASED,
    REPORTED,
    UNCHANGED,
    Cell,
    Vote,
)
from kg.cells.outcome.items import AGENT, AND, BRACKET, COLON, COMMA, GROUP, NAME
from kg.cells.outcome.names import Named
from kg.cells.outcome.number import COUNT, LIMIT, P_VALUE, PERCENT, RATIO, SHIFT, TIME
from kg.cells.outcome.view import NAMES, NUMBERS, SMALL, View


def shifts(view: View, cell: Cell) -> None:
    """Read changes of a number: "LVEF +4.7 %", "ABI 0.41 → 0.63"."""
    for at in view.where({SHIFT}):
        number = view.chunks[at].number
        places = [i for i in view.left(at) if view.free(i)]
        if places and number is not None and number.rising is not None:
            cell.say(view, places[-1:], INCREASED if number.rising else DECREASED, "number-changed", [at])
    for at in view.where({BRACKET}, 1):
        inner = view.chunks[at].inner
        number = inner[0][0].number if len(inner) == 1 and len(inner[0]) == 1 else None
        if number is not None and number.sort == SHIFT and number.rising is not None and view.free(at - 1):
            cell.say(view, [at - 1], INCREASED if number.rising else DECREASED, "number-changed", [at])


def ratios(view: View, cell: Cell) -> None:
    """Read a ratio of two groups that is not significant as unchanged: "time to recovery HR 0.81, p = 0.32"."""
    for at in view.where({RATIO}):
        p_value = next(view.where({P_VALUE}, at), None)
        places = [i for i in view.left(at) if view.free(i)]
        number = view.chunks[p_value].number if p_value is not None else None
        if places and p_value is not None and number is not None and number.rising:
            cell.say(view, places[-1:], UNCHANGED, "ratio-not-significant", [at, p_value])


def _of_difference(view: View, at: int) -> bool:
    """Whether it is the difference told before that is not significant: "…, although the difference was not …"."""
    noun = view.skip_back(at - 1, {"be", *SMALL})
    opening = view.skip_back(noun - 1, SMALL)
    return view.kind(noun) == "noun" and view.kind(opening) in ("break", COMMA, "")


def insignificant(view: View, cell: Cell) -> None:
    """Read "X: n.s.", "X were not significant" and "X no" as unchanged where no direction is given."""
    for at in view.where({"not-significant"}):
        if view.kind(at - 1) in (COMMA, "break") and view.kind(at + 1) == "preposition" and cell.last:
            for name in list(cell.last):
                cell.add(view, name, UNCHANGED, "same-measure", [at])
        elif places := [i for i in view.left(at) if view.free(i)]:
            cell.say(view, places, UNCHANGED, "not-significant", [at])
        elif not cell.drafts and view.present.isdisjoint(NAMES):
            cell.votes.append(
                Vote("none", view.span(at), "no-effect-stated")
            )  # "trend only, not significant"
        elif _of_difference(view, at):
            cell.level(view.chunks[at])
    for at in view.where({"negation"}):
        if (view.form(at) == "none" and view.form(at - 1) == "in" and view.free(at - 2)) or (
            view.kind(at - 1) == COLON and view.form(at) in ("none", "nil") and view.free(at - 2)
        ):
            for draft in cell.say(view, view.list_left(at - 2), REPORTED, "measure-in-none", [at]):
                draft.nobody = True
        elif view.kind(at + 1) in ("", COMMA, "break") and view.form(at - 1) in (
            "did",
            "does",
            "was",
            "were",
        ):
            if view.kind(at - 2) == NAME and view.free(at - 2):  # "…, but function did not"
                cell.say(view, view.list_left(at - 2), UNCHANGED, "measure-no", [at - 1, at])
        elif view.kind(at + 1) in ("", COMMA, "break") and view.kind(at - 1) == NAME and view.free(at - 1):
            cell.say(view, view.list_left(at - 1), UNCHANGED, "measure-no", [at])


def states(view: View, cell: Cell) -> None:
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
        direction, others = _state_figures(view, at)
        counted = next(view.where(NUMBERS, at - 5, at), None)
        if counted is not None and not left and not view.has({NAME}, counted, at):
            others = [counted, *others]
        draft = cell.add(view, name, direction, "patients-reached", [at, *others])
        denied = view.has({"negation"}, at - 5, at)
        draft.nobody = denied or (counted is not None and _nobody(view, counted))
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


def figures(view: View, cell: Cell) -> None:
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
            draft.limited = view.has({LIMIT}, places[-1], at)


def times(view: View, cell: Cell) -> None:
    """Read "median survival was 12 months" as reported; a time alone says nothing of the effect."""
    for at in view.where({TIME}):
        before = view.skip_back(at - 1, {"be", COLON, "adverb"})
        if view.kind(before) != NAME or not view.free(before):
            continue
        direction, others = compared(view, at)
        if direction != REPORTED:
            cell.say(view, [before], direction, "compared-figures", [at, *others])
        elif before < at - 1:
            cell.say(view, [before], REPORTED, "time-reported", [at])


def _nobody(view: View, at: int) -> bool:
    number = view.chunks[at].number
    if view.has({"negation"}, at + 1, next(view.where({NAME}, at + 1), at + 1)):
        return True
    zero = number is not None and number.is_zero
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
