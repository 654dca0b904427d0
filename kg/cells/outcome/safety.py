"""Clauses of chunks → what the cell says of harm: "no serious events", "events reported", both, or nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from kg.cells.outcome.drafts import REPORTED, way_of
from kg.cells.outcome.items import AND, BRACKET, COMMA, NAME, Chunk, Clause
from kg.cells.outcome.terms import EVENT
from kg.model import Span

_GAP = frozenset(("article", "adverb", "hedge", "level", "of", "not-significant", "plain"))


_TELLING = frozenset(("safe", "harmed", "negation", EVENT, NAME))


def safety_words(
    clauses: Sequence[Clause], settled: Collection[int], even: Collection[int]
) -> tuple[list[Span], list[Span]]:
    """Return the words that say that it was safe, and those that name events.

    `settled` are the places of events of which the cell says that they became fewer or did not differ, `even` of
    events as such that the groups had alike.
    """
    safe: list[Span] = []
    events: list[Span] = []
    for clause in _all(clauses):
        _read(clause, (settled, even), safe, events)
    return safe, events


def _all(clauses: Sequence[Clause]) -> Iterator[Clause]:
    for clause in clauses:
        yield clause
        for chunk in clause:
            if chunk.inner:
                yield from _all(chunk.inner)


def _read(
    clause: Clause, told: tuple[Collection[int], Collection[int]], safe: list[Span], events: list[Span]
) -> None:
    for at, chunk in enumerate(clause):
        if chunk.kind not in _TELLING:
            continue
        if chunk.kind == "safe":
            (events if _turned(clause, at) else safe).append(Span(chunk.start, chunk.end))
        elif _no_death(clause, at):
            safe.append(Span(chunk.start, chunk.end))
        elif chunk.kind == "harmed" or _is_death(clause, at):
            if not _turned(clause, at):
                events.append(Span(chunk.start, chunk.end))
        elif chunk.kind == "negation" and _none_related(clause, at):
            safe.append(Span(chunk.start, clause[at + 1].end))
        elif chunk.kind == EVENT and _is_condition(clause, at):
            continue
        elif chunk.kind == EVENT and chunk.start in told[1]:
            events.append(Span(chunk.start, chunk.end))
        elif chunk.kind == EVENT:
            if (negation := _negation(clause, at)) is not None:
                safe.append(
                    Span(min(clause[negation].start, chunk.start), max(clause[negation].end, chunk.end))
                )
            elif chunk.start not in told[0] and _happened(clause, at):
                events.append(Span(chunk.start, chunk.end))


def _turned(clause: Clause, at: int) -> bool:
    return any(clause[i].kind == "negation" for i in range(max(0, at - 2), at))


# what may stand between a negation and an event that it denies
_CARRYING = _GAP | {
    *(
        COMMA,
        AND,
        EVENT,
        BRACKET,
        NAME,
        "agent",
        "group",
        "report",
        "be",
        "time",
        "preposition",
        "comparison",
        "safe",
    ),
    *("verb", "adjective", "state-bad", "symbol", "noun", "either"),
}


def _negation(clause: Clause, at: int) -> int | None:
    """Return the place of the negation that an event stands under, itself or through the list that it stands in."""
    i = at - 1
    while i >= 0:
        kind = clause[i].kind
        if kind == "negation":
            return i
        if kind in _CARRYING:
            if kind == COMMA and not _list_goes_on(clause, i):
                return None
            if kind in ("verb", "adjective") and i < at - 1 and clause[i + 1].kind in (COMMA, AND):
                return None
            i -= 1
        else:
            return None
    return _behind(clause, at)


def _behind(clause: Clause, at: int) -> int | None:
    """Return a negation behind an event: "adverse events were not observed", "SAE: none"."""
    for i in range(at + 1, min(len(clause), at + 5)):
        if clause[i].kind == "negation" or _is_zero(clause[i]):
            return i
        if clause[i].kind not in ("be", "colon", "report", "adverb", "hedge", "preposition", "agent", "time"):
            return None
    return None


def _is_zero(chunk: Chunk) -> bool:
    return chunk.number is not None and chunk.number.is_zero


def _list_goes_on(clause: Clause, comma: int) -> bool:
    """Whether the comma parts members of a list and not statements: the next one has no number and no verb of its own."""
    for i in range(comma + 1, len(clause)):
        kind = clause[i].kind
        if kind in (COMMA, "break"):
            return True
        if kind in ("plain", "percent", "count", "verb", "symbol"):
            return False
    return True


def _is_death(clause: Clause, at: int) -> bool:
    """Whether deaths are counted and not compared: "2 deaths"."""
    chunk = clause[at]
    if chunk.kind != NAME or at == 0 or clause[at - 1].kind != "plain":
        return False
    return _deadly(chunk) and not any(one.kind == "comparison" for one in clause)


def _is_condition(clause: Clause, at: int) -> bool:
    """Whether an event is what the patients had before: "in children with hypoglycaemia"."""
    i = at - 1
    while i > 0 and clause[i].kind in (NAME, AND, COMMA, "article"):
        i -= 1
    if i < 1 or clause[i].kind != "preposition" or clause[i].terms[0].form != "with":
        return False
    return clause[i - 1].kind == "agent" and all(one.kind != EVENT for one in clause[i:at])


def _no_death(clause: Clause, at: int) -> bool:
    """Whether the cell says that nobody died: "no deaths", "mortality was not observed"."""
    chunk = clause[at]
    if chunk.kind != NAME or not _deadly(chunk) or any(one.kind in ("comparison", "group") for one in clause):
        return False
    before = at and clause[at - 1].kind == "negation"
    behind = [one.kind for one in clause[at + 1 : at + 4]]
    return bool(before) or behind[:3] == ["be", "negation", "report"]


def _deadly(chunk: Chunk) -> bool:
    return any(t.concept is not None and t.concept.name in ("mortality", "death") for t in chunk.terms)


_CAUSED = ("related", "attributed", "attributable")


def _none_related(clause: Clause, at: int) -> bool:
    """Whether events are said to have other causes: "none related to the cells"."""
    words = {chunk.terms[0].form for chunk in clause[at + 1 : at + 7] if chunk.terms}
    return clause[at].terms[0].form == "none" and not words.isdisjoint(_CAUSED)


def _happened(clause: Clause, at: int) -> bool:
    """Whether an event is more than named: adverse events as such are one to look for when nothing is said of them."""
    if len(clause) == 1:
        return not all(
            t.concept is not None and not t.concept.broader for t in clause[at].terms if t.kind == EVENT
        )
    return True


def tells_nothing(clauses: Sequence[Clause]) -> bool:
    """Return whether no clause tells a result in so many words: no "was", no figure, no verb but "to improve"."""
    for clause in _all(clauses):
        for at, chunk in enumerate(clause):
            if chunk.kind in _RESULTS or (chunk.kind == "verb" and not _is_infinitive(clause, at)):
                return False
    return True


def _is_infinitive(clause: Clause, at: int) -> bool:
    """Whether "to" stands before a verb: "time to improve"."""
    last = clause[at - 1].terms[-1] if at and clause[at - 1].terms else None
    return last is not None and (
        last.form == "to" or (last.concept is not None and last.concept.scheme == "cue")
    )


_RESULTS = frozenset(
    ("be", "negation", "percent", "count", "shift", "safe", "effective", "futile", "state", "state-bad", "symbol")
)  # fmt: skip
_STATEMENTS = _RESULTS | {"verb", "either", "adjective", "harmed", "plain", "report", "not-significant"}


def planned_only(clauses: Sequence[Clause]) -> bool:
    """Return whether the cell only names what is to be measured: no verb, no number, no direction anywhere."""
    chunks = [chunk for clause in _all(clauses) for chunk in clause]
    if any(
        chunk.kind in _STATEMENTS or (chunk.kind == "noun" and way_of(chunk) != REPORTED) for chunk in chunks
    ):
        return False
    events = [chunk for chunk in chunks if chunk.kind == EVENT]
    return any(chunk.kind == NAME for chunk in chunks) or not events or any(map(_is_unspecific, events))


def _is_unspecific(chunk: Chunk) -> bool:
    return any(t.concept is not None and not t.concept.broader for t in chunk.terms if t.kind == EVENT)
