"""Text of a phase cell → single phases and the normalised label: "Phase 1b/2a" is I and II, "Ib/IIa"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from kg.cells.common import empty, info, left_over, quoted, unrecognised, warning
from kg.cells.phase_forms import date_of, restored, romanised, yes_and_no
from kg.model import Finding, Phase, Reading, Span, State
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.marks import is_not_given
from kg.vocabulary.text import fold

COLUMN = "phase"
_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV", "one": "I", "two": "II", "three": "III", "four": "IV"}
_ORDER = ("0", "I", "II", "III", "IV")
_NUMBER = r"(?a:0|[1-4]|IV|I{1,3}|one|two|three|four)"  # ASCII: else I stands for an i of Turkish too
_LETTER = r"(?:[a-c]|\s[a-c](?=\s*(?:$|[/|,;:()\[\]&+-])))"
_WORD = r"(?:phases?|ph\.?(?=[ _-]*[1-4iv]))[ _-]*"
_STEP = rf"(?:early[ _-]*)?(?:{_WORD})?{_NUMBER}{_LETTER}?(?![A-Za-z0-9])"
_JOINT = r"\s*(?:[/|,;&+~-]|\band\b|\bor\b|\bto\b)\s*"
# "Phase 1 Phase 2" needs no mark between, "IIa/b" repeats no number
_NEXT = rf"(?:{_JOINT}{_STEP}|\s+(?=(?:early[ _-]*)?phase){_STEP}|/[a-c](?![A-Za-z0-9]))"
_EXPRESSION = re.compile(rf"(?<![A-Za-z0-9]){_STEP}(?:{_NEXT})*", re.IGNORECASE)
_PARTS = re.compile(
    rf"(early)|phases?|({_NUMBER})(?:\s?([a-c]))?(?![A-Za-z0-9])|(?<=/)([a-c])\b", re.IGNORECASE
)
_START = re.compile(r"[\s(\[]*(?:early|ph|[0-4IVi])", re.IGNORECASE)
_WORDED = re.compile(r"phase|\bph\.?[ _-]*[1-4iv]")
_SPELT = re.compile("one|two|three|four")
_KNOWN = frozenset({"clinical", "trial", "trials", "study"})


def read_phase(text: str, lexicon: Lexicon) -> Reading[Phase]:
    """Return the phases that `text` names; the label joins them as the text does, in Roman numbers.

    A bare Arabic number counts only when it is the whole cell; a bare Roman one when it opens the cell. A date
    that a spreadsheet made of "1-2" is read back with a warning; of a form with yes and no, yes counts.
    """
    if is_not_given(text, lexicon):
        return empty(Phase())
    if date := date_of(text):
        return _from_date(text, date, lexicon)
    flat, places = romanised(text)
    answers = yes_and_no(flat)
    if answers:
        return _answered(answers, places, lexicon)
    repaired = restored(flat)
    reading = _read(repaired, lexicon)
    if flat == text == repaired:
        return reading
    return _in_place(text, reading, places, restored=repaired != flat)


def _read(text: str, lexicon: Lexicon) -> Reading[Phase]:
    found = _expressions(text)
    if not found:
        message = f"no phase in {text!r}; allowed are 0 and I to IV, with a or b, joined by /"
        return unrecognised(Phase(), "phase.none", text, warning("phase-unknown", COLUMN, message, text))
    steps = sorted(_steps(text, found), key=lambda step: (_ORDER.index(step[0]), step[1]))
    unread = left_over(text, found, _KNOWN)
    findings = (*_remarks(text, found, unread), *_skipped(text, steps))
    return Reading(_phase(steps, lexicon), State.MAPPED, _rule(steps), found, unread, findings)


def _in_place(text: str, reading: Reading[Phase], places: Sequence[int], *, restored: bool) -> Reading[Phase]:
    """Return the reading of the rewritten text with the places of the text as written."""
    spans, unread = (
        tuple(Span(places[s.start], places[s.end]) for s in p) for p in (reading.spans, reading.unread)
    )
    findings = tuple(replace(finding, raw=text) for finding in reading.findings)
    if restored and reading.value.phases:
        message = f"the small letter l in {text!r} is read as the Roman number I"
        findings += (info("phase-letter", COLUMN, message, text),)
    return replace(reading, spans=spans, unread=unread, findings=findings)


def _from_date(text: str, numbers: Sequence[str], lexicon: Lexicon) -> Reading[Phase]:
    phase = _phase([(_ROMAN[number], "") for number in numbers], lexicon)
    message = (
        f"{text!r} is a date; a spreadsheet makes it of {'-'.join(numbers)}, so it is read as {phase.label}"
    )
    finding = warning(
        "phase-from-date", COLUMN, message, text, "look at the source: is it a phase or a date?"
    )
    return Reading(phase, State.MAPPED, "phase.from-date", (Span(0, len(text)),), (), (finding,))


def _answered(
    answers: Sequence[tuple[str, bool, Span]], places: Sequence[int], lexicon: Lexicon
) -> Reading[Phase]:
    yes = sorted({number for number, answer, _ in answers if answer}, key=_ORDER.index)
    value = _phase([(number, "") for number in yes], lexicon)
    spans = tuple(Span(places[span.start], places[span.end]) for _, answer, span in answers if answer)
    return Reading(value, State.MAPPED if yes else State.EMPTY, "phase.yes-no", spans)


def _expressions(text: str) -> tuple[Span, ...]:
    """Return where phases stand: with the word "phase" anywhere, without it only at the start."""
    flat = fold(text)
    if "phase" not in flat and not _START.match(flat):
        return ()
    matches = list(_EXPRESSION.finditer(flat))
    worded = [m for m in matches if _WORDED.search(m.group())]
    if not worded and matches and _may_stand_bare(text, matches[0]):
        worded = matches[:1]
    return tuple(Span(m.start(), m.end()) for m in worded)


def _may_stand_bare(text: str, match: re.Match[str]) -> bool:
    before, own, after = text[: match.start()], text[match.start() : match.end()], text[match.end() :]
    if before.strip(" ([\t\n") or _SPELT.search(own.lower()):
        return False
    if any(char.isdigit() for char in own):
        return not after.strip(" )].\t\n")
    # "iv" is far more often a route, "i" a counter
    return any(char.isupper() for char in own) or (not after.strip() and own not in ("i", "iv"))


def _steps(text: str, spans: Iterable[Span]) -> list[tuple[str, str]]:
    """Return (Roman number, letter) of each phase in the order of the text, each once."""
    found: dict[tuple[str, str], None] = {}
    for span in spans:
        number = ""
        for match in _PARTS.finditer(fold(text[span.start : span.end])):
            written, letter, lone = match.group(2), match.group(3), match.group(4)
            if written or (lone and number):
                number = _ROMAN.get(written.lower(), written.upper()) if written else number
                found[number, letter or lone or ""] = None
    return list(found)


def _phase(steps: Sequence[tuple[str, str]], lexicon: Lexicon) -> Phase:
    numbers = sorted({number for number, _ in steps}, key=_ORDER.index)
    label = "/".join(number + letter for number, letter in steps)
    concepts = (lexicon.find("phase", number) for number in numbers)
    return Phase(tuple(concept for concept in concepts if concept), label)


def _skipped(text: str, steps: Sequence[tuple[str, str]]) -> tuple[Finding, ...]:
    """Return a finding for "I to III": whether II belongs to it is not said."""
    places = [_ORDER.index(number) for number, _ in steps]
    if all(after - before < 2 for before, after in pairwise(places)):
        return ()
    message = f"{text!r} skips a phase; only the phases that it names are taken"
    return (info("phase-skipped", COLUMN, message, text),)


def _rule(steps: Sequence[tuple[str, str]]) -> str:
    return "phase.single" if len(steps) == 1 else "phase.combined"


def _remarks(text: str, found: Iterable[Span], unread: tuple[Span, ...]) -> tuple[Finding, ...]:
    findings = []
    if any("early" in fold(text[span.start : span.end]) for span in found):
        findings.append(info("phase-early", COLUMN, f"{text!r} is counted as phase I", text))
    if unread:
        findings.append(info("phase-text", COLUMN, f"words beside the phase: {quoted(text, unread)}", text))
    return tuple(findings)
