"""A clause that is understood as far as its words of direction → all other claims that it makes, in a fixed order."""

from __future__ import annotations

from collections.abc import Callable

from kg.cells.outcome.counts import figures, insignificant, ratios, shifts, states, times
from kg.cells.outcome.drafts import Cell
from kg.cells.outcome.items import BRACKET
from kg.cells.outcome.number import RATIO, SHIFT, TIME
from kg.cells.outcome.reports import absent, as_before, evaluations, mentions, reports, trends
from kg.cells.outcome.view import NAMES, NUMBERS, View

# what a clause must have for a reader to find anything, in the order in which they are asked
_READERS: tuple[tuple[frozenset[str], Callable[[View, Cell], None]], ...] = (
    (frozenset((SHIFT, BRACKET)), shifts),
    (frozenset((RATIO,)), ratios),
    (frozenset(("not-significant", "negation")), insignificant),
    (frozenset(("state", "state-bad", "unmoved")), states),
    (NUMBERS, figures),
    (frozenset((TIME,)), times),
    (frozenset(("report",)), reports),
    (frozenset(("hedge",)), trends),
    (frozenset(("negation",)), absent),
    (NAMES, as_before),
    (frozenset(("effective", "negation", "futile", "verdict", "undone")), evaluations),
    (NAMES, mentions),
)


def read_statements(view: View, cell: Cell) -> None:
    """Add the claims of a clause that no word of a direction makes."""
    for kinds, read in _READERS:
        if not view.present.isdisjoint(kinds):
            read(view, cell)
