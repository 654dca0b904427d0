"""The elements around a table of a page → its label, caption and notes, and the texts near it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.readers.markup.page import BLOCKS, Page, is_notes
from kg.readers.markup.pieces import mark_names
from kg.readers.markup.walk import local_name, pieces_of, raw_text, shown_text
from kg.readers.surroundings import find_label, is_navigation, looks_like_legend, looks_like_note

if TYPE_CHECKING:
    from lxml.etree import _Element

_CAPTION = re.compile(
    r"caption|(?:^|[-_])label(?:$|[-_])|obj_head|(?:table|tbl|wrap)[-_]?(?:title|head|heading)|imageheaders|figuredesc|"
    r"wrap_discription|title-label",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?i:(?:supplementa\w+\s+|extended\s+data\s+)?table)\s+[\w-]{1,8}[.:|–—\s]*(?P<next>.?)", re.DOTALL
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LEADS = frozenset({"sup", "b", "strong", "i", "em", "label"})
_ROOTS = frozenset({"html", "body"})
_MOST_BLOCKS = 6
_MOST_PLAIN = 2  # texts without any mark that may still belong to the table
_LONGEST = 6000  # characters of one block; what is longer is prose


@dataclass(frozen=True, slots=True)
class Block:
    """One block of text beside a table: its element, its text, whether its mark-up says what it is."""

    element: _Element
    text: str
    caption: bool = False
    notes: bool = False
    heading: bool = False

    @property
    def label(self) -> bool:
        """Whether it begins with the label of a table and is no sentence about the table."""
        match = _LABEL.match(self.text) if find_label(self.text) else None
        if match is None or len(self.text) > _LONGEST:
            return False
        return self.caption or not (match["next"].islower() or match["next"] in (",", ";"))


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a table: the elements of its caption and notes, and unmarked texts before and after."""

    caption: tuple[_Element, ...] = ()
    notes: tuple[_Element, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def look_around(table: _Element, page: Page, holders: frozenset[_Element]) -> Around:
    """Return what stands around `table`; `holders` are the tables of the page and all that they stand in."""
    before = _before(table, page, holders)
    below = _after(table, page, holders)
    caption = _caption(before)
    late = [block.element for block in below if block.caption]
    notes = tuple(b.element for b in below if not b.caption and (b.notes or _is_note(b, page)))
    after = tuple(b.text for b in below if not b.caption and b.element not in notes)
    # what begins with a label but is no caption is prose about the table
    texts = () if caption else tuple(block.text for block in before if not find_label(block.text))
    return Around(caption or tuple(late), notes, texts, after)


def _caption(before: list[Block]) -> tuple[_Element, ...]:
    labels = [at for at, block in enumerate(before) if block.label]
    if labels:
        return tuple(block.element for block in before[labels[-1] :])
    return tuple(block.element for block in before if block.caption)


def _before(table: _Element, page: Page, holders: frozenset[_Element]) -> list[Block]:
    """Return the blocks above the table, the nearest last, up to its label, a heading, or another table."""
    found: list[Block] = []
    for block in _blocks_beside(table, page, holders, forward=False):
        if block.label:
            return [block, *found]
        if block.heading and not block.caption:
            return found
        found.insert(0, block)
        if len(found) >= _MOST_BLOCKS or len(block.text) > _LONGEST:
            break
    marked = [block for block in found if block.caption]
    return marked or found[-_MOST_PLAIN:]


def _after(table: _Element, page: Page, holders: frozenset[_Element]) -> list[Block]:
    """Return the blocks below the table that may belong to it: captions, notes, and the first unmarked ones."""
    found: list[Block] = []
    plain = 0
    for block in _blocks_beside(table, page, holders, forward=True):
        if block.heading or block.label or len(found) >= 8 * _MOST_BLOCKS:
            return found
        known = block.caption or block.notes or _is_note(block, page)
        plain += not known
        if plain > _MOST_PLAIN or len(block.text) > _LONGEST:
            return found
        found.append(block)
    return found


def _is_note(block: Block, page: Page) -> bool:
    if looks_like_note(block.text) or looks_like_legend(block.text):
        return True
    first = next((piece for piece in pieces_of(block.element, page) if piece.text.strip()), None)
    return first is not None and first.raised and bool(mark_names(first.text.strip()))


def _blocks_beside(
    table: _Element, page: Page, holders: frozenset[_Element], *, forward: bool
) -> Iterator[Block]:
    """Yield the blocks on one side of the table, the nearest first, until another table or the end of the page."""
    node = table
    while (parent := node.getparent()) is not None and local_name(node) not in _ROOTS:
        beside = _next(node, forward=forward)
        while beside is not None:
            if beside in holders:
                return
            yield from _blocks(beside, page, forward=forward)
            beside = _next(beside, forward=forward)
        node = parent


def _next(element: _Element, *, forward: bool) -> _Element | None:
    return element.getnext() if forward else element.getprevious()


def _blocks(element: _Element, page: Page, *, forward: bool) -> Iterator[Block]:
    """Yield the blocks of an element, in the order of reading or against it; what is marked stays whole."""
    name = local_name(element)
    if not name or page.skips(element, name) or name in ("nav", "title", "meta", "link"):
        return
    caption, notes = _is_caption(element, name), is_notes(element)
    inner = [child for child in element if local_name(child) in BLOCKS and local_name(child) != "br"]
    if inner and not caption and not _has_own_text(element):
        marked = notes
        for child in inner if forward else reversed(inner):
            for block in _blocks(child, page, forward=forward):
                yield Block(block.element, block.text, block.caption, block.notes or marked, block.heading)
        return
    text = shown_text(element, page)
    if text and not is_navigation(text):
        yield Block(element, text, caption, notes, name in _HEADINGS)


def _has_own_text(element: _Element) -> bool:
    marks = (raw_text(child) for child in element if local_name(child) in _LEADS)
    return any(text and text.strip() for text in (element.text, *marks, *(c.tail for c in element)))


def _is_caption(element: _Element, name: str) -> bool:
    return name in ("figcaption", "caption") or _says(element, _CAPTION)


def _says(element: _Element, pattern: re.Pattern[str]) -> bool:
    return any(map(pattern.search, (element.get("class") or "").split()))
