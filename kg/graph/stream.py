"""Parsed tables → the stream of blocks that is the graph, apart in named graphs or merged into one.

Reports and provenance pass through one record at a time; only what several rows can speak of (trials,
registrations, references, discrepancies) is held until the last of them has spoken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kg import resources
from kg.graph.cited import CitedWorks
from kg.graph.discrepancy import Disagreement, Discrepancies
from kg.graph.iris import Minter
from kg.graph.provenance import provenance_blocks, software_block
from kg.graph.report import reference_block, reference_iris, report_blocks
from kg.graph.scope import Scope, make_scopes
from kg.graph.trial import Trials, trial_names
from kg.graph.vocabulary import vocabulary_blocks
from kg.model import Block, Parsed
from kg.vocabulary.lexicon import Lexicon


def quad_blocks(
    tables: Sequence[Parsed], lexicon: Lexicon, minter: Minter, vocabulary: Sequence[Path] | None = None
) -> Iterator[Block]:
    """Yield the whole graph in named graphs: one for each table, then provenance, then the vocabulary.

    `vocabulary` are the Turtle files of the last graph, by default those of the installation. Each subject
    comes once in each graph, in the same order for the same tables, whatever the order they are given in.
    Raises GraphError when two contents claim one IRI.
    """
    scopes = make_scopes(tables, lexicon, minter, named=True)
    discrepancies = Discrepancies()
    for scope in scopes:
        yield from _Knowledge(discrepancies).blocks([scope], scope.graph)
    yield from _provenance(scopes, discrepancies, minter, minter.iri("graph", "provenance"))
    yield from vocabulary_blocks(_files(vocabulary), minter.iri("graph", "vocabulary"), lexicon.own)


def merged_blocks(
    tables: Sequence[Parsed], lexicon: Lexicon, minter: Minter, vocabulary: Sequence[Path] | None = None
) -> Iterator[Block]:
    """Yield the triples of `quad_blocks` in no named graph: each subject once, trials over all tables."""
    scopes = make_scopes(tables, lexicon, minter, named=False)
    discrepancies = Discrepancies()
    yield from _Knowledge(discrepancies).blocks(scopes, "")
    yield from _provenance(scopes, discrepancies, minter, "")
    yield from vocabulary_blocks(_files(vocabulary), "", lexicon.own)


def find_disagreements(
    tables: Sequence[Parsed], lexicon: Lexicon, minter: Minter
) -> tuple[Disagreement, ...]:
    """Return what reports of one trial do not agree on, over all tables: the discrepancies of the graph."""
    discrepancies = Discrepancies()
    for scope in make_scopes(tables, lexicon, minter, named=False):
        for record in scope.parsed.records:
            discrepancies.add(record, trial_names(record, scope), scope)
    return tuple(discrepancies.found())


class _Knowledge:
    """What the rows of some tables say: reports as they come, then the trials and references they share."""

    def __init__(self, discrepancies: Discrepancies) -> None:
        self._discrepancies = discrepancies
        self._trials = Trials()
        self._references: dict[str, tuple[str, Scope]] = {}
        self._pages: dict[str, set[str]] = {}

    def blocks(self, scopes: Sequence[Scope], graph: str) -> Iterator[Block]:
        for scope in scopes:
            yield from self._reports(scope)
        yield from self._trials.blocks(graph)
        for iri, (key, scope) in sorted(self._references.items(), key=lambda item: item[0]):
            yield reference_block(graph, iri, key, scope, sorted(self._pages[iri]))

    def _reports(self, scope: Scope) -> Iterator[Block]:
        cited = CitedWorks(scope.parsed.table.works)
        for record in scope.parsed.records:
            names = trial_names(record, scope)
            self._trials.add(record, names)
            self._discrepancies.add(record, names, scope)
            references = reference_iris(record, scope)
            for iri, key in references.items():
                self._references.setdefault(iri, (key, scope))
                # another table of the article may know what this one does not
                self._pages.setdefault(iri, set()).update(cited.pages(key))
            yield from report_blocks(record, names, references, scope)


def _provenance(
    scopes: Sequence[Scope], discrepancies: Discrepancies, minter: Minter, graph: str
) -> Iterator[Block]:
    yield software_block(graph)
    for scope in scopes:
        yield from provenance_blocks(scope)
    yield from discrepancies.blocks(graph, minter.base)


def _files(vocabulary: Sequence[Path] | None) -> Sequence[Path]:
    return (
        vocabulary if vocabulary is not None else (resources.ontology_file(), *resources.vocabulary_files())
    )
