"""Text of a disease, route or donor cell → the concepts that it names, their operator and what is unknown.

Words that no vocabulary of the column knows are reported, never skipped silently; a remark in brackets after
a known name stays a remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from kg.cells.common import empty, info, left_over, outside, quoted, unrecognised, warning
from kg.cells.glosses import explained as explained_in_brackets
from kg.cells.yielding import meant
from kg.model import Finding, Mentions, Reading, Span, State
from kg.vocabulary.lexicon import Concept, Lexicon, Match
from kg.vocabulary.marks import is_not_given
from kg.vocabulary.namespaces import TKG
from kg.vocabulary.text import squeeze, words

T = TypeVar("T")
Overrides = Mapping[tuple[str, str], Concept]
"""(scheme, form as `form_key` gives it) → the concept that the table's own legend gives to that form."""

NO_OVERRIDES: Overrides = {}
_WORDS = "and or with plus from of derived the a an in into by via for to at both its human"
GRAMMAR = frozenset(_WORDS.split())
"""Words that join or frame names and never count as unknown."""
# spelt like an abbreviation (IT, AT, hAD), but a word of English unless it stands in capitals
_COMMON = "all are as be did do had has he if is it no not on so up us was we were"
_ENGLISH = GRAMMAR | frozenset(_COMMON.split())
_MAY_END = frozenset({"derived", "human", "both"})
_MAY_NOT_BEGIN = frozenset({"and", "or", "plus", "with", "of", "for"})
_AND = frozenset({"and", "plus", "with", "&", "+", ",", ";", "|"})
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_LONGEST_FORM = 6  # words of an abbreviation in a legend
_SHORT = 3
_NOT_GIVEN = "mark"


@dataclass(frozen=True, slots=True)
class Found:
    """Matches of the asked scheme, and the words that neither they nor the column's other schemes explain."""

    matches: tuple[Match, ...]
    unread: tuple[Span, ...]
    remarks: tuple[Span, ...]
    yielded: tuple[Span, ...] = ()

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where the matches stand, and the names that have given way to one of them."""
        own = tuple(Span(m.start, m.end) for m in self.matches)
        return tuple(sorted((*own, *self.yielded), key=lambda span: span.start)) if self.yielded else own


def form_key(text: str) -> str:
    """Return the form under which two spellings of one abbreviation are equal: its folded words."""
    return " ".join(word.form for word in words(text))


def read_mentions(
    text: str, scheme: str, lexicon: Lexicon, overrides: Overrides = NO_OVERRIDES
) -> Reading[Mentions]:
    """Return all concepts of `scheme` that `text` names, in its order, each once.

    `overrides` are the forms that the table's own legend explains otherwise than the vocabulary does.
    """
    if is_not_given(text, lexicon):
        return empty(Mentions())
    column = scheme.replace("-", "_")
    found = find_mentions(text, scheme, lexicon, overrides)
    if not found.matches:
        return unknown(Mentions(), text, scheme, column)
    value, doubts = join_mentions(text, found.matches, column, lexicon)
    findings = (*doubts, *residue(text, found, column))
    return Reading(value, State.MAPPED, rule_of(text, found), found.spans, found.unread, findings)


# ---------------------------------------------------------------- what is named


def find_mentions(
    text: str, scheme: str, lexicon: Lexicon, overrides: Overrides, explained: Sequence[Span] = ()
) -> Found:
    """Return the forms of `scheme` in `text` and the words that no vocabulary of its column explains.

    `explained` are the words that the caller found in the column's other schemes; without it these are asked.
    """
    matches = tuple(_without_echo(text, _matches(text, scheme, lexicon, overrides)))
    matches = explained_in_brackets(text, matches) if len(matches) > 1 else matches
    used = [*spans_of(matches), *explained]
    unread = _unread(text, used)
    if unread and (small := _small_letters(text, scheme, unread, lexicon)):
        return Found(tuple(sorted((*matches, *small), key=lambda m: m.start)), (), ())
    if unread and not explained:
        for other in _companions(scheme, lexicon):
            used += spans_of(_matches(text, other, lexicon, overrides))
        unread = _unread(text, used)
    if unread and used:
        used += _header_words(text, scheme.replace("-", "_"), used, lexicon)
        unread = _unread(text, used)
    brackets = [m.span() for m in _BRACKETS.finditer(text)] if unread and used else []
    remarks = tuple(span for span in unread if any(a < span.start and span.end < b for a, b in brackets))
    rest = tuple(span for span in unread if span not in remarks)
    return _found(text, matches, rest, remarks, lexicon)


def _found(
    text: str,
    matches: tuple[Match, ...],
    unread: tuple[Span, ...],
    remarks: tuple[Span, ...],
    lexicon: Lexicon,
) -> Found:
    kept = meant(text, matches, lexicon)
    return Found(kept, unread, remarks, spans_of(match for match in matches if match not in kept))


def _may_be_short(written: str) -> bool:
    return len(written) <= _SHORT and written.islower() and written not in _ENGLISH


def _is_english(written: str) -> bool:
    return len(written) <= _SHORT and not written.isupper() and written.lower() in _ENGLISH


def _unread(text: str, used: Sequence[Span]) -> tuple[Span, ...]:
    """Return the stretches that are unknown words, or a joint ("and") that joins nothing at an end."""
    unread = left_over(text, used, GRAMMAR)
    sequence = words(text)
    if not sequence:
        return ()
    first, last = sequence[0], sequence[-1]
    loose = []
    if first.form in _MAY_NOT_BEGIN:
        loose.append(Span(first.start, first.end))
    if last.form in GRAMMAR - _MAY_END and len(sequence) > 1:
        loose.append(Span(last.start, last.end))
    loose = [span for span in loose if all(span.end <= u.start or u.end <= span.start for u in used)]
    return tuple(sorted((*unread, *loose), key=lambda span: span.start)) if loose else unread


def _header_words(text: str, column: str, used: Sequence[Span], lexicon: Lexicon) -> list[Span]:
    """Return words of the column's own header that touch a name: "intrathecal administration"."""
    own = [m for m in lexicon.scan("column", text) if m.concept.notation == column]
    return [Span(m.start, m.end) for m in own if any(_touch(text, m, span) for span in used)]


