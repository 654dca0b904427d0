"""Grids → the tables of trials among them, with header, rows, section rows and legend told apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from kg.errors import SourceError, shorten
from kg.model import Finding, Row, Severity, Table
from kg.readers.body import SECTION, Frame, Survey, data_rows, survey
from kg.readers.document import Document
from kg.readers.grid import Grid, GridRow
from kg.readers.header import LEAST_COLUMNS, no_rows, no_table
from kg.readers.heads import Head, filled, find_head
from kg.readers.numbered import has_number
from kg.readers.surroundings import Preamble, looks_like_legend, looks_like_note, read_preamble
from kg.readers.turned import is_turned, turn, without_corner, without_values
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.text import fold

_SAMPLE = 400  # rows in which a registration number is looked for
# what only a table of trials has; a table of cell types has sources and references too
_OF_TRIALS = frozenset({"trial_number", "phase", "patients", "dose"})


class Candidate(NamedTuple):
    """A grid with its head, if it has one; `turned` says that its rows were its columns."""

    grid: Grid
    head: Head | None
    turned: bool = False

    @property
    def body(self) -> tuple[GridRow, ...]:
        """The rows under the head."""
        return self.grid.rows[self.head.end :] if self.head else ()


def tables_of(document: Document, grids: Sequence[Grid], lexicon: Lexicon) -> tuple[Table, ...]:
    """Return the tables of trials among `grids`, in their order, at least one.

    Raises SourceError when none of them is one, naming the headers that were seen.
    """
    candidates = [candidate(grid, lexicon) for grid in grids]
    chosen = _chosen(candidates)
    if not chosen:
        raise _nothing(document, candidates, lexicon)
    tables = [_table(document, one) for one in chosen]
    kept = set(map(id, chosen))
    left = tuple(_left_out(one) for one in candidates if id(one) not in kept)
    return (replace(tables[0], findings=(*tables[0].findings, *left)), *tables[1:])


def candidate(grid: Grid, lexicon: Lexicon) -> Candidate:
    """Return a grid with its head, turned when its headers stand in its first column."""
    grid = _from_first_column(grid)
    head = find_head(grid.rows, lexicon)
    if not is_turned(grid.rows, head, lexicon):
        return Candidate(grid, head)
    aside = tuple(next(filter(None, row.cells)) for row in without_values(grid.rows))
    notes = tuple(text for text in aside if looks_like_legend(text) or looks_like_note(text))
    before = (*grid.before, *(text for text in aside if text not in notes))
    rows = without_corner(turn(grid.rows), lexicon)
    turned = replace(grid, rows=rows, before=before, after=(*notes, *grid.after))
    return Candidate(turned, find_head(turned.rows[:2], lexicon), turned=True)


def _from_first_column(grid: Grid) -> Grid:
    """Return the grid without the blank columns at its left, which stand beside a table in many sheets."""
    first = min((filled(row)[0] for row in grid.rows if any(row.cells)), default=0)
    if not first:
        return grid
    return replace(grid, rows=tuple(_from_column(row, first) for row in grid.rows))


def _from_column(row: GridRow, first: int) -> GridRow:
    across, down = (tuple(p - first for p in places if p >= first) for places in (row.across, row.down))
    return replace(row, cells=row.cells[first:] or ("",), across=across, down=down)


def is_of_trials(one: Candidate) -> bool:
    """Whether a grid has the head of a table of trials, or a part of one over registration numbers, and rows."""
    if one.head is None or not any(max(filled(row), default=0) for row in one.body):
        return False
    return one.head.sure or _has_numbers(one.body)


def _has_numbers(rows: Sequence[GridRow]) -> bool:
    return any(has_number(cell) for row in rows[:_SAMPLE] for cell in row.cells)


def _chosen(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the tables of trials; beside one that has what only trials have, others must have some of it too."""
    found = [one for one in candidates if is_of_trials(one)]
    typical = [one for one in found if _is_typical(one)]
    return typical or found


def _is_typical(one: Candidate) -> bool:
    return one.head is not None and (bool(_OF_TRIALS & set(one.head.names)) or _has_numbers(one.body))


def _nothing(document: Document, candidates: Sequence[Candidate], lexicon: Lexicon) -> SourceError:
    for one in candidates:
        if one.head and one.head.sure:
            return no_rows(document.name, " | ".join(one.head.cells), one.head.line)
    layouts = dict.fromkeys(one.grid.layout for one in candidates)
    error = no_table(document.name, layouts, lexicon)
    error.raw = error.raw or "; ".join(_seen(one) for one in candidates)
    return error


def _seen(one: Candidate) -> str:
    cells = one.head.cells if one.head else next((row.cells for row in one.grid.rows if any(row.cells)), ())
    return " | ".join(cells)


