"""Bytes of XML → its elements, without ever following what they point at.

No entity is expanded, no document type is loaded, nothing is fetched; depth and size of a text are libxml2's own
bounds (256 levels, 10 MB). XML that declares entities is refused, and so is XML in which what is wanted never comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

from kg.errors import SourceError

_PIECE = 2**18  # bytes that are parsed at once
_MOST_BETWEEN = (
    8 * 2**20
)  # bytes without an element that is wanted: they stay in memory, at many times their size

if TYPE_CHECKING:
    from lxml.etree import XMLPullParser, _Element


def root_tag(where: str, data: bytes) -> str:
    """Return the tag of the outermost element, "{namespace}name"; raises SourceError when there is none."""
    from lxml import etree

    try:
        for _, element in etree.iterparse(BytesIO(data), events=("start",), **_options()):
            _refuse_entities(where, element)
            return str(element.tag)
    except etree.XMLSyntaxError as error:
        raise _broken(where, error) from error
    raise SourceError("there is no element in this XML", where=where)


def elements(where: str, data: bytes, tags: Sequence[str]) -> Iterator[_Element]:
    """Yield each element with one of these tags when it is complete, and forget it afterwards.

    Raises SourceError for XML that is broken, too deep, or declares entities.
    """
    from lxml import etree

    root_tag(where, data)
    parser = etree.XMLPullParser(events=("end",), tag=tags, **_options())
    last = 0
    try:
        for start in range(0, len(data), _PIECE):
            parser.feed(data[start : start + _PIECE])
            for element in _completed(parser):
                yield element
                _forget(element)
                last = start
            if start - last > _MOST_BETWEEN:
                raise _endless(where)
        parser.close()
    except etree.XMLSyntaxError as error:
        raise _broken(where, error) from error
    yield from _completed(parser)


def tree(where: str, data: bytes) -> _Element:
    """Return the outermost element of a small XML part with all that is in it."""
    from lxml import etree

    if len(data) > _MOST_BETWEEN:
        raise _endless(where)
    root_tag(where, data)
    try:
        return etree.fromstring(data, etree.XMLParser(**_options()))
    except etree.XMLSyntaxError as error:
        raise _broken(where, error) from error


def local(element: _Element) -> str:
    """Return an element's name without its namespace, "" for a comment and its like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _options() -> dict[str, Any]:
    return {
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "dtd_validation": False,
        "huge_tree": False,
        "remove_comments": True,
        "remove_pis": True,
    }


def _completed(parser: XMLPullParser) -> Iterator[_Element]:
    for _, element in parser.read_events():
        yield cast("_Element", element)


def _forget(element: _Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _endless(where: str) -> SourceError:
    size = _MOST_BETWEEN // 2**20
    return SourceError(f"more than {size} MB of this XML hold nothing that is read", where=where)


def _refuse_entities(where: str, root: _Element) -> None:
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):  # type: ignore[attr-defined]
        raise SourceError(
            "the XML declares entities of its own",
            where=where,
            allowed="XML without <!ENTITY",
            hint="save the export again from the registry, or remove the declaration",
        )


def _broken(where: str, error: Exception) -> SourceError:
    line = getattr(error, "lineno", None)
    place = f"{where}, line {line}" if line else where
    return SourceError(
        f"the XML is broken: {getattr(error, 'msg', None) or error}",
        where=place,
        hint="download it again; a file that was cut off has no closing tag",
    )
