"""A text and stretches of it → lines for the terminal, with numbered marks under the stretches.

    Pain was lower, walking did not change.
    ^^^^     ^^^^^ 1
                    ^^^^^^^ 2

The marks say all that the colours say, which only a terminal gets.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.cli.shared import show
from kg.errors import printable
from kg.model import Span

_SIGN = "^"


class Colour(NamedTuple):
    """The style of the characters `[start, end)` of a line, in the words of rich."""

    start: int
    end: int
    style: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of output, and how it is coloured where there are colours."""

    text: str
    colours: tuple[Colour, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """Stretches of a text that share one name, a number or a letter, and one style."""

    name: str
    spans: tuple[Span, ...]
    style: str = ""


class _Piece(NamedTuple):
    """What one line shows of stretches at one place: columns `[start, end)`, the marks that they belong to."""

    start: int
    end: int
    marks: tuple[Mark, ...]

    @property
    def name(self) -> str:
        """The names of the marks in one."""
        return ",".join(mark.name for mark in self.marks)


def marked(text: str, groups: Sequence[Sequence[Mark]], width: int) -> Iterator[Line]:
    """Yield `text` in lines of at most `width` columns, each followed by the marks of its stretches.

    A name stands behind its stretch; the groups of marks stand below each other. In a group stretches in one place
    have their names in one, and those that would overlap stand on lines of their own.
    """
    plain = printable("".join(" " if char.isspace() else char for char in text))
    joined = [[_joined(mark) for mark in marks] for marks in groups]
    for start, end in _lines(plain, width):
        found = [_inside(marks, plain, start, end) for marks in joined]
        colours = (Colour(a, b, mark.style) for group in found for a, b, mark in group if mark.style)
        yield Line(plain[start:end], tuple(colours))
        for group in found:
            yield from _lanes(_pieces(plain[start:end], group))


def _joined(mark: Mark) -> Mark:
    """Return the mark with stretches that overlap made one."""
    spans: list[Span] = []
    for span in sorted(mark.spans, key=lambda one: (one.start, one.end)):
        if spans and span.start < spans[-1].end:
            spans[-1] = Span(spans[-1].start, max(spans[-1].end, span.end))
        else:
            spans.append(span)
    return Mark(mark.name, tuple(spans), mark.style)


def _inside(marks: Sequence[Mark], text: str, start: int, end: int) -> list[tuple[int, int, Mark]]:
    """Return what lies of the stretches in the line `text[start:end]`, by the places in the line."""
    places = ((max(span.start, start), min(span.end, end), mark) for mark in marks for span in mark.spans)
    return [(a - start, b - start, mark) for a, b, mark in places if a < b and text[a:b].strip()]


def _lines(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Yield the places of lines that end at a blank where there is one and are `width` columns wide at most."""
    start = len(text) - len(text.lstrip(" "))
    while start < len(text):
        end = _fitting(text, start, width)
        if end < len(text) and text[end] != " " and (blank := text.rfind(" ", start, end)) > start:
            end = blank
        yield start, start + len(text[start:end].rstrip(" "))
        start = end + len(text[end:]) - len(text[end:].lstrip(" "))


def _fitting(text: str, start: int, width: int) -> int:
    """Return where a line that begins at `start` is full; it has one character at least."""
    taken = 0
    for at in range(start, len(text)):
        taken += _columns(text[at])
        if taken > width and at > start:
            return at
    return len(text)


def _pieces(line: str, found: Iterable[tuple[int, int, Mark]]) -> list[_Piece]:
    """Return stretches as columns; those in one place are one piece, and so are those of the same marks side by side."""
    places: dict[tuple[int, int], dict[Mark, None]] = {}
    for start, end, mark in found:
        places.setdefault((start, start + len(line[start:end].rstrip())), {})[mark] = None
    joined: list[_Piece] = []
    for (start, end), marks in sorted(places.items()):
        last = joined[-1] if joined else None
        if last and last.marks == tuple(marks) and not line[last.end : start].strip():
            joined[-1] = _Piece(last.start, end, last.marks)
        else:
            joined.append(_Piece(start, end, tuple(marks)))
    return [_Piece(_columns(line[:a]), _columns(line[:b]), marks) for a, b, marks in joined]


def _lanes(pieces: Iterable[_Piece]) -> Iterator[Line]:
    lanes: list[list[_Piece]] = []
    for piece in pieces:
        free = (lane for lane in lanes if lane[-1].end + len(lane[-1].name) + 2 <= piece.start)
        lane = next(free, None)
        if lane is None:
            lanes.append([piece])
        else:
            lane.append(piece)
    yield from map(_lane, lanes)


def _lane(pieces: Iterable[_Piece]) -> Line:
    text, colours = "", []
    for piece in pieces:
        text = text.ljust(piece.start) + f"{_SIGN * max(piece.end - piece.start, 1)} {piece.name}"
        colours.append(Colour(piece.start, len(text), piece.marks[0].style))
    return Line(text, tuple(colour for colour in colours if colour.style))


def _columns(text: str) -> int:
    """Return how many columns of a terminal a text takes: two for an East Asian sign, none for a combining one."""
    from rich.cells import cell_len

    return cell_len(text)


def show_lines(lines: Iterable[Line]) -> None:
    """Print lines, in colours on a terminal that wants them."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False) if sys.stdout.isatty() else None
    for line in lines:
        if console is None:
            show(line.text + "\n")
            continue
        text = Text(printable(line.text))
        for start, end, style in line.colours:
            text.stylize(style, start, end)
        console.print(text, soft_wrap=True)
