"""What a number of an outcome cell can be, and the value of one as it is written."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from kg.cells.outcome.terms import NUMBER, Term

PERCENT, COUNT, PLAIN, TIME, P_VALUE, SHIFT, LIMIT, RATIO, NOTHING = (
    *("percent", "count", "plain", "time", "p-value", "shift", "limit", "hazard", "interval"),
)
_NAMES = (
    *(
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
WORDS = {name: value for value, name in enumerate(_NAMES)}


class Number(NamedTuple):
    """A joined number: what sort it is, its place, its values in the order of the text with the place of each, and
    for a count what each is out of; `rising` says which way a change of a number went, None when it cannot be told."""

    sort: str
    start: int
    end: int
    values: tuple[Decimal, ...] = ()
    places: tuple[tuple[int, int], ...] = ()
    out_of: tuple[int, ...] = ()
    rising: bool | None = None

    @property
    def is_zero(self) -> bool:
        """Whether it counts nothing: "0 of 5", "0 %"."""
        return bool(self.values) and not any(self.values)

    @property
    def kind(self) -> str:
        """The name of the sort, as `Term.kind` is one."""
        return self.sort


def form_at(terms: Sequence[Term], at: int) -> str:
    """Return the folded word at a place, "" outside of the terms and for several words."""
    return terms[at].form if 0 <= at < len(terms) else ""


def value_of(term: Term) -> Decimal | None:
    """Return the number that a term is, in digits or as a word up to twenty; None when it is none."""
    if term.form in WORDS:
        return Decimal(WORDS[term.form])
    if term.kind != NUMBER:
        return None
    text = term.form.replace("·", ".")
    if text.count(",") == 1 and "." not in text:
        head, tail = text.split(",")
        text = head + tail if len(tail) == 3 and head != "0" else f"{head}.{tail}"
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


Found = tuple[int, Number] | None
"""A number and the place behind it, or None where none opens."""
