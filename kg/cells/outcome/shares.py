"""Clauses and drafts of claims → every percentage and count of the cell, with the words it is a share of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from kg.cells.outcome.drafts import Cell, Draft
from kg.cells.outcome.items import NAME, Chunk, Clause
from kg.cells.outcome.number import COUNT, LIMIT, PERCENT, SHIFT
from kg.model import Figure, Span


class Share(NamedTuple):
    """A figure, and the draft of the claim that it belongs to, if there is one."""

    figure: Figure
    draft: Draft | None


def shares_of(clauses: Sequence[Clause], cell: Cell) -> Iterator[Share]:
    """Yield the percentages and counts in the order of the text.

    A list of figures goes with a list of measures of the same length one by one: "OR, CR and OS were 86.7, 53.3 and 86.7%".
    """
    for clause in clauses:
        for chunk in clause:
            if _is_share(chunk, cell.text):
                yield from _shares(chunk, clause, cell)
            if chunk.inner:
                yield from shares_of(chunk.inner, cell)


def _is_share(chunk: Chunk, text: str) -> bool:
    percent = chunk.kind in (SHIFT, LIMIT) and "%" in text[chunk.start : chunk.end]
    return (
        chunk.number is not None and bool(chunk.number.values) and (chunk.kind in (PERCENT, COUNT) or percent)
    )


def _shares(chunk: Chunk, clause: Clause, cell: Cell) -> Iterator[Share]:
    number = chunk.number
    if number is None:
        return
    drafts = [draft for draft in cell.drafts if chunk in draft.numbers] or _nearest(chunk, clause, cell)
    single = len(drafts) != len(number.values)
    for place, (value, where) in enumerate(zip(number.values, number.places, strict=True)):
        draft = drafts[0 if single else place] if drafts else None
        out_of = number.out_of[place] if place < len(number.out_of) else None
        span = Span(chunk.start, chunk.end) if len(number.values) == 1 else Span(*where)
        words = draft.named.name if draft else _beside(chunk, clause, cell)
        yield Share(Figure(_plain(value), out_of, words, span), draft)


def _nearest(chunk: Chunk, clause: Clause, cell: Cell) -> list[Draft]:
    """Return the draft whose words stand last before a figure in its clause: "HbA1c fell by 1.3%"."""
    start, nearest, last = clause[0].start, None, 0
    for draft in cell.drafts:
        whole = draft.whole
        if start <= whole.start and last < whole.end <= chunk.start:
            nearest, last = draft, whole.end
    return [nearest] if nearest is not None else []


def _beside(chunk: Chunk, clause: Clause, cell: Cell) -> str:
    """Return the name that stands nearest to a figure in its clause, behind it first; "" when there is none."""
    at = clause.index(chunk)
    names = [one for one in (*clause[at + 1 :], *reversed(clause[:at])) if one.kind in (NAME, "event")]
    return " ".join(cell.text[names[0].start : names[0].end].split()) if names else ""


def _plain(value: Decimal) -> Decimal:
    return value.to_integral_value() if value == value.to_integral_value() else value
