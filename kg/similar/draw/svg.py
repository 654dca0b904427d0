"""The SVG that matplotlib writes → the same picture for readers, human and machine: title, description, whole texts."""

from __future__ import annotations

from collections.abc import Mapping
from xml.dom import minidom
from xml.dom.minidom import Document, Element

_FONT = "'DejaVu Sans'"
_FONTS = f"{_FONT}, 'Bitstream Vera Sans', Verdana, sans-serif"  # the same widths, then whatever there is


def finish(svg: bytes, title: str, description: str, restore: Mapping[str, str]) -> bytes:
    """Return `svg` with <title> and <desc>, fonts to fall back on, and the text of `restore` by the id of its group."""
    document = minidom.parseString(svg)  # noqa: S318 - written by matplotlib a moment ago
    root = document.documentElement
    assert root is not None  # noqa: S101 - what was parsed has a root
    if document.doctype:
        document.removeChild(document.doctype)  # SVG 2 has none, and readers should not go and look for it
    for metadata in root.getElementsByTagName("metadata"):
        root.removeChild(metadata)
    _tell(document, root, title, description)
    for group in root.getElementsByTagName("g"):
        if line := restore.get(group.getAttribute("id")):
            [text] = group.getElementsByTagName("text")
            text.firstChild.data = line  # type: ignore[union-attr]
    for text in root.getElementsByTagName("text"):
        text.setAttribute("style", text.getAttribute("style").replace(_FONT, _FONTS))
    return document.toxml(encoding="utf-8") + b"\n"


def _tell(document: Document, root: Element, title: str, description: str) -> None:
    """Put the text alternative first, where those who do not see the picture look for it (SVG 2, 5.8)."""
    before = root.firstChild
    for tag, words in (("title", title), ("desc", description)):
        told = document.createElement(tag)
        told.setAttribute("id", f"picture-{tag}")
        told.appendChild(document.createTextNode(words))
        root.insertBefore(told, before)
    root.setAttribute("role", "img")
    root.setAttribute("aria-labelledby", "picture-title picture-desc")
