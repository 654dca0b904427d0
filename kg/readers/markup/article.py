"""An article in JATS → what its elements show and link to, its title, DOI and reference list: the dialect JATS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from kg.model import Work
from kg.readers.markup.pieces import Link
from kg.readers.markup.walk import local_name, raw_text, shown_text
from kg.readers.markup.works import in_ranges, work
from kg.vocabulary.text import squeeze

if TYPE_CHECKING:
    from lxml.etree import _Element

_HREF = "{http://www.w3.org/1999/xlink}href"
_BLOCKS_NAMES = (
    "attrib break caption def def-item def-list disp-formula disp-quote entry fn label list list-item p "
    "row sec speech table tbody td term tfoot th thead title tr verse-group verse-line"
)
_BLOCKS = frozenset(_BLOCKS_NAMES.split())
_UNSHOWN_NAMES = (
    "alt-text annotation annotation-xml graphic index-term inline-graphic long-desc media object-id "
    "permissions private-char processing-meta supplementary-material"
)
_UNSHOWN = frozenset(_UNSHOWN_NAMES.split())
_NUMBER = re.compile(r"(?<![\w.])\d{1,4}(?![\w]|\.\d)")


class Article:
    """One article, or what there is of it: the element that holds it."""

    blocks = _BLOCKS

    def __init__(self, root: _Element) -> None:
        self.root = root

    def skips(self, element: _Element, name: str) -> bool:
        """Whether `element` is a picture, hidden, or TeX beside the same formula in MathML."""
        if name == "tex-math":
            beside = element.getparent()
            return beside is not None and any(local_name(other) == "math" for other in beside)
        return name in _UNSHOWN

    def instead(self, element: _Element, name: str) -> str | None:  # noqa: ARG002
        """Return None: every element that is shown shows what it holds."""
        return None

    def is_tex(self, element: _Element, name: str) -> bool:  # noqa: ARG002
        """Whether `element` holds TeX."""
        return name == "tex-math"

    def raises(self, element: _Element, name: str) -> bool:  # noqa: ARG002
        """Whether `element` is a superscript."""
        return name == "sup"

    def link(self, element: _Element, name: str) -> Link | None:
        """Return what a cross reference leads to: a work, a note, or something else."""
        if name != "xref":
            return None
        kind = element.get("ref-type") or ""
        if kind in ("table-fn", "fn", "author-notes"):
            return Link.NOTE
        cited = kind == "bibr" or (not kind and any(rid in self.references for rid in _rids(element)))
        return Link.WORK if cited else Link.NONE

    @cached_property
    def title(self) -> str:
        """The article's title, "" when it says none."""
        titles = (e for e in self._front() if local_name(e) == "article-title")
        return next((shown_text(title, self) for title in titles), "")

    @cached_property
    def doi(self) -> str:
        """The article's DOI, "" when it says none."""
        ids = (e for e in self._front() if local_name(e) == "article-id" and e.get("pub-id-type") == "doi")
        return next((raw_text(e).strip() for e in ids), "")

    @cached_property
    def references(self) -> dict[str, _Element]:
        """The entries of the reference lists by their ids."""
        entries = (e for e in self.root.iter("{*}ref") if e.get("id"))
        return {str(entry.get("id")): entry for entry in entries}

    def works(self, table: _Element) -> tuple[Work, ...]:
        """Return the works that `table` cites, by cross references or by numbers that are labels of the list."""
        found: dict[str, Work] = {}
        for key, entry in self._cited(table):
            if key not in found:
                found[key] = self._work(key, entry)
        return tuple(found.values())

    @cached_property
    def _labels(self) -> dict[str, _Element]:
        labels: dict[str, _Element] = {}
        for entry in self.references.values():
            label = _label(entry)
            if label:
                labels.setdefault(label, entry)
        return labels

    def _front(self) -> Iterator[_Element]:
        """Yield the elements of the article's own head, not those of articles inside of it or of its references."""
        for front in self.root:
            if local_name(front) in ("front", "front-stub", "article-meta", "book-meta"):
                yield from (
                    e for e in front.iter("*") if next(e.iterancestors("{*}related-article"), None) is None
                )

    def _cited(self, table: _Element) -> Iterator[tuple[str, _Element]]:
        for xref in table.iter("{*}xref"):
            targets = [rid for rid in _rids(xref) if rid in self.references]
            said = shown_text(xref, self).strip("[]() ,;")
            for rid in targets:
                entry = self.references[rid]
                alone = len(targets) == 1 and said
                yield (said if alone else _label(entry) or rid), entry
        words = " ".join(shown_text(cell, self) for cell in table.iter("{*}td", "{*}entry"))
        numbers = [*_NUMBER.findall(words), *map(str, in_ranges(words))]
        yield from ((n, self._labels[n]) for n in dict.fromkeys(numbers) if n in self._labels)

    def _work(self, key: str, entry: _Element) -> Work:
        ids: dict[str, str] = {}
        for pub_id in entry.iter("{*}pub-id", "{*}article-id"):
            ids.setdefault((pub_id.get("pub-id-type") or "").lower(), raw_text(pub_id).strip())
        links = [e.get(_HREF) or "" for e in entry.iter("{*}ext-link", "{*}uri")]
        citation = next((e for e in entry if "citation" in local_name(e)), entry)
        return work(key, self._words(citation), links, ids.get("doi", ""), ids.get("pmid", ""))

    def _words(self, citation: _Element) -> str:
        """Return the words of a citation; one in elements has no blanks of its own between them."""
        if local_name(citation) == "mixed-citation":
            return shown_text(citation, self)
        parts = (shown_text(part, self) for part in citation if local_name(part) not in ("pub-id", "label"))
        return squeeze(" ".join(parts)) or shown_text(citation, self)


def _rids(xref: _Element) -> list[str]:
    return (xref.get("rid") or "").split()


def _label(entry: _Element) -> str:
    labels = (e for e in entry.iter("{*}label"))
    return next((raw_text(e).strip(" .[]()") for e in labels), "")
