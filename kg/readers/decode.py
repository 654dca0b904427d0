"""The bytes of a source → text with lines that end in a newline, and what was doubtful about them."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from kg.errors import SourceError
from kg.model import Finding, Severity
from kg.readers.base import Source

_MAGIC = (
    (
        b"PK\x03\x04",
        "a zip archive, such as a spreadsheet or a word-processor file",
        "save the table as CSV (UTF-8)",
    ),
    (b"\xd0\xcf\x11\xe0", "an old Office file", "save the table as CSV (UTF-8)"),
    (b"%PDF", "a PDF", "copy the table's text from the article's web page into a text file"),
    (b"\x89PNG", "a PNG image", "copy the table as text; images are not read"),
    (b"\xff\xd8\xff", "a JPEG image", "copy the table as text; images are not read"),
    (b"GIF8", "a GIF image", "copy the table as text; images are not read"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it first"),
)
_ALLOWED = "text in UTF-8, in UTF-16 with a byte order mark, or in Windows-1252"
# the longer marks first: the one of UTF-16 is a prefix of the one of UTF-32
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_PAGE_MARKS = re.compile("[\x0b\x0c]")
# what neither XML nor a terminal can carry: C0 controls but tab and newline, and two non-characters
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Decoded(NamedTuple):
    """A source as text. Every line ends in "\\n", whatever the source used; findings are about the table."""

    text: str
    findings: tuple[Finding, ...]


def decode(source: Source) -> Decoded:
    """Return the text of `source`; raise SourceError for what is no text, empty, or damaged.

    A byte order mark decides; without one it is UTF-8, else Windows-1252 with the warning `encoding-guessed`.
    """
    _refuse_binary(source)
    text, guessed = _characters(source)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise SourceError("the source holds only blanks", where=source.name, allowed="a table with a header")
    text, replaced = _without_page_marks(text)
    _refuse_controls(source.name, text)
    return Decoded(text, (*guessed, *replaced))


def _refuse_binary(source: Source) -> None:
    if not source.data:
        raise SourceError("the source is empty", where=source.name, allowed="a table with a header and rows")
    for magic, kind, hint in _MAGIC:
        if source.data.startswith(magic):
            raise SourceError(f"this is {kind}, not text", where=source.name, allowed=_ALLOWED, hint=hint)


def _characters(source: Source) -> tuple[str, tuple[Finding, ...]]:
    for mark, encoding in _MARKS:
        if source.data.startswith(mark):
            return _strictly(source.name, source.data[len(mark) :], encoding), ()
    try:
        return source.data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(source.data):
            raise _undecodable(source.name, source.data, "utf-8", error) from error
        return _strictly(source.name, source.data, "cp1252"), (_guessed(source.data, error.start),)


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether most bytes above 127 belong to whole UTF-8 characters, so that it can be nothing else."""
    whole = sum(len(m.group()) for m in _MULTIBYTE.finditer(data))
    return 2 * whole > len(_HIGH.findall(data))


def _strictly(name: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(name, data, encoding, error) from error


def _undecodable(name: str, data: bytes, encoding: str, error: UnicodeDecodeError) -> SourceError:
    before = data[: error.start].decode(encoding, "replace")
    return SourceError(
        f"the bytes are not text in {encoding}",
        where=_place(name, before, len(before)),
        raw=data[error.start : error.start + 8].hex(" "),
        allowed=_ALLOWED,
        hint="save the source as UTF-8",
    )


def _guessed(data: bytes, at: int) -> Finding:
    line = data[:at].decode("cp1252", "replace").count("\n") + 1
    return Finding(
        Severity.WARNING,
        "encoding-guessed",
        "table",
        f"the source is not UTF-8 (first seen on line {line}) and was read as Windows-1252",
        raw=data[at : at + 8].decode("cp1252", "replace"),
        hint="save the source as UTF-8",
    )


def _without_page_marks(text: str) -> tuple[str, tuple[Finding, ...]]:
    first = _PAGE_MARKS.search(text)
    if first is None:
        return text, ()
    message = f"form feeds or vertical tabs were read as blanks, first in {_line_column(text, first.start())}"
    return _PAGE_MARKS.sub(" ", text), (Finding(Severity.INFO, "control-as-blank", "table", message),)


def _refuse_controls(name: str, text: str) -> None:
    found = _FORBIDDEN.search(text)
    if found:
        raise SourceError(
            f"the character U+{ord(found.group()):04X} cannot stand in text",
            where=_place(name, text, found.start()),
            raw=text[max(0, found.start() - 20) : found.start() + 20],
            allowed=_ALLOWED,
            hint="remove the character, or save the source as UTF-8 text",
        )


def _place(name: str, text: str, at: int) -> str:
    return f"{name}, {_line_column(text, at)}"


def _line_column(text: str, at: int) -> str:
    before = text[:at].replace("\r\n", "\n").replace("\r", "\n")
    return f"line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"
