"""A user's words for concepts, in Turtle, SSSOM or a plain table with tabs → a vocabulary in Turtle.

The plain table has a header `scheme form concept`: in the column that the scheme serves, the form names the concept,
given by its label or its IRI; another label makes a new concept. SSSOM names the concept in `object_id`, by its own
IRI or by the identifier of an ontology that it is mapped to.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from kg.errors import VocabularyError
from kg.vocabulary.lexicon import Concept, Lexicon
from kg.vocabulary.namespaces import SKOS, VOCABULARY
from kg.vocabulary.statements import Own, read_statements
from kg.vocabulary.text import word_forms

_PLAIN = ("scheme", "form", "concept")
_SSSOM = ("subject_label", "object_id")
_MATCHES = (SKOS.exactMatch, SKOS.closeMatch)
_MOST = 16 * 1024 * 1024  # bytes; the shipped vocabularies together have a twentieth of that


class _Word(NamedTuple):
    """One line of a table: its number, the scheme ("" when the concept tells), the form, and the concept's name."""

    line: int
    scheme: str
    form: str
    concept: str


def read_own(path: Path, lexicon: Lexicon) -> Own:
    """Return the vocabulary in `path`; `lexicon` has the schemes and concepts that it can speak of.

    Raises VocabularyError with file, line and what is allowed when a line cannot be understood.
    """
    text = _text(path)
    header = next((line for line in text.splitlines() if line and not line.startswith("#")), "").split("\t")
    if not all(name in header for name in _PLAIN) and not all(name in header for name in _SSSOM):
        return _turtle(path.name, text, lexicon)
    words = list(_plain(path.name, text) if "form" in header else _sssom(path.name, text))
    external = _external(lexicon)
    lines = [line for word in words for line in _statements(word, path.name, lexicon, external)]
    return Own(path.name, "".join(f"{line}\n" for line in dict.fromkeys(lines)))


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()[: _MOST + 1]
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise VocabularyError(
            f"the vocabulary cannot be read: {error}",
            where=str(path),
            allowed="Turtle or a table with tabs in UTF-8",
        ) from error
    if len(data) > _MOST:
        raise VocabularyError(
            "the vocabulary is too large", where=path.name, allowed=f"at most {_MOST} bytes"
        )
    return text


def _turtle(name: str, text: str, lexicon: Lexicon) -> Own:
    known = set(lexicon.schemes())
    for subject, predicate, value in read_statements(name, data=text):
        if predicate == SKOS.inScheme and value.removeprefix(VOCABULARY) not in known:
            raise _wrong(name, 0, f"the scheme of {subject} is not known", value, _schemes(lexicon))
    return Own(name, text)


def _rows(name: str, text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    lines = text.splitlines()
    skipped = next((n for n, line in enumerate(lines) if line and not line.startswith("#")), 0)
    reader = csv.DictReader(lines[skipped:], delimiter="\t", quoting=csv.QUOTE_NONE, restval="")
    for row in reader:
        number = skipped + reader.line_num
        if None in row:
            raise _wrong(
                name, number, "the line has more cells than the header", lines[number - 1], "\\t".join(_PLAIN)
            )
        yield number, {key: value.strip() for key, value in row.items()}


def _plain(name: str, text: str) -> Iterator[_Word]:
    for number, row in _rows(name, text):
        yield _Word(number, row["scheme"], row["form"], row["concept"])


def _sssom(name: str, text: str) -> Iterator[_Word]:
    for number, row in _rows(name, text):
        yield _Word(number, "", row["subject_label"], row["object_id"])


def _statements(word: _Word, name: str, lexicon: Lexicon, external: Mapping[str, Concept]) -> Sequence[str]:
    """Return the statements, in N-Triples, by which a word names its concept."""
    if not word_forms(word.form):
        raise _wrong(name, word.line, "the form has no word in it", word.form, "a word or an abbreviation")
    if word.scheme and word.scheme not in lexicon.schemes():
        raise _wrong(name, word.line, "there is no such scheme", word.scheme, _schemes(lexicon))
    concept = _concept(word, lexicon, external)
    if concept is not None:
        known = word_forms(word.form) == word_forms(concept.label)
        return () if known else [f"<{concept.iri}> <{SKOS.hiddenLabel}> {_literal(word.form)} ."]
    if not word.scheme or not word.concept or ":" in word.concept:
        raise _wrong(
            name, word.line, "no concept has this identifier", word.concept, "the IRI or label of a concept"
        )
    return _new(word)


def _concept(word: _Word, lexicon: Lexicon, external: Mapping[str, Concept]) -> Concept | None:
    if word.concept in external:
        return external[word.concept]
    return lexicon.find(word.scheme, word.concept) if word.scheme and ":" not in word.concept else None


def _external(lexicon: Lexicon) -> dict[str, Concept]:
    """Return the concepts by their IRI, and by the IRIs and short identifiers that they are mapped to."""
    found: dict[str, Concept] = {}
    for scheme in lexicon.schemes():
        for concept in lexicon.concepts(scheme):
            matches = [iri for match in _MATCHES for iri in concept.notes.get(match, ())]
            names = (concept.iri, f"{scheme}:{concept.name}", *matches, *map(_short, matches))
            found.update({name: concept for name in names if name not in found})
    return found


def _short(iri: str) -> str:
    """Return "MONDO:0005011" for an IRI of the OBO library, else the IRI."""
    last = iri.rsplit("/", 1)[-1]
    return last.replace("_", ":", 1) if "/obo/" in iri else iri


def _new(word: _Word) -> Sequence[str]:
    iri = f"<{VOCABULARY}{word.scheme}/own-{sha256(' '.join(word_forms(word.concept)).encode()).hexdigest()[:12]}>"
    lines = [
        f"{iri} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{SKOS.Concept}> .",
        f"{iri} <{SKOS.inScheme}> <{VOCABULARY}{word.scheme}> .",
        f"{iri} <{SKOS.prefLabel}> {_literal(word.concept)} .",
    ]
    same = word_forms(word.form) == word_forms(word.concept)
    return lines if same else [*lines, f"{iri} <{SKOS.hiddenLabel}> {_literal(word.form)} ."]


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"@en'


def _schemes(lexicon: Lexicon) -> str:
    return ", ".join(lexicon.schemes())


def _wrong(name: str, line: int, what: str, raw: str, allowed: str) -> VocabularyError:
    where = f"{name}, line {line}" if line else name
    return VocabularyError(
        what, where=where, raw=raw, allowed=allowed, hint="docs/tables.md shows such a file"
    )
