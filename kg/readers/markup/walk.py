"""An element of a page or an article → the pieces of text that it shows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from kg.readers.markup.formula import read_tex
from kg.readers.markup.pieces import LOOSE_BLANK, Link, Piece, read_pieces

if TYPE_CHECKING:
    from lxml.etree import _Element

_SCRIPTS = frozenset({"msup", "msubsup"})  # MathML: the last child is the exponent


class Dialect(Protocol):
    """What a walk must know of the elements that it meets; names are local names in lower case."""

    @property
    def blocks(self) -> Collection[str]:
        """Names of the elements that stand on lines of their own."""

    def skips(self, element: _Element, name: str) -> bool:
        """Whether nothing of `element` is shown."""

    def instead(self, element: _Element, name: str) -> str | None:
        """Return the text that is shown in place of what `element` holds, or None for its own content."""

    def is_tex(self, element: _Element, name: str) -> bool:
        """Whether `element` holds a formula in TeX."""

    def raises(self, element: _Element, name: str) -> bool:
        """Whether `element` is a superscript."""

    def link(self, element: _Element, name: str) -> Link | None:
        """Return where `element` links to, None when it is no link."""


def local_name(element: _Element) -> str:
    """Return the name of an element without its namespace, in lower case; "" for comments and the like."""
    tag = element.tag
    return _without_namespace(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=1024)
def _without_namespace(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def raw_text(element: _Element) -> str:
    """Return all text in `element`, shown or not, as it is written."""
    return "".join(map(str, element.itertext()))


def shown_text(element: _Element, dialect: Dialect, marks: Collection[str] = frozenset()) -> str:
    """Return the text of `element` as a person reads it, white space folded."""
    return read_pieces(pieces_of(element, dialect), marks)[0].replace(LOOSE_BLANK, " ").strip()


def pieces_of(element: _Element, dialect: Dialect) -> list[Piece]:
    """Return the text that `element` shows, in order; blocks stand between blanks, blank elements are marked.

    It goes as deep as the element is, which the parser bounds.
    """
    walk = _Walk(dialect)
    walk.visit(element, raised=False, link=Link.NONE)
    return walk.pieces


@dataclass(slots=True)
class _Walk:
    dialect: Dialect
    pieces: list[Piece] = field(default_factory=list)

    def visit(self, element: _Element, *, raised: bool, link: Link) -> None:
        name = local_name(element)
        if not name or self.dialect.skips(element, name):
            return
        raised = raised or self.dialect.raises(element, name) or _is_exponent(element)
        own = self.dialect.link(element, name)
        link = link if own is None else own
        instead = self.dialect.instead(element, name)
        around = " " if name in self.dialect.blocks else ""
        self._add(around, raised=raised, link=link)
        if instead is not None:
            self._add(instead, raised=raised, link=link)
        elif self.dialect.is_tex(element, name):
            self.pieces += read_tex(raw_text(element))
        else:
            self._content(element, raised=raised, link=link)
        self._add(around, raised=raised, link=link)

    def _content(self, element: _Element, *, raised: bool, link: Link) -> None:
        if element.text and not len(element) and not element.text.strip() and not raised:
            self._add(LOOSE_BLANK, raised=raised, link=link)
        else:
            self._add(element.text, raised=raised, link=link)
        for number, child in enumerate(element):
            if number and local_name(element) == "mfrac":
                self._add("/", raised=raised, link=link)
            self.visit(child, raised=raised, link=link)
            self._add(child.tail, raised=raised, link=link)

    def _add(self, text: str | None, *, raised: bool, link: Link) -> None:
        if text:
            self.pieces.append(Piece(text, raised, link))


def _is_exponent(element: _Element) -> bool:
    parent = element.getparent()
    if parent is None or local_name(parent) not in _SCRIPTS:
        return False
    return element.getnext() is None