def _left_out(one: Candidate) -> Finding:
    about = read_preamble(one.grid.before)
    name = " ".join(filter(None, (one.grid.label or about.label, one.grid.caption or about.caption)))
    what = f"{one.grid.place or 'a table'}{f' ({shorten(name)})' if name else ''}"
    message = (
        f"{what} was left out: it does not look like a table of trials, whose head names at least "
        f"{LEAST_COLUMNS} known columns"
    )
    hint = "if it is one, write its headers as the vocabulary of columns has them"
    return Finding(Severity.INFO, "table-left-out", "table", message, raw=shorten(_seen(one)), hint=hint)


def _table(document: Document, one: Candidate) -> Table:
    assert one.head is not None, "a chosen grid has a head"  # noqa: S101
    grid = one.grid
    above = above_head(grid, one.head)
    frame = frame_of(one.head, above)
    found = survey(one.body, frame)
    table = framed(document, frame, found, above)
    turned = (_turned(one.head),) if one.turned else ()
    return replace(
        table,
        rows=tuple(shaped(data_rows(one.body, frame, found), frame, found)),
        legend="\n".join(filter(None, (grid.legend, *found.legend, *_legend(grid.after)))),
        findings=(*grid.findings, *turned, *table.findings),
        layout=f"{grid.layout}, transposed" if one.turned else grid.layout,
        works=grid.works,
    )


def above_head(grid: Grid, head: Head) -> Preamble:
    """Return what the grid says of itself and, where it does not, what the text and rows above its head say."""
    read = read_preamble((*grid.before, *(flat(row.cells) for row in grid.rows[: head.first])))
    named = read_preamble([grid.caption]) if not grid.label else Preamble(caption=grid.caption)
    return Preamble(
        label=grid.label or named.label or read.label,
        caption=named.caption or read.caption,
        title=grid.title or read.title,
        doi=grid.doi or read.doi,
        findings=read.findings,
    )


def flat(cells: Sequence[str]) -> str:
    """Return the cells of a row above a table as text: a key and its value with a colon, others with blanks."""
    words = list(filter(None, cells))
    if len(words) == 2 and words[0].rstrip(":").isalpha():
        return f"{words[0].rstrip(':')}: {words[1]}"
    return " ".join(dict.fromkeys(words))


def frame_of(head: Head, above: Preamble) -> Frame:
    """Return what is needed for telling the rows under `head` apart."""
    texts = (above.caption, f"{above.label}. {above.caption}", above.title)
    return Frame(head, frozenset(fold(text) for text in texts if text))


def framed(document: Document, frame: Frame, found: Survey, above: Preamble) -> Table:
    """Return a table that has all but its rows and what only its grid knows."""
    head = [frame.head.cells[p] for p in columns_kept(frame, found)]
    return Table(
        source=document.name,
        sha256=document.source.sha256,
        header=(*([SECTION] if found.sections else []), *head),
        header_number=frame.head.line,
        label=above.label,
        caption=above.caption,
        title=above.title,
        doi=above.doi,
        legend="\n".join(found.legend),
        findings=(*above.findings, *found.findings),
    )


def columns_kept(frame: Frame, found: Survey) -> tuple[int, ...]:
    """Return the positions of the head's columns without those that hold nothing at all, head and rows."""
    named = {p for level in frame.head.levels for p, cell in enumerate(level) if cell}
    return tuple(p for p in range(frame.width) if p in named or p in found.used)


def shaped(rows: Iterable[Row], frame: Frame, found: Survey) -> Iterator[Row]:
    """Yield the rows without the cells of columns that hold nothing at all."""
    shift = int(found.sections)
    kept = [*range(shift), *(p + shift for p in columns_kept(frame, found))]
    places = {old: new for new, old in enumerate(kept)}
    whole = len(kept) == frame.width + shift
    for row in rows:
        if whole and len(row.cells) <= len(kept):
            yield row
            continue
        # what a row has beyond the head is kept: nobody knows yet which of its cells is the one too many
        beyond = row.cells[frame.width + shift :]
        cells = (*(row.cells[p] for p in kept if p < len(row.cells)), *beyond)
        inherited = tuple(places[p] for p in row.inherited if p in places)
        yield replace(row, cells=cells if any(beyond) else cells[: len(kept)], inherited=inherited)


def _turned(head: Head) -> Finding:
    message = (
        "the headers stand in the first column, so that the table was read by columns: each one is a row"
    )
    return Finding(Severity.INFO, "table-transposed", "table", message, raw=shorten(" | ".join(head.cells)))


def _legend(texts: Sequence[str]) -> Iterator[str]:
    return (text for text in texts if looks_like_legend(text) or looks_like_note(text))
