"""A web page saved with all its parts in one file (MHTML) → the text of the page."""

from __future__ import annotations

import binascii
import quopri
import re

from kg.errors import SourceError

_START = re.compile(
    r"\s*(?:From|Subject|Date|MIME-Version|Snapshot-Content-Location|Content-Type)\s*:", re.IGNORECASE
)
_KIND = re.compile(rb"content-type\s*:\s*multipart/related\b", re.IGNORECASE)
_BOUNDARY = re.compile(rb"boundary\s*=\s*\"?(?P<name>[^\";\r\n]{1,200})", re.IGNORECASE)
_PAGE = re.compile(
    rb"content-type\s*:\s*text/html\b(?:[^\r\n]*charset\s*=\s*\"?(?P<charset>[\w.:-]{2,40}))?", re.IGNORECASE
)
_ENCODED = re.compile(rb"content-transfer-encoding\s*:\s*(?P<name>[\w-]+)", re.IGNORECASE)
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_HEAD = 8192


def is_archive(head: str) -> bool:
    """Whether a source begins as such an archive does."""
    return bool(_START.match(head) and _KIND.search(head[:_HEAD].encode("ascii", "replace")))


def page_of_archive(data: bytes, where: str) -> str:
    """Return the text of the first page in the archive; raises SourceError when it holds none."""
    boundary = _BOUNDARY.search(data[:_HEAD])
    for part in data.split(b"--" + boundary["name"])[1:] if boundary else ():
        end = _END_OF_HEAD.search(part[:_HEAD], 2)
        kind = _PAGE.search(part[: end.start()]) if end else None
        if end and kind:
            encoded = _ENCODED.search(part[: end.start()])
            body = _decoded(part[end.end() :], encoded["name"].lower() if encoded else b"", where)
            return _text(body, (kind["charset"] or b"utf-8").decode("ascii"))
    raise SourceError("the archive holds no page", where=where, allowed="an archive with a part of text/html")


def _decoded(body: bytes, encoding: bytes, where: str) -> bytes:
    if encoding == b"quoted-printable":
        return quopri.decodestring(body)
    if encoding != b"base64":
        return body
    try:
        return binascii.a2b_base64(body)
    except binascii.Error as error:
        raise SourceError(
            "the page in the archive is damaged", where=where, hint="save the page again"
        ) from error


def _text(body: bytes, charset: str) -> str:
    for encoding in ("utf-8", charset):
        try:
            return body.decode(encoding).replace("\r\n", "\n")
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("cp1252", "replace").replace("\r\n", "\n")
