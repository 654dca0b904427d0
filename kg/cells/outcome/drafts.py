"""Names, a direction and the chunks that say so → drafts of claims, with hedges, time, comparison and p-value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from kg.cells.outcome.items import AGENT, AND, BRACKET, COMMA, GROUP, NAME, Chunk
from kg.cells.outcome.names import Named, named
from kg.cells.outcome.number import P_VALUE, TIME
from kg.cells.outcome.terms import EVENT, MEASURE, Words
from kg.cells.outcome.view import DIRECTIONS, JOINTS, View
from kg.model import Span
from kg.vocabulary.lexicon import Concept
from kg.vocabulary.namespaces import TKG

INCREASED, DECREASED, IMPROVED, WORSENED, UNCHANGED, REPORTED = (
    *("increased", "decreased", "improved", "worsened", "unchanged", "reported"),
)
_LISTED = frozenset((NAME, COMMA, AND, "article", "adverb"))


@dataclass(slots=True)
class Draft:
    """A claim before it is looked up: a measure, its direction, the places of the words it rests on, and the rule.

    `absence` says that a harm was denied ("without increasing relapse"), `nobody` that none reached it, `limited` that a
    limit was reached ("DAS28 < 3.2 in 28 %"), `overruled` that the comparison group fared no worse. `siblings` are the
    concepts of the names of one list.
    """

    named: Named
    direction: str
    rule: str
    spans: list[Span]
    numbers: list[Chunk] = field(default_factory=list)
    hedges: list[Chunk] = field(default_factory=list)
    time: Span | None = None
    comparison: Span | None = None
    p_value: Span | None = None
    absence: bool = False
    nobody: bool = False
    limited: bool = False
    overruled: bool = False
    siblings: tuple[Concept, ...] = ()

    @property
    def whole(self) -> Span:
        """The stretch from the first to the last word that the draft rests on."""
        return Span(min(span.start for span in self.spans), max(span.end for span in self.spans))


class Vote(NamedTuple):
    """A statement on the treatment as a whole, without a measure: `way` is "good" or "none"."""

    way: str
    span: Span
    rule: str


class Cell:
    """What has been understood of a cell so far; `last` are the names of which something was said last."""

    def __init__(self, text: str, words: Words, *, marks_behind: bool) -> None:
        self.text = text
        self.words = words
        self.marks_behind = marks_behind
        self.drafts: list[Draft] = []
        self.votes: list[Vote] = []
        self.last: list[Named] = []
        self.even: set[int] = set()  # where events as such stand of which the groups had as many
        self.settled: set[int] = set()  # where names stand that became less or stayed: no events to report

    def say(
        self, view: View, places: Sequence[int], direction: str, rule: str, others: Sequence[int]
    ) -> list[Draft]:
        """Add a claim on each of the names at `places`; `others` are the places of the words that say what it is."""
        chunks = [view.chunks[i] for i in places if _measured(view.chunks[i], direction)]
        if direction in (DECREASED, UNCHANGED, IMPROVED):
            general = {
                view.chunks[i].start for i in places if direction == UNCHANGED and _is_general(view.chunks[i])
            }
            self.even.update(general)
            self.settled.update({view.chunks[i].start for i in places} - general)
        if direction == UNCHANGED and any(chunk.kind == NAME for chunk in chunks):
            chunks = [view.chunks[i] for i in places if not _is_general(view.chunks[i])]
        view.used.update(places)
        if not chunks:
            return []
        if len(chunks) == 2 and others and places[-1] < min(others) and _either(chunks, self.text):
            chunks = [_merged(chunks[0], chunks[1])]
        names = named(_reached(chunks, self.text) if direction == REPORTED else chunks, self.text, self.words)
        if BRACKET in view.present:
            for place in sorted({*places, *others}):
                names += _members(view, place, self.words)
        self.last = names
        drafts = [self.add(view, name, direction, rule, others) for name in names]
        heads = tuple(name.head for name in names if name.head is not None)
        for draft in drafts:
            draft.siblings = heads
        return drafts

    def overrule(self, name: Named | None) -> None:
        """Take the benefit from what was said of `name`, or of all, without a comparison."""
        for draft in self.drafts:
            draft.overruled = draft.overruled or (
                (name is None or draft.named == name) and draft.direction != UNCHANGED
            )

    def plan(self) -> None:
        """Read all claims as names of what is to be measured."""
        self.votes.clear()
        for draft in self.drafts:
            draft.direction, draft.rule, draft.spans = REPORTED, "named-only", list(draft.named.spans)

    def level(self, hedge: Chunk) -> None:
        """Read the claims on the last names as no change, because their difference is said not to be significant."""
        for draft in self.drafts:
            if draft.named in self.last and draft.direction != REPORTED:
                draft.direction = UNCHANGED
                draft.hedges.append(hedge)
                draft.spans.append(Span(hedge.start, hedge.end))

    def settle(self) -> None:
        """Read figures that are compared beside a missed end point, or "no additional effect", as no difference."""
        missed = any(vote.rule == "no-effect-stated" for vote in self.votes) or any(
            draft.direction == UNCHANGED and _is_end_point(draft.named.head) for draft in self.drafts
        )
        for draft in self.drafts if missed else ():
            if draft.rule == "compared-figures" and draft.p_value is None:
                draft.direction = UNCHANGED

    def judge(self, p_value: Chunk) -> None:
        """Give the last claim a p-value that stands in a statement of its own: "LVEF +5.1 % vs +4.6 %; p = 0.68"."""
        if self.drafts and self.drafts[-1].p_value is None:
            _circumstance(self.drafts[-1], p_value)
            self.drafts[-1].spans.append(Span(p_value.start, p_value.end))

    def add(self, view: View, name: Named, direction: str, rule: str, others: Sequence[int]) -> Draft:
        """Add one claim on a name."""
        draft = Draft(name, direction, rule, [*name.spans, *(view.span(i) for i in others)])
        draft.numbers = [view.chunks[i] for i in others if view.chunks[i].number is not None]
        _circumstances(draft, view)
        self.drafts.append(draft)
        return draft


def _is_end_point(head: Concept | None) -> bool:
    return head is not None and "endpoint" in head.name


def way_of(chunk: Chunk) -> str:
    """Return the direction that a cue names, "" when it names none."""
    return _last(chunk.cue, TKG.namesDirection)


def kind_of(concept: Concept | None) -> str:
    """Return what kind of endpoint a measure is, "" when the vocabulary does not say."""
    return _last(concept, TKG.endpointKind)


def better_when(concept: Concept | None) -> str:
    """Return the direction in which a measure is better, "" when the vocabulary does not say."""
    return _last(concept, TKG.betterWhen)


@lru_cache(maxsize=4096)
def _last(concept: Concept | None, prop: str) -> str:
    return concept.note(prop).rsplit("/", 1)[-1] if concept is not None else ""


def _measured(chunk: Chunk, direction: str) -> bool:
    """Whether a name is a measure: an adverse event is one only where it became less, and is named itself."""
    if chunk.kind == NAME:
        return True
    return direction in (DECREASED, IMPROVED) and not _is_general(chunk)


def _is_general(chunk: Chunk) -> bool:
    """Whether a name is that of adverse events as such, and not of one of them."""
    events = [t.concept for t in chunk.terms if t.kind == EVENT and t.concept is not None]
    return bool(events) and all(map(_is_generic, events))


def _is_generic(event: Concept) -> bool:
    return not event.broader or event.name in ("serious-adverse-event", "dose-limiting-toxicity", "toxicity")


def _reached(chunks: Sequence[Chunk], text: str) -> list[Chunk]:
    """Return the chunks with "complete clinical" and "radiographic healing" as the one thing that was reached."""
    found: list[Chunk] = []
    for chunk in chunks:
        before = found[-1] if found else None
        joint = text[before.end : chunk.start].strip().lower() if before else ""
        if before is not None and joint in ("and", "or") and _adjectival(before, text):
            found[-1] = _merged(before, chunk)
        else:
            found.append(chunk)
    return found


def _merged(first: Chunk, last: Chunk) -> Chunk:
    return Chunk(NAME, first.start, last.end, (*first.terms, *last.terms))


def _either(chunks: Sequence[Chunk], text: str) -> bool:
    """Whether two names are one end point: "death or severe BPD was rarer"."""
    joint = text[chunks[0].end : chunks[1].start].strip().lower()
    return joint == "or" and not _adjectival(chunks[0], text)


def _adjectival(chunk: Chunk, text: str) -> bool:
    ends = ("al", "all", "free", "tor", "ic", "ive", "ory", "ary", "complete", "partial")
    return all(term.kind == "word" for term in chunk.terms) and text[
        chunk.start : chunk.end
    ].lower().endswith(ends)


def _members(view: View, at: int, words: Words) -> list[Named]:
    """Return the names in the bracket behind a place: the members of a group, "markers (IL-6, TNF-α)"."""
    found: list[Named] = []
    for inner in view.chunks[at + 1].inner if view.kind(at + 1) == BRACKET else ():
        names = [chunk for chunk in inner if chunk.kind == NAME]
        known = any(term.kind == MEASURE for chunk in names for term in chunk.terms)
        if names and {chunk.kind for chunk in inner} <= _LISTED and (known or len(names) > 1):
            found += named(names, view.text, words)
    return found


# ---------------------------------------------------------------- circumstances


_CIRCUMSTANCES = frozenset(("hedge", "not-significant", "comparison", TIME, P_VALUE, BRACKET))


def _circumstances(draft: Draft, view: View) -> None:
    """Give a draft the hedges, time, comparison and p-value that stand nearer to it than to another statement."""
    if view.present.isdisjoint(_CIRCUMSTANCES):
        return
    low, high = _window(draft, view)
    start = draft.whole.start
    inside = min((i for i in range(low, high) if view.chunks[i].start >= start), default=low)
    for at in (*range(inside, high), *range(low, inside)):
        chunk = view.chunks[at]
        if chunk.kind == "comparison" and draft.comparison is None:
            draft.comparison = _comparison(view, at)
        elif chunk.kind == BRACKET:
            for inner in chunk.inner:
                for one in inner:
                    _circumstance(draft, one)
        else:
            _circumstance(draft, chunk)
    if draft.time is None and view.kind(view.skip(0, {"preposition"})) == TIME:
        draft.time = view.span(view.skip(0, {"preposition"}))  # "at week 24, …"
    insignificant = any(hedge.kind == "not-significant" for hedge in draft.hedges)
    if insignificant and (draft.direction != REPORTED or "direction" in draft.rule):
        draft.direction = UNCHANGED


def _circumstance(draft: Draft, chunk: Chunk) -> None:
    if chunk.kind in ("hedge", "not-significant"):
        draft.hedges.append(chunk)
    elif chunk.kind == TIME and draft.time is None:
        draft.time = Span(chunk.start, chunk.end)
    elif chunk.kind == P_VALUE and draft.p_value is None:
        draft.p_value = Span(chunk.start, chunk.end)
        if chunk.number and chunk.number.rising and draft.direction != REPORTED:
            draft.direction = UNCHANGED  # p above 0.05


def _window(draft: Draft, view: View) -> tuple[int, int]:
    """Return the places around a draft up to the next statement."""
    whole = draft.whole
    if draft.rule == "same-measure":
        whole = draft.spans[len(draft.named.spans)]  # the measure itself stands in another statement
    inside = [i for i, chunk in enumerate(view.chunks) if whole.start <= chunk.start < whole.end]
    if not inside:
        return 0, 0
    low, high = inside[0], inside[-1] + 1
    while low > 0 and view.kind(low - 1) not in (*DIRECTIONS, "break", COMMA, NAME):
        low -= 1
    while high < len(view):
        kind = view.kind(high)
        if kind in DIRECTIONS or (
            kind == NAME and view.kind(view.skip_back(high - 1, {"article"})) in (*JOINTS, "break")
        ):
            break
        high += 1
    return low, high


def _comparison(view: View, at: int) -> Span | None:
    """Return "than the control group", "between groups"; None when nothing is named to compare with."""
    nxt = view.skip(at + 1, {"article", "adverb", "of", "preposition", "plain"})
    words = view.words(at).lower()
    if any(word in words for word in ("group", "baseline", "arm", "levels", "placebo", "control")):
        return view.span(at)
    return view.span(at, nxt) if view.kind(nxt) in (AGENT, GROUP, NAME) else None
