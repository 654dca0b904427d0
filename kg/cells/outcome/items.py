"""Terms and numbers of a cell → items that can be asked for their neighbours, and the chunks that clauses are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kg.cells.outcome.number import Number
from kg.cells.outcome.terms import EVENT, MEASURE, WORD, Term, Words
from kg.vocabulary.lexicon import Concept

NAME, AGENT, GROUP, BRACKET, COMMA, AND, COLON = "name", "agent", "group", "bracket", "comma", "and", "colon"
PHRASE = frozenset((WORD, MEASURE, EVENT, AGENT, GROUP))
Item = Term | Number


class Chunk(NamedTuple):
    """Part of a clause: `text[start:end]`; `kind` is one of the names above, a word class of `cue`, or the sort of a number.

    `terms` are what a name is made of, `number` the number that it is, `inner` the clauses within a bracket, `cue`
    the concept of a cue.
    """

    kind: str
    start: int
    end: int
    terms: tuple[Term, ...] = ()
    number: Number | None = None
    inner: tuple[Clause, ...] = ()
    cue: Concept | None = None


Clause = tuple[Chunk, ...]


class Items:
    """Terms and numbers of a cell by their places, with its text and the words of names."""

    def __init__(self, items: Sequence[Item], text: str, words: Words) -> None:
        self.items = items
        self.forms = [item.form if isinstance(item, Term) else "0" for item in items]
        self.text = text
        self.words = words

    def form(self, at: int) -> str:
        """Return the folded single word at a place; "0" for a number, "" outside."""
        return self.forms[at] if 0 <= at < len(self.forms) else ""

    def spaced(self, at: int) -> bool:
        """Whether blanks stand on both sides of an item."""
        item = self.items[at]
        before = item.start == 0 or self.text[item.start - 1].isspace()
        return before and (item.end >= len(self.text) or self.text[item.end].isspace())
