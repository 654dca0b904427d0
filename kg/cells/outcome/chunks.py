"""Terms and numbers → clauses of chunks: names of measures, those treated, events, cues, numbers and brackets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.cells.outcome.figures import Number
from kg.cells.outcome.terms import EVENT, MARK, MEASURE, NUMBER, WORD, Term
from kg.vocabulary.lexicon import Concept
from kg.vocabulary.text import fold

NAME, AGENT, GROUP, BRACKET, COMMA, AND, COLON = "name", "agent", "group", "bracket", "comma", "and", "colon"

_STOPS = frozenset((".", ";", "|", "•", "!", "?", "‖", "·", "※"))
_OPEN = {"(": ")", "[": "]", "{": "}"}
_GLUE = frozenset("-'/+*\"")
_PHRASE = frozenset((WORD, MEASURE, EVENT, AGENT, GROUP))
_MOSTLY_WORDS = frozenset(
    ("label", "unit", "topic", "verdict")
)  # what they are elsewhere than before a colon, behind a number, alone
_ABBREVIATED = frozenset(
    ["vs", "pts", "pt", "wk", "wks", "mo", "mos", "yr", "yrs", "no", "e.g", "i.e", "ca", "approx", "al", "conv", "resp", "fig", "hosp", "grp", "diff", "sig", "clin", "preg", "inc", "prob", "inj", "treat", "respirat", "spont", "esp", "incl", "incr", "decr", "improv", "med", "min", "max", "avg", "st", "dr"]
)
_DASHES = frozenset("-")
_VERB_ENDS = ("ed",)


class Chunk(NamedTuple):
    """Part of a clause: `text[start:end]`; `kind` is one of the names above, a word class of `cue`, or the sort of a number.

    `terms` are what a name is made of, `number` the number that it is, `inner` the clauses within a bracket, `cue` the concept of a cue.
    """

    kind: str
    start: int
    end: int
    terms: tuple[Term, ...] = ()
    number: Number | None = None
    inner: tuple[Clause, ...] = ()
    cue: Concept | None = None


Clause = tuple[Chunk, ...]
_Item = Term | Number


def clauses_of(items: Sequence[_Item], text: str) -> tuple[Clause, ...]:
    """Return the clauses of `text`, cut at marks that end a statement; brackets hold clauses of their own."""
    found: list[Clause] = []
    _fill(_Items(_settled(items), text), 0, "", found)
    return tuple(found)


def _settled(items: Sequence[_Item]) -> list[_Item]:
    """Return the items with words that only mean more in one place as plain words in all others."""
    found: list[_Item] = []
    for at, item in enumerate(items):
        if isinstance(item, Term) and item.kind in _MOSTLY_WORDS and not _in_place(items, at):
            item = item._replace(kind=WORD)
        found.append(item)
    return found


def _in_place(items: Sequence[_Item], at: int) -> bool:
    item, nxt = items[at], items[at + 1] if at + 1 < len(items) else None
    before = items[at - 1] if at else None
    if item.kind == "label":
        return isinstance(nxt, Term) and nxt.form in (":", "-")
    if item.kind == "unit":
        return isinstance(before, Number)
    if item.kind == "verdict":
        opened = before is None or (isinstance(before, Term) and before.form in (":", ".", ";"))
        return opened and (nxt is None or (isinstance(nxt, Term) and nxt.form in (".", ";", ",")))
    return not (isinstance(nxt, Term) and nxt.kind in _PHRASE)


class _Items:
    def __init__(self, items: Sequence[_Item], text: str) -> None:
        self.items = items
        self.text = text

    def form(self, at: int) -> str:
        if not 0 <= at < len(self.items):
            return ""
        item = self.items[at]
        return item.form if isinstance(item, Term) else "0"

    def spaced(self, at: int) -> bool:
        """Whether blanks stand on both sides of an item."""
        item = self.items[at]
        before = item.start == 0 or self.text[item.start - 1].isspace()
        return before and (item.end >= len(self.text) or self.text[item.end].isspace())


def _fill(items: _Items, at: int, closing: str, found: list[Clause]) -> int:
    """Add the clauses from `at` up to the mark `closing`; return the place behind it."""
    clause: list[Chunk] = []
    while at < len(items.items):
        item = items.items[at]
        form = items.form(at)
        if form and form == closing:
            at += 1
            break
        if form in _OPEN:
            inner: list[Clause] = []
            end = _fill(items, at + 1, _OPEN[form], inner)
            clause.append(Chunk(BRACKET, item.start, items.items[end - 1].end, inner=tuple(inner)))
            at = end
        elif _ends(items, at):
            _close(clause, found)
            clause = []
            at += 1
        elif isinstance(item, Number) and _opens_name(items, at):
            at = _phrase(items, at, clause)
        elif isinstance(item, Number):
            clause.append(Chunk(item.sort, item.start, item.end, number=item))
            at += 1
        elif item.kind in _PHRASE:
            at = _phrase(items, at, clause)
        else:
            _other(items, at, item, clause)
            at += 1
    _close(clause, found)
    return at


def _close(clause: list[Chunk], found: list[Clause]) -> None:
    if clause:
        found.append(tuple(clause))


def _ends(items: _Items, at: int) -> bool:
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
    if items.form(at - 1) in _ABBREVIATED:
        return False
    if at + 1 < len(items.items) and _shortened(items, at):
        return False
    if item.end < len(items.text) and not items.text[item.end].isspace() and items.form(at + 1).isalnum():
        return len(items.form(at + 1)) > 1 and items.text[item.end].isupper() and len(items.form(at - 1)) > 2
    nxt = at + 1
    return nxt >= len(items.items) or not items.text[items.items[nxt].start].islower()


def _shortened(items: _Items, at: int) -> bool:
    """Whether a stop shortens the word before it, because a figure or an arrow follows: "Seizure freq. ↓"."""
    before, nxt = items.items[at - 1], items.items[at + 1]
    if at < 1 or isinstance(before, Number) or before.kind != WORD or before.end - before.start > 9:
        return False
    return (
        nxt.kind == "symbol"
        or (isinstance(nxt, Number)
        and nxt.sort in ("percent", "count", "shift")
        and at < 4)
    )


def _other(items: _Items, at: int, item: Term, clause: list[Chunk]) -> None:
    form = item.form
    if item.kind == MARK:
        kind = {",": COMMA, "/": AND, "&": AND, "+": AND, ":": COLON, "=": COLON, "→": "arrow"}.get(form)
        if kind:
            clause.append(Chunk(kind, item.start, item.end))
        return
    if item.kind == NUMBER:
        return
    clause.append(Chunk(item.kind, item.start, item.end, (item,), cue=item.concept))


# ---------------------------------------------------------------- names


def _phrase(items: _Items, at: int, clause: list[Chunk]) -> int:
    """Add the name that begins at `at`, as far as its words go; return the place behind it."""
    inside: list[Term] = []
    end = at
    while end < len(items.items):
        item = items.items[end]
        if isinstance(item, Number):
            if not (end == at or _belongs(items, end)):
                break
            inside.append(Term(WORD, "0", item.start, item.end))
        elif item.kind in _PHRASE:
            inside.append(item)
        elif (item.form in _GLUE and inside and _inside(items, end)) or (item.form == "." and inside and _abbreviates(items, end)):
            pass
        elif item.kind == "of" and inside and _thing_behind(items, end):
            inside.append(item)
        elif item.kind in ("article", "adverb") and inside and inside[-1].kind == "of":
            pass
        else:
            break
        end += 1
    clause.extend(_named(inside))
    return end


def _opens_name(items: _Items, at: int) -> bool:
    """Whether a time is the first word of a name: "28-day mortality"."""
    item = items.items[at]
    if item.kind == "plain" and items.form(at + 1) == "-" and at + 2 < len(items.items):
        glued = items.items[at + 1].start == item.end and items.items[at + 2].start == items.items[at + 1].end
        return glued and items.items[at + 2].kind in (WORD, MEASURE)
    if item.kind != "time" or at + 1 >= len(items.items):
        return False
    nxt = items.items[at + 1]
    joined = "-" in items.text[item.start : item.end] or "-" in fold(items.text[item.start : item.end])
    return joined and not isinstance(nxt, Number) and nxt.kind in (WORD, MEASURE)


def _belongs(items: _Items, at: int) -> bool:
    """Whether a number is part of the name it stands in: "IL-6", "T2 mapping"."""
    item = items.items[at]
    return item.kind == "plain" and items.text[item.start - 1] in "-/" and items.form(at - 1) in ("-", "/")


def _inside(items: _Items, at: int) -> bool:
    """Whether a mark stands within a word: "D/P creatinine", "CD31+ T cells"."""
    item = items.items[at]
    text = items.text
    before = item.start > 0 and not text[item.start - 1].isspace()
    behind = item.end < len(text) and not text[item.end].isspace()
    form = items.form(at)
    if form == '"':
        return before or behind
    if form == "+":
        return before or items.form(at - 1).startswith("cd")
    if not (before and behind):
        return False
    return form != "/" or not _both_known(items, at)


def _abbreviates(items: _Items, at: int) -> bool:
    """Whether a stop shortens a word of a name: "clin. preg. rate"."""
    nxt = items.items[at + 1] if at + 1 < len(items.items) else None
    short = items.form(at - 1) in _ABBREVIATED
    return short and isinstance(nxt, Term) and nxt.kind in (WORD, MEASURE) and items.text[nxt.start].islower()


def _both_known(items: _Items, at: int) -> bool:
    """Whether both sides of a slash are things of their own: "ICSI/ICPI"."""
    left, right = items.items[at - 1], items.items[at + 1] if at + 1 < len(items.items) else None
    if isinstance(left, Number) or right is None or isinstance(right, Number):
        return False
    if left.kind == MEASURE and right.kind == MEASURE:
        return True
    words = items.text[left.start : left.end], items.text[right.start : right.end]
    behind = items.items[at + 2] if at + 2 < len(items.items) else None
    if words[1].islower() and isinstance(behind, Term) and behind.kind in _PHRASE:
        return False  # "moderate/severe BPD"
    return all(
        len(word) > 2 and word.isalpha() and (word.isupper() or (word.islower() and len(word) > 3))
        for word in words
    )


def _thing_behind(items: _Items, at: int) -> bool:
    """Whether "of" goes on with a thing, not with those treated: "volume of infarct", not "symptoms of patients"."""
    nxt = at + 1
    while nxt < len(items.items):
        item = items.items[nxt]
        if isinstance(item, Number) or item.kind not in ("article", "adverb"):
            break
        nxt += 1
    if nxt >= len(items.items):
        return False
    item = items.items[nxt]
    if isinstance(item, Number) or item.kind not in (WORD, MEASURE, EVENT):
        return False
    last = nxt
    while last + 1 < len(items.items):
        follows = items.items[last + 1]
        if isinstance(follows, Number) or follows.kind not in _PHRASE:
            break
        last += 1
    final = items.items[last]
    return isinstance(final, Term) and (
        final.kind not in (AGENT, GROUP)
        or any(isinstance(x, Term) and x.kind == MEASURE for x in items.items[nxt : last + 1])
    )


def _named(terms: Sequence[Term]) -> Iterator[Chunk]:
    """Yield the words as one name, as those treated, as a group, or a name with a verb behind it."""
    inside = list(terms)
    while inside and inside[-1].kind == "of":
        inside.pop()
    if (
        len(inside) > 1
        and inside[0].kind == AGENT
        and inside[0].form in _GIVEN
        and inside[-1].kind == MEASURE
    ):
        del inside[0]
    if (
        len(inside) > 2
        and inside[0].kind == MEASURE
        and inside[1].kind == "of"
        and inside[0].concept is not None
    ):
        if inside[0].form.upper() in inside[0].concept.forms:
            del inside[1:]  # "ORR of clinical response"
    cut = next(
        (i for i in range(len(inside) - 2, -1, -1) if inside[i].kind == AGENT and inside[i].form in _WHO), -1
    )
    if cut >= 0 and inside[cut + 1].kind != "of":
        yield Chunk(AGENT, inside[0].start, inside[cut].end, tuple(inside[: cut + 1]))
        inside = inside[cut + 1 :]
    verb: Term | None = None
    if (
        len(inside) > 1
        and inside[-1].kind == WORD
        and inside[-1].form.endswith(_VERB_ENDS)
        and len(inside[-1].form) > 4
    ):
        verb = inside.pop()
    if inside and not all(term.form in _STATISTICS for term in inside):
        yield Chunk(_kind(inside), inside[0].start, inside[-1].end, tuple(inside))
    if verb:
        yield Chunk("report", verb.start, verb.end, (verb,))


def _kind(terms: Sequence[Term]) -> str:
    last = terms[-1]
    if last.kind == AGENT and last.form in _HEADS and len(terms) > 1 and terms[-2].kind in (WORD, MEASURE):
        return NAME
    kinds = {term.kind for term in terms}
    if last.kind == AGENT:
        return NAME if MEASURE in kinds and last.form not in _WHOLE else AGENT
    if last.kind == GROUP:
        return GROUP
    if last.kind == EVENT or (EVENT in kinds and MEASURE not in kinds):
        return EVENT
    return NAME


_STATISTICS = frozenset("median mean average range target total".split())
_WHO = frozenset(
    ["group", "groups", "arm", "arms", "cohort", "patients", "participants", "subjects", "exosome", "exosomes", "msc", "mscs", "ev", "evs"]
)
_GIVEN = frozenset(["infusion", "treatment", "transplant", "transplantation", "injection", "therapy"])
_HEADS = frozenset(["cell", "cells", "time", "times", "grade", "grades", "dose", "duration", "days", "weeks"])
_WHOLE = frozenset(["group", "groups", "arm", "cohort", "patient", "patients", "subjects", "participants", "treatment", "therapy"])
