"""A source → the same source opened once for all readers: its beginning, its bytes, its text."""

from __future__ import annotations

from functools import cached_property

from kg.model import Finding
from kg.readers.base import Source
from kg.readers.decode import Decoded, decode, encoding_by_mark

_HEAD = 65536
# zero bytes of UTF-16 stand between the letters of a tag
_WIDE = (b"\xff\xfe", b"\xfe\xff")


class Document:
    """One source, decoded when the first reader of text asks for it and not again."""

    def __init__(self, source: Source) -> None:
        self.source = source

    @property
    def name(self) -> str:
        """The source's name."""
        return self.source.name

    @property
    def data(self) -> bytes:
        """The bytes of the source; raises SourceError when they are too many to be read as a whole."""
        return self.source.data

    @cached_property
    def head(self) -> str:
        """The first characters of the source, for telling layouts apart; what is no text reads as U+FFFD."""
        start = self.source.start(_HEAD)
        encoding, mark = encoding_by_mark(start) or ("utf-8", 0)
        return start[mark:].decode(encoding, "replace")

    @cached_property
    def decoded(self) -> Decoded:
        """The text of the source and what was doubtful about it; raises SourceError when it is no text."""
        return decode(self.source)

    @property
    def doubts(self) -> tuple[Finding, ...]:
        """What was doubtful about the text, nothing as long as nobody has asked for it."""
        return self.decoded.findings if "decoded" in self.__dict__ else ()

    @property
    def text(self) -> str:
        """The text of the source, every line ending in a newline."""
        return self.decoded.text

    @property
    def searchable(self) -> bytes:
        """Bytes in which mark-up can be looked for: the source's own, in UTF-8 where it has two bytes a character."""
        return self.text.encode() if self.source.start(2) in _WIDE else self.data
