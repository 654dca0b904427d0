"""A web page → what its elements show and link to, its title and DOI: the dialect HTML of a walk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote

from kg.readers.markup.parse import parse_html
from kg.readers.markup.pieces import Link
from kg.readers.markup.walk import raw_text, shown_text
from kg.readers.surroundings import find_doi, find_label
from kg.vocabulary.text import squeeze

if TYPE_CHECKING:
    from lxml.etree import _Element

_BLOCKS_NAMES = (
    "address article aside blockquote br caption center dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot "
    "th thead tr ul"
)
BLOCKS = frozenset(_BLOCKS_NAMES.split())
_UNSHOWN_NAMES = (
    "script style template noscript head svg button select input textarea object iframe annotation "
    "annotation-xml audio video canvas colgroup col"
)
_UNSHOWN = frozenset(_UNSHOWN_NAMES.split())
_SKIPPED_CLASS = re.compile(
    r"(?:^|[-_])(?:sr-only|visually-?hidden|screen-reader|screenreader|MathJax_Preview|offscreen)(?:$|[-_])"
)
_SKIPPED_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_RAISED_STYLE = re.compile(r"vertical-align\s*:\s*(?:super|text-top)", re.IGNORECASE)
_RULE = re.compile(r"\.(?P<name>[\w-]{1,60})\s*\{(?P<style>[^{}]{0,2000})\}")
_RAISED_CLASS = frozenset({"sup", "super", "superscript"})
_TEX_CLASS = frozenset({"mathjax-tex", "tex", "math-tex"})
_WORK_ROLE = re.compile(
    r"\b(?:doc-biblioref|bibr|biblioref|citation-ref|xref-bibr|html-bibr|biblink)\b", re.IGNORECASE
)
_NOTE_ROLE = re.compile(r"\b(?:doc-noteref|table-fn|xref-fn|footnote-ref|xref-table-fn)\b", re.IGNORECASE)
_NOTE_ID = re.compile(
    r"(?:^|[-_.\d])(?:t|tab|tbl|table)?-?_?(?:fn|tfn|tblfn|ftn|footnote|note|nt|tf)s?[-_]?(?:\w?\d{0,6}\w?)$",
    re.IGNORECASE,
)
_WORK_ID = re.compile(
    r"(?:^|[-_./:])(?:cr|b|bb|bib|bibr|bbib|ref|r|rf|cit|cite|citation|reference|enref|en|c)[-_.]?(?:ref|cr|bib)?[-_.]?\d{1,5}"
    r"(?:[-_.][\w.-]*)?$",
    re.IGNORECASE,
)
_NOTES = re.compile(
    r"footnote|(?:^|table|tbl\w*|tw|wrap)[-_]?foot|(?:^|[-_])(?:fn|tfn|notes?|legend|abbreviations?|abbr|key)(?:$|[-_\d])|tablenote",
    re.IGNORECASE,
)
_TITLES = ("citation_title", "dc.title", "og:title", "twitter:title")
_DOIS = (
    "citation_doi",
    "dc.identifier",
    "dc.identifier.doi",
    "prism.doi",
    "bepress_citation_doi",
    "doi",
    "og:url",
    "dc.source",
)
_SITE = re.compile(
    r"\s+[-–—|]\s+(?:PMC|PubMed.*|ScienceDirect|Springer.*|Nature.*|Wiley.*|Oxford.*|Frontiers.*|MDPI.*)$|\s+\|\s.*$"
)
_LONGEST_ALT = 40
_LEAST_COLUMNS, _LEAST_ROWS = 3, 2  # of a table of data with other tables in its cells


class Page:
    """One page: its root element, and what its markup says of it."""

    blocks = BLOCKS

    def __init__(self, root: _Element) -> None:
        self.root = root

    @cached_property
    def tables(self) -> tuple[_Element, ...]:
        """The page's tables of data in their order.

        A table with other tables in it only arranges them, unless it has rows of cells with words of their own.
        """
        found: list[_Element] = []
        taken: set[_Element] = set()
        for table in self.root.iter("table"):
            if not any(above in taken for above in table.iterancestors("table")) and _is_data(table):
                found.append(table)
                taken.add(table)
        return tuple(found)

    @cached_property
    def holders(self) -> frozenset[_Element]:
        """The tables and all elements that they stand in, which tell where the neighbourhood of one ends."""
        return frozenset(e for table in self.tables for e in (table, *table.iterancestors()))

    def skips(self, element: _Element, name: str) -> bool:
        """Whether a browser shows nothing of `element`."""
        if name in _UNSHOWN or element.get("hidden") is not None or element.get("aria-hidden") == "true":
            return True
        style, classes = element.get("style"), element.get("class")
        return bool(
            (style and _SKIPPED_STYLE.search(style))
            or (classes and any(map(_SKIPPED_CLASS.search, classes.split())))
        )

    def instead(self, element: _Element, name: str) -> str | None:
        """Return the words for a small picture, such as a tick, None for other elements."""
        if name != "img":
            return None
        alt = squeeze(element.get("alt") or "")
        return alt if len(alt) <= _LONGEST_ALT else ""

    def is_tex(self, element: _Element, name: str) -> bool:  # noqa: ARG002
        """Whether a script of the page would typeset what `element` holds."""
        return bool(_TEX_CLASS & set((element.get("class") or "").split()))

    def raises(self, element: _Element, name: str) -> bool:
        """Whether `element` is a superscript, by its name, style or class."""
        if name == "sup":
            return True
        style = element.get("style")
        if style and _RAISED_STYLE.search(style) and name in ("span", "font", "a"):
            return True
        return name in ("span", "font") and bool(
            self.raised_classes & set((element.get("class") or "").split())
        )

    def link(self, element: _Element, name: str) -> Link | None:
        """Return what a link leads to, by what the page says of it and by the form of its target's name."""
        if name != "a":
            return None
        said = " ".join(
            element.get(key) or "" for key in ("role", "class", "data-ref-type", "ref-type", "data-test")
        )
        targets = link_targets(element)
        if _NOTE_ROLE.search(said) or any(_NOTE_ID.search(t) or self._is_in_notes(t) for t in targets):
            return Link.NOTE
        if _WORK_ROLE.search(said) or any(map(_WORK_ID.search, targets)):
            return Link.WORK
        return Link.NONE

    def _is_in_notes(self, target: str) -> bool:
        """Whether a place of the page is one of the notes under a table, or stands right in them."""
        node = self.by_id.get(target)
        above = [] if node is None else [node, *islice(node.iterancestors(), 2)]
        return any(map(is_notes, above))

    @cached_property
    def raised_classes(self) -> frozenset[str]:
        """The classes that mean a superscript, by their names or by what the page's own styles say."""
        styles = (rule for style in self.root.iter("style") for rule in _RULE.finditer(raw_text(style)))
        return _RAISED_CLASS | {rule["name"] for rule in styles if _RAISED_STYLE.search(rule["style"])}

    @cached_property
    def by_id(self) -> dict[str, _Element]:
        """The elements of the page by their id or, for anchors, name."""
        found: dict[str, _Element] = {}
        for element in self.root.iter("*"):
            for key in (element.get("id"), element.get("name") if element.tag == "a" else None):
                if key:
                    found.setdefault(key, element)
        return found

    @cached_property
    def title(self) -> str:
        """The article's title, "" when the page only names a table."""
        headings = (shown_text(h, self) for h in self.root.iter("h1"))
        pages = (_SITE.sub("", squeeze(raw_text(t))) for t in self.root.iter("title"))
        for text in (*self._said(_TITLES), *headings, *pages):
            if text and not find_label(text):
                return text
        return ""

    @cached_property
    def doi(self) -> str:
        """The article's DOI, as the page's head says it, else "" """
        links = [link.get("href") or "" for link in self.root.iter("link") if link.get("rel") == "canonical"]
        for text in (*self._said(_DOIS), *links):
            doi, _ = find_doi([unquote(text)])
            if doi:
                return doi.split("?")[0].split("#")[0]
        return ""

    def _said(self, names: tuple[str, ...]) -> Iterator[str]:
        """Yield what the page's meta elements say under these names, in the order of the names."""
        said: dict[str, str] = {}
        for meta in self.root.iter("meta"):
            name = (meta.get("name") or meta.get("property") or "").lower()
            said.setdefault(name, squeeze(meta.get("content") or ""))
        yield from (said[name] for name in names if said.get(name))


