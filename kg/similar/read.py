"""A store → the trials in it with their facets: some fifteen plain questions, whatever engine answers them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kg.similar.facets import FACETS, Facet
from kg.similar.profile import Collection, Profile, Value
from kg.similar.terms import Terms
from kg.similar.values import INTERVAL, Amount, amounts_of, concepts_of, days, title
from kg.stores.base import Answers
from kg.vocabulary.namespaces import DCTERMS, RDF_TYPE, SKOS, TKG


def read_trials(store: Answers) -> Collection:
    """Return every trial that the store has, with its facets, the union over its reports; raises what the store raises."""
    terms = _terms(store)
    values: dict[str, dict[str, Value]] = defaultdict(dict)
    for facet in FACETS:
        for trial, value in _facet(store, facet):
            values[trial][facet.name] = value
    numbers = defaultdict(list)
    for trial, number in _ask(
        store,
        ("trial", "number"),
        f"?trial <{RDF_TYPE}> <{TKG.ClinicalTrial}> . OPTIONAL {{ ?trial <{DCTERMS.identifier}> ?number }}",
    ):
        numbers[trial].append(number)
    profiles = (
        Profile(
            trial, min(names) or trial.rsplit("/", 1)[-1], title(values[trial], terms), dict(values[trial])
        )
        for trial, names in sorted(numbers.items())
    )
    return Collection(tuple(profiles), terms)


def _facet(store: Answers, facet: Facet) -> Iterator[tuple[str, Value]]:
    """Yield each trial that states the facet with its value."""
    if facet.kind == "concepts":
        named = defaultdict(list)
        for pattern in facet.patterns.values():
            for trial, value in _ask(store, ("trial", "value"), pattern):
                named[trial].append(value if "://" in value else value.lower())
        yield from ((trial, concepts_of(found)) for trial, found in named.items())
        return
    amounts: dict[str, list[Amount]] = defaultdict(list)
    for what, pattern in facet.patterns.items():
        for trial, unit, low, high in _ask(store, ("trial", "what", "low", "high"), pattern):
            amounts[trial].append(
                (what or unit, days(low), high) if what == INTERVAL else (what or unit, low, high)
            )
    for trial, several in amounts.items():
        if total := amounts_of(several):
            yield trial, total


def _terms(store: Answers) -> Terms:
    labels: dict[str, str] = {}
    for concept, label in _ask(store, ("concept", "label"), f"?concept <{SKOS.prefLabel}> ?label ."):
        labels.setdefault(concept, label)
    broader: dict[str, list[str]] = defaultdict(list)
    for narrow, broad in _ask(store, ("narrow", "broad"), f"?narrow <{SKOS.broader}> ?broad ."):
        broader[narrow].append(broad)
    return Terms(labels, {iri: tuple(above) for iri, above in broader.items()})


def _ask(store: Answers, names: tuple[str, ...], pattern: str) -> list[tuple[str, ...]]:
    """Return the different rows of a pattern as texts, sorted, "" for what is not bound."""
    variables = [name for name in names if f"?{name}" in pattern]
    # no DISTINCT: Comunica answers a lone pattern over several graphs with nothing then
    found = store.select(f"SELECT {' '.join(f'?{name}' for name in variables)} {{ {pattern} }}")
    rows = [
        dict(zip(found.columns, (term.value if term else "" for term in row), strict=True))
        for row in found.rows
    ]
    return sorted({tuple(row.get(name, "") for name in names) for row in rows})
