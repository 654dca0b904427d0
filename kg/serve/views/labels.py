"""Things of the graph → what a reader calls them: a label, their own words, or the last part of their IRI."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.errors import shorten
from kg.vocabulary.namespaces import CSVW, DCTERMS, RDF_TYPE, RDFS, ROOT, SKOS, TKG

_LABELS = (SKOS.prefLabel, RDFS.label, DCTERMS.title)
_SAID = (TKG.verbatim, TKG.quote)  # things without a label are called by the words that they stand for
_DOI = "https://doi.org/"
_LONGEST = 300
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_-]+")
_DIGITS = re.compile(r"(\d{1,18})")
_LARGE = 5  # digits of a number that is easier to read as a power of ten
_ROUND = re.compile(r"([1-9]\d{0,2}?)(0*)")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_DEFAULT = ox.DefaultGraph()


@dataclass(frozen=True, slots=True)
class Name:
    """What a thing is called; `said` when these are words of the source and none of ours."""

    text: str
    said: bool = False


class Labels:
    """Finds the names of things in one store, each once; `prefixes` serve for things without a label."""

    def __init__(self, store: ox.Store, prefixes: Mapping[str, str]) -> None:
        self._store = store
        # of two namespaces that begin alike, the longer one says more
        self._prefixes = dict(sorted(prefixes.items(), key=lambda pair: -len(pair[1])))
        self._names: dict[str, Name] = {}
        self._kinds: dict[str, tuple[str, ...]] = {}

    def name(self, iri: str) -> Name:
        """Return what the thing is called."""
        if iri not in self._names:
            self._names[iri] = self._label(iri) or self._words(iri) or Name(short_name(iri, self._prefixes))
        return self._names[iri]

    def term(self, iri: str) -> str:
        """Return what a class or a property is called, in small letters where it has no label."""
        found = self._label(iri)
        return found.text if found else _CAMEL.sub(" ", local_part(iri)).lower() or iri

    def kinds(self, iri: str) -> tuple[str, ...]:
        """Return the classes of a thing, ours first."""
        if iri not in self._kinds:
            found = {node.value for node in self.objects(iri, RDF_TYPE) if isinstance(node, ox.NamedNode)}
            self._kinds[iri] = tuple(sorted(found, key=lambda kind: (not kind.startswith(ROOT), kind)))
        return self._kinds[iri]

    def kind(self, iri: str) -> str:
        """Return what kind of thing this is, in words; "" when nothing says so."""
        kinds = self.kinds(iri)
        return self.term(kinds[0]) if kinds else ""

    def objects(self, iri: str, predicate: str) -> list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]:
        """Return the objects of a thing's statements with this predicate, in a fixed order."""
        quads = self._store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(predicate), None, _DEFAULT)
        return sorted((quad.object for quad in quads), key=str)

    def only(self, iri: str, predicate: str) -> str:
        """Return the one thing that the thing has for this predicate; "" when it has none or several."""
        found = [node.value for node in self.objects(iri, predicate) if isinstance(node, ox.NamedNode)]
        return found[0] if len(found) == 1 else ""

    def reading(self, iri: str) -> str:
        """Return what a dose amounts to, in figures that a person reads; "" for anything else.

        The words of a cell may have lost what made them clear: 2 × 106 for two million.
        """
        low, high = self._texts(iri, TKG.low), self._texts(iri, TKG.high)
        if not (low and high):
            return ""
        amounts = dict.fromkeys(figure(text) for text in (low[0], high[0]))
        unit = self.only(iri, TKG.unit)
        return f"read as {' to '.join(amounts)} {self.name(unit).text if unit else ''}".strip()

    def known(self, iri: str) -> bool:
        """Whether anything is said of the thing, or it is a graph with a name."""
        try:
            node = ox.NamedNode(iri.partition("#")[0] if iri.startswith(TKG.iri) else iri)
        except ValueError:
            return False
        quads = self._store.quads_for_pattern(node, None, None, _DEFAULT)
        return next(iter(quads), None) is not None or self._store.contains_named_graph(node)

    def _label(self, iri: str) -> Name | None:
        for predicate in _LABELS:
            found = [node for node in self.objects(iri, predicate) if isinstance(node, ox.Literal)]
            if found:
                return Name(min(found, key=_english_first).value)
        return None

    def _words(self, iri: str) -> Name | None:
        texts = self._texts(iri, TKG.verbatim) or self._texts(iri, TKG.quote)
        headers, numbers = self._texts(iri, TKG.header), self._texts(iri, CSVW.rownum)
        if numbers:
            return Name(f"row {numbers[0]}")
        if headers:
            return Name(shorten(f"{headers[0]}: {' '.join(texts) or '(empty)'}", _LONGEST), said=True)
        return Name(shorten(texts[0], _LONGEST), said=True) if texts else None

    def _texts(self, iri: str, predicate: str) -> list[str]:
        found = (node for node in self.objects(iri, predicate) if isinstance(node, ox.Literal))
        return [node.value for node in found if node.value.strip()]


def local_part(iri: str) -> str:
    """Return what follows the last # or / of an IRI, or the IRI."""
    return re.split(r"[#/]", iri.rstrip("#/"))[-1] or iri


def short_name(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return an IRI without its beginning where that is well known: the last part of ours, a DOI, a prefixed name."""
    if iri.startswith(_DOI):
        return f"doi:{iri[len(_DOI) :]}"
    if iri.startswith(ROOT):
        return local_part(iri)
    found = ((p, iri[len(n) :]) for p, n in prefixes.items() if iri.startswith(n) and iri != n)
    return next((f"{prefix}:{local}" for prefix, local in found), iri)


def power(text: str) -> tuple[str, int] | None:
    """Return a large round number as a mantissa and a power of ten, which is easier to read: 2 and 6."""
    found = _ROUND.fullmatch(text)
    if found is None or len(text) < _LARGE:
        return None
    digits = found[1]
    return digits[0] + (f".{digits[1:]}" if len(digits) > 1 else ""), len(text) - 1


def figure(text: str) -> str:
    """Return a number as people write it: 2 × 10⁶."""
    found = power(text)
    return f"{found[0]} × 10{str(found[1]).translate(_RAISED)}" if found else text


def natural(text: str) -> tuple[tuple[bool, int, str], ...]:
    """Return a key that sorts numbers in a text by their value: row 2 before row 12."""
    parts = _DIGITS.split(text)
    return tuple((part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts)


def _english_first(literal: ox.Literal) -> tuple[int, str]:
    language = literal.language or ""
    return (0 if language.startswith("en") else 1 if not language else 2, literal.value)
