"""The name of a format → its suffix and writer. A new format is a new file and a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.model import Block
from kg.serialise.jsonld import write_jsonld
from kg.serialise.nquads import write_nquads
from kg.serialise.ntriples import write_ntriples
from kg.serialise.trig import write_trig
from kg.serialise.turtle import write_turtle

Writer = Callable[[Iterable[Block], Mapping[str, str]], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Format:
    """One RDF format. `quads` says whether it keeps named graphs; the others are fed merged blocks."""

    name: str
    suffix: str
    write: Writer
    quads: bool


FORMATS: dict[str, Format] = {
    "turtle": Format("turtle", ".ttl", write_turtle, quads=False),
    "ntriples": Format("ntriples", ".nt", write_ntriples, quads=False),
    "nquads": Format("nquads", ".nq", write_nquads, quads=True),
    "trig": Format("trig", ".trig", write_trig, quads=True),
    "jsonld": Format("jsonld", ".jsonld", write_jsonld, quads=True),
}
