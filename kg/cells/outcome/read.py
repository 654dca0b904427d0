"""Text of an outcome cell and the row's diseases → the coded outcome, each code and claim with its words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from kg.cells.common import empty
from kg.cells.outcome.clauses import clauses_of
from kg.cells.outcome.compounds import joined
from kg.cells.outcome.directions import read_directions
from kg.cells.outcome.drafts import UNCHANGED, Cell, Draft, way_of
from kg.cells.outcome.efficacy import efficacy_code
from kg.cells.outcome.figures import join_numbers
from kg.cells.outcome.items import NAME, Clause
from kg.cells.outcome.kinds import Kinds
from kg.cells.outcome.number import COUNT, P_VALUE, PERCENT, PLAIN, SHIFT
from kg.cells.outcome.safety import planned_only, safety_words, tells_nothing
from kg.cells.outcome.shares import Share, shares_of
from kg.cells.outcome.statements import read_statements
from kg.cells.outcome.terms import Tagger
from kg.cells.outcome.view import DIRECTIONS, View
from kg.model import Claim, Coded, Outcome, Reading, Span, State
from kg.vocabulary.lexicon import Concept, Lexicon
from kg.vocabulary.marks import is_not_given
from kg.vocabulary.text import fold

_SHORT = 40  # characters of the longest mark for what is not given
_KNOWN = frozenset({"and", "yet", "the", "are", "is"})
_SAYING = DIRECTIONS | {SHIFT, PERCENT, COUNT, PLAIN}
_SCHEMES = ("outcome-status", "efficacy", "safety", "direction", "endpoint-kind")


@lru_cache(
    maxsize=4
)  # the words of all vocabularies are put in one tree, which takes longer than reading a table
def outcome_reader(lexicon: Lexicon) -> OutcomeReader:
    """Return the reader of outcome cells for a lexicon, the same one each time."""
    return OutcomeReader(lexicon)


class OutcomeReader:
    """Reads outcome cells with the words of one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._tagger = Tagger(lexicon)
        self._concepts = {
            (scheme, concept.name): concept for scheme in _SCHEMES for concept in lexicon.concepts(scheme)
        }

    def plans(self, header: str) -> bool:
        """Return whether a header speaks of end points or outcome measures, whose cells may be plans; not "Outcomes"."""
        for match in self._lexicon.scan("measure", header):
            measures = fold(header[match.start : match.end]).startswith(match.concept.label)
            if "endpoint" in match.concept.name or (match.concept.name == "outcome-measure" and measures):
                return True
        return False

    def read(
        self, text: str, diseases: Collection[Concept] = (), *, planned: bool = False
    ) -> Reading[Outcome | None]:
        """Return the coded outcome; None when nothing is given.

        The row's `diseases` decide whether a laboratory value is one of their accepted measures of activity. With
        `planned` a cell that tells no result in so many words is taken for what is to be measured.
        """
        if len(text) <= _SHORT and is_not_given(text, self._lexicon):
            return empty(None)
        outcome = self._coded(text, Kinds(self._lexicon, self._tagger.words, diseases), planned)
        spans = _ordered((*_claimed(outcome.claims), *outcome.efficacy.spans, *outcome.safety.spans))
        if outcome.status.concept.name == "not-public":
            return Reading(outcome, State.MAPPED, "outcome.not-public", spans or outcome.status.spans)
        if not spans:
            return Reading(outcome, State.TEXT, "outcome.verbatim", (Span(0, len(text)),))
        return Reading(outcome, State.MAPPED, "outcome.coded", spans)

    def _coded(self, text: str, kinds: Kinds, may_be_planned: bool) -> Outcome:
        words = self._tagger.words
        clauses = clauses_of(join_numbers(self._tagger.terms(text)), text, words)
        cell = Cell(text, words, marks_behind=_marks_behind(clauses))
        for clause in clauses:
            _read_clause(clause, cell)
        planned = planned_only(clauses) or (may_be_planned and tells_nothing(clauses))
        if planned:
            cell.plan()
        cell.settle()
        drafts = [(draft, kinds.of(draft)) for draft in cell.drafts]
        shares = list(shares_of(clauses, cell))
        safe, events = ([], []) if planned else safety_words(clauses, cell.settled, cell.even)
        code, spans = efficacy_code(drafts, cell.votes)
        said = [draft for draft, _ in drafts if draft.rule != "named-only"]
        silent = planned or not (said or cell.votes or safe or events)
        status = self._status(text, silent=silent, named=bool(drafts))
        if status.rule == "status.no-result":
            drafts = [one for one in drafts if not _overlap(one[0].spans, status.spans)]
        return Outcome(
            text,
            status,
            Coded(self._concepts["efficacy", code], f"efficacy.{code}", _ordered(spans)),
            self._safety(safe, events),
            tuple(_different(self._claim(draft, kind, text, shares) for draft, kind in drafts)),
            tuple(share.figure for share in shares),
        )

    def _status(self, text: str, *, silent: bool, named: bool) -> Coded:
        matches = self._lexicon.scan("outcome-status", text) if silent else ()
        if matches:
            spans = tuple(Span(match.start, match.end) for match in matches)
            return Coded(self._concepts["outcome-status", "not-public"], "status.no-result", spans)
        if silent and named:
            return Coded(self._concepts["outcome-status", "planned"], "status.planned", (Span(0, len(text)),))
        return Coded(self._concepts["outcome-status", "reported"], "status.reported")

    def _silent(self, scheme: str) -> Coded:
        return Coded(self._concepts[scheme, "not-stated"], f"{scheme}.no-word")

    def _safety(self, safe: Sequence[Span], events: Sequence[Span]) -> Coded:
        if not safe and not events:
            return self._silent("safety")
        name = "both" if safe and events else "no-serious-events" if safe else "events-reported"
        return Coded(self._concepts["safety", name], f"safety.{name}", _ordered((*safe, *events)))

    def _claim(self, draft: Draft, kind: str, text: str, shares: Sequence[Share]) -> Claim:
        return Claim(
            name=draft.named.name,
            concept=draft.named.concept,
            kind=self._concepts["endpoint-kind", kind],
            direction=self._concepts["direction", draft.direction],
            rule=f"claim.{draft.rule}",
            spans=_ordered(draft.spans),
            hedges=tuple(dict.fromkeys(hedge.cue for hedge in draft.hedges if hedge.cue is not None)),
            timepoint=_words(text, draft.time),
            comparison=_words(text, draft.comparison),
            p_value=_words(text, draft.p_value),
            figures=tuple(share.figure for share in shares if share.draft is draft),
        )


