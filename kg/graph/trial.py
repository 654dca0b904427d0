"""Records → the trials that they report, with their registrations and the union of what is said of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kg.cells.registration import nct_digits, registry_page
from kg.graph.scope import Scope
from kg.graph.terms import block, boolean, check_iri, integer, texts
from kg.model import Block, Mentions, Record, Registration
from kg.vocabulary.namespaces import DCTERMS, RDFS, SCHEMA, TKG
from kg.vocabulary.text import squeeze


@dataclass(frozen=True, slots=True)
class TrialName:
    """A trial as a row names it: its IRI, its label, and its registration with IRI if it has one."""

    iri: str
    label: str
    registration: Registration | None = None
    registration_iri: str = ""


@dataclass(frozen=True, slots=True)
class _Union:
    name: TrialName
    conditions: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    routes: set[str] = field(default_factory=set)


def trial_names(record: Record, scope: Scope) -> tuple[TrialName, ...]:
    """Return the trials that a row reports, in the order of the text: one a number, or one without any."""
    if not record.registrations:
        return (_unregistered(record, scope),)
    names = (_registered(registration, scope) for registration in record.registrations)
    return tuple({name.iri: name for name in names}.values())


class Trials:
    """Collects trials over records and gives their blocks, each trial and each registration once."""

    def __init__(self) -> None:
        self._trials: dict[str, _Union] = {}

    def add(self, record: Record, names: Iterable[TrialName]) -> None:
        """Add what a record says to the trials that it reports."""
        for name in names:
            union = self._trials.setdefault(name.iri, _Union(name))
            union.conditions.update(_iris(record.diseases))
            union.sources.update(_iris(record.cell_sources))
            union.routes.update(_iris(record.routes))

    def blocks(self, graph: str) -> Iterator[Block]:
        """Yield every trial, ordered by IRI, each followed by its registration."""
        for _, union in sorted(self._trials.items()):
            yield _trial_block(graph, union)
            if union.name.registration:
                yield _registration_block(graph, union.name, union.name.registration)


def _registered(registration: Registration, scope: Scope) -> TrialName:
    local = scope.minter.trial_key(registration, scope.key)
    mint = scope.minter.iri
    return TrialName(mint("trial", local), registration.number, registration, mint("registration", local))


def _unregistered(record: Record, scope: Scope) -> TrialName:
    # named by verbatim cells, as the IRI is, so that one IRI cannot get two labels from two tables
    said = ", ".join(filter(None, (squeeze(record.text(column)) for column in ("disease", "cell_source"))))
    label = f"{said or 'trial'} (no registration number)"
    local = scope.minter.unregistered_key(record, scope.place)
    return TrialName(scope.minter.iri("trial", local), label)


def _trial_block(graph: str, union: _Union) -> Block:
    name = union.name
    number = texts(name.registration.number) if name.registration else ()
    return block(
        graph,
        name.iri,
        [TKG.ClinicalTrial],
        (RDFS.label, texts(name.label)),
        (DCTERMS.identifier, number),
        (TKG.registration, [name.registration_iri] if name.registration else ()),
        (TKG.studiesCondition, sorted(union.conditions)),
        (TKG.usesCellSource, sorted(union.sources)),
        (TKG.usesRoute, sorted(union.routes)),
        (SCHEMA.sameAs, _page(name.registration)),
    )


def _registration_block(graph: str, name: TrialName, registration: Registration) -> Block:
    registry = registration.registry
    of = f"{registry.label}{'' if registration.valid else ', malformed'}" if registry else "no known registry"
    digits = nct_digits(registration)
    return block(
        graph,
        name.registration_iri,
        [TKG.Registration],
        (RDFS.label, texts(f"{registration.number} ({of})")),
        (DCTERMS.identifier, texts(registration.number)),
        (TKG.registry, [registry.iri] if registry else ()),
        (TKG.wellFormed, [boolean(registration.valid)]),
        (TKG.nctNumber, [integer(digits)] if digits is not None else ()),
        (SCHEMA.url, _page(registration)),
    )


def _page(registration: Registration | None) -> tuple[str, ...]:
    page = registry_page(registration) if registration else None
    return (check_iri(page),) if page else ()


def _iris(mentions: Mentions | None) -> Iterator[str]:
    return (concept.iri for concept in mentions.concepts) if mentions else iter(())
