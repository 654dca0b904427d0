"""A text that a person gave → whether it is an IRI that the graph can hold."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_NOT_IN_IRI = re.compile(r"[\x00-\x20\x7f-\xa0<>\"{}|\\^`\ud800-\udfff]")


def is_web_iri(text: str) -> bool:
    """Return whether `text` is an absolute IRI of the scheme http or https, without what no IRI may hold."""
    if _NOT_IN_IRI.search(text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:  # a bracket that is not closed, in the place of the host
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
