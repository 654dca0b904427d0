"""Blocks of a graph → its figures: triples, entities, classes, properties, graphs, links, each counted once.

A triple that stands in several graphs, or comes twice, counts once in the figures of the whole and once in each
graph. The order of the blocks does not matter. What a description says of the graph is no part of the figures, so
that a graph that has one already gives the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.triples import Block, Literal, Node
from kg.vocabulary.namespaces import DCTERMS, RDF_TYPE, RDFS, ROOT, TKG

EXAMPLES = (TKG.ClinicalTrial, TKG.TrialReport, TKG.Outcome)
"""The classes of which one entity each is shown as an example, if the graph has them."""

Statement = tuple[str, Node]
Statements = Collection[Statement]
_Objects = defaultdict[str, defaultdict[Node, int]]


@dataclass(frozen=True, slots=True)
class PropertyFigures:
    """How often a property is used: triples, and the distinct subjects and objects that they have."""

    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table that the graph was made of: its IRI, label, and the IRIs of its article, often one or none."""

    iri: str
    label: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a graph holds; every mapping and tuple is ordered by IRI.

    `entities` are the subjects whose IRIs begin with the base; `classes` gives the instances of each class,
    `graphs` the triples of each named graph. `links` maps (start of the IRIs of a terminology, predicate) to the
    triples that lead there. `examples` are the entities of which most is said, one of each class of `EXAMPLES`.
    """

    triples: int
    entities: int
    subjects: int
    objects: int
    classes: Mapping[str, int]
    properties: Mapping[str, PropertyFigures]
    graphs: Mapping[str, int]
    links: Mapping[tuple[str, str], int]
    tables: tuple[SourceTable, ...]
    examples: tuple[str, ...]


def count(blocks: Iterable[Block], base: str = ROOT, spaces: Sequence[str] = ()) -> Figures:
    """Return the figures of `blocks`, which are read once; `base` is that of the data's IRIs.

    `spaces` are the starts of the IRIs of other datasets, of which the longest counts where several fit. Blank nodes
    of foreign files, written "_:name", are subjects and objects, but no entities and no classes.
    """
    held = _Held(base)
    for block in blocks:
        held.add(block)
    tally = _Tally(base)
    for subject, statements in held.merged():
        tally.add(subject, statements)
    return tally.figures(held.graphs(), spaces)


def description_graph(base: str) -> str:
    """Return the IRI of the named graph that holds the description."""
    return f"{base}graph/dataset"


class _Held:
    """The statements of each subject by graph; those of one block are kept as they are, without a copy."""

    def __init__(self, base: str) -> None:
        self._subjects: defaultdict[str, dict[str, Statements]] = defaultdict(dict)
        # what a description speaks of: the data set and its parts, other data sets, the graph of the description
        self._own = (f"{base}dataset/", f"{ROOT}dataset/")
        self._graph = description_graph(base)

    def add(self, block: Block) -> None:
        if not block.statements or block.subject.startswith(self._own) or block.subject == self._graph:
            return
        graphs = self._subjects[block.subject]
        known = graphs.setdefault(block.graph, block.statements)
        if isinstance(known, set):
            known.update(block.statements)
        elif known is not block.statements:
            graphs[block.graph] = {*known, *block.statements}

    def graphs(self) -> dict[str, int]:
        """Return the triples of each named graph."""
        found: defaultdict[str, int] = defaultdict(int)
        for graphs in self._subjects.values():
            for graph, statements in graphs.items():
                found[graph] += len(statements)
        return {graph: found[graph] for graph in sorted(found) if graph}

    def merged(self) -> Iterator[tuple[str, Statements]]:
        """Yield each subject with its statements in all graphs, each once."""
        for subject, graphs in self._subjects.items():
            first, *others = graphs.values()
            yield subject, first if not others else {*first}.union(*others)


class _Tally:
    """Counts that grow subject by subject."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._subjects = self._entities = 0
        self._users: defaultdict[str, int] = defaultdict(int)
        self._objects: _Objects = defaultdict(lambda: defaultdict(int))
        self._tables: list[SourceTable] = []
        self._best: dict[str, tuple[int, str]] = {}

    def add(self, subject: str, statements: Statements) -> None:
        self._subjects += 1
        self._entities += subject.startswith(self._base)
        for predicate in {predicate for predicate, _ in statements}:
            self._users[predicate] += 1
        for predicate, node in statements:
            self._objects[predicate][node] += 1
            if predicate == RDF_TYPE and isinstance(node, str):
                self._typed(subject, node, statements)

    def _typed(self, subject: str, of_class: str, statements: Statements) -> None:
        if of_class == TKG.Table:
            self._tables.append(_table(subject, statements))
        if of_class in EXAMPLES:
            # the one of which most is said, of several the first by name
            rank = (-len(statements), subject)
            self._best[of_class] = min(rank, self._best.get(of_class, rank))

    def figures(self, graphs: Mapping[str, int], spaces: Sequence[str]) -> Figures:
        properties = {
            name: PropertyFigures(sum(nodes.values()), self._users[name], len(nodes))
            for name, nodes in sorted(self._objects.items())
        }
        classes = self._objects[RDF_TYPE].items() if RDF_TYPE in self._objects else ()
        named = {n: number for n, number in classes if isinstance(n, str) and not n.startswith("_:")}
        return Figures(
            triples=sum(figures.triples for figures in properties.values()),
            entities=self._entities,
            subjects=self._subjects,
            objects=len(set().union(*self._objects.values())),
            classes=dict(sorted(named.items())),
            properties=properties,
            graphs=graphs,
            links=_links(self._objects, spaces),
            tables=tuple(sorted(self._tables, key=lambda table: table.iri)),
            examples=tuple(self._best[name][1] for name in EXAMPLES if name in self._best),
        )


def _table(iri: str, statements: Statements) -> SourceTable:
    labels = [node.lexical for name, node in statements if name == RDFS.label and isinstance(node, Literal)]
    articles = {node for name, node in statements if name == DCTERMS.source and isinstance(node, str)}
    return SourceTable(iri, min(labels, default=""), tuple(sorted(articles)))


def _links(objects: _Objects, spaces: Sequence[str]) -> dict[tuple[str, str], int]:
    longest = tuple(sorted(set(spaces), key=len, reverse=True))
    found: defaultdict[tuple[str, str], int] = defaultdict(int)
    for predicate, nodes in objects.items():
        if predicate == RDF_TYPE:  # says what a thing is, not what it has to do with another
            continue
        for node, number in nodes.items():
            if isinstance(node, str) and node.startswith(longest):
                found[next(filter(node.startswith, longest)), predicate] += number
    return dict(sorted(found.items()))