def _touch(text: str, match: Match, span: Span) -> bool:
    between = text[span.end : match.start] if span.end <= match.start else text[match.end : span.start]
    return not between.strip(" -")


def _matches(text: str, scheme: str, lexicon: Lexicon, overrides: Overrides) -> tuple[Match, ...]:
    matches = tuple(m for m in lexicon.scan(scheme, text) if not _is_english(text[m.start : m.end]))
    own = {key: concept for (name, key), concept in overrides.items() if name == scheme}
    if not own:
        return matches
    changed = [Match(own.get(form_key(text[m.start : m.end]), m.concept), m.start, m.end) for m in matches]
    changed += _legend_matches(text, spans_of(matches), own)
    return tuple(sorted(changed, key=lambda m: m.start))


def _small_letters(text: str, scheme: str, unread: Sequence[Span], lexicon: Lexicon) -> tuple[Match, ...]:
    """Read "iv and intranasal": short abbreviations in small letters, where they leave nothing unread."""
    found: list[Match] = []
    for span in unread:
        written = text[span.start : span.end]
        concept = lexicon.find(scheme, written) if _may_be_short(written) else None
        if concept is None:
            return ()
        found.append(Match(concept, span.start, span.end))
    return tuple(found)


def _legend_matches(text: str, used: Sequence[Span], own: Mapping[str, Concept]) -> Iterator[Match]:
    rest = outside(words(text), used)
    at = 0
    while at < len(rest):
        step = 1
        for end in range(min(len(rest), at + _LONGEST_FORM), at, -1):
            run = [word for word in rest[at:end] if word is not None]
            concept = own.get(" ".join(word.form for word in run)) if len(run) == end - at else None
            if concept and _as_abbreviation(text[run[0].start : run[-1].end]):
                yield Match(concept, run[0].start, run[-1].end)
                step = end - at
                break
        at += step


def _as_abbreviation(written: str) -> bool:
    return len(written) > _SHORT or any(char.isupper() or char == "." for char in written)


