"""A coded outcome made by hand, for tests of what is done with one: no coder is asked."""

from __future__ import annotations

from decimal import Decimal

from kg.model import Claim, Coded, Figure, Outcome, Span
from kg.vocabulary.lexicon import Concept
from kg.vocabulary.namespaces import VOCABULARY

TEXT = (
    "Overall response in 3 of 5 and 61.5% at day 28; pain may be lower than placebo (P = 0.04), walking and  "
    "standing did not change; no serious adverse events."
)


def concept(scheme: str, name: str, label: str = "", notation: str = "") -> Concept:
    """Return a concept; its notation is its name with underscores unless another is given."""
    iri = f"{VOCABULARY}{scheme}/{name}"
    return Concept(iri, scheme, label or name.replace("-", " "), notation or name.replace("-", "_"))


def place(words: str, text: str = TEXT) -> Span:
    """Return where the words stand in the text for the first time."""
    start = text.index(words)
    return Span(start, start + len(words))


def places(*words: str) -> tuple[Span, ...]:
    return tuple(map(place, words))


def claim(name: str, kind: str, direction: str, spans: tuple[Span, ...], **more: object) -> Claim:
    """Return a claim with concepts of these names, by a rule that does not exist."""
    measure = concept("measure", name.replace(" ", "-"), name) if more.pop("known", True) else None
    kinds, directions = concept("endpoint-kind", kind), concept("direction", direction)
    return Claim(name, measure, kinds, directions, "outcome.made-up-rule", spans, **more)  # type: ignore[arg-type]


COUNT = Figure(Decimal(3), 5, "Overall response", place("3 of 5"))
SHARE = Figure(Decimal("61.5"), None, "Overall response", place("61.5%"))
CODED = Outcome(
    TEXT,
    Coded(concept("outcome-status", "reported"), "outcome.status-made-up"),
    Coded(
        concept("efficacy", "mixed"),
        "outcome.made-up",
        places("Overall response", "walking", "did not change"),
    ),
    Coded(concept("safety", "no-serious-events"), "outcome.made-up", places("no serious adverse events")),
    (
        claim(
            *("overall response", "response", "reported", places("Overall response", "3 of 5", "61.5%")),
            timepoint="at day 28",
            figures=(COUNT, SHARE),
        ),
        claim(
            *("pain", "clinical", "decreased", places("pain", "lower")),
            hedges=(concept("cue", "may"),),
            comparison="than placebo",
            p_value="P = 0.04",
        ),
        claim("walking", "clinical", "unchanged", places("walking", "did not change")),
        claim("standing", "clinical", "unchanged", places("standing", "did not change"), known=False),
    ),
    (COUNT, SHARE),
)
