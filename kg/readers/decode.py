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
        b"\xd0\xcf\x11\xe0",
        "an old Office file (.xls, .doc) or one with a password",
        "save the sheet as XLSX without a password, or as CSV (UTF-8)",
    ),
    (b"%PDF", "a PDF", "copy the table's text from the article's web page into a text file"),
    (b"\x89PNG", "a PNG image", "copy the table as text; images are not read"),
    (b"\xff\xd8\xff", "a JPEG image", "copy the table as text; images are not read"),
    (b"GIF8", "a GIF image", "copy the table as text; images are not read"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it first"),
)
# what a zip archive is, by the name of a member as it stands in the archive
_ZIP = b"PK\x03\x04"
_PACKED = (
    (b"word/document.xml", "a word-processor file (DOCX)", "copy its table into a spreadsheet and save that"),
    (b"xl/workbook.bin", "a binary spreadsheet (XLSB)", "save the sheet as XLSX, or as CSV (UTF-8)"),
    (
        b"opendocument.spreadsheet",
        "a spreadsheet in OpenDocument form (ODS)",
        "save the sheet as XLSX or CSV",
    ),
    (b"opendocument.text", "a word-processor file (ODT)", "copy its table into a spreadsheet and save that"),
    (b"ppt/presentation.xml", "a presentation (PPTX)", "copy its table into a spreadsheet and save that"),
    (b"", "a zip archive without a table in it that is known", "unpack it and name the table"),
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
_WIDE = 0.3  # share of zeros, which no text has that is written in single bytes
PAGE_MARKS = re.compile("[\x0b\x0c]")
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
    text, doubts = _characters(source)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise SourceError("the source holds only blanks", where=source.name, allowed="a table with a header")
    text, replaced = _without_page_marks(text)
    refuse_controls(source.name, text)
    return Decoded(text, (*doubts, *replaced))


def _refuse_binary(source: Source) -> None:
    if not source.data:
        raise SourceError("the source is empty", where=source.name, allowed="a table with a header and rows")
    if source.data.startswith(_ZIP):
        kind, hint = next((kind, hint) for name, kind, hint in _PACKED if name in source.data)
        raise SourceError(f"this is {kind}", where=source.name, allowed=_ALLOWED, hint=hint)
    for magic, kind, hint in _MAGIC:
        if source.data.startswith(magic):
            raise SourceError(f"this is {kind}, not text", where=source.name, allowed=_ALLOWED, hint=hint)


def encoding_by_mark(start: bytes) -> tuple[str, int] | None:
    """Return the encoding that a byte order mark names and the mark's length, or None for a source without one.

    UTF-16 is also known without its mark, by the zero in every other byte of text in Latin letters.
    """
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding, len(mark)
    sample = start[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) > _WIDE * len(sample) and min(even, odd) * 20 < len(sample):
        return ("utf-16-le", 0) if odd > even else ("utf-16-be", 0)
    return None


def _characters(source: Source) -> tuple[str, tuple[Finding, ...]]:
    marked = encoding_by_mark(source.data)
    if marked:
        encoding, length = marked
        return _strictly(source.name, source.data[length:], encoding), ()
    try:
        return source.data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        if is_damaged_utf8(source.data):
            raise _undecodable(source.name, source.data, "utf-8", error) from error
        line = source.data[: error.start].decode("cp1252", "replace").count("\n") + 1
        return _strictly(source.name, source.data, "cp1252"), (guessed(source.data[error.start :], line),)


def is_damaged_utf8(data: bytes) -> bool:
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


def guessed(data: bytes, line: int) -> Finding:
    """Return the warning that `data`, on this line, is no UTF-8 and was read as Windows-1252."""
    return Finding(
        Severity.WARNING,
        "encoding-guessed",
        "table",
        f"the source is not UTF-8 (first seen on line {line}) and was read as Windows-1252",
        raw=data[:8].decode("cp1252", "replace"),
        hint="save the source as UTF-8",
    )


def _without_page_marks(text: str) -> tuple[str, tuple[Finding, ...]]:
    first = PAGE_MARKS.search(text)
    if first is None:
        return text, ()
    message = f"form feeds or vertical tabs were read as blanks, first in {_line_column(text, first.start())}"
    return PAGE_MARKS.sub(" ", text), (Finding(Severity.INFO, "control-as-blank", "table", message),)


def refuse_controls(name: str, text: str) -> None:
    """Raise SourceError when `text`, the text of the source `name`, has a character that no output could carry."""
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
