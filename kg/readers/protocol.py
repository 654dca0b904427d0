"""What every reader of a layout offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kg.model import Table
from kg.readers.document import Document
from kg.vocabulary.lexicon import Lexicon


class Reader(Protocol):
    """One layout of tables. A new layout is a new file with such a class and a line in `choose.READERS`."""

    @property
    def name(self) -> str:
        """The layout's name, as messages show it."""

    def fits(self, document: Document, lexicon: Lexicon) -> bool:
        """Return whether `document` is in this layout, judged by its content and never by its name.

        Looks at `document.head` or `document.data` before it asks for `document.text`, which raises SourceError
        when the source is no text: readers of text stand last in `choose.READERS`.
        """

    def read(self, document: Document, lexicon: Lexicon) -> Sequence[Table]:
        """Return the tables of `document` in their order; never an empty sequence.

        Raises SourceError when there is no table of trials in it, or a header has no rows under it.
        """
