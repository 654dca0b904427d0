"""Items → clauses of chunks, cut where a statement ends; brackets hold clauses of their own."""

from __future__ import annotations

from collections.abc import Sequence

from kg.cells.outcome.items import AND, BRACKET, COLON, COMMA, PHRASE, Chunk, Clause, Item, Items
from kg.cells.outcome.number import Number
from kg.cells.outcome.phrases import opens_name, phrase
from kg.cells.outcome.terms import MARK, NUMBER, WORD, Term, Words

_STOPS = frozenset((".", ";", "|", "•", "!", "?", "‖", "·", "※"))
_ENDING = _STOPS | {"-", ":"}
_OPEN = {"(": ")", "[": "]", "{": "}"}
_MARKS = {",": COMMA, "/": AND, "&": AND, "+": AND, ":": COLON, "=": COLON}
# words that only mean more before a colon, behind a number, or alone
_MOSTLY_WORDS = frozenset(("label", "unit", "topic", "verdict"))


def clauses_of(items: Sequence[Item], text: str, words: Words) -> tuple[Clause, ...]:
    """Return the clauses of `text`, cut at marks that end a statement; brackets hold clauses of their own."""
    found: list[Clause] = []
    _fill(Items(_settled(items), text, words), 0, "", found)
    return tuple(found)


def _settled(items: Sequence[Item]) -> list[Item]:
    """Return the items with words that only mean more in one place as plain words in all others."""
    if _MOSTLY_WORDS.isdisjoint([item.kind for item in items]):
        return list(items)
    found: list[Item] = []
    for at, item in enumerate(items):
        if isinstance(item, Term) and item.kind in _MOSTLY_WORDS and not _in_place(items, at):
            item = item._replace(kind=WORD)
        found.append(item)
    return found


def _in_place(items: Sequence[Item], at: int) -> bool:
    item, nxt = items[at], items[at + 1] if at + 1 < len(items) else None
    before = items[at - 1] if at else None
    if item.kind == "label":
        return isinstance(nxt, Term) and nxt.form in (":", "-")
    if item.kind == "unit":
        return isinstance(before, Number)
    if item.kind == "verdict":
        opened = before is None or (isinstance(before, Term) and before.form in (":", ".", ";"))
        return opened and (nxt is None or (isinstance(nxt, Term) and nxt.form in (".", ";", ",")))
    return not (isinstance(nxt, Term) and nxt.kind in PHRASE)


def _fill(items: Items, at: int, closing: str, found: list[Clause]) -> int:
    """Add the clauses from `at` up to the mark `closing`; return the place behind it."""
    clause: list[Chunk] = []
    while at < len(items.items):
        item = items.items[at]
        form = items.forms[at]
        if form and form == closing:
            at += 1
            break
        if form in _OPEN:
            inner: list[Clause] = []
            end = _fill(items, at + 1, _OPEN[form], inner)
            clause.append(Chunk(BRACKET, item.start, items.items[end - 1].end, inner=tuple(inner)))
            at = end
        elif form in _ENDING and _ends(items, at):
            _close(clause, found)
            clause = []
            at += 1
        elif isinstance(item, Number) and opens_name(items, at):
            at = phrase(items, at, clause)
        elif isinstance(item, Number):
            clause.append(Chunk(item.sort, item.start, item.end, number=item))
            at += 1
        elif item.kind in PHRASE:
            at = phrase(items, at, clause)
        else:
            _other(item, clause)
            at += 1
    _close(clause, found)
    return at


def _close(clause: list[Chunk], found: list[Clause]) -> None:
    if clause:
        found.append(tuple(clause))


def _ends(items: Items, at: int) -> bool:
    form = items.form(at)
    if form == "-" and items.spaced(at):
        return items.form(at + 1) != "0"
    if form == ":" and items.items[at - 1].kind == "label":
        return True
    if form not in _STOPS:
        return False
    if form != ".":
        return True
    item = items.items[at]
    if items.form(at - 1) in items.words["shortened"]:
        return False
    if at + 1 < len(items.items) and _shortened(items, at):
        return False
    if item.end < len(items.text) and not items.text[item.end].isspace() and items.form(at + 1).isalnum():
        return len(items.form(at + 1)) > 1 and items.text[item.end].isupper() and len(items.form(at - 1)) > 2
    nxt = at + 1
    return nxt >= len(items.items) or not items.text[items.items[nxt].start].islower()


def _shortened(items: Items, at: int) -> bool:
    """Whether a stop shortens the word before it, because a figure or an arrow follows: "Seizure freq. ↓"."""
    before, nxt = items.items[at - 1], items.items[at + 1]
    if at < 1 or isinstance(before, Number) or before.kind != WORD or before.end - before.start > 9:
        return False
    return nxt.kind == "symbol" or (
        isinstance(nxt, Number) and nxt.sort in ("percent", "count", "shift") and at < 4
    )


def _other(item: Term, clause: list[Chunk]) -> None:
    form = item.form
    if item.kind == MARK:
        kind = _MARKS.get(form)
        if kind:
            clause.append(Chunk(kind, item.start, item.end))
        return
    if item.kind == NUMBER:
        return
    clause.append(Chunk(item.kind, item.start, item.end, (item,), cue=item.concept))
