"""A word of a direction in a clause → the names that it is said of, and the negations that it stands under."""

from __future__ import annotations

from collections.abc import Sequence

from kg.cells.outcome.drafts import Cell
from kg.cells.outcome.items import AGENT, AND, COMMA, GROUP, NAME
from kg.cells.outcome.number import PLAIN
from kg.cells.outcome.terms import EVENT
from kg.cells.outcome.view import ADJECTIVE, DIRECTIONS, EITHER, NAMES, NOUN, NUMBERS, SMALL, SYMBOL, View

Found = tuple[list[int], str]
_NOWHERE: list[int] = []
_HELPERS = frozenset(["did", "does", "do", "would", "will", "could", "should", "must"])
_SEEN = frozenset(["found", "detected", "observed", "noted", "seen", "shown", "reported", "recorded"])
_EFFECTS = ("effect", "impact", "influence", "benefit", "improvement")
_BY = frozenset(
    ("based on", "according to", "in terms of", "terms of", "as measured by", "measured by", "assessed by")
)
_FAR = 9  # chunks between "difference" and "in X"


def names_of(view: View, at: int, cell: Cell) -> Found:
    """Return the places of the names that a word of a direction is said of, and the rule that found them."""
    kind = view.kind(at)
    if kind == SYMBOL and view.form(at + 1) == "in":
        return view.right(view.skip(at + 2, SMALL)), "arrow-measure"
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
    if view.kind(nxt) in NAMES and not (view.opens(nxt) and view.kind(nxt + 1) != AND):
        return view.right(nxt), "direction-measure"
    if view.form(at + 1) == "to" and (behind := _behind_noun(view, at)):
        return behind, "direction-in-measure"
    left = view.left(at)
    if not left and (behind := _behind_noun(view, at)):
        return behind, "direction-in-measure"
    return left, "measure-direction"


def _of_noun(view: View, at: int) -> Found:
    nxt = view.skip(at + 1, {*SMALL, "preposition", "of"})
    if nxt > at and view.kind(nxt) in (NOUN, EITHER) and (nxt > at + 1 or view.words(at).endswith(" on")):
        return _NOWHERE, "direction-of-direction"
    beside = view.free(at - 1)
    if beside and view.is_no_change(at):
        return view.list_left(at - 1), "measure-direction"
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
    joints = {
        "in",
        "of",
        "for",
        *(() if view.kind(at) == ADJECTIVE else ("to",)),
        "regarding",
        "concerning",
        "toward",
        "towards",
    }
    if view.words(at).lower().rsplit(" ", 1)[-1].startswith(_EFFECTS):
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
        elif kind in (COMMA, AND, "break", "negation", *DIRECTIONS) or (
            kind in NAMES and not any(view.kind(j) == "comparison" for j in range(at + 1, i))
        ):
            return []
    return []


def _of_verb(view: View, at: int) -> Found:
    left = view.left(at)
    nxt = view.skip(at + 1, {*SMALL, "of"})
    if view.form(nxt) == "neither":
        nxt = view.skip(nxt + 1, SMALL)
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
    while view.kind(i) in (*SMALL, "negation", "hedge", "not-significant") or (
        view.kind(i) == "report" and view.form(i) in _SEEN
    ):
        i -= 1
    return view.kind(i) == "be" and view.form(i) not in _HELPERS


def negations_of(view: View, at: int, places: Sequence[int]) -> list[int]:
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
        while view.kind(start - 1) in passed or (
            view.kind(start - 1) == NAME and view.kind(start - 2) == "negation"
        ):
            start -= 1
    if view.form(start - 1) == "or" and view.kind(start - 2) in NAMES and view.kind(start - 3) == "negation":
        start -= 3  # "without rejection or loss of function"
    found = [
        i for i in view.where({"negation"}, start, at) if view.form(i) != "without" or not _acts(view, i, at)
    ]
    insignificant = view.skip_back(at - 1, SMALL)
    if view.kind(insignificant) == "not-significant" and not view.words(insignificant).lower().startswith(
        "no "
    ):
        found.append(insignificant)
    last = max([at, *places])
    if not found and view.kind(at) in (NOUN, EITHER) and (behind := _not_seen(view, last)):
        return [behind]
    if not found and view.form(at + 1) == "neither":
        return [at + 1]
    if not found and view.kind(at - 1) == PLAIN and _is_zero(view, at - 1):
        return [at - 1]
    if not found and view.kind(at + 1) == "negation" and view.kind(at + 2) in ("", COMMA):
        return [at + 1]
    return found


def _not_seen(view: View, at: int) -> int:
    """Return the place of "not" in "a benefit could not be shown"; 0 where there is none."""
    negation = view.skip(at + 1, {"be", "hedge", "adverb"})
    seen = view.skip(negation + 1, {"be", "adverb"})
    return negation if view.kind(negation) == "negation" and view.kind(seen) == "report" else 0


def _acts(view: View, at: int, end: int) -> bool:
    return view.has({"report"}, at, end)


def _is_zero(view: View, at: int) -> bool:
    number = view.chunks[at].number
    return number is not None and number.is_zero
