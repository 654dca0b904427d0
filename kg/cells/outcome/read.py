"""Text of an outcome cell and the row's diseases → the coded outcome, each code and claim with its words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from kg.cells.common import empty, left_over
from kg.cells.outcome.chunks import Clause, clauses_of
from kg.cells.outcome.compounds import joined
from kg.cells.outcome.counts import read_counts
from kg.cells.outcome.directions import read_directions
from kg.cells.outcome.drafts import Cell, Draft, kind_of
from kg.cells.outcome.efficacy import efficacy_code
from kg.cells.outcome.figures import join_numbers
from kg.cells.outcome.safety import planned_only, safety_words
from kg.cells.outcome.terms import Tagger
from kg.cells.outcome.view import View
from kg.model import Claim, Coded, Outcome, Reading, Span, State
from kg.vocabulary.lexicon import Concept, Lexicon
from kg.vocabulary.marks import is_not_given
from kg.vocabulary.namespaces import TKG

_KNOWN = frozenset({"and", "yet", "the", "are", "is"})


class OutcomeReader:
    """Reads outcome cells; made once for a lexicon, because the words of all its vocabularies are put in one tree."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._tagger = Tagger(lexicon)
        self._named = {
            (scheme, concept.name): concept
            for scheme in ("outcome-status", "efficacy", "safety", "direction", "endpoint-kind")
            for concept in lexicon.concepts(scheme)
        }

    def read(self, text: str, diseases: Collection[Concept] = ()) -> Reading[Outcome | None]:
        """Return the coded outcome; None when nothing is given.

        The row's `diseases` decide whether a laboratory value is one of its accepted measures of activity.
        """
        if is_not_given(text, self._lexicon):
            return empty(None)
        if status := self._whole_status(text):
            span = (Span(0, len(text)),)
            coded = Coded(status, "status.whole-cell", span)
            outcome = Outcome(text, coded, self._none("efficacy"), self._none("safety"))
            return Reading(outcome, State.MAPPED, f"outcome.{status.name}", span)
        return self._coded(text, diseases)

    def _none(self, scheme: str) -> Coded:
        return Coded(self._named[scheme, "not-stated"], f"{scheme}.no-word")

    def _whole_status(self, text: str) -> Concept | None:
        matches = self._lexicon.scan("outcome-status", text)
        statuses = {match.concept for match in matches}
        if len(statuses) != 1 or left_over(text, [Span(m.start, m.end) for m in matches], _KNOWN):
            return None
        return matches[0].concept

    def _coded(self, text: str, diseases: Collection[Concept]) -> Reading[Outcome | None]:
        clauses = clauses_of(join_numbers(self._tagger.terms(text)), text)
        reader = Cell(text, marks_behind=_marks_behind(clauses))
        for clause in clauses:
            _read_clause(clause, reader)
        planned = planned_only(clauses)
        kinds = [(draft, *self._kind(draft, text, diseases)) for draft in reader.drafts]
        kept = [one for one in kinds if one[1] != "none"]
        code, spans = efficacy_code(kept, reader.votes)
        efficacy = Coded(self._named["efficacy", code], f"efficacy.{code}", tuple(_once(spans)))
        safe, events = ([], []) if planned else safety_words(clauses, reader.settled, reader.even)
        safety = self._safety(safe, events)
        claims = tuple(_different(self._claim(draft, kind, text) for draft, kind, _ in kept))
        status = Coded(self._named["outcome-status", "reported"], "status.reported")
        outcome = Outcome(text, status, efficacy, safety, claims)
        spans_all = _once([*(s for c in claims for s in c.spans), *efficacy.spans, *safety.spans])
        state = State.MAPPED if spans_all else State.TEXT
        return Reading(
            outcome,
            state,
            "outcome.coded" if spans_all else "outcome.verbatim",
            tuple(spans_all) or (Span(0, len(text)),),
        )

    def _safety(self, safe: Sequence[Span], events: Sequence[Span]) -> Coded:
        if not safe and not events:
            return self._none("safety")
        name = "both" if safe and events else "no-serious-events" if safe else "events-reported"
        return Coded(self._named["safety", name], f"safety.{name}", tuple(_once([*safe, *events])))

    def _kind(self, draft: Draft, text: str, diseases: Collection[Concept]) -> tuple[str, Concept | None]:
        head = draft.named.head
        if head is not None and head.scheme == "cue":
            return ("response" if head.note(TKG.wordClass) != "state-bad" else "clinical"), head
        if head is None:
            kinds = {kind_of(sibling) for sibling in draft.siblings}
            return "biomarker" if kinds == {"biomarker"} else _guess(draft.named.name), None
        kind = kind_of(head) or "clinical"
        if draft.named.concept is None and kind != "biomarker" and _is_immune(draft.named.name):
            kind = "biomarker"
        if kind == "biomarker" and diseases:
            theirs = head.notes.get(TKG.activityMeasureOf, ())
            lines = {d.iri for disease in diseases for d in (disease, *self._lexicon.ancestors(disease))}
            if any(iri in lines for iri in theirs):
                kind = "clinical"
        return kind, head

    def _claim(self, draft: Draft, kind: str, text: str) -> Claim:
        spans = tuple(_once(draft.spans))
        return Claim(
            name=draft.named.name,
            concept=draft.named.concept,
            kind=self._named["endpoint-kind", kind],
            direction=self._named["direction", draft.direction],
            rule=f"claim.{draft.rule}",
            spans=spans,
            hedges=tuple(dict.fromkeys(h.cue for h in draft.hedges if h.cue is not None)),
            timepoint=_words(text, draft.time),
            comparison=_words(text, draft.comparison),
            p_value=_words(text, draft.p_value),
        )


