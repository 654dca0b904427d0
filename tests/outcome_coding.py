"""What the coder makes of a cell, in short forms for tests: a code's name, or the claims as pairs of words."""

from __future__ import annotations

from functools import cache

from kg.cells.concept import read_mentions
from kg.cells.outcome import outcome_reader
from kg.model import Outcome, Reading, Span
from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import Lexicon, load_lexicon

Pairs = set[tuple[str, str]]


@cache
def shipped() -> Lexicon:
    return load_lexicon(vocabulary_files())


def reading(text: str, disease: str = "") -> Reading[Outcome | None]:
    """Return what the coder reads in a row on the disease that these words name."""
    diseases = read_mentions(disease, "disease", shipped()).value.concepts if disease else ()
    assert bool(diseases) == bool(disease), f"the vocabulary has no disease {disease!r}"
    return outcome_reader(shipped()).read(text, diseases)


def code(text: str, disease: str = "") -> Outcome:
    outcome = reading(text, disease).value
    assert outcome is not None
    return outcome


def status(text: str) -> str:
    return code(text).status.concept.name


def efficacy(text: str, disease: str = "") -> str:
    return code(text, disease).efficacy.concept.name


def safety(text: str) -> str:
    return code(text).safety.concept.name


def claims(text: str, disease: str = "") -> Pairs:
    """Return the claims of a cell as (name in small letters, direction)."""
    return {(one.name.lower(), one.direction.name) for one in code(text, disease).claims}


def kinds(text: str, disease: str = "") -> Pairs:
    """Return the claims of a cell as (name in small letters, kind of endpoint)."""
    return {(one.name.lower(), one.kind.name) for one in code(text, disease).claims}


def all_spans(outcome: Outcome) -> list[Span]:
    """Return every span of the codes, claims and figures."""
    codes = (outcome.status, outcome.efficacy, outcome.safety)
    figures = (*outcome.figures, *(figure for claim in outcome.claims for figure in claim.figures))
    return [
        *(span for one in (*codes, *outcome.claims) for span in one.spans),
        *(figure.span for figure in figures),
    ]
