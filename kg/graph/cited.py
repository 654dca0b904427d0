"""Keys of references and the list of works that came with a table → the web pages by which a work is known."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.graph.iris import doi_iri
from kg.graph.terms import check_iri
from kg.model import Work
from kg.vocabulary.text import fold

_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_PMID = re.compile(r"(?:pmid:?\s*)?(\d{1,9})", re.IGNORECASE)
_WORD = re.compile(r"\w+")


class CitedWorks:
    """The works of one table's list, found by their keys however these are punctuated."""

    def __init__(self, works: Iterable[Work]) -> None:
        self._works: dict[tuple[str, ...], Work] = {}
        for work in works:
            self._works.setdefault(_words(work.key), work)

    def pages(self, key: str) -> tuple[str, ...]:
        """Return the pages of the work that `key` stands for: of its DOI, of its PMID, of both, or none.

        A key may itself be a DOI or a PMID ("PMID:123"); a number alone is a place in the list.
        """
        work = self._works.get(_words(key))
        doi = _DOI.fullmatch(work.doi if work and work.doi else key)
        said = work.pmid if work and work.pmid else key if key.upper().startswith("PMID") else ""
        pmid = _PMID.fullmatch(said)
        pages = [doi_iri(doi[1])] if doi else []
        return (*pages, *([check_iri(f"https://pubmed.ncbi.nlm.nih.gov/{int(pmid[1])}/")] if pmid else []))


def _words(key: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(key)))
