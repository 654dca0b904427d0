"""Words and what is in their way → places for the words where they hide nothing, as far as there are any."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, hypot, pi, sin
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_WAYS = 24  # directions in which a place is looked for
_HIDDEN = 200.0  # how far, in inches, words would go to avoid hiding all points
_HIDDEN_ONE = 3.0  # and at most for a single one


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in inches: its middle, width and height."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: Box) -> bool:
        """Say whether the two have a place in common."""
        return (
            abs(self.x - other.x) * 2 < self.width + other.width
            and abs(self.y - other.y) * 2 < self.height + other.height
        )

    def inside(self, other: Box) -> bool:
        """Say whether no part of this box is outside of the other one."""
        return (
            abs(self.x - other.x) * 2 + self.width <= other.width + 1e-9
            and abs(self.y - other.y) * 2 + self.height <= other.height + 1e-9
        )

    def grown(self, by: float) -> Box:
        """Return the box with a margin of `by` on each side."""
        return Box(self.x, self.y, self.width + 2 * by, self.height + 2 * by)


class Room:
    """What is left of a picture for words: `bounds` hold them, `points` (float64[n, 2]) should stay in sight."""

    def __init__(self, bounds: Box, points: Floats, radius: float) -> None:
        self.bounds, self.points, self.radius = bounds, points, radius
        self.taken: list[Box] = []
        self._price = min(_HIDDEN_ONE, _HIDDEN / max(len(points), 1))

    def find(
        self, at: tuple[float, float], size: tuple[float, float], reach: float, *, hide: bool = True
    ) -> Box | None:
        """Return the best free place for words of this size near a point, and take it; None when there is none.

        Words never meet other words. They hide as few points as can be, or none unless `hide`, then stay as near as
        can be; they go no further than `reach` inches.
        """
        found: tuple[float, Box] | None = None
        for distance, box in _around(at, size, reach):
            if found and distance >= found[0]:
                break
            if not box.inside(self.bounds) or any(box.meets(other) for other in self.taken):
                continue
            hidden = self._hidden(box)
            if hidden and not hide:
                continue
            cost = distance + self._price * hidden
            if found is None or cost < found[0] - 1e-9:
                found = cost, box
        if found is None:
            return None
        self.taken.append(found[1])
        return found[1]

    def _hidden(self, box: Box) -> int:
        reach = box.grown(self.radius)
        across = abs(self.points[:, 0] - box.x) * 2 < reach.width
        return int((across & (abs(self.points[:, 1] - box.y) * 2 < reach.height)).sum())


def _around(at: tuple[float, float], size: tuple[float, float], reach: float) -> Iterator[tuple[float, Box]]:
    """Yield boxes around a point with their distances from it, the nearest first; beside and above before below."""
    (x, y), (width, height) = at, size
    step = 0.06
    for ring in range(1, max(2, int(reach / step) + 1)):
        distance = ring * step
        for way in range(_WAYS):
            angle = pi / 2 - (way + 1) // 2 * (1 if way % 2 else -1) * 2 * pi / _WAYS
            left, up = cos(angle), sin(angle)
            # the box touches the circle of this distance with its nearest side or corner
            middle = (x + left * distance + left * width / 2, y + up * distance + up * height / 2)
            away = hypot(max(abs(middle[0] - x) - width / 2, 0.0), max(abs(middle[1] - y) - height / 2, 0.0))
            yield max(distance, away), Box(*middle, width, height)
