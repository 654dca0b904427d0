"""A store and an IRI → the page of the thing: its statements with labels, its parts, its source, what points to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import pyoxigraph as ox

from kg.serve.addresses import is_web, path_of
from kg.serve.views.labels import Labels, local_part, natural, power, short_name
from kg.serve.views.page import Line, Page, Section, Value
from kg.vocabulary.namespaces import DCTERMS, PREFIXES, PROV, RDF_TYPE, RDFS, SKOS, TKG, XSD

_SHOWN = 200  # values of one property, and statements that point to a thing
_COUNTED = 100_000  # statements that point to a thing
_LONGEST = 20_000  # characters of a value
_DEEPEST = 3  # blank nodes within blank nodes
_DEFAULT = ox.DefaultGraph()

# what a reader looks for first; then ours in the order of the ontology, what is left, and where it comes from
_FIRST = (
    RDFS.label,
    SKOS.prefLabel,
    SKOS.altLabel,
    SKOS.definition,
    RDFS.comment,
    DCTERMS.title,
    DCTERMS.identifier,
)
_LAST = (
    RDF_TYPE,
    DCTERMS.references,
    PROV.wasDerivedFrom,
    DCTERMS.source,
    PROV.hadPrimarySource,
    RDFS.isDefinedBy,
)
_PLACES = {iri: at for at, iri in enumerate((*_FIRST, *(TKG.iri + term for term in TKG.terms)))}
_PLACES.update({iri: 2000 + at for at, iri in enumerate(_LAST)})

# texts that stand in a source as they stand here
_SAID = frozenset(
    TKG.iri + term
    for term in (
        *("verbatim", "header", "legend", "caption", "tableLabel", "quote", "efficacyQuote", "safetyQuote"),
        *(
            "statusQuote",
            "timepoint",
            "comparison",
            "pValue",
            "measureName",
            "ofWhat",
            "statedValue",
            "phaseLabel",
        ),
    )
)
_LABELS = frozenset((RDFS.label, SKOS.prefLabel, DCTERMS.title))

# what is read together: things that a thing is told by, and things that are its parts
_TOLD_BY = {TKG.ClinicalTrial: (TKG.reports,)}
_PARTS = {
    TKG.TrialReport: (TKG.dose, TKG.schedule, TKG.outcome),
    TKG.Outcome: (TKG.claim, TKG.figure),
}
_MOST_PARTS = 30
_UPWARDS = (PROV.wasDerivedFrom, TKG.row, TKG.table, DCTERMS.source)
_OWNERS = (TKG.claim, TKG.figure)  # a claim has the source of its outcome
_NUMBERS = frozenset((XSD.integer, XSD.decimal))
_UNMARKED = _NUMBERS | {XSD.string, XSD.boolean, XSD.anyURI}


class Above(NamedTuple):
    """What stands above the statements of a thing already, so that it is not said again."""

    name: str = ""
    kind: str = ""


class Things:
    """Makes pages of what one store says; `bases` are the IRIs that this server answers for.

    `prefixes` make short names of what has no label.
    """

    def __init__(self, store: ox.Store, bases: Sequence[str], prefixes: Mapping[str, str]) -> None:
        self.labels = Labels(store, prefixes)
        self._store = store
        self._bases = bases

    def page(self, iri: str, terms: Sequence[str]) -> Page:
        """Return the page of `iri`; `terms` are the things that share its address, told apart by #."""
        parts = [self.section(term, anchor=term.partition("#")[2]) for term in sorted(terms, key=natural)]
        inverse, pointing = self._inverse(iri)
        path = path_of(iri, self._bases)
        forms = tuple(Value(suffix[1:], path + suffix) for suffix in (".ttl", ".nt", ".jsonld", ".rdf"))
        return Page(
            thing=self.section(iri),
            parts=(*parts, *self._parts(iri)),
            trail=tuple(self._trail(iri)),
            inverse=inverse,
            pointing=pointing,
            forms=forms if path and "?" not in path and "#" not in path else (),
        )

    def section(self, iri: str, *, anchor: str = "", why: str = "") -> Section:
        """Return what is said of one thing, without its name and its first kind, which stand above."""
        name = self.labels.name(iri)
        quads = self._store.quads_for_pattern(ox.NamedNode(iri), None, None, _DEFAULT)
        classes = self.labels.kinds(iri)
        lines = self._lines(quads, Above(name.text, classes[0] if classes else ""))
        kinds = tuple(self._link(kind, self.labels.term(kind)) for kind in classes)
        link = self.value(ox.NamedNode(iri))
        return Section(iri, name, kinds, lines, link.href, anchor, why, link.note)

    def value(self, node: object, depth: int = 0, *, said: bool = False) -> Value:
        """Return an object of a statement as a page shows it."""
        if isinstance(node, ox.NamedNode):
            name = self.labels.name(node.value)
            return self._link(node.value, name.text, said=name.said, note=self.labels.reading(node.value))
        if isinstance(node, ox.Literal):
            return _literal(node, said)
        if isinstance(node, ox.BlankNode) and depth < _DEEPEST:
            quads = self._store.quads_for_pattern(node, None, None, _DEFAULT)
            return Value("", inner=self._lines(quads, Above(), depth + 1))
        return Value(str(node))

    def _link(self, iri: str, text: str, *, said: bool = False, note: str = "") -> Value:
        path = path_of(iri, self._bases)
        if path and self.labels.known(iri):
            return Value(text, path, said=said, note=note)
        return Value(text, iri if is_web(iri) else "", said=said, outside=True, note=note)

    def _lines(self, quads: Iterable[ox.Quad], above: Above, depth: int = 0) -> tuple[Line, ...]:
        found: defaultdict[str, list[object]] = defaultdict(list)
        for quad in quads:
            predicate, text = quad.predicate.value, getattr(quad.object, "value", "")
            named = predicate in _LABELS and isinstance(quad.object, ox.Literal) and text == above.name
            if not named and (predicate != RDF_TYPE or text != above.kind):
                found[predicate].append(quad.object)
        return tuple(self._line(one, found[one], depth) for one in sorted(found, key=_place))

    def _line(self, predicate: str, nodes: Sequence[object], depth: int) -> Line:
        said = predicate in _SAID
        values = sorted((self.value(node, depth, said=said) for node in nodes), key=_order)
        link = self._link(predicate, self.labels.term(predicate))
        return Line(link.text, predicate, link.href, tuple(values[:_SHOWN]), max(0, len(values) - _SHOWN))

    def _parts(self, iri: str) -> Iterator[Section]:
        """Yield what is best read together with the thing: the reports of a trial, the doses of a report …"""
        kinds = self.labels.kinds(iri)
        down = [
            (one, iri_of)
            for kind in kinds
            for one in _PARTS.get(kind, ())
            for iri_of in self._objects(iri, one)
        ]
        up = [
            (one, iri_of)
            for kind in kinds
            for one in _TOLD_BY.get(kind, ())
            for iri_of in self._subjects(iri, one)
        ]
        for predicate, part in (down + up)[:_MOST_PARTS]:
            yield self.section(part, why=self.labels.kind(part) or self.labels.term(predicate))

    def _objects(self, iri: str, predicate: str) -> list[str]:
        found = (node.value for node in self.labels.objects(iri, predicate) if isinstance(node, ox.NamedNode))
        return sorted(found, key=natural)

    def _subjects(self, iri: str, predicate: str) -> list[str]:
        quads = self._store.quads_for_pattern(None, ox.NamedNode(predicate), ox.NamedNode(iri), _DEFAULT)
        named = (quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode))
        return sorted(islice(named, _COUNTED), key=natural)

    def _trail(self, iri: str) -> Iterator[Value]:
        """Yield the way from a thing to its source: cell, row, table, article."""
        seen = {iri}
        if not any(self.labels.only(iri, step) for step in _UPWARDS):
            owners = [owner for step in _OWNERS for owner in self._subjects(iri, step)]
            iri = owners[0] if owners else iri
        while True:
            iri = next((up for up in (self.labels.only(iri, step) for step in _UPWARDS) if up), "")
            if not iri or iri in seen:
                return
            seen.add(iri)
            name = self.labels.name(iri)
            yield self._link(iri, name.text, said=name.said)

    def _inverse(self, iri: str) -> tuple[tuple[Line, ...], str]:
        """Return a bounded list of what points to the thing, by property and kind, and how much does."""
        quads = self._store.quads_for_pattern(None, None, ox.NamedNode(iri), _DEFAULT)
        found: defaultdict[str, list[str]] = defaultdict(list)
        total = 0
        for total, quad in enumerate(islice(quads, _COUNTED + 1), 1):  # noqa: B007 - counts
            if isinstance(quad.subject, ox.NamedNode):
                found[quad.predicate.value].append(quad.subject.value)
        share = max(1, _SHOWN // max(1, len(found)))
        lines = [line for one in sorted(found, key=_place) for line in self._pointing(one, found[one], share)]
        return tuple(lines), f"{total:,}" if total <= _COUNTED else f"{_COUNTED:,}+"

    def _pointing(self, predicate: str, subjects: list[str], share: int) -> Iterator[Line]:
        """Yield a line for each kind of thing that points with this property; `share` things in all."""
        kinds: defaultdict[str, list[str]] = defaultdict(list)
        for subject in sorted(subjects, key=natural)[:share]:
            kinds[self.labels.kind(subject)].append(subject)
        term = self._link(predicate, self.labels.term(predicate))
        more = len(subjects) - share
        for last, (kind, members) in enumerate(sorted(kinds.items()), 1 - len(kinds)):
            values = tuple(self.value(ox.NamedNode(member)) for member in members)
            yield Line(
                kind or "thing", predicate, term.href, values, max(0, more) if not last else 0, term.text
            )


def _literal(node: ox.Literal, said: bool) -> Value:
    kind = node.datatype.value
    note = node.language or ("" if kind in _UNMARKED else short_name(kind, PREFIXES))
    text = node.value
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]} … ({len(text):,} characters in all)"
    return Value(
        text,
        said=said,
        note="" if note == "en" else note,
        power=power(node.value) if kind in _NUMBERS else None,
    )


def _place(predicate: str) -> tuple[int, str]:
    return _PLACES.get(predicate, 1000), local_part(predicate) + predicate


def _order(value: Value) -> tuple[bool, tuple[tuple[bool, int, str], ...], str]:
    return bool(value.inner), natural(value.text), value.href
