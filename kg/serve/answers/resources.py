"""A store and an IRI → everything that is said of the thing, as triples: a plain thing, a vocabulary, or a graph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from kg.serialise.prefixes import prefixes_for
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.namespaces import KINDS, PREFIXES, RDF_TYPE, RDFS, ROOT, XSD

_DEFAULT = ox.DefaultGraph()
_SORTED = 10_000  # triples up to which a document is put into an order for readers
_SHORT = frozenset(
    (RDF_TYPE, f"{PREFIXES['rdf']}langString", XSD.string, XSD.integer, XSD.decimal, XSD.boolean)
)
_STEM = re.compile(r".*[/#]")


@dataclass(frozen=True, slots=True)
class Resource:
    """A thing of the data: `terms` are the IRIs that share its address, told apart by #; `is_graph` a named graph."""

    iri: str
    terms: tuple[str, ...] = ()
    is_graph: bool = False


def find_resource(store: ox.Store, iri: str) -> Resource | None:
    """Return the thing at this address, or None when the store says nothing of it."""
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        return None
    is_graph = store.contains_named_graph(node)
    terms = tuple(_terms(store, node))
    said = next(iter(store.quads_for_pattern(node, None, None, _DEFAULT)), None) is not None
    return Resource(iri, terms, is_graph) if said or terms or is_graph else None


def triples_of(store: ox.Store, resource: Resource) -> Iterator[ox.Triple]:
    """Yield what is said of the thing, and of its blank nodes; of a named graph, what it holds."""
    if resource.is_graph:
        name = ox.NamedNode(resource.iri)
        yield from (quad.triple for quad in store.quads_for_pattern(None, None, None, name))
        return
    waiting: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(i) for i in (resource.iri, *resource.terms)]
    seen = set(waiting)
    for node in waiting:  # grows as blank nodes are met
        for quad in store.quads_for_pattern(node, None, None, _DEFAULT):
            yield quad.triple
            if isinstance(quad.object, ox.BlankNode) and quad.object not in seen:
                seen.add(quad.object)
                waiting.append(quad.object)


def in_order(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return triples by subject, the kind of a thing first; very many of them as they come."""
    found = list(triples)
    return sorted(found, key=_key) if len(found) <= _SORTED else found


def used_prefixes(triples: Iterable[ox.Triple], known: Mapping[str, str]) -> dict[str, str]:
    """Return those of the prefixes `known` that make these triples shorter."""
    iris = {text for triple in triples for text in _iris(triple)}
    stems = {found[0] for found in map(_STEM.match, iris) if found}
    # a namespace may go on after the last slash: obo/MONDO_
    near = [(p, n) for p, n in known.items() if any(n.startswith(stem) for stem in stems)]
    return {p: n for p, n in near if n in stems or any(iri.startswith(n) for iri in iris)}


def known_prefixes(base: str, lexicon: Lexicon) -> Mapping[str, str]:
    """Return the prefixes of the data below `base`, its vocabularies and their mappings."""
    return {**_shared_prefixes(lexicon), **{kind: f"{base}{kind}/" for kind in KINDS}}


@lru_cache(maxsize=1)  # they are read from files
def _shared_prefixes(lexicon: Lexicon) -> Mapping[str, str]:
    return prefixes_for(ROOT, lexicon)


def _terms(store: ox.Store, node: ox.NamedNode) -> Iterator[str]:
    """Yield the things that are told apart by # from this address, as those of the ontology are."""
    for quad in store.quads_for_pattern(None, ox.NamedNode(RDFS.isDefinedBy), node, _DEFAULT):
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(f"{node.value}#"):
            yield quad.subject.value


def _iris(triple: ox.Triple) -> Iterator[str]:
    """Yield the IRIs that are written: not those for which Turtle has a shorter form."""
    for term in (triple.subject, triple.predicate, triple.object):
        iri = term.datatype.value if isinstance(term, ox.Literal) else getattr(term, "value", "")
        if iri not in _SHORT and not isinstance(term, ox.BlankNode):
            yield iri


def _key(triple: ox.Triple) -> tuple[str, bool, str, str]:
    predicate = triple.predicate.value
    return str(triple.subject), predicate != RDF_TYPE, predicate, str(triple.object)
