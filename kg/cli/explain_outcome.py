"""A coded outcome → lines that show which words each of its codes, claims and percentages rests on, and by which rule."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import cycle

from kg.cli.explain import page_width, wrapped
from kg.cli.marks import Colour, Line, Mark, marked
from kg.model import Claim, Coded, Figure, Outcome, Span
from kg.vocabulary.namespaces import SKOS
from kg.vocabulary.text import squeeze

_COLOURS = ("cyan", "green", "magenta", "yellow", "blue")  # of the claims, in turns
_LETTERS = {"A": "status", "B": "efficacy", "C": "safety"}
_INDENT = "  "
_BESIDE = 12  # columns that indent and names of marks may take
_NEGATED = "not-"
_RULES = {
    "measure-direction": "the word of direction speaks of the measure before it",
    "direction-measure": "the word of direction stands before the measure",
    "direction-of-measure": "the word of direction is a noun, the measure stands behind its 'in' or 'of'",
    "direction-in-measure": "the word of direction is followed by 'in' or 'for' and the measure",
    "measure-arrow": "an arrow stands behind the measure",
    "arrow-measure": "an arrow stands before the measure",
    "same-measure": "the direction has no measure of its own: it speaks of the one before",
    "as-before": "the measure has no direction of its own: 'also' gives it the one before",
    "number-changed": "the measure's number is said to have risen or fallen",
    "compared-figures": "figures of two groups or times are compared",
    "figure": "a figure stands with the measure, without a comparison",
    "not-significant": "the difference is said not to be significant",
    "ratio-not-significant": "the ratio of two groups is not significant",
    "time-reported": "a time is given for the measure, which says nothing of the effect",
    "measure-in-none": "the measure is said of nobody: 'in none'",
    "but-not-measure": "'but not' takes the measure out of what is said before",
    "measure-no": "a lone 'no' stands behind the measure",
    "no-measure": "a negation stands before the measure",
    "failed-measure": "the measure is what was not reached: 'failed to', 'failure of'",
    "measure-seen": "the measure is said to have been seen or reached, without a comparison",
    "trend-in-measure": "a trend in the measure is said, which is read as one to the better",
    "patients-reached": "patients are counted, or said, to have reached it",
    "patients-had": "patients are said to have had it",
    "named-only": "it is named, and nothing is said of its direction",
}
_FIELD = 13  # columns of a claim's field names


def explain_outcome(outcome: Outcome) -> Iterator[Line]:
    """Yield the text of the cell with its stretches marked, then codes, claims and percentages with their words."""
    styles = [style for style, _ in zip(cycle(_COLOURS), outcome.claims, strict=False)]
    codes = dict(zip(_LETTERS, (outcome.status, outcome.efficacy, outcome.safety), strict=True))
    claims = [
        Mark(str(at), claim.spans, style)
        for at, (claim, style) in enumerate(zip(outcome.claims, styles, strict=True), 1)
    ]
    letters = [Mark(letter, code.spans) for letter, code in codes.items()]
    for line in marked(outcome.verbatim, (claims, letters), page_width() - _BESIDE):
        yield _indented(line)
    yield from _section("Codes: mark, code, rule; words; meaning")
    for letter, code in codes.items():
        yield from _code(letter, code, outcome)
    yield from _section("Claims: mark, name as written, measure, direction" if claims else "Claims: none")
    for at, (claim, style) in enumerate(zip(outcome.claims, styles, strict=True), 1):
        yield from _claim(at, claim, style, outcome)
    percentages = [figure for figure in outcome.figures if figure.is_percentage]
    yield from _section("Percentages: value, of what, place" if percentages else "Percentages: none")
    yield from map(_percentage, percentages)


def _section(title: str) -> Iterator[Line]:
    yield Line("")
    yield Line(title)


def _indented(line: Line) -> Line:
    far = len(_INDENT)
    return Line(_INDENT + line.text, tuple(Colour(a + far, b + far, style) for a, b, style in line.colours))


def _code(letter: str, code: Coded, outcome: Outcome) -> Iterator[Line]:
    head = f"{_INDENT}{letter}  {_LETTERS[letter]:<10}"
    yield from map(Line, wrapped(head, f"{code.concept.label} ({code.rule})"))
    lead = " " * len(head)
    words = ", ".join(f'"{_words(outcome, span)}"' for span in code.spans)
    yield from map(Line, wrapped(lead, words or "no words of the cell"))
    if meaning := code.concept.note(SKOS.definition):
        yield from map(Line, wrapped(lead, meaning))


def _claim(number: int, claim: Claim, style: str, outcome: Outcome) -> Iterator[Line]:
    measure = claim.concept.label if claim.concept else "(no measure of the vocabulary)"
    lead = f"{_INDENT}{number:<3}"
    lines = wrapped(lead, f"{claim.name} → {measure}: {claim.direction.label}")
    yield Line(next(lines), (Colour(len(_INDENT), len(lead.rstrip()), style),))
    yield from map(Line, lines)
    for name, text in _fields(claim, outcome):
        if text:
            yield from map(Line, wrapped(f"{'':<5}{name:<{_FIELD}}", text))


def _fields(claim: Claim, outcome: Outcome) -> Iterator[tuple[str, str]]:
    yield "kind", claim.kind.label
    yield "hedged by", ", ".join(hedge.label for hedge in claim.hedges)
    yield "when", claim.timepoint
    yield "compared", claim.comparison
    yield "p", claim.p_value
    yield "counts", ", ".join(_figure(figure) for figure in claim.figures if not figure.is_percentage)
    yield "percentages", ", ".join(_figure(figure) for figure in claim.figures if figure.is_percentage)
    yield "quote", f'"{_words(outcome, claim.quote)}"'
    yield "rule", _plain(claim.rule)


def _figure(figure: Figure) -> str:
    value = _number(figure.value)
    return f"{value} %" if figure.is_percentage else f"{value} of {figure.out_of}"


def _number(value: Decimal) -> str:
    return f"{value:f}"


def _percentage(figure: Figure) -> Line:
    of_what = f'of "{figure.of_what}"' if figure.of_what else "of what is not said"
    return Line(f"{_INDENT}{_figure(figure):>7}  {of_what}, characters {figure.span.start}-{figure.span.end}")


def _words(outcome: Outcome, span: Span) -> str:
    return squeeze(outcome.words(span))


def _plain(rule: str) -> str:
    """Return what a rule says in plain words, its name behind them; the words of the name when it is not known here."""
    name = rule.rsplit(".", 1)[-1]
    if known := _RULES.get(name):
        return f"{known} ({rule})"
    base = name.removeprefix(_NEGATED)
    words = _RULES.get(base, base.replace("-", " "))
    return f"{words}{', and a negation turns it' if base != name else ''} ({rule})"