def _read_clause(clause: Clause, cell: Cell) -> None:
    """Add what a clause says, then what the brackets in it say by themselves."""
    if clause[0].kind == P_VALUE:
        cell.judge(clause[0])
    view = View(joined(clause, cell.text, cell.words), cell.text)
    view.used.update(_compared_with(view))
    read_directions(view, cell)
    read_statements(view, cell)
    for chunk in clause:
        for inner in chunk.inner:
            kinds = {one.kind for one in inner}
            if NAME in kinds and kinds & _SAYING:
                _read_clause(inner, cell)


def _compared_with(view: View) -> Iterator[int]:
    """Yield the places of names that something is compared with: "than physiotherapy"."""
    for at in view.where({"comparison"}):
        nxt = view.skip(at + 1, {"article", "adverb", "of"})
        if (
            view.kind(nxt) == NAME
            and not view.opens(nxt)
            and view.kind(nxt + 1) not in (SHIFT, PERCENT, COUNT, PLAIN)
        ):
            yield nxt
    for at in view.where({"adjective"}):
        nxt = view.skip(at + 2, {"article", "adverb", "of"})
        if (
            view.form(at + 1) in ("with", "to")
            and view.kind(nxt) == NAME
            and (view.form(at + 1) == "to" or way_of(view.chunks[at]) == UNCHANGED)
        ):
            yield nxt


def _marks_behind(clauses: Sequence[Clause]) -> bool:
    """Whether arrows stand behind their measures in this cell, by the first one that can be told."""
    for clause in clauses:
        for at, chunk in enumerate(clause):
            if chunk.kind == "symbol":
                return at > 0 and clause[at - 1].kind not in ("comma", "colon", "break")
            if chunk.inner and any(one.kind == "symbol" for inner in chunk.inner for one in inner):
                return _marks_behind(chunk.inner)
    return True


def _different(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Yield each claim once: what a cell says twice in the same words is one claim."""
    seen: set[tuple[str, str]] = set()
    for claim in claims:
        key = claim.name.lower().removesuffix("s"), claim.direction.iri
        if key not in seen:
            seen.add(key)
            yield claim


def _overlap(some: Iterable[Span], others: Sequence[Span]) -> bool:
    return any(one.start < other.end and other.start < one.end for one in some for other in others)


def _claimed(claims: Iterable[Claim]) -> Iterator[Span]:
    for claim in claims:
        yield from claim.spans


def _words(text: str, span: Span | None) -> str:
    return text[span.start : span.end] if span else ""


def _ordered(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(sorted(dict.fromkeys(spans), key=lambda span: (span.start, span.end)))
