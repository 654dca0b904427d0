"""IRIs of the data ↔ addresses on this server: base + path is the IRI, percent-encoding and all."""

from __future__ import annotations

import re
from collections.abc import Sequence

# what a browser encodes although an IRI may hold it: letters beyond ASCII (RFC 3987, section 3.2)
_BEYOND_ASCII = re.compile(rb"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_WEB = ("http://", "https://")


def iris_of(raw_path: bytes, search: bytes, bases: Sequence[str]) -> tuple[str, ...]:
    """Return the IRIs that a request may mean, the likeliest first: `raw_path` and `search` as they were sent.

    An IRI may have a question mark, so that with one the whole is tried first and then the path alone.
    """
    local = raw_path.removeprefix(b"/")
    written = [local + b"?" + search, local] if search else [local]
    texts = [text for one in written for text in (_text(one), _text(_decoded(one))) if text is not None]
    return tuple(dict.fromkeys(base + text for text in texts for base in bases))


def path_of(iri: str, bases: Sequence[str]) -> str:
    """Return the path on this server where `iri` is answered, or "" when it lies under none of `bases`."""
    for base in bases:
        local = iri.removeprefix(base)
        # two slashes would be the name of another host
        if iri.startswith(base) and not local.startswith(("/", "\\")):
            return f"/{local}"
    return ""


def is_web(iri: str) -> bool:
    """Whether a link to `iri` leads to a page of the web, and so does not run anything."""
    return iri.lower().startswith(_WEB)


def uri(text: str) -> str:
    """Return an IRI as a header can hold it: letters beyond ASCII percent-encoded, all else as it is."""
    return "".join(char if " " < char < "\x7f" else _encoded(char) for char in text)


def _encoded(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "replace"))


def _text(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _decoded(raw: bytes) -> bytes:
    """Return `raw` with the bytes of letters beyond ASCII in place of their percent-encoding."""
    return _BEYOND_ASCII.sub(lambda found: bytes.fromhex(found[0].replace(b"%", b"").decode("ascii")), raw)
