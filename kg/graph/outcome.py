"""Outcomes of records → blocks: the outcome with its codes, its claims and its figures, each with its words.

A quote is always a stretch of the verbatim text, taken from it by its place and never put together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.graph.scope import Scope
from kg.graph.terms import Values, block, integer, number, text, texts
from kg.model import Block, Claim, Coded, Figure, Outcome, Record, Span
from kg.vocabulary.namespaces import PROV, RDFS, TKG


def outcome_blocks(record: Record, outcome: Outcome, scope: Scope) -> Iterator[Block]:
    """Yield the outcome of a row, then its claims and its figures in the order of the text."""
    figures = tuple(dict.fromkeys((*outcome.figures, *(f for c in outcome.claims for f in c.figures))))
    names = {f: scope.of_row("figure", record.row, f"-f{at}") for at, f in enumerate(figures, start=1)}
    claims = [scope.of_row("claim", record.row, f"-c{at}") for at in range(1, len(outcome.claims) + 1)]
    yield block(
        scope.graph,
        scope.of_row("outcome", record.row),
        [TKG.Outcome],
        (TKG.verbatim, [text(outcome.verbatim)]),
        *_codes(outcome),
        (TKG.claim, claims),
        (TKG.figure, names.values()),
        (PROV.wasDerivedFrom, [scope.origin(record, "outcome", outcome.verbatim)]),
    )
    for iri, claim in zip(claims, outcome.claims, strict=True):
        yield _claim(scope.graph, iri, claim, outcome, [names[figure] for figure in claim.figures])
    for figure, iri in names.items():
        yield _figure(scope.graph, iri, figure, outcome)


def _codes(outcome: Outcome) -> Iterator[Values]:
    codes: tuple[tuple[str, str, Coded], ...] = (
        (TKG.status, TKG.statusQuote, outcome.status),
        (TKG.efficacy, TKG.efficacyQuote, outcome.efficacy),
        (TKG.safety, TKG.safetyQuote, outcome.safety),
    )
    for code, quote, coded in codes:
        yield code, [coded.concept.iri]
        yield quote, texts(*(outcome.words(span) for span in coded.spans))


def _claim(graph: str, iri: str, claim: Claim, outcome: Outcome, figures: Iterable[str]) -> Block:
    return block(
        graph,
        iri,
        [TKG.OutcomeClaim],
        (RDFS.label, texts(f"{claim.name}: {claim.direction.label}")),
        (TKG.measure, [claim.concept.iri] if claim.concept else ()),
        (TKG.measureName, [text(claim.name)]),
        (TKG.endpointKind, [claim.kind.iri]),
        (TKG.direction, [claim.direction.iri]),
        (TKG.hedge, [hedge.iri for hedge in claim.hedges]),
        (TKG.timepoint, texts(claim.timepoint)),
        (TKG.comparison, texts(claim.comparison)),
        (TKG.pValue, texts(claim.p_value)),
        (TKG.figure, figures),
        *_quote(outcome, claim.quote),
    )


def _figure(graph: str, iri: str, figure: Figure, outcome: Outcome) -> Block:
    return block(
        graph,
        iri,
        [TKG.OutcomeFigure],
        (TKG.value, [number(figure.value)]),
        (TKG.outOf, [integer(figure.out_of)] if figure.out_of is not None else ()),
        (TKG.ofWhat, texts(figure.of_what)),
        *_quote(outcome, figure.span),
    )


def _quote(outcome: Outcome, span: Span) -> Iterator[Values]:
    yield TKG.quote, [text(outcome.words(span))]
    yield TKG.quoteStart, [integer(span.start)]
