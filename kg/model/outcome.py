"""What an outcome cell says, as codes and claims that each know the words they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kg.model.findings import Span
from kg.vocabulary.lexicon import Concept


@dataclass(frozen=True, slots=True)
class Coded:
    """One code of an outcome cell: a concept, the words that it rests on, and the rule that gave it.

    Without spans the cell has no word on it, and the concept says so ("not stated").
    """

    concept: Concept
    rule: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as written: a percentage ("86.7 %", `out_of` is None) or a count ("3 of 5", `out_of` is 5).

    `of_what` are the words of the cell that say what it is a share of ("overall response"), "" when none do;
    `span` holds the number, and for one of a list that shares its sign ("86.7, 53.3 and 86.7%") the number alone.
    """

    value: Decimal
    out_of: int | None
    of_what: str
    span: Span

    @property
    def is_percentage(self) -> bool:
        """Whether the number is written with a percent sign."""
        return self.out_of is None


@dataclass(frozen=True, slots=True)
class Claim:
    """One measured thing, and what the cell says became of it; a statement of the table, not of this program.

    `name` are the words of the cell for it, a shared noun given to each member of a list ("KOOS symptoms");
    `concept` is one of the scheme `measure`, None when the vocabulary has none; `kind` one of `endpoint-kind`.
    `direction` is one of `direction`, `hedges` of `cue` ("may", "trend", "not significant").
    `timepoint`, `comparison` and `p_value` are words of the cell, "" where none are. `spans` are the words that the claim
    rests on, in the order of the text, and `rule` names what joined them.
    """

    name: str
    concept: Concept | None
    kind: Concept
    direction: Concept
    rule: str
    spans: tuple[Span, ...]
    hedges: tuple[Concept, ...] = ()
    timepoint: str = ""
    comparison: str = ""
    p_value: str = ""
    figures: tuple[Figure, ...] = ()

    @property
    def quote(self) -> Span:
        """The stretch of the cell from the first to the last word that the claim rests on."""
        return Span(min(span.start for span in self.spans), max(span.end for span in self.spans))


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome cell: verbatim text, its three codes, its claims and all its figures, in the order of the text.

    `status` is a concept of `outcome-status`, `efficacy` and `safety` of the schemes of these names.
    """

    verbatim: str
    status: Coded
    efficacy: Coded
    safety: Coded
    claims: tuple[Claim, ...] = ()
    figures: tuple[Figure, ...] = ()

    def words(self, span: Span) -> str:
        """Return the words of the cell at `span`."""
        return self.verbatim[span.start : span.end]
