"""A reader that is imported for the documents that may be in its layout: most documents need few of the readers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from kg.model import Table
from kg.readers.document import Document
from kg.readers.protocol import Reader
from kg.vocabulary.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Late:
    """The reader `place`, "module:class"; only documents that begin with what `begin` matches can be in its layout."""

    place: str
    begin: re.Pattern[str]

    @property
    def name(self) -> str:
        """The layout's name, as messages show it."""
        return self._reader().name

    def fits(self, document: Document, lexicon: Lexicon) -> bool:
        """Return whether `document` is in this layout."""
        return bool(self.begin.search(document.head)) and self._reader().fits(document, lexicon)

    def read(self, document: Document, lexicon: Lexicon) -> Sequence[Table]:
        """Return the tables of `document`; see the reader itself."""
        return self._reader().read(document, lexicon)

    def _reader(self) -> Reader:
        module, _, name = self.place.partition(":")
        return cast(Reader, getattr(import_module(module), name)())
