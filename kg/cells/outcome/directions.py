"""Words of a direction in a clause → claims: which names each of them is said of, and what a negation makes of it."""

from __future__ import annotations

from collections.abc import Sequence

from kg.cells.outcome.chunks import AGENT, AND, COMMA, GROUP, NAME
from kg.cells.outcome.drafts import (
    DECREASED,
    IMPROVED,
    INCREASED,
    REPORTED,
    UNCHANGED,
    WORSENED,
    Cell,
    Vote,
    kind_of,
    way_of,
)  # fmt: skip
from kg.cells.outcome.figures import PLAIN
from kg.cells.outcome.names import Named
from kg.cells.outcome.terms import EVENT
from kg.cells.outcome.view import (
    ADJECTIVE,
    DIRECTIONS,
    EITHER,
    NAMES,
    NOUN,
    NUMBERS,
    SMALL,
    SYMBOL,
    VERB,
    View,
)

_HELPERS = frozenset("did does do would will could should must".split())
_SEEN = frozenset(["found", "detected", "observed", "noted", "seen", "shown", "reported", "recorded"])
_EFFECTS = ("effect", "impact", "influence", "benefit", "improvement")
_BY = frozenset(
    ("based on", "according to", "in terms of", "terms of", "as measured by", "measured by", "assessed by")
)
_ALIKE = ("dose", "injections", "infusions", "grafts", "cohort", "routes", "1x", "sources", "products", "one and two")
_FAR = 9  # chunks between "difference" and "in X"
Found = tuple[list[int], str]
_NOWHERE: list[int] = []


def read_directions(view: View, cell: Cell) -> None:
    """Add a claim for each word of a direction; words for a change in any direction come last."""
    later: list[int] = []
    for at in view.where(DIRECTIONS):
        if _is_idle(view, at):
            continue
        if way_of(view.chunks[at]) == REPORTED and not _negations(view, at, ()):
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
    if view.words(at).lower() == "benefit" and view.form(at + 1) == "from":
        return True
    return view.kind(at + 1) == AND and view.form(at + 1) == "or" and view.kind(at + 2) in (VERB, ADJECTIVE)


def _read(view: View, at: int, cell: Cell) -> None:
    way = way_of(view.chunks[at])
    places, rule = _names(view, at, cell)
    negations = _negations(view, at, places)
    negated = sum(view.form(i) != "nor" for i in negations) % 2 == 1 and not _is_no_change(view, at)
    if not places:
        _alone(view, at, cell, negations if negated else [], rule)
        return
    direction = turned(way) if negated else way
    if all(_is_named_again(view, i, cell) for i in places) and min(places) > at:
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
        draft.absence = negated and any(view.form(i) == "without" for i in negations)


def _is_named_again(view: View, at: int, cell: Cell) -> bool:
    return any(name.name.lower() == view.words(at).lower() for name in cell.last) and any(
        view.words(i).lower() == view.words(at).lower() for i in view.used
    )


def turned(way: str) -> str:
    """Return what a negation makes of a direction: not increased is unchanged, not unchanged is only reported."""
    return REPORTED if way == UNCHANGED else UNCHANGED


def _is_no_change(view: View, at: int) -> bool:
    cue = view.chunks[at].cue
    return cue is not None and cue.name == "no-change"


def _is_response(view: View, at: int) -> bool:
    return any(kind_of(term.concept) == "response" for term in view.chunks[at].terms)


# ---------------------------------------------------------------- which names


def _names(view: View, at: int, cell: Cell) -> Found:
    kind = view.kind(at)
    if kind == SYMBOL:
        return (
            (view.left(at), "measure-arrow") if cell.marks_behind else (view.right(at + 1), "arrow-measure")
        )
    if kind == ADJECTIVE:
        return _of_adjective(view, at)
    if kind == "different":
        return view.left(at), "measure-direction"
    return _of_noun(view, at) if kind == NOUN else _of_verb(view, at)


def _of_adjective(view: View, at: int) -> Found:
    nxt = view.skip(at + 1, SMALL)
    if view.kind(nxt) in NAMES and not view.opens(nxt):
        return view.right(nxt), "direction-measure"
    left = view.left(at)
    if not left and (behind := _behind_noun(view, at)):
        return behind, "direction-in-measure"
    return left, "measure-direction"


def _of_noun(view: View, at: int) -> Found:
    nxt = view.skip(at + 1, {*SMALL, "preposition", "of"})
    if nxt > at and view.kind(nxt) in (NOUN, EITHER) and (nxt > at + 1 or view.words(at).endswith(" on")):
        return _NOWHERE, "direction-of-direction"
    beside = view.free(at - 1)
    if found := _behind_noun(view, at):
        return found, "direction-of-measure"
    if beside:
        return view.list_left(at - 1), "measure-direction"
    nxt = view.skip(at + 1, SMALL)
    if view.free(nxt) and not view.opens(nxt):
        return view.right(nxt), "direction-measure"
    return view.left(at), "measure-direction"


def _behind_noun(view: View, at: int) -> list[int]:
    """Return the names behind "in" or "of": "difference between groups in X", "improvement was seen in X"."""
    joints = {"in", "of", "for", "to", "regarding", "concerning", "toward", "towards"}
    if view.words(at).lower().split()[-1].startswith(_EFFECTS):
        joints |= {"on", "upon"}
    for i in range(at + 1, min(at + _FAR, len(view))):
        kind = view.kind(i)
        if kind == "of" or (kind == "preposition" and view.form(i) in joints):
            nxt = view.skip(i + 1, {*SMALL, "hedge", PLAIN})
            if view.kind(nxt) in NAMES:
                return view.right(nxt)
            if view.kind(nxt) in DIRECTIONS:
                return []
        elif kind == "preposition" and view.words(i).lower() in _BY:
            nxt = view.skip(i + 1, SMALL)
            return view.right(nxt) if view.kind(nxt) in NAMES else []
        elif kind in (COMMA, AND, "break", "negation", *DIRECTIONS) or (kind in NAMES and not any(view.kind(j) == "comparison" for j in range(at + 1, i))):
            return []
    return []


