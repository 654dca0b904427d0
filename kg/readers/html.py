"""Saved web pages and fragments of HTML → the grids of their data tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kg.errors import SourceError
from kg.model import Table
from kg.readers.document import Document
from kg.readers.grid import Grid
from kg.readers.markup.mhtml import is_archive
from kg.readers.markup.page import Page, unwrapped
from kg.readers.markup.parse import is_page, page_text, parse_html
from kg.readers.markup.tables import grid_of
from kg.readers.tabulate import tables_of
from kg.vocabulary.lexicon import Lexicon

_TABLE = re.compile(rb"<table[\s>]", re.IGNORECASE)
_ROW = re.compile(rb"<t[rd][\s>]", re.IGNORECASE)
_OTHER = ("{", "[", "<?xml", "%PDF", "PK")
_TABLE_LINE = re.compile(
    r"^[ \t]*<(?:html|body|table|div|section|figure|p|h\d|center|tbody|thead|tr)[\s>]",
    re.IGNORECASE | re.MULTILINE,
)


class HtmlReader:
    """Pages of journals, PubMed Central, Word and Excel as browsers save them, and tables copied out of them."""

    name = "HTML"

    def fits(self, document: Document, lexicon: Lexicon) -> bool:  # noqa: ARG002
        """Whether the source is a page, or holds a table in HTML that begins a line."""
        head = document.head
        if is_page(head) or is_archive(head):
            return True
        if head.lstrip().startswith(_OTHER):
            return False
        if not _TABLE_LINE.search(head):
            return False
        data = document.searchable
        return bool(_TABLE.search(data) and _ROW.search(data))

    def read(self, document: Document, lexicon: Lexicon) -> Sequence[Table]:
        """Return the tables of trials in the page; raises SourceError when it has none."""
        root = unwrapped(parse_html(page_text(document), document.name), document.name)
        grids = tuple(_grids(Page(root), document.name, lexicon))
        if not grids:
            raise SourceError(
                "the page has no table",
                where=document.name,
                allowed="a page with a table in HTML; pictures of tables and pages built by scripts have none",
                hint="open the table in the browser and save that page, or copy the table as text",
            )
        return tables_of(document, grids, lexicon)


def _grids(page: Page, where: str, lexicon: Lexicon) -> Iterator[Grid]:
    seen: set[tuple[tuple[str, ...], ...]] = set()
    for number, table in enumerate(page.tables, 1):
        place = f"table {number} of the page" if len(page.tables) > 1 else "the table of the page"
        grid = grid_of(table, page, lexicon, (where, place))
        key = tuple(row.cells for row in grid.rows)
        # pages hold a table again for printing, for small screens or for a window of its own
        if grid.rows and key not in seen:
            seen.add(key)
            yield grid
