"""Text of an outcome cell → terms: words that a vocabulary knows, other words, numbers and marks, with their places."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kg.vocabulary.lexicon import Concept, Lexicon
from kg.vocabulary.namespaces import TKG
from kg.vocabulary.text import fold, word_forms

WORD, NUMBER, MARK = "word", "number", "mark"
MEASURE, EVENT = "measure", "event"

_TOKEN = re.compile(r"\d+(?:[.,·]\d+)+|[^\W_]+|[^\s\w]|_")
_GLUE = frozenset("-.'")
_SHORT = 3
_SCHEMES = ("cue", "adverse-event", "measure")  # of two that know the same words the first one wins
_Trie = dict[str, "_Node"]
Words = Mapping[str, frozenset[str]]
"""Folded words by what they are within a name: the concepts of the scheme `name-word`, by their short names."""


# words of names that are asked for together, so that no list is joined for each cell: name, the lists, further words
_TOGETHER: tuple[tuple[str, tuple[str, ...], frozenset[str]], ...] = (
    ("no-measure", ("statistic", "rate"), frozenset()),
    (
        "qualifier",
        ("statistic", "modifier", "degree", "shared-noun", "rate"),
        frozenset(("serum", "plasma", "csf", "clinical")),
    ),
    ("part", ("subscale", "shared-subscale"), frozenset()),
    ("tail", ("shared-noun", "shared-subscale", "rate"), frozenset()),
    ("figure", ("shared-noun", "rate"), frozenset()),
    ("uncounted", ("amount", "rate"), frozenset()),
    ("holder", ("whole", "owner"), frozenset()),
    ("therapy", ("given",), frozenset(("infusion", "treatment", "therapy"))),
    ("head", ("measured",), frozenset(("cells", "dose"))),
    ("sort", ("event-sort",), frozenset(("term", "short", "long", "intermediate"))),
)


class Term(NamedTuple):
    """One word or several that belong together, `text[start:end]`; `kind` is one of the names above or a word class
    of the vocabulary `cue`; `form` is the folded text of a single word, "" of several."""

    kind: str
    form: str
    start: int
    end: int
    concept: Concept | None = None


_Token = tuple[str, int, int]  # folded word or mark, and its place


class _Entry(NamedTuple):
    kind: str
    concept: Concept


class _Node:
    """What may follow after some words; `other` leads to the same words in the other number."""

    __slots__ = ("capitals", "entry", "next", "other")

    def __init__(self) -> None:
        self.next: _Trie = {}
        self.other: _Trie = {}
        self.entry: _Entry | None = None
        self.capitals: _Entry | None = None  # what the same letters mean in capitals: "OR"


class Tagger:
    """The words of all vocabularies that an outcome cell may use, in one tree, so that a text is walked once."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._root = _Node()
        for scheme in reversed(_SCHEMES):
            for concept in lexicon.concepts(scheme):
                kind = concept.note(TKG.wordClass) or ("measure" if scheme == "measure" else "event")
                for form in concept.forms:
                    self._insert(form, kind, concept)

        self._opening = self._root.next.keys() | self._root.other.keys()
        own = {concept.name: frozenset(map(fold, concept.forms)) for concept in lexicon.concepts("name-word")}
        self.words: Words = own | {
            name: frozenset().union(more, *(own[part] for part in parts)) for name, parts, more in _TOGETHER
        }

    def _insert(self, form: str, kind: str, concept: Concept) -> None:
        node = before = self._root
        word = ""
        for word in word_forms(form):
            before = node
            following = node.next.get(word)
            if following is None:
                following = node.next[word] = _Node()
            node = following
        letters = form.replace(".", "").replace("-", "")
        capitals = len(letters) <= _SHORT and letters.isupper()
        if capitals:
            node.capitals = _Entry(kind, concept)
        else:
            node.entry = _Entry(kind, concept)
        other = word[:-1] if word.endswith("s") else word + "s"
        if capitals or len(min(word, other, key=len)) >= _SHORT:
            before.other[other] = node

    def terms(self, text: str) -> list[Term]:
        """Return the terms of `text` in order; every character but white space belongs to one."""
        flat = fold(text)
        tokens = [(m[0], *m.span()) for m in _TOKEN.finditer(flat)]
        found: list[Term] = []
        at, count, opening = 0, len(tokens), self._opening
        while at < count:
            form, start, end = tokens[at]
            if form in opening:
                behind, entry = self._longest(text, tokens, at)
                if entry is not None:
                    single = form if behind == at + 1 else ""
                    found.append(Term(entry.kind, single, start, tokens[behind - 1][2], entry.concept))
                    at = behind
                    continue
            found.append(Term(_plain(form), form, start, end))
            at += 1
        return found

    def _longest(self, text: str, tokens: Sequence[_Token], at: int) -> tuple[int, _Entry | None]:
        node, best, found = self._root, at, None
        start = tokens[at][1]
        for position in range(at, len(tokens)):
            form, _, end = tokens[position]
            if form in _GLUE and position > at and _glued(tokens, position):
                continue
            following = node.next.get(form)
            entry = _entry(following, text, start, end) if following is not None else None
            if entry is None and (other := node.other.get(form)) is not None:
                entry = _entry(other, text, start, end)
            if entry is not None:
                best, found = position + 1, entry
            if following is None:
                break
            node = following
        return best, found


def _glued(tokens: Sequence[_Token], at: int) -> bool:
    """Return whether the mark at `at` stands inside a word: "TNF-α", "n.s."."""
    return at + 1 < len(tokens) and tokens[at - 1][2] == tokens[at][1] and tokens[at][2] == tokens[at + 1][1]


def _entry(node: _Node, text: str, start: int, end: int) -> _Entry | None:
    if node.capitals is not None and text[start:end].removesuffix("s").isupper():
        return node.capitals
    return node.entry


def _plain(form: str) -> str:
    first = form[0]
    if not first.isalnum():
        return MARK
    if not first.isdigit() or not form.isascii():
        return WORD
    return NUMBER if form.replace(".", "").replace(",", "").isdigit() else WORD
