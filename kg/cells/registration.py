"""Text of a trial-number cell → registration numbers with registry and validity, never corrected by guess.

What a number looks like stands in the vocabulary of registries: `tkg:pattern` is the registry's own format,
`tkg:searchPattern` finds numbers that miss it, `tkg:numberStem` the letters that open it. A number that
differs from its format only by blanks, dashes or letter case is written in that format; any other is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from kg.cells.common import empty, info, left_over, quoted, unrecognised, warning
from kg.cells.pattern import describe_pattern
from kg.cells.registry import Registry, registries, registry_of_header, spread_out
from kg.model import Finding, Reading, Registration, Severity, Span, State
from kg.vocabulary.lexicon import Concept, Lexicon
from kg.vocabulary.marks import is_not_given
from kg.vocabulary.namespaces import TKG
from kg.vocabulary.text import fold, squeeze

COLUMN = "trial_number"
_CONNECTORS = frozenset({"and", "or", "with", "as", "in"})
_TOKEN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9/._-]*[A-Za-z0-9])?")
_DATE = re.compile(r"\d{4}-\d\d?-\d\d?|\d\d?[./]\d\d?[./]\d{4}|[\d.]+|10\.\d{4,9}/.*")
_LIKE_DIGITS = re.compile(r"[OoIl][\dOoIl]*(?!\w)")  # written for a zero or a one
_RUN = re.compile(r"[^\W_]+")
_LEAST_DIGITS = 5  # fewer are a year, a count or the mark of a footnote
_URL = re.compile(r"https?://[^\s,;]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Hit:
    registry: Registry | None
    start: int
    end: int
    number: str
    valid: bool


def read_registrations(text: str, lexicon: Lexicon, header: str = "") -> Reading[tuple[Registration, ...]]:
    """Return the registration numbers named in `text`, in its order, each once.

    A malformed number keeps its registry and is not valid; a number of no registry has none and is not valid.
    Where the `header` names one registry, digits alone that fit are a number of it.
    """
    if is_not_given(text, lexicon):
        return empty(())
    hits = _hits(text, lexicon, header) if any(char.isdigit() for char in text) else []
    if not hits:
        return _nothing(text)
    unread = _unread(text, hits, lexicon)
    findings = [f for hit in hits if (f := _doubt(text, hit, lexicon))]
    if unread:
        findings.append(
            info("registration-text", COLUMN, f"words beside the number: {quoted(text, unread)}", text)
        )
    return Reading(
        _registrations(hits),
        State.MAPPED,
        _rule(text, hits),
        tuple(Span(hit.start, hit.end) for hit in hits),
        unread,
        tuple(findings),
    )


def registry_page(registration: Registration) -> str | None:
    """Return the address of the trial's page in its registry; None when not valid or no address is known."""
    if registration.registry is None or not registration.valid:
        return None
    template = registration.registry.note(TKG.urlTemplate)
    return template.replace("$1", quote(registration.number, safe="")) if template else None


def nct_digits(registration: Registration) -> int | None:
    """Return the digits of a valid ClinicalTrials.gov number, which are issued in order; else None."""
    registry = registration.registry
    if registry is None or not registration.valid or registry.note(TKG.numberStem) != "NCT":
        return None
    return int(registration.number.removeprefix("NCT"))


def _nothing(text: str) -> Reading[tuple[Registration, ...]]:
    message = f"no registration number in {squeeze(text)!r}; allowed is the number of a trial registry"
    return unrecognised(
        (), "registration.none", text, warning("registration-unreadable", COLUMN, message, text)
    )


def _registrations(hits: Iterable[_Hit]) -> tuple[Registration, ...]:
    first = {hit.number: hit for hit in reversed(list(hits))}
    kept = sorted(first.values(), key=lambda hit: hit.start)
    return tuple(
        Registration(h.number, h.registry.concept if h.registry else None, h.valid, Span(h.start, h.end))
        for h in kept
    )


def _rule(text: str, hits: Iterable[_Hit]) -> str:
    kinds = {_kind(text, hit) for hit in hits}
    return next(
        f"registration.{k}" for k in ("unknown", "malformed", "normalised", "well-formed") if k in kinds
    )


def _kind(text: str, hit: _Hit) -> str:
    if hit.registry is None:
        return "unknown"
    if not hit.valid:
        return "malformed"
    return "well-formed" if text[hit.start : hit.end] == hit.number else "normalised"


# ---------------------------------------------------------------- where the numbers stand


def _hits(text: str, lexicon: Lexicon, header: str) -> list[_Hit]:
    if whole := spread_out(text, lexicon):
        return [_Hit(whole[0], 0, len(text), whole[1], True)]
    found = [hit for registry in registries(lexicon) for hit in _search_hits(text, registry)]
    found.sort(key=lambda h: (not h.valid, h.start - h.end, h.start))
    kept: list[_Hit] = []
    for hit in found:
        if all(hit.end <= other.start or other.end <= hit.start for other in kept):
            kept.append(hit)
    kept.extend(_with_registry(hit, registry_of_header(header, lexicon)) for hit in _unknown_hits(text, kept))
    return sorted(kept, key=lambda hit: hit.start)


