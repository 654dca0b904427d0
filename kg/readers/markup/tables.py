"""A table of a web page and what stands around it → a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.readers.grid import Grid
from kg.readers.markup.around import look_around
from kg.readers.markup.notes import marks_left_out, marks_of, note_texts
from kg.readers.markup.page import Page
from kg.readers.markup.rows import read_rows
from kg.readers.markup.spans import grid_rows
from kg.readers.markup.walk import shown_text
from kg.readers.markup.works import works_of_page
from kg.readers.surroundings import read_preamble
from kg.vocabulary.lexicon import Lexicon

if TYPE_CHECKING:
    from lxml.etree import _Element


def grid_of(table: _Element, page: Page, lexicon: Lexicon, where: tuple[str, str]) -> Grid:
    """Return a table as a grid; `where` is the source's name and the table's place in it."""
    around = look_around(table, page, page.holders)
    marks = marks_of(around.notes, page)
    rows, left_out = read_rows(table, page, marks, lexicon)
    captions = list(table.iterchildren("caption")) or around.caption
    above = read_preamble([text for text in (shown_text(c, page, marks) for c in captions) if text])
    return Grid(
        rows=grid_rows(rows, ", ".join(where)),
        layout="HTML",
        place=where[1],
        label=above.label,
        caption=above.caption,
        title=page.title,
        doi=page.doi,
        legend="\n".join(note_texts(around.notes, page)),
        before=around.before,
        after=around.after,
        works=works_of_page(table, page),
        findings=marks_left_out(left_out),
    )
