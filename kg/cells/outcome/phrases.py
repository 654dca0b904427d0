"""Items → names: the words of a measure, of those treated or of an event, as far as they belong together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.cells.outcome.items import AGENT, GROUP, NAME, PHRASE, Chunk, Items
from kg.cells.outcome.number import Number
from kg.cells.outcome.terms import EVENT, MEASURE, WORD, Term, Words
from kg.vocabulary.text import fold

_SINGLE = {AGENT: AGENT, GROUP: GROUP, EVENT: EVENT}
_GLUE = frozenset("-'/+*\"")


def phrase(items: Items, at: int, clause: list[Chunk]) -> int:
    """Add the name that begins at `at`, as far as its words go; return the place behind it."""
    inside: list[Term] = []
    end = at
    while end < len(items.items):
        item = items.items[end]
        if end > at and items.forms[end] in items.words["pronoun"]:
            break
        if isinstance(item, Number):
            if not (end == at or _belongs(items, end)):
                break
            inside.append(Term(WORD, "0", item.start, item.end))
        elif item.kind in PHRASE:
            inside.append(item)
        elif (item.form in _GLUE and inside and _inside(items, end)) or (
            item.form == "." and inside and _abbreviates(items, end)
        ):
            pass
        elif item.kind == "of" and inside and _thing_behind(items, end):
            inside.append(item)
        elif item.kind in ("article", "adverb") and inside and inside[-1].kind == "of":
            pass
        else:
            break
        end += 1
    clause.extend(_named(inside, items.words))
    return end


def opens_name(items: Items, at: int) -> bool:
    """Whether a time is the first word of a name: "28-day mortality"."""
    item = items.items[at]
    if item.kind == "plain" and items.form(at + 1) == "-" and at + 2 < len(items.items):
        glued = items.items[at + 1].start == item.end and items.items[at + 2].start == items.items[at + 1].end
        return glued and items.items[at + 2].kind in (WORD, MEASURE) and items.forms[at + 2] != "fold"
    if item.kind != "time" or at + 1 >= len(items.items):
        return False
    nxt = items.items[at + 1]
    joined = "-" in items.text[item.start : item.end] or "-" in fold(items.text[item.start : item.end])
    return joined and not isinstance(nxt, Number) and nxt.kind in (WORD, MEASURE)


def _belongs(items: Items, at: int) -> bool:
    """Whether a number is part of the name it stands in: "IL-6", "T2 mapping"."""
    item = items.items[at]
    return item.kind == "plain" and items.text[item.start - 1] in "-/" and items.form(at - 1) in ("-", "/")


def _inside(items: Items, at: int) -> bool:
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


def _abbreviates(items: Items, at: int) -> bool:
    """Whether a stop shortens a word of a name: "clin. preg. rate"."""
    nxt = items.items[at + 1] if at + 1 < len(items.items) else None
    short = items.form(at - 1) in items.words["shortened"]
    return short and isinstance(nxt, Term) and nxt.kind in (WORD, MEASURE) and items.text[nxt.start].islower()


def _both_known(items: Items, at: int) -> bool:
    """Whether both sides of a slash are things of their own: "ICSI/ICPI"."""
    left, right = items.items[at - 1], items.items[at + 1] if at + 1 < len(items.items) else None
    if isinstance(left, Number) or right is None or isinstance(right, Number):
        return False
    if left.kind == MEASURE and right.kind == MEASURE:
        return True
    words = items.text[left.start : left.end], items.text[right.start : right.end]
    behind = items.items[at + 2] if at + 2 < len(items.items) else None
    if words[1].islower() and isinstance(behind, Term) and behind.kind in PHRASE:
        return False  # "moderate/severe BPD"
    return all(
        len(word) > 2 and word.isalpha() and (word.isupper() or (word.islower() and len(word) > 3))
        for word in words
    )


def _thing_behind(items: Items, at: int) -> bool:
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
        if isinstance(follows, Number) or follows.kind not in PHRASE:
            break
        last += 1
    final = items.items[last]
    return isinstance(final, Term) and (
        final.kind not in (AGENT, GROUP)
        or any(isinstance(x, Term) and x.kind == MEASURE for x in items.items[nxt : last + 1])
    )


def _named(terms: Sequence[Term], words: Words) -> Iterator[Chunk]:
    """Yield the words as one name, as those treated, as a group, or a name with a verb behind it."""
    if len(terms) == 1:
        if terms[0].form not in words["no-measure"]:
            yield Chunk(_SINGLE.get(terms[0].kind, NAME), terms[0].start, terms[0].end, (terms[0],))
        return
    inside = list(terms)
    while inside and inside[-1].kind == "of":
        inside.pop()
    if (
        len(inside) > 1
        and inside[0].kind == AGENT
        and inside[0].form in words["therapy"]
        and inside[-1].kind == MEASURE
    ):
        del inside[0]
    if len(inside) > 2 and inside[1].kind == "of" and _is_abbreviation(inside[0]):
        del inside[1:]  # "ORR of clinical response"
    cut = next(
        (
            i
            for i in range(len(inside) - 2, -1, -1)
            if inside[i].kind == AGENT and inside[i].form in words["holder"]
        ),
        -1,
    )
    if cut >= 0 and inside[cut + 1].kind != "of":
        yield Chunk(AGENT, inside[0].start, inside[cut].end, tuple(inside[: cut + 1]))
        inside = inside[cut + 1 :]
    verb: Term | None = None
    if (
        (len(inside) > 1 or cut >= 0)
        and inside
        and inside[-1].kind == WORD
        and inside[-1].form.endswith("ed")
        and len(inside[-1].form) > 4
    ):
        verb = inside.pop()
    if inside and not all(term.form in words["no-measure"] for term in inside):
        yield Chunk(_kind(inside, words), inside[0].start, inside[-1].end, tuple(inside))
    if verb:
        yield Chunk("report", verb.start, verb.end, (verb,))


def _is_abbreviation(term: Term) -> bool:
    return term.kind == MEASURE and term.concept is not None and term.form.upper() in term.concept.forms


def _kind(terms: Sequence[Term], words: Words) -> str:
    last = terms[-1]
    if (
        last.kind == AGENT
        and last.form in words["head"]
        and len(terms) > 1
        and terms[-2].kind in (WORD, MEASURE)
    ):
        return NAME
    kinds = {term.kind for term in terms}
    if last.kind == AGENT:
        return NAME if MEASURE in kinds and last.form not in words["whole"] else AGENT
    if last.kind == GROUP:
        return GROUP
    if last.kind == EVENT or (EVENT in kinds and MEASURE not in kinds):
        return EVENT
    return NAME
