"""A coded outcome → the plain values of the record's key `outcome`.

Places are those in the text that stands under `cells`, where runs of white space are folded.
"""

from __future__ import annotations

from kg.model import Claim, Figure, Outcome, Span
from kg.records.plain import label, notation, plain_number
from kg.vocabulary.lexicon import Concept
from kg.vocabulary.text import squeeze


def outcome_json(outcome: Outcome | None) -> dict[str, object]:
    """Return the codes, measures and percentages of an outcome cell; None is a cell that says nothing."""
    if outcome is None:
        return {"status": None, "efficacy": None, "safety": None, "measures": [], "percentages": []}
    return {
        "status": _status(outcome.status.concept),
        "efficacy": notation(outcome.efficacy.concept),
        "safety": notation(outcome.safety.concept),
        "measures": [_measure(claim, outcome) for claim in outcome.claims],
        "percentages": [_percentage(one, outcome) for one in outcome.figures if one.is_percentage],
    }


def _status(concept: Concept) -> str:
    """Return the notation of the concept, or of the broader one that it belongs to: the contract has only those.

    A record knows no lexicon; a concept of this scheme is named like its notation, but for the dashes.
    """
    return concept.broader[0].rsplit("/", 1)[-1].replace("-", "_") if concept.broader else notation(concept)


def _measure(claim: Claim, outcome: Outcome) -> dict[str, object]:
    return {
        "name": squeeze(claim.name),
        "direction": notation(claim.direction),
        "concept": label(claim.concept),
        "kind": notation(claim.kind),
        "hedges": [hedge.label for hedge in claim.hedges],
        "timepoint": squeeze(claim.timepoint) or None,
        "comparison": squeeze(claim.comparison) or None,
        "p_value": squeeze(claim.p_value) or None,
        "counts": [
            {"count": plain_number(f.value), "of": f.out_of} for f in claim.figures if not f.is_percentage
        ],
        "percentages": [plain_number(figure.value) for figure in claim.figures if figure.is_percentage],
        "quote": squeeze(outcome.words(claim.quote)),
        "span": _place(outcome, claim.quote),
    }


def _percentage(figure: Figure, outcome: Outcome) -> dict[str, object]:
    return {
        "value": plain_number(figure.value),
        "of_what": squeeze(figure.of_what) or None,
        "span": _place(outcome, figure.span),
    }


def _place(outcome: Outcome, span: Span) -> list[int]:
    """Return where the words of `span` stand once white space is folded."""
    words = outcome.words(span)
    before = outcome.verbatim[: span.start + len(words) - len(words.lstrip())]
    start = len(squeeze(f"{before}|")) - 1
    return [start, start + len(squeeze(words))]
