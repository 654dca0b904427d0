"""Numbers of trials by disease and cell source → a heat map with every number in its cell and every gap empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from typing import TYPE_CHECKING

from kg.similar.draw.legend import put_sign
from kg.similar.draw.sheet import (
    BODY,
    EDGE,
    FAINT,
    INK,
    RULE,
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
from kg.similar.draw.signs import Sign

if TYPE_CHECKING:
    from matplotlib.colors import Colormap

_ROW = 0.21  # inches; more where a label has several lines
_CELL = (0.3, 0.62)  # inches across
_LABEL = 2.2  # inches at most for a row's label
_ABOVE = 1.6  # inches at most for a column's label, along its slope
_ROOMY = 0.42  # inches across from which on slanted labels have room for two lines
_TOTAL = 0.5  # inches for the column of totals
_SLOPE = 45.0  # degrees
_GROUP = 0.27
_ALL = "all trials"
_DARKEST = 4  # trials, at least, for the darkest cell: a lone one is not much


@dataclass(frozen=True, slots=True)
class Row:
    """One disease: the area under which it stands, its label, its trials, and how many of them in each column."""

    area: str
    label: str
    total: int
    counts: Sequence[int]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """What a heat map shows: rows in groups of one area, columns with label and number of trials, a sign for each area."""

    title: str
    note: str
    caption: str
    rows: Sequence[Row]
    columns: Sequence[tuple[str, int]]
    signs: Mapping[str, Sign]


def draw_heatmap(shown: HeatMap, form: Format) -> bytes:
    """Return the heat map as a picture. OutputError when matplotlib or scipy is missing."""
    with drawing():
        grid = _Grid(shown)
        head, foot = head_height(shown.title, shown.note), foot_height(shown.caption)
        sheet = Sheet(head + grid.above + grid.tall + 0.1 + foot)
        sheet.head(shown.title, shown.note)
        sheet.foot(shown.caption)
        if shown.rows:
            grid.draw(sheet, sheet.height - head - grid.above)
        else:
            sheet.put(WIDTH / 2, sheet.height - head - 0.2, "No disease is stated.", ha="center")
        return sheet.render(form, shown.title, _told(shown))


class _Grid:
    """Where rows and columns stand, and what they look like."""

    def __init__(self, shown: HeatMap) -> None:
        self.shown = shown
        self.labels = [fit(row.label, _LABEL) for row in shown.rows]
        widest = max(wide(line) for lines in [*self.labels, [_ALL]] for line in lines)
        self.left = EDGE + 0.1 + widest + 0.1
        room = WIDTH - self.left - EDGE - _TOTAL
        self.cell = min(max(room / max(len(shown.columns), 1), _CELL[0]), _CELL[1])
        self.heads, self.slope = self._slanted()
        long = max((wide(line) for lines in self.heads for line in lines), default=0)
        self.above = sin(radians(self.slope)) * long + 0.3
        self.tall = sum(self._row_height(lines) for lines in self.labels) + _GROUP * (len(self._areas()) + 1)

    def _slanted(self) -> tuple[list[list[str]], float]:
        """Return the lines of the columns' labels and their slope in degrees: upright when they would leave the sheet."""
        most = 2 if self.cell > _ROOMY else 1
        heads = [fit(label, _ABOVE, most=most) for label, _ in self.shown.columns]
        ends = (
            self.left + (place + 0.5) * self.cell + cos(radians(_SLOPE)) * (wide(line) + 0.2)
            for place, lines in enumerate(heads)
            for line in lines
        )
        cut = any(line.endswith("…") for lines in heads for line in lines)
        if not cut and max(ends, default=0) <= WIDTH - EDGE:
            return heads, _SLOPE
        return [fit(label, _ABOVE, most=2) for label, _ in self.shown.columns], 90.0

    def draw(self, sheet: Sheet, top: float) -> None:
        """Draw all with the upper edge of the cells at `top`."""
        self._heads(sheet, top)
        y, area = top, None
        for row, lines in zip(self.shown.rows, self.labels, strict=True):
            if row.area != area:
                y -= _GROUP
                area = row.area
                self._area(sheet, y + _GROUP * 0.36, area)
            height = self._row_height(lines)
            self._row(sheet, y - height / 2, row, lines)
            y -= height
        self._totals(sheet, y - 0.6 * _GROUP)

    def _areas(self) -> list[str]:
        return list(dict.fromkeys(row.area for row in self.shown.rows))

    def _row_height(self, lines: Sequence[str]) -> float:
        return max(_ROW, tall(lines) + 0.06)

    def _heads(self, sheet: Sheet, top: float) -> None:
        for place, lines in enumerate([*self.heads, [_ALL]]):
            x = self._middle(place)
            colour = INK if place < len(self.heads) else FAINT
            sheet.put(x, top + 0.05, lines, rotation=self.slope, ha="left", color=colour)

    def _area(self, sheet: Sheet, y: float, area: str) -> None:
        put_sign(sheet, EDGE + 0.07, y, self.shown.signs[area])
        [words] = fit(area, WIDTH - 2 * EDGE - 0.2, bold=True, most=1)
        sheet.put(EDGE + 0.18, y, words, bold=True, ha="left")
        right = self.left + len(self.heads) * self.cell
        start = EDGE + 0.28 + wide(words, BODY, True)
        if start < right:
            sheet.axes.plot([start, right], [y, y], color=RULE, linewidth=0.5)

    def _row(self, sheet: Sheet, y: float, row: Row, lines: Sequence[str]) -> None:
        from matplotlib.patches import Rectangle

        sheet.put(self.left - 0.08, y, lines, ha="right")
        height, most = self._row_height(lines), self._most()
        for place, count in enumerate(row.counts):
            x = self.left + place * self.cell
            colour = _colour(count, most) if count else (1.0, 1.0, 1.0)
            sheet.axes.add_patch(
                Rectangle(
                    (x, y - height / 2), self.cell, height, facecolor=colour, edgecolor=RULE, linewidth=0.5
                )
            )
            if count:
                sheet.put(
                    x + self.cell / 2, y, str(count), ha="center", color="white" if _dark(colour) else INK
                )
        self._number(sheet, len(self.shown.columns), y, row.total)

    def _totals(self, sheet: Sheet, y: float) -> None:
        if not self.shown.columns:
            return
        sheet.put(self.left - 0.08, y, _ALL, ha="right", color=FAINT)
        for place, (_, total) in enumerate(self.shown.columns):
            self._number(sheet, place, y, total)

    def _number(self, sheet: Sheet, place: int, y: float, count: int) -> None:
        sheet.put(self._middle(place), y, f"{count:,}", ha="center", color=FAINT)

    def _middle(self, place: int) -> float:
        """The middle of a column in inches; that of the totals comes last and has a width of its own."""
        last = len(self.shown.columns)
        return (
            self.left + (place + 0.5) * self.cell
            if place < last
            else self.left + last * self.cell + _TOTAL / 2
        )

    def _most(self) -> int:
        return max((count for row in self.shown.rows for count in row.counts), default=1)


def _colour(count: int, most: int) -> tuple[float, float, float]:
    """A blue that darkens with the square root of the count, so that 1 and 2 look different where there are 50."""
    share = (count / max(most, _DARKEST)) ** 0.5
    red, green, blue, _ = _colours()(0.12 + 0.78 * share)
    return float(red), float(green), float(blue)


def _colours() -> Colormap:
    from matplotlib import colormaps

    return colormaps["Blues"]


def _dark(colour: tuple[float, float, float]) -> bool:
    """Say whether white words are read better on a colour than dark ones (relative luminance, WCAG 2)."""
    parts = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] < 0.2


def _told(shown: HeatMap) -> str:
    """The numbers of the heat map in words."""
    rows = (
        f"{row.label} ({row.total}): "
        + ", ".join(
            f"{label} {count}" for (label, _), count in zip(shown.columns, row.counts, strict=True) if count
        )
        for row in shown.rows
    )
    return f"{shown.note} {'; '.join(rows)}. {shown.caption}"
