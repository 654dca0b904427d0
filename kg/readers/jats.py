"""Articles in JATS XML, sets of them, and tables cut out of them → the grids of their tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.model import Table
from kg.readers.document import Document
from kg.readers.grid import Grid
from kg.readers.markup.article import Article
from kg.readers.markup.notes import marks_left_out, marks_of, note_texts
from kg.readers.markup.parse import is_page, page_text, parse_xml
from kg.readers.markup.rows import read_rows
from kg.readers.markup.spans import grid_rows
from kg.readers.markup.walk import local_name, shown_text
from kg.readers.surroundings import find_label, looks_like_legend
from kg.readers.tabulate import tables_of
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.text import squeeze

if TYPE_CHECKING:
    from lxml.etree import _Element

_WRAP = re.compile(rb"<(?:[A-Za-z][\w.-]*:)?table-wrap[\s>]")
_ARTICLE = re.compile(
    r"<!DOCTYPE\s+(?:article|pmc-articleset|book|table-wrap)\b[^>]{0,300}(?:JATS|NLM|BITS)|<pmc-articleset[\s>]|"
    r"<(?:[\w.-]+:)?article\s[^>]*(?:article-type|dtd-version)="
)


class JatsReader:
    """Full texts as PubMed Central, Europe PMC and publishers deliver them, with XHTML or CALS tables."""

    name = "JATS XML"

    def fits(self, document: Document, lexicon: Lexicon) -> bool:  # noqa: ARG002
        """Whether the source is mark-up that calls its tables and articles as JATS does."""
        head = document.head.lstrip()
        if not head.startswith("<") or is_page(head):
            return False
        data = document.searchable
        return bool(_ARTICLE.search(head) or _WRAP.search(data))

    def read(self, document: Document, lexicon: Lexicon) -> Sequence[Table]:
        """Return the tables of trials in the articles; raises SourceError when there are none."""
        root = parse_xml(page_text(document), document.name)
        grids = tuple(_grids(root, document.name, lexicon))
        if not grids:
            raise SourceError(
                "the article has no table in its text",
                where=document.name,
                allowed="JATS XML with rows and cells in <table-wrap>",
                hint="tables that are pictures cannot be read; look for the table on the article's page",
            )
        return tables_of(document, grids, lexicon)


def _grids(root: _Element, where: str, lexicon: Lexicon) -> Iterator[Grid]:
    articles: dict[_Element, Article] = {}
    # a table in a cell is text of the cell
    tables = [t for t in root.iter("{*}table") if next(t.iterancestors("{*}table"), None) is None]
    for number, table in enumerate(tables, 1):
        holder = _article(table, root)
        article = articles.setdefault(holder, Article(holder))
        yield _grid(table, article, lexicon, (where, f"table {number} of the article"))


def _article(table: _Element, root: _Element) -> _Element:
    """Return the article that a table stands in; a fragment without any is read as one."""
    return next(table.iterancestors("{*}article", "{*}sub-article", "{*}book"), root)


def _grid(table: _Element, article: Article, lexicon: Lexicon, where: tuple[str, str]) -> Grid:
    wraps = list(table.iterancestors("{*}table-wrap", "{*}table-wrap-group"))
    notes = [note for wrap in wraps for note in _notes(wrap)]
    rows, left_out = read_rows(table, article, marks_of(notes, article), lexicon)
    captions = [text for wrap in reversed(wraps) for text in _captions(wrap, article)]
    legend = [text for text in captions if looks_like_legend(text)]
    label = _label(wraps, article)
    return Grid(
        rows=grid_rows(rows, ", ".join(where)),
        layout="JATS XML",
        place=where[1],
        label=find_label(label) or label.rstrip(".:"),
        caption=squeeze(" ".join(text for text in captions if text not in legend)),
        title=article.title,
        doi=article.doi,
        legend="\n".join(dict.fromkeys([*legend, *note_texts(notes, article)])),
        works=article.works(table),
        findings=marks_left_out(left_out),
    )


def _label(wraps: Sequence[_Element], article: Article) -> str:
    labels = (child for wrap in wraps for child in wrap if local_name(child) == "label")
    return next((text for text in (shown_text(label, article) for label in labels) if text), "")


def _captions(wrap: _Element, article: Article) -> Iterator[str]:
    for caption in wrap:
        if local_name(caption) == "caption":
            yield from (
                text for text in (shown_text(part, article) for part in list(caption) or [caption]) if text
            )


def _notes(wrap: _Element) -> Iterator[_Element]:
    """Yield the notes under a table, each as small as it is marked."""
    for foot in wrap:
        if local_name(foot) == "table-wrap-foot":
            small = [e for e in foot.iter("*") if local_name(e) in ("fn", "p", "attrib")]
            whole = set(small)
            outermost = [e for e in small if not any(above in whole for above in e.iterancestors())]
            yield from outermost or [foot]