def _of_verb(view: View, at: int) -> Found:
    left = view.left(at)
    nxt = view.skip(at + 1, {*SMALL, "of"})
    takes = view.free(nxt) and not view.opens(nxt) and not (view.kind(nxt) == EVENT and left)
    if left and (_is_passive(view, at) or not takes):
        if view.kind(at) == EITHER and left[-1] != at - 1 and (behind := _behind_noun(view, at)):
            return behind, "direction-of-measure"
        return left, "measure-direction"
    if takes:
        known = any(term.kind == "measure" for i in left for term in view.chunks[i].terms)
        return (left, "measure-direction") if known else (view.right(nxt), "direction-measure")
    if behind := _behind_noun(view, at):
        return behind, "direction-of-measure"
    return _NOWHERE, "direction-alone"


def _is_passive(view: View, at: int) -> bool:
    i = at - 1
    while (
        view.kind(i) in (*SMALL, "negation", "hedge", "not-significant")
        or (view.kind(i) == "report"
        and view.form(i) in _SEEN)
    ):
        i -= 1
    return view.kind(i) == "be" and view.form(i) not in _HELPERS


def _negations(view: View, at: int, places: Sequence[int]) -> list[int]:
    """Return the places of the negations that a direction stands under."""
    left = [i for i in places if i < at]
    if left:
        before = view.head(left[0])
        start = before if view.kind(before) == "negation" else left[-1]
    else:
        start = at
        passed = {
            *SMALL,
            *NUMBERS,
            "hedge",
            "be",
            "report",
            "negation",
            AGENT,
            "comparison",
            GROUP,
            "preposition",
            "of",
        }
        while (
            view.kind(start - 1) in passed
            or (view.kind(start - 1) == NAME
            and view.kind(start - 2) == "negation")
        ):
            start -= 1
    if view.form(start - 1) == "or" and view.kind(start - 2) in NAMES and view.kind(start - 3) == "negation":
        start -= 3  # "without rejection or loss of function"
    found = [i for i in view.where({"negation"}, start, at) if view.form(i) != "without" or not _acts(view, i, at)]
    insignificant = view.skip_back(at - 1, SMALL)
    if view.kind(insignificant) == "not-significant" and not view.words(insignificant).lower().startswith("no "):
        found.append(insignificant)
    if not found and view.kind(at - 1) == PLAIN and _is_zero(view, at - 1):
        return [at - 1]
    if not found and view.kind(at + 1) == "negation" and view.kind(at + 2) in ("", COMMA):
        return [at + 1]
    return found


def _acts(view: View, at: int, end: int) -> bool:
    return any(True for _ in view.where({"report"}, at, end))


def _is_zero(view: View, at: int) -> bool:
    number = view.chunks[at].number
    return number is not None and list(number.values) == [0]


# ---------------------------------------------------------------- a direction without a name


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
    before = any(True for _ in view.where({*NUMBERS, AGENT}, at - 5, at))
    return before or any(True for _ in view.where(NUMBERS, at, at + 3))


def _alone(view: View, at: int, cell: Cell, negations: Sequence[int], rule: str) -> None:
    """Read a direction without a name as said of what stood before, of the patients, or of the treatment as a whole."""
    way = way_of(view.chunks[at])
    if rule == "direction-of-direction":
        return
    if _of_others(view, at) or negations and _between_doses(view, at) or _is_no_change(view, at) and _between_doses(view, at):
        return
    direction = turned(way) if negations else way
    if direction == UNCHANGED and view.kind(at) == VERB and not negations:
        return  # "improved and was maintained" is said of the improvement
    if (
        cell.last
        and _goes_on(view, at)
        and (view.kind(at) in (VERB, ADJECTIVE) or direction == UNCHANGED or view.kind(at) == EITHER and way != IMPROVED)
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
    elif _is_no_change(view, at) or (negations and way in (IMPROVED, INCREASED, DECREASED)):
        first = min([at, *negations])
        if any(True for _ in view.where({"comparison"}, at)):
            cell.overrule(None)
        cell.votes.append(Vote("none", view.span(first, at), "no-effect-stated"))
    elif way == IMPROVED and view.kind(at) != ADJECTIVE and not negations:
        cell.votes.append(Vote("good", view.span(at), "benefit-stated"))


def _goes_on(view: View, at: int) -> bool:
    """Whether nothing but small words stands between the last joint of the clause and `at`: "… but rose later"."""
    i = view.skip_back(at - 1, {*SMALL, "hedge", "be", "negation", "report", "preposition", "time"})
    compares = any(True for _ in view.where({"comparison"}, at))
    return view.kind(i) in ("break", COMMA, AND) if i >= 0 else compares


def _of_others(view: View, at: int) -> bool:
    """Whether a direction is that of the control group alone: "… yet fell in controls"."""
    i = view.skip(at + 1, SMALL)
    return (
        view.form(i) == "in"
        and view.kind(view.skip(i + 1, SMALL)) == GROUP
        and "both" not in view.words(i + 1).lower()
    )


def _between_doses(view: View, at: int) -> bool:
    words = view.words(at).lower()
    behind = view.text[view.chunks[at].end : view.chunks[-1].end].lower()
    compares = any(True for _ in view.where({"comparison"}, at))
    return compares and "differen" in words and any(word in behind for word in _ALIKE)
