"""Areas → signs: a colour that colour-blind readers can tell apart and a shape, so that colour is never alone.

The colours are those of Okabe and Ito (2008), https://jfly.uni-koeln.de/color/.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Areas = tuple[str, ...]

OTHER = "other areas"
NONE = "no disease stated"


@dataclass(frozen=True, slots=True)
class Sign:
    """How things of one area are drawn: colour, matplotlib's marker and its size beside a circle of size 1."""

    colour: str
    marker: str
    size: float = 1.0


_SIGNS = (
    Sign("#0072B2", "o"),
    Sign("#E69F00", "s", 0.92),
    Sign("#009E73", "^", 1.12),
    Sign("#CC79A7", "D", 0.86),
    Sign("#D55E00", "v", 1.12),
    Sign("#56B4E9", "P", 1.15),
    Sign("#F0E442", "h", 1.12),
    Sign("#000000", "X", 1.1),
)
_OTHER_SIGN = Sign("#9a9a9a", "p", 1.12)
_NONE_SIGN = Sign("#ffffff", "o", 0.9)


@dataclass(frozen=True, slots=True)
class Key:
    """The areas that have a sign of their own, in the order of the signs, and how many things belong to each at all."""

    sizes: Mapping[str, int]

    @classmethod
    def of(cls, things: Iterable[Areas]) -> Key:
        """Return the key to things that belong to several areas each, or to none.

        There are at most eight areas: while there are more, the one whose sign the fewest things have leaves them to
        their next area, or to OTHER.
        """
        every = tuple(things)
        key = cls(Counter(area for areas in every for area in areas))
        while True:
            counts = Counter(key.area(areas) for areas in every)
            own = sorted(
                (area for area in counts if area in key.sizes), key=lambda area: (-counts[area], area)
            )
            kept = own[: max(len(_SIGNS), len(own) - 1)]
            key = cls({area: key.sizes[area] for area in kept})
            if len(kept) == len(own):
                return key

    def area(self, areas: Areas) -> str:
        """Return the area whose sign a thing of these areas has: the one with the fewest things, which says most."""
        own = [area for area in areas if area in self.sizes]
        return min(own, key=lambda area: (self.sizes[area], area)) if own else OTHER if areas else NONE

    def sign(self, area: str) -> Sign:
        """Return the sign of an area, OTHER or NONE."""
        if area in self.sizes:
            return _SIGNS[list(self.sizes).index(area)]
        return _NONE_SIGN if area == NONE else _OTHER_SIGN

    def counts(self, things: Iterable[Areas]) -> dict[str, int]:
        """Return how many of the things have each sign, in the order of the signs; those that none has are left out."""
        found = Counter(self.area(areas) for areas in things)
        return {area: found[area] for area in (*self.sizes, OTHER, NONE) if found[area]}