def is_notes(element: _Element) -> bool:
    """Whether the page says that `element` holds notes of a table."""
    classes = (element.get("class") or "").split()
    return element.tag != "footer" and any(map(_NOTES.search, classes))


def link_targets(element: _Element) -> list[str]:
    """Return the names of the places in the page that a link leads to."""
    href = element.get("href") or ""
    fragment = unquote(href.partition("#")[2])
    own = (
        element.get(key) or "" for key in ("data-rid", "rid", "data-open", "reveal-id", "aria-describedby")
    )
    return [target for target in (fragment, *own) if target]


def unwrapped(root: _Element, where: str) -> _Element:
    """Return the page that a browser's view of its source shows, or `root` when it is no such view."""
    lines = [cell for cell in root.iter("td") if cell.get("class") == "line-content"]
    if lines:
        return parse_html("\n".join(raw_text(line) for line in lines), where)
    for body in root.iter("body"):
        views = [e for e in root.iter("pre") if e.getparent() is body]
        source = "".join(raw_text(view) for view in views)
        if body.get("id") == "viewsource" or (
            views and source.lstrip().lower().startswith(("<!doctype html", "<html"))
        ):
            return parse_html(source, where)
    return root


def own_rows(table: _Element) -> Iterator[_Element]:
    """Yield the rows of a table itself, not those of tables in its cells."""
    for part in table:
        if part.tag == "tr":
            yield part
        elif part.tag in ("thead", "tbody", "tfoot"):
            yield from part.iterchildren("tr")


def _is_data(table: _Element) -> bool:
    """Whether a table holds no other, or rows with words outside of the others."""
    if next(table.iterdescendants("table"), None) is None:
        return True
    worded = 0
    for row in own_rows(table):
        cells = [cell for cell in row.iterchildren("td", "th") if next(cell.iter("table"), None) is None]
        worded += sum(bool(raw_text(cell).strip()) for cell in cells) >= _LEAST_COLUMNS
    return worded >= _LEAST_ROWS
