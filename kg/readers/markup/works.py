"""The reference list that comes with a table → the works that the table cites, by the keys that its cells write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kg.errors import shorten
from kg.model import Work
from kg.readers.markup.page import Page, link_targets
from kg.readers.markup.pieces import Link
from kg.readers.markup.walk import local_name, raw_text, shown_text
from kg.readers.surroundings import find_doi

if TYPE_CHECKING:
    from lxml.etree import _Element

_RANGE = re.compile(r"(?<!\d)(\d{1,4})[\])]?\s*[-–‐‑−—]\s*[\[(]?(\d{1,4})(?!\d)")
_LONGEST_RANGE = 100
_NUMBERED = re.compile(r"(?P<stem>.*?)(?P<number>\d+)(?P<rest>\D*(?:[-_.].*)?)$")
_PUBMED = re.compile(
    r"(?:ncbi\.nlm\.nih\.gov/(?:pubmed|entrez/query\.fcgi\S*?list_uids=)/?|pubmed\.ncbi\.nlm\.nih\.gov/)(\d{4,9})|\bpmid:?\s*(\d{4,9})\b",
    re.IGNORECASE,
)
_ENTRIES = frozenset({"li", "p", "div", "tr", "dd", "section", "blockquote"})
_LONGEST = 5000  # characters of one entry; what is longer is the whole list


def works_of_page(table: _Element, page: Page) -> tuple[Work, ...]:
    """Return the works that the links of a table lead to, and those between the ends of a range such as "68–70"."""
    found: dict[str, Work] = {}
    for key, target in _cited(table, page):
        entry = _entry(page.by_id.get(target))
        if key not in found and entry is not None:
            found[key] = work(key, shown_text(entry, page), _addresses(entry))
    return tuple(found.values())


def work(key: str, text: str, addresses: Iterable[str], doi: str = "", pmid: str = "") -> Work:
    """Return a work with the DOI and PMID that its links or its words give, where they are not said outright."""
    links = list(addresses)
    if not doi:
        doi, _ = find_doi([link for link in links if "doi.org/" in link] or [text])
    if not pmid:
        match = next((m for m in map(_PUBMED.search, [*links, text]) if m), None)
        pmid = (match[1] or match[2]) if match else ""
    return Work(key, doi, pmid, shorten(text, 500))


def in_ranges(text: str) -> Iterator[int]:
    """Yield the numbers strictly between the ends of the ranges in `text`."""
    for match in _RANGE.finditer(text):
        first, last = int(match[1]), int(match[2])
        if 0 < last - first <= _LONGEST_RANGE:
            yield from range(first + 1, last)


def _cited(table: _Element, page: Page) -> Iterator[tuple[str, str]]:
    """Yield the key and the target of each link to a work, then those of numbers between two linked numbers."""
    numbered: dict[int, str] = {}
    for link in table.iter("a"):
        key, targets = shown_text(link, page).strip("[]() ,;"), link_targets(link)
        if not key or not targets or page.link(link, "a") is Link.NOTE:
            continue
        target = next((t for t in targets if t in page.by_id), targets[0])
        yield key, target
        if key.isdigit():
            numbered.setdefault(int(key), target)
    stems = {_stem(number, target) for number, target in numbered.items()}
    # names that do not count along with the numbers tell nothing of the numbers between
    stem = stems.pop() if len(stems) == 1 else None
    if stem:
        yield from ((str(n), f"{stem[0]}{n + stem[1]}{stem[2]}") for n in _between(table))


def _between(table: _Element) -> Iterator[int]:
    for cell in table.iter("td"):
        if next(cell.iter("a"), None) is not None:
            yield from in_ranges(raw_text(cell))


def _stem(number: int, target: str) -> tuple[str, int, str] | None:
    match = _NUMBERED.match(target)
    return (match["stem"], int(match["number"]) - number, match["rest"]) if match else None


def _entry(anchor: _Element | None) -> _Element | None:
    """Return the entry of the list that an anchor stands in or is; None when it is something else."""
    node = anchor
    while node is not None and local_name(node) not in _ENTRIES:
        node = node.getparent()
    if node is None or next(node.iter("table"), None) is not None:
        return None
    return node if _is_short(node) else None


def _is_short(node: _Element) -> bool:
    length = 0
    for text in node.itertext():
        length += len(text)
        if length > _LONGEST:
            return False
    return True


def _addresses(entry: _Element) -> list[str]:
    return [link.get("href") or "" for link in entry.iter("a")]
