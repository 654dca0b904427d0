"""A key to signs → a legend: each sign with its area and how many things have it, in as many lines as they need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kg.similar.draw.sheet import BODY, EDGE, LINE, Sheet, fit, wide
from kg.similar.draw.signs import Areas, Key, Sign

_ROW = BODY * LINE / 72 * 1.35
_GAP = 0.22
_SIGN = 0.14


class Entry(NamedTuple):
    """A sign, or none, and the words beside it."""

    sign: Sign | None
    words: str


def entries(key: Key, things: Iterable[Areas], name: str) -> list[Entry]:
    """Return the entries of a legend: what it is of, then each sign and how many of the things, by areas, have it."""
    areas = [Entry(key.sign(area), f"{area} ({count:,})") for area, count in key.counts(things).items()]
    return [Entry(None, f"Disease area (number of {name}):"), *areas]


def legend_height(legend: Sequence[Entry], width: float) -> float:
    """Return how many inches the legend takes from top to bottom on a sheet of this width."""
    return len(_rows(legend, width)) * _ROW


def put_legend(sheet: Sheet, top: float, legend: Sequence[Entry]) -> None:
    """Draw the legend with its upper edge at `top`."""
    for number, row in enumerate(_rows(legend, sheet.width)):
        left, y = EDGE, top - (number + 0.5) * _ROW
        for entry, words in row:
            if entry.sign:
                put_sign(sheet, left + _SIGN / 2, y, entry.sign)
            sheet.put(left + _indent(entry), y, words, ha="left")
            left += _width(entry, words)


def put_sign(sheet: Sheet, x: float, y: float, sign: Sign, size: float = 6.5) -> None:
    """Draw one sign with its middle at a place; `size` is that of a circle in points."""
    sheet.axes.plot(
        [x],
        [y],
        marker=sign.marker,
        markersize=size * sign.size,
        markerfacecolor=sign.colour,
        markeredgecolor="#333333",
        markeredgewidth=0.5,
        linestyle="none",
    )


def _indent(entry: Entry) -> float:
    return _SIGN + 0.04 if entry.sign else 0.0


def _width(entry: Entry, words: str) -> float:
    return _indent(entry) + wide(words) + _GAP


def _rows(legend: Sequence[Entry], width: float) -> list[list[tuple[Entry, str]]]:
    room = width - 2 * EDGE
    rows: list[list[tuple[Entry, str]]] = []
    left = room
    for entry in legend:
        [words] = fit(entry.words, room - _indent(entry), most=1)
        if not rows or left < _width(entry, words) - _GAP:
            rows.append([])
            left = room
        rows[-1].append((entry, words))
        left -= _width(entry, words)
    return rows
