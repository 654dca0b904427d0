"""Listings → tables for people: a line for each row, its lists below it, and a sentence that says what the rows are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from kg.similar.answers.formats.common import clean, few, short, title
from kg.similar.answers.listings import Cell, Listing, Score, Section, Told

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

_MANY = 6  # of a list that has lines of its own
_LONGEST = 60  # of a column that is filled up with blanks
_GAP = "  "


def listing(answer: Listing) -> Iterator[RenderableType]:
    """Yield what stands on the lines of a listing."""
    from rich.text import Text

    for place, section in enumerate(answer.sections):
        if place:
            yield ""
        if section.rows:
            yield from _rows(section)
            yield ""
        yield Text(clean(section.said) if section.rows else f"No {section.name}. {clean(section.said)}")


def _rows(section: Section) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    single = [name for name, value in section.rows[0].items() if not isinstance(value, tuple)]
    widths = {name: _width(section, name) for name in single}
    yield _line({name: title(name) for name in single}, section, widths)
    for row in section.rows:
        yield _line({name: _cell(row[name]) for name in single}, section, widths)
        grid = Table.grid(padding=(0, 2, 0, 0))
        for name, value in row.items():
            if name not in widths and value:
                grid.add_row(Text(title(name), style="dim"), Text(_cell(value)))
        if grid.row_count:
            yield Padding(grid, (0, 0, 0, 3))


def _width(section: Section, name: str) -> int:
    return min(_LONGEST, max(len(title(name)), *(len(_cell(row[name])) for row in section.rows)))


def _line(cells: Mapping[str, str], section: Section, widths: Mapping[str, int]) -> Text:
    """Return cells beside each other, numbers to the right."""
    from rich.text import Text

    filled = (
        text.rjust(widths[name])
        if isinstance(section.rows[0][name], int | float | Score)
        else text.ljust(widths[name])
        for name, text in cells.items()
    )
    return Text(_GAP.join(filled).rstrip(), style="bold")


def _cell(value: Cell) -> str:
    if isinstance(value, Score):
        return short(value.parts)
    if isinstance(value, tuple):
        return clean(few([one.words if isinstance(one, Told) else one for one in value], _MANY))
    return clean(f"{value:.3f}" if isinstance(value, float) else str(value))
