"""Cells with the columns and rows that they span → rows of a grid, every cell at its first place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.errors import SourceError
from kg.readers.grid import GridRow

# what browsers allow, too
_WIDEST = 1000
_TALLEST = 65534
_MOST_PLACES = 2_000_000


@dataclass(frozen=True, slots=True)
class SpanCell:
    """One cell as written: its text, how many columns and rows it spans (0 rows: to the end of its group).

    `at` is its column where the mark-up says so, else it takes the next free one.
    """

    text: str
    across: int = 1
    down: int = 1
    at: int | None = None


@dataclass(frozen=True, slots=True)
class SpanRow:
    """One row as written: its lines, its cells, the number of its row group, whether it is a header."""

    first_line: int
    last_line: int
    cells: tuple[SpanCell, ...]
    group: int = 0
    header: bool = False


@dataclass(slots=True)
class _Hanging:
    """A cell that reaches into the rows below: its columns `[start, end)` and how many rows are left."""

    start: int
    end: int
    rows: int


def grid_rows(rows: Sequence[SpanRow], where: str) -> tuple[GridRow, ...]:
    """Return the rows of a grid; raise SourceError naming `where` for one that no table has.

    A row that has no cell of its own, since all of it is spanned from above, is not shown and left out. Columns
    that no cell begins in are left out, too: a note may span a hundred columns of a table with nine.
    """
    placed = list(_placed(rows))
    width = max((place + 1 for _, cells, _ in placed for place in cells), default=0)
    if width * len(placed) > _MOST_PLACES:
        raise SourceError(
            f"the table has {len(placed)} rows of {width} columns",
            where=where,
            allowed=f"up to {_MOST_PLACES} places",
            hint="its spans are probably wrong; save the table again",
        )
    made = (_row(row, cells, reach, width) for row, cells, reach in placed)
    return _with_headers([row for row in made if row is not None])


def span(value: str | None, *, tall: bool = False) -> int:
    """Return the number of a colspan or rowspan, 1 for what is no number; kept within what browsers allow."""
    text = (value or "").strip()[:12]
    digits = text[: len(text) - len(text.lstrip("0123456789"))]
    if not digits:
        return 1
    return min(int(digits), _TALLEST) if tall else min(max(int(digits), 1), _WIDEST)


_Placed = tuple[SpanRow, dict[int, SpanCell], list[tuple[int, int, bool]]]


def _placed(rows: Iterable[SpanRow]) -> Iterable[_Placed]:
    """Yield each row with its cells by column and the places that they and cells from above reach over."""
    hanging: list[_Hanging] = []
    group: int | None = None
    for row in rows:
        if row.group != group:
            hanging, group = [], row.group
        reach = [(h.start, h.end, True) for h in hanging]
        cells: dict[int, SpanCell] = {}
        new: list[_Hanging] = []
        at = 0
        for cell in row.cells:
            at = _free(cell.at if cell.at is not None else at, hanging)
            if at >= _WIDEST * 10:
                break
            cells[at] = cell
            reach.append((at + 1, at + cell.across, False))
            if cell.down != 1:
                new.append(_Hanging(at, at + cell.across, (cell.down or _TALLEST + 1) - 1))
            at += cell.across
        yield row, cells, reach
        for one in hanging:
            one.rows -= 1
        hanging = sorted([h for h in hanging if h.rows > 0] + new, key=lambda h: h.start)


def _free(at: int, hanging: Sequence[_Hanging]) -> int:
    for one in hanging:
        if one.start <= at < one.end:
            at = one.end
    return at


def _row(
    row: SpanRow, cells: dict[int, SpanCell], reach: Sequence[tuple[int, int, bool]], width: int
) -> GridRow | None:
    if not cells:
        return None
    down: set[int] = set()
    across: set[int] = set()
    for start, end, from_above in reach:
        (down if from_above else across).update(range(start, min(end, width)))
    texts = tuple(cells[at].text if at in cells else "" for at in range(width))
    last = max([*cells, *across, *down]) + 1
    covered = tuple(sorted(down - set(cells)))
    return GridRow(
        first_line=row.first_line,
        last_line=row.last_line,
        cells=texts[:last],
        header=row.header,
        across=tuple(sorted(across - set(cells) - down)),
        down=covered,
    )


def _with_headers(rows: list[GridRow]) -> tuple[GridRow, ...]:
    """Take the mark of a header from all rows when all of them have it: then it says nothing."""
    if all(row.header for row in rows):
        return tuple(GridRow(r.first_line, r.last_line, r.cells, False, r.across, r.down) for r in rows)
    return tuple(rows)
