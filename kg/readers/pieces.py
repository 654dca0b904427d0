"""The bytes of a large source → its text in pieces, with lines that end in a newline, as `decode` gives it whole."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from kg.errors import SourceError
from kg.model import Finding
from kg.readers.base import Source
from kg.readers.decode import (
    PAGE_MARKS,
    encoding_by_mark,
    guessed,
    is_damaged_utf8,
    refuse_controls,
)

_CHUNK = 2**20  # bytes


@dataclass(frozen=True, slots=True)
class Decoder:
    """How the bytes of a source become text: the encoding, and the length of the mark that names it."""

    encoding: str
    mark: int = 0

    def pieces(self, source: Source) -> Iterator[str]:
        """Yield the text of `source` in pieces, from the beginning each time.

        Raises SourceError at bytes that are no text. Form feeds and vertical tabs become blanks.
        """
        to_text = codecs.getincrementaldecoder(self.encoding)()
        lines = io.IncrementalNewlineDecoder(None, translate=True)
        line, skip = 1, self.mark
        for chunk in chain(source.chunks(_CHUNK), [b""]):
            try:
                text = lines.decode(to_text.decode(chunk[skip:], final=not chunk), final=not chunk)
            except UnicodeDecodeError as error:
                raise _undecodable(source.name, self.encoding, line, error) from error
            skip = max(0, skip - len(chunk))
            text = PAGE_MARKS.sub(" ", text)
            refuse_controls(f"{source.name}, after line {line}", text)
            line += text.count("\n")
            yield text


def decoder_of(source: Source) -> tuple[Decoder, tuple[Finding, ...]]:
    """Return how to decode a source and what is doubtful about that; reads it once when it has no mark.

    It is UTF-8 when all of it can be, else Windows-1252. Raises SourceError for UTF-8 with broken characters.
    """
    marked = encoding_by_mark(source.start(4096))
    if marked:
        return Decoder(*marked), ()
    broken = _first_broken(source)
    if broken is None:
        return Decoder("utf-8"), ()
    line, data, rest = broken
    if is_damaged_utf8(data):
        raise SourceError(
            "the bytes are not text in utf-8", where=f"{source.name}, line {line}", hint="save it as UTF-8"
        )
    return Decoder("cp1252"), (guessed(rest, line),)


def _first_broken(source: Source) -> tuple[int, bytes, bytes] | None:
    """Return the line on which a source stops to be UTF-8, the bytes around that place and those from it on, or None."""
    to_text = codecs.getincrementaldecoder("utf-8")()
    line, last = 1, b""
    for chunk in chain(source.chunks(_CHUNK), [b""]):
        try:
            text = to_text.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            before = error.object[: error.start]
            return line + before.count(b"\n"), last + bytes(error.object), bytes(error.object[error.start :])
        line, last = line + text.count("\n"), chunk
    return None


def _undecodable(name: str, encoding: str, line: int, error: UnicodeDecodeError) -> SourceError:
    raw = bytes(error.object[error.start : error.start + 8]).hex(" ")
    place = line + bytes(error.object[: error.start]).count(b"\n")
    return SourceError(
        f"the bytes are not text in {encoding}",
        where=f"{name}, line {place}",
        raw=raw,
        hint="save the source as UTF-8",
    )
