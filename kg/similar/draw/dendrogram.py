"""Distances between things → a dendrogram: who joins whom at which distance, by average linkage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from kg.similar.draw.legend import entries, legend_height, put_legend, put_sign
from kg.similar.draw.sheet import (
    BODY,
    EDGE,
    FAINT,
    INK,
    LINE,
    RULE,
    SMALL,
    WIDTH,
    Format,
    Sheet,
    drawing,
    fit,
    foot_height,
    head_height,
    tall,
    wide,
)
from kg.similar.draw.signs import Areas, Key, Sign

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_LABEL = 3.3  # inches at most
_SIGN = 0.18
_AXIS = 0.5
_STEPS = (0.2, 0.1, 0.05, 0.02)


@dataclass(frozen=True, slots=True)
class Dendrogram:
    """What a dendrogram shows: `distances` from 0 to 1, float[n, n], symmetric; a label and areas for each of n leaves.

    `things` says what the leaves are, in the plural; `key` has the signs of the areas.
    """

    title: str
    note: str
    caption: str
    distances: Floats
    labels: Sequence[str]
    areas: Sequence[Areas]
    things: str
    key: Key


def draw_dendrogram(shown: Dendrogram, form: Format) -> bytes:
    """Return the dendrogram as a picture. OutputError when matplotlib or scipy is missing."""
    with drawing():
        legend = entries(shown.key, shown.areas, shown.things)
        tree = _Tree.of(shown)
        head, foot = head_height(shown.title, shown.note), foot_height(shown.caption)
        keys = legend_height(legend, WIDTH)
        sheet = Sheet(head + max(tree.tall, 0.4) + _AXIS + keys + 0.1 + foot)
        sheet.head(shown.title, shown.note)
        sheet.foot(shown.caption)
        put_legend(sheet, foot + keys, legend)
        signs = [shown.key.sign(shown.key.area(areas)) for areas in shown.areas]
        if signs:
            tree.draw(sheet, sheet.height - head, signs)
        else:
            sheet.put(WIDTH / 2, sheet.height - head - 0.3, f"There are no {shown.things}.", ha="center")
        return sheet.render(form, shown.title, _told(shown, tree))


Join = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class _Tree:
    """Leaves from top to bottom with the lines of their labels, and the joins: two nodes each, at a distance.

    The node of a join is the number of leaves + its place among the joins.
    """

    order: Sequence[int]
    labels: Sequence[Sequence[str]]
    joins: Sequence[Join]

    @classmethod
    def of(cls, shown: Dendrogram) -> _Tree:
        order, joins = _joined(shown.distances)
        return cls(
            order, [fit(shown.labels[at], _LABEL, size=_size(len(order)), most=2) for at in order], joins
        )

    @property
    def tall(self) -> float:
        return sum(self._heights())

    def draw(self, sheet: Sheet, top: float, signs: Sequence[Sign]) -> None:
        """Draw leaves, joins and axis with the upper edge at `top`; `signs` are those of the leaves as numbered."""
        widest = max((wide(line, self._size) for lines in self.labels for line in lines), default=0)
        scale = _Scale(
            WIDTH - EDGE - widest - _SIGN - 0.12, max((far for *_, far in self.joins), default=1.0)
        )
        scale.draw(sheet, top, top - self.tall)
        places = self._leaves(top)
        for leaf, lines in zip(self.order, self.labels, strict=True):
            put_sign(sheet, scale.right + _SIGN / 2 + 0.02, places[leaf], signs[leaf])
            sheet.put(scale.right + _SIGN + 0.07, places[leaf], lines, size=self._size, ha="left")
        self._draw_joins(sheet, scale, places)

    def _draw_joins(self, sheet: Sheet, scale: _Scale, places: dict[int, float]) -> None:
        from matplotlib.collections import LineCollection

        reached = dict.fromkeys(self.order, 0.0)
        brackets = []
        for node, (one, two, far) in enumerate(self.joins, start=len(self.order)):
            x = scale.at(far)
            ends = [(scale.at(reached[end]), places[end]) for end in (one, two)]
            brackets.append([ends[0], (x, ends[0][1]), (x, ends[1][1]), ends[1]])
            places[node], reached[node] = (places[one] + places[two]) / 2, far
        lines = LineCollection(brackets, colors=INK, linewidths=0.8, capstyle="projecting", zorder=2)
        sheet.axes.add_collection(lines, autolim=False)

    def _leaves(self, top: float) -> dict[int, float]:
        places = {}
        for leaf, height in zip(self.order, self._heights(), strict=True):
            places[leaf] = top - height / 2
            top -= height
        return places

    def _heights(self) -> list[float]:
        least = 0.19 if self._size == BODY else 0.15
        return [max(tall(lines, self._size) + 0.03, least) for lines in self.labels]

    @property
    def _size(self) -> float:
        return _size(len(self.order))


@dataclass(frozen=True, slots=True)
class _Scale:
    """Distances → inches: 0 at `right`, the next tick above the `most` at the left edge."""

    right: float
    most: float

    def at(self, distance: float) -> float:
        return self.right - distance / self._end() * (self.right - EDGE - 0.1)

    def draw(self, sheet: Sheet, top: float, bottom: float) -> None:
        """Draw faint lines at the ticks and their numbers below."""
        for tick in range(round(self._end() / self._step()) + 1):
            distance = tick * self._step()
            x = self.at(distance)
            sheet.axes.plot([x, x], [bottom - 0.04, top], color=RULE, linewidth=0.5, zorder=1)
            sheet.put(x, bottom - 0.07, f"{distance:.4g}", size=SMALL, color=FAINT, ha="center", va="top")
        words = "distance at which groups join (0: alike as can be, 1: nothing in common)"
        sheet.put(
            self.at(self._end()) - 0.1,
            bottom - 0.07 - LINE * SMALL / 72,
            words,
            size=SMALL,
            color=FAINT,
            va="top",
        )

    def _end(self) -> float:
        return max(ceil(round(self.most / self._step(), 6)), 1) * self._step()

    def _step(self) -> float:
        return next((step for step in _STEPS if self.most > 2 * step), _STEPS[-1])


def _size(leaves: int) -> float:
    return BODY if leaves <= 60 else SMALL


def _joined(distances: Floats) -> tuple[list[int], list[Join]]:
    """Return the order of the leaves in which like stands beside like, and the joins from the nearest to the farthest."""
    import numpy as np
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    count = len(distances)
    if count < 2:
        return list(range(count)), []
    condensed = squareform(np.asarray(distances, dtype=np.float64), checks=False)
    joins = linkage(condensed, "average", optimal_ordering=True)
    return leaves_list(joins).tolist(), [(int(one), int(two), float(far)) for one, two, far, _ in joins]


def _told(shown: Dendrogram, tree: _Tree) -> str:
    """The order of the leaves and the first joins in words."""
    leaves = "; ".join(shown.labels[leaf] for leaf in tree.order)
    count = len(tree.order)
    pairs = [
        f"{shown.labels[min(one, two)]} and {shown.labels[max(one, two)]} at {far:.2f}"
        for one, two, far in tree.joins
        if one < count and two < count
    ]
    joins = f" Joined first: {'; '.join(pairs)}." if pairs else ""
    return f"{shown.note} From top to bottom: {leaves}.{joins} {shown.caption}"
