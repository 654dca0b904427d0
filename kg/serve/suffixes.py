"""The end of a path → the media types that it asks for, so that a link can choose the form of an answer."""

from __future__ import annotations

from collections.abc import Mapping

# .json and .xml of a graph are JSON-LD and RDF/XML: the second choice, when the answer is no table
SUFFIXES: Mapping[str, tuple[str, ...]] = {
    ".json": ("application/sparql-results+json", "application/ld+json"),
    ".xml": ("application/sparql-results+xml", "application/rdf+xml"),
    ".csv": ("text/csv",),
    ".tsv": ("text/tab-separated-values",),
    ".ttl": ("text/turtle",),
    ".nt": ("application/n-triples",),
    ".jsonld": ("application/ld+json",),
    ".rdf": ("application/rdf+xml",),
    ".html": ("text/html",),
}


def split_suffix(path: str) -> tuple[str, tuple[str, ...]]:
    """Return the path without its suffix and the media types that the suffix asks for; none when it is no such suffix."""
    stem, dot, ending = path.rpartition(".")
    media = SUFFIXES.get(f".{ending}", ()) if dot and stem else ()
    return (stem, media) if media else (path, ())