def _search_hits(text: str, registry: Registry) -> Iterator[_Hit]:
    if registry.search is None:
        return
    for match in registry.search.finditer(text):
        start, end = match.span()
        while end < len(text) and text[end].isalnum() and text[end - 1].isdigit() and text[end].isdigit():
            end += 1
        if start < end and _starts_a_word(text, start):
            if not registry.written_properly(text[start:end]) and (letters := _LIKE_DIGITS.match(text, end)):
                end = letters.end()
            raw = text[start:end]
            proper = registry.written_properly(raw)
            yield _Hit(registry, start, end, proper or squeeze(raw), bool(proper))


def _starts_a_word(text: str, start: int) -> bool:
    """A lost blank ("andNCT01741857") leaves small letters before the capitals that open the number."""
    before = text[start - 1] if start else " "
    return not before.isalnum() or (not before.isupper() and text[start].isupper())


def _with_registry(hit: _Hit, registry: Registry | None) -> _Hit:
    number = registry.completed(hit.number) if registry else ""
    return _Hit(registry, hit.start, hit.end, number, True) if number else hit


def _unknown_hits(text: str, kept: Iterable[_Hit]) -> list[_Hit]:
    masked = list(text)
    for hit in kept:
        masked[hit.start : hit.end] = " " * (hit.end - hit.start)
    return [
        _Hit(None, match.start(), match.end(), match.group(), False)
        for match in _TOKEN.finditer("".join(masked))
        if _like_a_number(match.group())
    ]


def _like_a_number(token: str) -> bool:
    digits = sum(char.isdigit() for char in token)
    return digits >= _LEAST_DIGITS and (token.isdigit() or not _DATE.fullmatch(token))


def _unread(text: str, hits: Sequence[_Hit], lexicon: Lexicon) -> tuple[Span, ...]:
    used = [Span(hit.start, hit.end) for hit in hits]
    glued = _glued(text, used)
    pages = (Span(*match.span()) for match in _URL.finditer(text))
    used += [page for page in pages if any(page.start < hit.start and hit.end <= page.end for hit in hits)]
    if not left_over(text, used, _CONNECTORS):
        return glued
    # the registry's name and the header's own words say nothing that the number does not
    for scheme in ("registry", "column"):
        used += [Span(m.start, m.end) for m in lexicon.scan(scheme, text) if _serves(m.concept)]
    return tuple(sorted((*glued, *left_over(text, used, _CONNECTORS)), key=lambda span: span.start))


def _glued(text: str, numbers: Sequence[Span]) -> tuple[Span, ...]:
    """Return letters and digits that touch a number and are no "and" whose blank was lost."""
    edges = {span.start for span in numbers} | {span.end for span in numbers}
    runs = (Span(m.start(), m.end()) for span in _gaps(text, numbers) for m in _RUN.finditer(text, *span))
    touching = (run for run in runs if run.start in edges or run.end in edges)
    return tuple(run for run in touching if fold(text[run.start : run.end]) not in _CONNECTORS)


def _gaps(text: str, numbers: Sequence[Span]) -> Iterator[tuple[int, int]]:
    starts = (0, *(span.end for span in numbers))
    return zip(starts, (*(span.start for span in numbers), len(text)), strict=True)


def _serves(concept: Concept) -> bool:
    return concept.scheme == "registry" or concept.notation == COLUMN


# ---------------------------------------------------------------- what is doubtful about them


def _doubt(text: str, hit: _Hit, lexicon: Lexicon) -> Finding | None:
    raw = text[hit.start : hit.end]
    kind = _kind(text, hit)
    if kind == "normalised":
        return info(
            "registration-normalised", COLUMN, f"{raw!r} is written {hit.number!r} by its registry", raw
        )
    if kind == "malformed" and hit.registry is not None:
        return _malformed(raw, hit.registry)
    return _unknown(raw, lexicon) if kind == "unknown" else None


def _malformed(raw: str, registry: Registry) -> Finding:
    allowed = describe_pattern(registry.pattern.pattern)
    digits = sum(char.isdigit() for char in raw)
    message = f"{raw!r} ({digits} digits) is no number of {registry.concept.label}; allowed is {allowed}"
    hint = "look the trial up in the registry and correct the source; the number is kept as written"
    if number := registry.candidate(raw):
        hint = f"with digits for the letters that look like them it would be {number}; nothing is assumed"
    if together := registry.run_together(raw):
        number, tail = together
        message += f"; it may be {number} and {tail!r} of the next cell, or a number with digits too many"
    return Finding(Severity.WARNING, "registration-malformed", COLUMN, message, raw, hint)


def _unknown(raw: str, lexicon: Lexicon) -> Finding:
    message = f"{raw!r} has the format of no known registry; allowed is the number of a trial registry"
    return warning("registration-unknown", COLUMN, message, raw, _candidates_hint(raw, lexicon))


def _candidates_hint(raw: str, lexicon: Lexicon) -> str:
    names = [f"{number} ({r.concept.label})" for r in registries(lexicon) if (number := r.candidate(raw))]
    if not names:
        return "it may be an ethics approval or a sponsor's number; it is kept as written"
    return f"it would be well-formed as {' or '.join(names)}; nothing is assumed"
