"""Text of a page or an article → its elements; nothing is fetched, no entity is expanded, everything is bounded."""

from __future__ import annotations

import re
from html.entities import html5
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.readers.decode import decode
from kg.readers.document import Document
from kg.readers.markup.mhtml import is_archive, page_of_archive

if TYPE_CHECKING:
    from lxml.etree import XMLSyntaxError, _Element, _ListErrorLog

MOST_BYTES = 64 * 1024 * 1024
_ALLOWED = "up to 250 levels of elements, 10 MB a text or attribute, 64 MB in all"
_SAID = re.compile(
    rb"""<\?xml[^>]{0,200}encoding\s*=\s*["']([\w.:-]{2,40})|<meta[^>]{0,300}charset\s*=\s*["']?\s*([\w.:-]{2,40})""",
    re.I,
)
# what browsers take these names for
_WIDER = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE\s[^\[>]*(?P<own>\[.*?\]\s*)?>", re.DOTALL)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_PREFIX = re.compile(r"(?:</?|[\s\"'])([A-Za-z][\w.-]{0,40}):[A-Za-z_][\w.-]*(?=[\s=/>])")
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*|(?><!--.*?-->)\s*)*+(?:<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_BINDINGS = {"xlink": "http://www.w3.org/1999/xlink", "mml": "http://www.w3.org/1998/Math/MathML"}


def is_page(head: str) -> bool:
    """Whether a source begins as a page of HTML does."""
    return bool(_PAGE.match(head))


def page_text(document: Document) -> str:
    """Return the text of a page or article, in the encoding that it names if it is neither marked nor UTF-8."""
    data = document.data
    if len(data) > MOST_BYTES:
        raise _refused(document.name, "the source is too large for a page")
    if is_archive(document.head):
        return page_of_archive(data, document.name)
    match = _SAID.search(data[:4096])
    if match is None or data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return document.text
    said = (match[1] or match[2]).decode("ascii").lower()
    for encoding in ("utf-8", _WIDER.get(said, said)):
        try:
            return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except (UnicodeDecodeError, LookupError):
            continue
    return decode(document.source).text


def parse_html(text: str, where: str) -> _Element:
    """Return the root of an HTML page or fragment, mended as browsers mend it."""
    from lxml import etree

    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    body = _DECLARATION.sub("", text, count=1)
    try:
        root = etree.fromstring(body.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise _refused(where, _reason(error)) from error
    _refuse_limits(where, parser.error_log)
    if root is None:
        raise SourceError("the page is empty", where=where, allowed="a page with a table")
    return root


def parse_xml(text: str, where: str) -> _Element:
    """Return one element that holds all of an XML document or of its fragments, whatever stands outermost.

    Named characters of HTML and JATS (&nbsp; &alpha;) are read without their document type; prefixes that nobody
    declares are bound to something. A document that defines entities of its own is refused.
    """
    from lxml import etree

    body = _named_characters(_without_prolog(text, where))
    bound = {**_BINDINGS, **{p: f"urn:prefix:{p}" for p in _prefixes(body) if p not in _BINDINGS}}
    names = "".join(f' xmlns:{prefix}="{iri}"' for prefix, iri in sorted(bound.items()))
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False,
        dtd_validation=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(f"<all{names}>{body}</all>".encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        line = f", line {error.lineno}" if error.lineno else ""
        raise _refused(where + line, _reason(error)) from error


def _prefixes(body: str) -> list[str]:
    return sorted(set(_PREFIX.findall(body)) - {"xml", "xmlns"})


def _without_prolog(text: str, where: str) -> str:
    """Take XML declaration and document type away, keeping the number of lines."""
    body = _DECLARATION.sub(lambda m: "\n" * m.group().count("\n"), text, count=1)
    start = body[:65536]
    match = _DOCTYPE.search(start)
    if match and match["own"] and "<!ENTITY" in match["own"]:
        raise SourceError(
            "the document defines entities of its own, which are never expanded",
            where=where,
            raw=match["own"],
            allowed="named characters such as &nbsp; and &#8201;",
            hint="save the article without its document type",
        )
    if match:
        kept = "\n" * match.group().count("\n")
        return body[: match.start()] + kept + body[match.end() :]
    return body


def _named_characters(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        name = match[1]
        return match[0] if name in _OF_XML else html5.get(f"{name};", match[0])

    return _ENTITY.sub(character, text)


def _refuse_limits(where: str, log: _ListErrorLog) -> None:
    for entry in log:
        if entry.type_name == "ERR_RESOURCE_LIMIT":
            raise _refused(f"{where}, line {entry.line}", entry.message.split(", use")[0].split(", try")[0])


def _reason(error: XMLSyntaxError) -> str:
    said = (error.msg or str(error)).split(", line ")[0]
    return f"the mark-up cannot be read: {' '.join(said.split())}"


def _refused(where: str, what: str) -> SourceError:
    return SourceError(what, where=where, allowed=_ALLOWED, hint="save the page or the table alone again")
