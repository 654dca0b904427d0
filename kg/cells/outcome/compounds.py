"""Chunks of a clause → the same with words of a direction that are part of a name: "FVC decline was slower"."""

from __future__ import annotations

from kg.cells.outcome.drafts import DECREASED, REPORTED, WORSENED, way_of
from kg.cells.outcome.items import AND, COMMA, NAME, Chunk, Clause
from kg.cells.outcome.number import PLAIN
from kg.cells.outcome.terms import EVENT, Term, Words
from kg.cells.outcome.view import ADJECTIVE, DIRECTIONS, EITHER, NOUN, SMALL, SYMBOL, VERB, View

_SAID = frozenset((VERB, ADJECTIVE, SYMBOL, NOUN, "different", "not-significant", "shift", "percent"))


_WANTED = (
    "reduc",
    "decreas",
    "shrink",
    "suppress",
    "inhibit",
    "prevent",
)  # what one brings about, not what one loses


def joined(clause: Clause, text: str, words: Words) -> Clause:
    """Return the clause with each noun of a direction joined to its name where another word says what became of it.

    "FVC decline slowed" is about the decline, "no difference in bone gain" about the gain, "less decline of FVC" again
    about the decline.
    """
    kinds = {chunk.kind for chunk in clause}
    if "be" in kinds:
        clause = _degrees(clause, text, words)
    if EVENT in kinds and AND in kinds:
        clause = _sorts_of_events(clause, words)
    if kinds.isdisjoint((NOUN, EITHER)):
        return clause
    view = View(clause, text)
    found: list[Chunk] = []
    at = 0
    while at < len(view):
        end = _before_predicate(view, at, words) or _in_list(view, at) or _of_measure(view, at)
        if end:
            found.append(_one(view, at, end))
            at = end
        else:
            found.append(view.chunks[at])
            at += 1
    return tuple(found)


def _degrees(clause: Clause, text: str, words: Words) -> Clause:
    """Return the clause with "complete" of "healing was complete in 3 and partial in 8" as a small word."""
    found = list(clause)
    said = False
    for at, chunk in enumerate(found):
        said = said or chunk.kind == "be"
        if said and chunk.kind == NAME and text[chunk.start : chunk.end].lower() in words["degree"]:
            found[at] = chunk._replace(kind="adverb")
    return tuple(found)


def _sorts_of_events(clause: Clause, words: Words) -> Clause:
    """Return the clause with "acute" of "acute or chronic side effects" as part of the events."""
    found = list(clause)
    for at in range(len(found) - 2):
        first, joint, last = found[at : at + 3]
        single = first.kind == NAME and _is_sort(first, words)
        if single and joint.kind == AND and last.kind == EVENT:
            found[at] = first._replace(kind="article", terms=())
            found[at + 1] = joint._replace(kind="article", terms=())
    return tuple(found)


def _is_sort(chunk: Chunk, words: Words) -> bool:
    forms = [term.form for term in chunk.terms]
    return all(form in words["sort"] or form.endswith(("al", "ic", "ory")) for form in forms)


def _one(view: View, at: int, end: int) -> Chunk:
    terms: list[Term] = []
    for chunk in view.chunks[at:end]:
        if chunk.kind in (NOUN, EITHER):
            lost = way_of(chunk) in (DECREASED, WORSENED) and not view.text[chunk.start :].lower().startswith(
                _WANTED
            )
            kind = "loss" if lost else "word"
            terms.append(Term(kind, "", chunk.start, chunk.end))
        else:
            terms += chunk.terms
    return Chunk(NAME, view.chunks[at].start, view.chunks[end - 1].end, tuple(terms))


def _before_predicate(view: View, at: int, words: Words) -> int:
    """Return the end of "FVC decline" where what became of it follows; 0 where not."""
    if (
        view.kind(at) != NAME
        or view.kind(at + 1) not in (NOUN, EITHER)
        or way_of(view.chunks[at + 1]) == "reported"
    ):
        return 0
    if view.is_no_change(at + 1):
        return 0
    end = at + 3 if view.kind(at + 2) == NAME and view.words(at + 2).lower() in words["rate"] else at + 2
    nxt = view.skip(end, {*SMALL, "be", "negation", "hedge"})
    kind = view.kind(nxt)
    before = view.skip_back(at - 1, {*SMALL, "of"})
    if (
        view.kind(before) in (NOUN, VERB)
        and way_of(view.chunks[before]) == way_of(view.chunks[at + 1]) == DECREASED
    ):
        return end  # "no slowing of cognitive decline"
    if kind in (PLAIN, "percent", "shift") and view.has({"comparison"}, nxt, nxt + 4):
        return end  # "UMSARS rise 7.6 vs. 19.2"
    slower = view.kind(view.skip_back(at - 1, SMALL)) == ADJECTIVE and way_of(view.chunks[at + 1]) in (
        DECREASED,
        WORSENED,
    )
    if slower and kind not in (VERB, ADJECTIVE):
        return end  # "slower neurological deterioration"
    if kind not in _SAID or (kind == NOUN and not view.is_no_change(nxt)):
        return 0
    if kind in ("shift", "percent") or (kind != NOUN and way_of(view.chunks[nxt]) == REPORTED):
        return 0
    takes = kind in (VERB, ADJECTIVE) and view.kind(view.skip(nxt + 1, SMALL)) == NAME
    return 0 if takes else end


def _in_list(view: View, at: int) -> int:
    """Return the end of "bone gain" in "no difference in bone gain"; 0 elsewhere."""
    if (
        view.kind(at) != NAME
        or view.kind(at + 1) not in (NOUN, EITHER)
        or view.kind(at + 2) not in ("", COMMA, AND)
    ):
        return 0
    for i in range(at - 1, -1, -1):
        if view.kind(i) in (NOUN, "different") and (
            view.is_no_change(i) or way_of(view.chunks[i]) == "reported"
        ):
            return at + 2 if any(view.form(j) == "in" for j in range(i, at)) else 0
        if view.kind(i) in DIRECTIONS and view.kind(i) not in (NOUN, EITHER):
            return 0
    return 0


def _of_measure(view: View, at: int) -> int:
    """Return the end of "decline of FVC" behind "less" or "slower"; 0 elsewhere."""
    if view.kind(at) not in (NOUN, EITHER) or way_of(view.chunks[at]) != DECREASED:
        return 0
    before = view.skip_back(at - 1, SMALL)
    nxt = view.skip(at + 1, {"of", "article", PLAIN})
    if view.form(nxt) == "in":
        nxt = view.skip(nxt + 1, {"article"})
    if view.kind(nxt) != NAME or (view.kind(at + 1) not in ("of", "preposition") and nxt > at + 1):
        return 0
    said = view.skip(nxt + 1, SMALL)
    slowed = view.kind(said) == "be" and view.kind(view.skip(said + 1, SMALL)) in (ADJECTIVE, VERB)
    return nxt + 1 if slowed or view.kind(before) == ADJECTIVE else 0
