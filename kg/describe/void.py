"""Figures of a graph → the blocks that describe it as a data set: VoID, DCAT, SPARQL service description."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from kg.describe.names import Names
from kg.describe.prose import description_of, title_of
from kg.describe.statistics import Figures, count, description_graph
from kg.describe.terminologies import terminologies
from kg.graph.terms import block, check_iri, integer, text, texts
from kg.triples import Block, Literal
from kg.vocabulary.namespaces import DCAT, DCTERMS, FOAF, PROV, RDFS, ROOT, SD, VOID

_CLASS = getattr(VOID, "class")  # a keyword of Python
_NAMESPACE = re.compile(r".*[/#]")


def describe(blocks: Iterable[Block], base: str = ROOT, licence: str = "") -> tuple[Block, ...]:
    """Return the description of a graph, in the named graph that is its own; `blocks` are read once.

    `base` is that of the data's IRIs, `licence` the IRI of the licence of the whole, "" where none is known. A
    description that `blocks` hold already is not described. Raises GraphError for a base or licence that is no IRI.
    """
    others = terminologies()
    figures = count(blocks, base, tuple(others))
    used = dict.fromkeys(space for space, _ in figures.links)
    return (
        *_Describer(figures, base, licence).blocks(others),
        *(_terminology(others[s], base) for s in used),
    )


def in_default_graph(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the same blocks in no named graph, for a file that has none."""
    for one in blocks:
        yield Block("", one.subject, one.statements)


def _terminology(found: Block, base: str) -> Block:
    return Block(description_graph(base), found.subject, found.statements)


class _Describer:
    """Says of one graph what there is, part by part."""

    def __init__(self, figures: Figures, base: str, licence: str) -> None:
        self._figures = figures
        self._names = Names(base)
        self._graph = description_graph(base)
        self._licence = [check_iri(licence)] if licence else []

    def blocks(self, others: Mapping[str, Block]) -> Iterator[Block]:
        yield self._about()
        yield self._dataset(others)
        yield from self._graphs()
        yield from self._classes()
        yield from self._properties()
        yield from self._links(others)

    def _about(self) -> Block:
        return block(
            self._graph,
            self._graph,
            [VOID.DatasetDescription],
            (RDFS.label, texts("what the data set holds")),
            (FOAF.primaryTopic, [self._names.dataset]),
        )

    def _dataset(self, others: Mapping[str, Block]) -> Block:
        found, names = self._figures, self._names
        return block(
            self._graph,
            names.dataset,
            [VOID.Dataset, DCAT.Dataset, SD.Dataset, PROV.Entity],
            (DCTERMS.title, [_english(title_of(found))]),
            (DCTERMS.description, [_english(description_of(found))]),
            (DCTERMS.license, self._licence),
            (DCTERMS.source, sorted({article for table in found.tables for article in table.articles})),
            (PROV.wasDerivedFrom, [table.iri for table in found.tables]),
            (VOID.uriSpace, [text(names.base)]),
            (VOID.exampleResource, found.examples),
            (VOID.triples, [integer(found.triples)]),
            (VOID.entities, [integer(found.entities)]),
            (VOID.distinctSubjects, [integer(found.subjects)]),
            (VOID.distinctObjects, [integer(found.objects)]),
            (VOID.classes, [integer(len(found.classes))]),
            (VOID.properties, [integer(len(found.properties))]),
            (VOID.vocabulary, _vocabularies(found)),
            (SD.namedGraph, map(names.of_graph, found.graphs)),
            (VOID.classPartition, map(names.of_class, found.classes)),
            (VOID.propertyPartition, map(names.of_property, found.properties)),
            (VOID.subset, (names.of_links(others[space].subject, name) for space, name in found.links)),
        )

    def _graphs(self) -> Iterator[Block]:
        for graph, triples in self._figures.graphs.items():
            said = (SD.name, [graph]), (VOID.triples, [integer(triples)])
            yield block(self._graph, self._names.of_graph(graph), [SD.NamedGraph, VOID.Dataset], *said)

    def _classes(self) -> Iterator[Block]:
        for name, entities in self._figures.classes.items():
            said = (_CLASS, [name]), (VOID.entities, [integer(entities)])
            yield block(self._graph, self._names.of_class(name), [VOID.Dataset], *said)

    def _properties(self) -> Iterator[Block]:
        for name, found in self._figures.properties.items():
            yield block(
                self._graph,
                self._names.of_property(name),
                [VOID.Dataset],
                (VOID.property, [name]),
                (VOID.triples, [integer(found.triples)]),
                (VOID.distinctSubjects, [integer(found.subjects)]),
                (VOID.distinctObjects, [integer(found.objects)]),
            )

    def _links(self, others: Mapping[str, Block]) -> Iterator[Block]:
        for (space, name), triples in self._figures.links.items():
            target = others[space].subject
            yield block(
                self._graph,
                self._names.of_links(target, name),
                [VOID.Linkset],
                (VOID.subjectsTarget, [self._names.dataset]),
                (VOID.objectsTarget, [target]),
                (VOID.linkPredicate, [name]),
                (VOID.triples, [integer(triples)]),
            )


def _vocabularies(figures: Figures) -> list[str]:
    """Return the namespaces of the classes and properties that are used."""
    used = (_NAMESPACE.match(name) for name in (*figures.classes, *figures.properties))
    return sorted({found.group() for found in used if found})


def _english(words: str) -> Literal:
    return Literal(words, "@en")
