"""The files of a build → the description with a distribution for each: media type, size, checksum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from kg.describe.names import Names
from kg.graph.terms import block, integer, texts
from kg.triples import Block
from kg.vocabulary.namespaces import DCAT, DCTERMS, SPDX

_IANA = "https://www.iana.org/assignments/media-types/"
_MEDIA_TYPES = {
    ".csv": "text/csv",
    ".jsonld": "application/ld+json",
    ".nq": "application/n-quads",
    ".nt": "application/n-triples",
    ".trig": "application/trig",
    ".ttl": "text/turtle",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file that was written: its name without folders, its bytes counted, their SHA-256 in hexadecimal digits."""

    name: str
    size: int
    sha256: str


def with_files(description: Iterable[Block], files: Sequence[File], base: str) -> Iterator[Block]:
    """Yield a description whose data set comes in `files`, all in the graph of its blocks.

    Raises KeyError for a file whose suffix is that of no form in which a data set comes.
    """
    names = Names(base)
    found = tuple((DCAT.distribution, names.of_file(file.name)) for file in files)
    for one in description:
        if one.subject != names.dataset:
            yield one
            continue
        yield replace(one, statements=(*one.statements, *found))
        for file in files:
            yield from _distribution(file, names, one.graph)


def _distribution(file: File, names: Names, graph: str) -> Iterator[Block]:
    checksum = names.of_file(file.name, "/sha256")
    yield block(
        graph,
        names.of_file(file.name),
        [DCAT.Distribution],
        (DCTERMS.title, texts(file.name)),
        (DCAT.mediaType, [_IANA + _MEDIA_TYPES[PurePath(file.name).suffix]]),
        (DCAT.byteSize, [integer(file.size)]),
        (SPDX.checksum, [checksum]),
    )
    yield block(
        graph,
        checksum,
        [SPDX.Checksum],
        (SPDX.algorithm, [SPDX.checksumAlgorithm_sha256]),
        (SPDX.checksumValue, texts(file.sha256)),
    )