def _read_clause(clause: Clause, cell: Cell) -> None:
    """Add what a clause says, then what the brackets in it say by themselves."""
    view = View(joined(clause, cell.text), cell.text)
    view.used.update(_compared_with(view))
    read_directions(view, cell)
    read_counts(view, cell)
    for chunk in clause:
        for inner in chunk.inner:
            kinds = {one.kind for one in inner}
            if "name" in kinds and kinds & _SAYING:
                _read_clause(inner, cell)


def _compared_with(view: View) -> Iterator[int]:
    """Yield the places of names that something is compared with: "than physiotherapy"."""
    for at in view.where({"comparison"}):
        nxt = view.skip(at + 1, {"article", "adverb", "of"})
        if view.kind(nxt) == "name" and not view.opens(nxt) and view.kind(nxt + 1) not in ("shift", "percent", "count", "plain"):
            yield nxt


_SAYING = frozenset(("verb", "noun", "either", "adjective", "symbol", "shift", "percent", "count"))


def _guess(name: str) -> str:
    """Return the kind of a measure that no vocabulary has, by the form of its name: "sICAM-1" is a laboratory value."""
    words = set(re.findall(r"[a-z]+", name.lower()))
    if words & _LABORATORY or _is_immune(name):
        return "biomarker"
    return "biomarker" if _PROTEIN.fullmatch(name) else "clinical"


def _is_immune(name: str) -> bool:
    low = name.lower()
    return any(
        word in low
        for word in ("immun", "paracrine", "cytokine", "t-cell", "t cell", "antibod", "inflammatory m")
    )


_PROTEIN = re.compile(
    r"(?=.*[a-z])[A-Za-z]{2,10}-?\d{1,3}[A-Zα-ω]?"
)  # "Ang-2", "REG3α", "sICAM-1", not "PASI-75"
_LABORATORY = frozenset(
    ["serum", "plasma", "cytokine", "cytokines", "chemokine", "chemokines", "protein", "proteins", "antibody", "antibodies", "ab", "cells", "lymphocyte", "lymphocytes", "marker", "markers", "csf", "mrna", "gene", "genes", "genus", "microbiome", "microbiota", "il", "tnf", "ifn", "expression", "monocyte", "monocytes", "macrophage", "macrophages", "treg", "tregs", "enzyme", "enzymes", "factor", "titre", "titer", "titres", "creatinine"]
)


def _marks_behind(clauses: Sequence[Clause]) -> bool:
    """Whether arrows stand behind their measures in this cell, by the first one that can be told."""
    for clause in clauses:
        for at, chunk in enumerate(clause):
            if chunk.kind == "symbol":
                return at > 0 and clause[at - 1].kind not in ("comma", "colon", "break")
            if chunk.inner and any(c.kind == "symbol" for inner in chunk.inner for c in inner):
                return _marks_behind(chunk.inner)
    return True


def _words(text: str, span: Span | None) -> str:
    return text[span.start : span.end] if span else ""


def _different(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Yield each claim once: what a cell says twice in the same words is one claim."""
    seen: set[tuple[str, str]] = set()
    for claim in claims:
        name = claim.name.lower().removesuffix("s")
        key = name, claim.direction.iri
        if key not in seen:
            seen.add(key)
            yield claim


def _once(spans: Iterable[Span]) -> list[Span]:
    return sorted(dict.fromkeys(spans), key=lambda span: (span.start, span.end))