def _without_echo(text: str, matches: Iterable[Match]) -> Iterator[Match]:
    """Drop a form that only repeats the one before it: in "UC UC" the second belongs to another cell."""
    last: Match | None = None
    for match in matches:
        if last is None or not _repeats(text, last, match):
            yield match
            last = match


def _repeats(text: str, last: Match, match: Match) -> bool:
    if last.concept != match.concept or text[last.end : match.start].strip():
        return False
    return form_key(text[last.start : last.end]) == form_key(text[match.start : match.end])


@lru_cache(maxsize=64)
def _companions(scheme: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the other schemes of the columns that `scheme` serves, but not the marks of empty cells."""
    found: dict[str, None] = {}
    for column in lexicon.concepts("column"):
        for key in (column.notation, column.name):
            names = lexicon.schemes(key) if key else ()
            found.update(dict.fromkeys(names if scheme in names else ()))
    return tuple(name for name in found if name not in (scheme, _NOT_GIVEN))


def join_mentions(
    text: str, matches: Sequence[Match], column: str, lexicon: Lexicon
) -> tuple[Mentions, tuple[Finding, ...]]:
    """Return the concepts of `matches`, each once, with their operator, and what is doubtful about it."""
    concepts: dict[Concept, None] = {}
    joints: list[str] = []
    for at, match in enumerate(matches):
        parts = [lexicon.concept(iri) for iri in match.concept.notes.get(TKG.combines, ())] or [match.concept]
        fresh = [part for part in parts if part not in concepts]
        if fresh and concepts:
            joints.append(_joint(text[matches[at - 1].end : match.start]))
        joints += ["and"] * (len(fresh) - 1)
        concepts.update(dict.fromkeys(fresh))
    operator = next((word for word in ("or", "", "and") if word in joints), "")
    unclear = joints and not operator
    message = f"{squeeze(text)!r} does not say whether its parts go together (and) or are alternatives (or)"
    doubts = (info("operator-unclear", column, message, text),) if unclear else ()
    return Mentions(tuple(concepts), operator), doubts


def _joint(gap: str) -> str:
    """Return how two names are joined: "or", "and" (side by side too), "" where a slash leaves it open."""
    forms = {word.form for word in words(gap)}
    if "or" in forms:
        return "or"
    return "" if "/" in forms and not forms & _AND else "and"


def rule_of(text: str, found: Found) -> str:
    """Return the rule: one name, a list, or names side by side (less sure than a list)."""
    if len(found.matches) == 1:
        return "concept.single"
    gaps = [text[a.end : b.start] for a, b in zip(found.matches, found.matches[1:], strict=False)]
    return "concept.list" if all(gap.strip() for gap in gaps) else "concept.side-by-side"


# ---------------------------------------------------------------- what is doubtful


def residue(text: str, found: Found, column: str) -> tuple[Finding, ...]:
    """Return the findings for unread words and for remarks in brackets."""
    findings = []
    if found.unread:
        message = f"no vocabulary knows {quoted(text, found.unread)} in {squeeze(text)!r}"
        hint = "add the word to the vocabulary of this column, or correct the cell"
        words = tuple(squeeze(text[span.start : span.end]) for span in found.unread)
        findings.append(replace(warning("word-unknown", column, message, text, hint), words=words))
    if found.remarks:
        message = f"kept as a remark: {quoted(text, found.remarks)}"
        findings.append(info("remark-in-brackets", column, message, text))
    return tuple(findings)


def unknown(value: T, text: str, scheme: str, column: str) -> Reading[T]:
    """Return the reading of a cell in which the vocabulary `scheme` names nothing."""
    message = f"no {scheme} of the vocabulary is named in {squeeze(text)!r}"
    hint = "add the word to the vocabulary, or correct the cell; nothing is guessed"
    finding = replace(warning("concept-unknown", column, message, text, hint), words=(squeeze(text),))
    return unrecognised(value, "concept.unknown", text, finding)


def spans_of(matches: Iterable[Match]) -> tuple[Span, ...]:
    """Return where `matches` stand."""
    return tuple(Span(match.start, match.end) for match in matches)
