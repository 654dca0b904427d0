"""The lexicon: SKOS files of ontology/vocabulary/ → concepts and the forms that name them in a column.

A concept scheme says with `tkg:servesColumn` in which columns its concepts may stand, so that "UC" is
ulcerative colitis under Disease and umbilical cord under Cell source. Forms are the prefLabel, altLabels and
hiddenLabels; a form that is also a `tkg:columnForm` is too ambiguous to be looked for outside those columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import VocabularyError
from kg.vocabulary.collection import no_collection
from kg.vocabulary.namespaces import RDF_TYPE, SKOS, TKG, VOCABULARY
from kg.vocabulary.statements import Own, read_statements
from kg.vocabulary.text import Word, word_forms, words

_FIELDS = frozenset(
    [RDF_TYPE, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.inScheme, SKOS.broader, SKOS.notation]
)
_LABELS = frozenset([SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel])
_Properties = dict[str, dict[str, list[str]]]
_Form = tuple[str, tuple[str, ...]]  # scheme, folded words
_SHORT = 3  # an abbreviation of up to so many letters is only read when it is written in capitals


@dataclass(frozen=True, slots=True, eq=False)
class Concept:
    """One SKOS concept. `scheme` is the scheme's short name ("disease"); two concepts are equal by IRI.

    `notes` holds every further literal or IRI of the concept, by the full IRI of its property, sorted.
    """

    iri: str
    scheme: str
    label: str
    notation: str = ""
    forms: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Concept) and other.iri == self.iri

    def __hash__(self) -> int:
        return hash(self.iri)

    def __lt__(self, other: Concept) -> bool:
        return self.iri < other.iri

    @property
    def name(self) -> str:
        """The last part of the IRI, e.g. `crohn-disease`."""
        return self.iri.rsplit("/", 1)[-1]

    def note(self, prop: str) -> str:
        """Return the first value of the property with this IRI, or "" when the concept has none."""
        values = self.notes.get(prop, ())
        return values[0] if values else ""


@dataclass(frozen=True, slots=True)
class Match:
    """A surface form found in a text: `text[start:end]` names `concept`."""

    concept: Concept
    start: int
    end: int


class Lexicon:
    """Concepts by IRI and by scheme, and the search for their surface forms. Immutable once made."""

    def __init__(
        self, concepts: Iterable[Concept], columns: Mapping[str, frozenset[str]], own: tuple[Own, ...] = ()
    ) -> None:
        """Index `concepts`; `columns` maps a scheme's name to the record keys of the columns it serves.

        `own` are the user's vocabularies among them, for the graph that has to explain its words. Raises
        VocabularyError when one form names two concepts of one scheme.
        """
        self.own = own
        self._concepts = {c.iri: c for c in sorted(concepts)}
        self._columns = dict(columns)
        self._by_scheme: dict[str, list[Concept]] = {}
        self._tries: dict[str, _Node] = {}
        self._words: dict[str, set[str]] = {}
        for concept in self._concepts.values():
            self._by_scheme.setdefault(concept.scheme, []).append(concept)
            trie = self._tries.setdefault(concept.scheme, _Node())
            known = self._words.setdefault(concept.scheme, set())
            for form in concept.forms:
                known.update(trie.insert(form, concept, form in concept.notes.get(TKG.columnForm, ())))

    def concept(self, iri: str) -> Concept:
        """Return the concept with this IRI; KeyError when there is none."""
        return self._concepts[iri]

    def named(self, scheme: str, name: str) -> Concept:
        """Return the concept `name` of `scheme`, e.g. ("route", "intravenous"); KeyError if there is none."""
        return self._concepts[f"{VOCABULARY}{scheme}/{name}"]

    def concepts(self, scheme: str) -> tuple[Concept, ...]:
        """Return the concepts of a scheme, ordered by IRI; empty for a scheme that does not exist."""
        return tuple(self._by_scheme.get(scheme, ()))

    def schemes(self, column: str = "") -> tuple[str, ...]:
        """Return the names of all schemes, or of those that serve the column with this record key, ordered.

        The key is the notation of the column's concept: "cell_source", "trial_number".
        """
        names = sorted(self._by_scheme)
        return tuple(n for n in names if not column or column in self._columns.get(n, ()))

    def ancestors(self, concept: Concept) -> tuple[Concept, ...]:
        """Return every broader concept of `concept`, nearest first, each once."""
        found: dict[str, None] = {}
        queue = list(concept.broader)
        while queue:
            iri = queue.pop(0)
            if iri not in found and iri in self._concepts:
                found[iri] = None
                queue.extend(self._concepts[iri].broader)
        return tuple(self._concepts[iri] for iri in found)

    def knows(self, scheme: str, word: str) -> bool:
        """Return whether a form of the scheme contains this folded word, in singular or plural."""
        known = self._words.get(scheme, set())
        return word in known or word + "s" in known or word.removesuffix("s") in known

    def find(self, scheme: str, text: str) -> Concept | None:
        """Return the concept that the whole of `text` names, or None; letter case does not matter here."""
        sequence = words(text)
        hits = [hit for hit in self._walk(scheme, sequence, 0) if hit[0] == len(sequence)]
        return hits[-1][1].concept if hits else None

    def scan(self, scheme: str, text: str, *, free_text: bool = False) -> tuple[Match, ...]:
        """Return the forms found in `text`, longest first from the left, never overlapping or inside a word.

        With `free_text`, forms that mean this only in their own column are left out, and short
        abbreviations must be written in capitals as the vocabulary has them ("It" is not intrathecal).
        """
        return tuple(self._scan(scheme, text, words(text), free_text))

    def _scan(self, scheme: str, text: str, sequence: tuple[Word, ...], free_text: bool) -> Iterator[Match]:
        opens = self._tries[scheme].next if scheme in self._tries else {}
        at = 0
        while at < len(sequence):
            form = sequence[at].form
            if form not in opens and (form[:-1] if form.endswith("s") else form + "s") not in opens:
                at += 1  # most words of a text open no form
                continue
            best = 0
            for end, entry in self._walk(scheme, sequence, at):
                first, last = sequence[at].start, sequence[end - 1].end
                if entry.fits(text[first:last], whole=end - at == len(sequence), free_text=free_text):
                    best, chosen = end, entry
            if best:
                yield Match(chosen.concept, sequence[at].start, sequence[best - 1].end)
            at = best or at + 1

    def _walk(self, scheme: str, sequence: tuple[Word, ...], at: int) -> Iterator[tuple[int, _Entry]]:
        node = self._tries.get(scheme)
        for end in range(at, len(sequence)):
            if node is None:
                return
            form = sequence[end].form
            following = node.next.get(form)
            if following is not None and following.entry is not None:
                yield end + 1, following.entry
            elif (entry := node.in_other_number(form)) is not None:
                yield end + 1, entry
            node = following


@dataclass(frozen=True, slots=True)
class _Entry:
    concept: Concept
    abbreviation: bool  # short, and only ever written in capitals
    column_only: bool

    def fits(self, written: str, *, whole: bool, free_text: bool) -> bool:
        if free_text and self.column_only:
            return False
        if whole or not self.abbreviation or "." in written:
            return True
        # "It" opens a sentence and "Au" a cell, so only a column may write an abbreviation with one capital
        return written.removesuffix("s").isupper() if free_text else any(c.isupper() for c in written)


class _Node:
    __slots__ = ("entry", "next")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.entry: _Entry | None = None

    def in_other_number(self, word: str) -> _Entry | None:
        """Return the entry behind the singular of `word`, or behind its plural when it is no abbreviation."""
        other = word[:-1] if word.endswith("s") else f"{word}s" if len(word) > _SHORT else ""
        node = self.next.get(other)
        return node.entry if node is not None else None

    def insert(self, form: str, concept: Concept, column_only: bool) -> list[str]:
        """Let `form` name `concept`; return its folded words."""
        node, inside = self, word_forms(form)
        for word in inside:
            following = node.next.get(word)
            if following is None:
                following = node.next[word] = _Node()
            node = following
        if node is self:
            raise VocabularyError(f"the form {form!r} of {concept.iri} has no word in it")
        known = node.entry
        if known is not None and known.concept != concept:
            raise VocabularyError(
                f"the form {form!r} names two concepts of the scheme {concept.scheme}",
                raw=f"{known.concept.iri} and {concept.iri}",
                hint="keep it with one of them; a form may name one concept in each scheme",
            )
        letters = form.replace(".", "")
        abbreviation = len(letters) <= _SHORT and letters.isupper()
        if known is not None:  # of two spellings of one form, the freer one holds
            abbreviation, column_only = abbreviation and known.abbreviation, column_only and known.column_only
        node.entry = _Entry(concept, abbreviation, column_only)
        return inside


def load_lexicon(files: Iterable[Path], own: Sequence[Own] = ()) -> Lexicon:
    """Read SKOS files in Turtle into a lexicon; raise VocabularyError where they contradict themselves.

    `own` are a user's vocabularies. A form that they give to a concept is taken from every other concept of the
    same scheme: the user's word wins.
    """
    with no_collection():  # nothing of a lexicon is garbage, and looking for some takes a third of the time
        properties: _Properties = {}
        for subject, predicate, value in _all_statements(files, own):
            properties.setdefault(subject, {}).setdefault(predicate, []).append(value)
        schemes = {s: p for s, p in properties.items() if SKOS.ConceptScheme in p.get(RDF_TYPE, ())}
        columns = {
            _short(iri): frozenset(_key(column, properties) for column in p.get(TKG.servesColumn, ()))
            for iri, p in schemes.items()
        }
        owners = _owners(own, properties)
        concepts = [
            _concept(s, p, owners) for s, p in properties.items() if SKOS.Concept in p.get(RDF_TYPE, ())
        ]
        return Lexicon(concepts, columns, tuple(own))


def _all_statements(files: Iterable[Path], own: Iterable[Own]) -> Iterator[tuple[str, str, str]]:
    for path in files:
        yield from read_statements(path.name, path=str(path))
    for one in own:
        yield from read_statements(one.name, data=one.turtle)


def _owners(own: Iterable[Own], properties: _Properties) -> Mapping[_Form, str]:
    """Return which concept a user gave each form to, by scheme and folded words."""
    return {
        (_short(scheme), tuple(word_forms(value))): subject
        for one in own
        for subject, predicate, value in read_statements(one.name, data=one.turtle)
        if predicate in _LABELS
        for scheme in properties[subject].get(SKOS.inScheme, [])
    }


def _concept(iri: str, properties: dict[str, list[str]], owners: Mapping[_Form, str]) -> Concept:
    labels = properties.get(SKOS.prefLabel, [])
    schemes = properties.get(SKOS.inScheme, [])
    if len(labels) != 1 or len(schemes) != 1:
        raise VocabularyError(f"{iri} must have exactly one skos:prefLabel and one skos:inScheme")
    forms = labels + sorted(properties.get(SKOS.altLabel, [])) + sorted(properties.get(SKOS.hiddenLabel, []))
    scheme = _short(schemes[0])
    stray = sorted(set(properties.get(TKG.columnForm, ())).difference(forms))
    if stray:
        raise VocabularyError(f"the tkg:columnForm of {iri} must also be one of its labels", raw=stray[0])
    if owners:
        forms = [form for form in forms if owners.get((scheme, tuple(word_forms(form))), iri) == iri]
    return Concept(
        iri=iri,
        scheme=scheme,
        label=labels[0],
        notation=min(properties.get(SKOS.notation, [""])),
        forms=tuple(dict.fromkeys(forms)),
        broader=tuple(sorted(properties.get(SKOS.broader, []))),
        notes={p: tuple(sorted(v)) for p, v in sorted(properties.items()) if p not in _FIELDS},
    )


def _key(column: str, properties: _Properties) -> str:
    return min(properties.get(column, {}).get(SKOS.notation, [_short(column)]))


def _short(iri: str) -> str:
    return iri.removesuffix("/").rsplit("/", 1)[-1]
