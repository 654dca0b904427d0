"""An answer in XML as the engine wrote it → XML that says the same to every parser, or None where XML cannot say it.

The engine writes all characters of a text as they are, and every predicate as an element.
"""

from __future__ import annotations

import re

# XML 1.0, section 2.2: the characters that a document cannot hold, in UTF-8
_NO_CHARACTER = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_NO_ELEMENT = (
    b"<oxprefix: "  # a predicate that ends in no name: the engine has nothing to write after its prefix
)


def well_formed(body: bytes) -> bytes | None:
    """Return the body with carriage returns that a parser keeps; None when it is no well-formed XML."""
    if _NO_CHARACTER.search(body) or _NO_ELEMENT in body:
        return None
    return body.replace(b"\r", b"&#13;")  # a bare one is read as a line end
