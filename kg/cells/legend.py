"""Legend of a table → its abbreviations with their expansions, checked against the vocabularies.

The legend may give a form another meaning than the vocabulary (AD: atopic dermatitis), but it may also be
wrong; every entry that the vocabulary does not bear out yields a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kg.cells.mentions import form_key
from kg.errors import shorten
from kg.model import Finding, LegendEntry, Severity
from kg.vocabulary.lexicon import Concept, Lexicon
from kg.vocabulary.namespaces import TKG
from kg.vocabulary.text import fold, squeeze

COLUMN = "table"
_TITLE = re.compile(
    r"^\s*(?:list of )?(?:abbreviations?|legend|footnotes?|notes?)\b(?: used)?\s*[:.]?\s*", re.IGNORECASE
)
# the mark that a footnote begins with: "a In two portions", "* p < 0.05"
_NOTE = re.compile(r"^(?:[a-z](?=\s+[A-Z(])|[*†‡§¶#]{1,3}|\d(?=\s+[A-Z(]))\s*")
_EXPLICIT = re.compile(r"^(\S[^:=]{0,40}?)\s*(?:[:=]|\s[–—-]\s)\s*(\S.*)$", re.DOTALL)
_TURNED = re.compile(r"^([^()]+?)\s*\(([^()]+)\)$")
_LETTERS = {"α": "a", "β": "b", "γ": "g", "δ": "d", "κ": "k", "λ": "l", "μ": "m", "µ": "m", "ω": "o"}
_DOTTED = re.compile(r"(?:[^\W\d_]\.){2,}[^\W\d_]?\.?")
_LONGEST = 4  # words of one abbreviation ("APACHE III", "BM MSC EV")


def read_legend(text: str) -> tuple[LegendEntry, ...]:
    """Return the entries of a legend in its order: "BM bone marrow, UC: umbilical cord; IC, intracoronary".

    A comma inside an expansion does not cut it, because what follows does not open with an abbreviation. Footnotes
    between the abbreviations are paragraphs of their own.
    """
    return tuple(entry for paragraph in _paragraphs(text) for entry in _entries(paragraph))


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of a legend: a line goes on with the one before it unless that one or it says otherwise."""
    whole = ""
    for line in map(squeeze, text.splitlines()):
        if whole and (whole.endswith((".", ";")) or _begins(line)) and not whole.endswith((",", ":")):
            yield whole
            whole = ""
        whole = f"{whole} {line}".strip()
        if _NOTE.match(whole) and line.endswith("."):
            yield whole
            whole = ""
    if whole:
        yield whole


def _begins(line: str) -> bool:
    """Whether a line begins a paragraph: with a title, with the mark of a footnote, or with an abbreviation."""
    first = re.split(r"[,:=]", line, maxsplit=1)
    return bool(_TITLE.match(line) or _NOTE.match(line)) or (len(first) > 1 and _is_form(first[0].split()))


def _entries(paragraph: str) -> tuple[LegendEntry, ...]:
    entries: list[LegendEntry] = []
    waiting = ""  # an abbreviation whose expansion stands behind the next comma
    for mark, chunk in _chunks(_TITLE.sub("", _NOTE.sub("", paragraph, count=1))):
        entry = LegendEntry(waiting, chunk) if waiting else _entry(chunk) or _small_entry(mark, chunk)
        waiting = ""
        if entry:
            entries.append(entry)
        elif _is_form(chunk.split()):
            waiting = chunk
        elif entries and mark == ",":
            entries[-1] = LegendEntry(entries[-1].form, f"{entries[-1].expansion}, {chunk}")
    return tuple(LegendEntry(e.form, e.expansion.rstrip(" .")) for e in entries)


def check_legend(entries: Sequence[LegendEntry], lexicon: Lexicon) -> tuple[Finding, ...]:
    """Return what is doubtful about a legend: contradicted, unfamiliar, ambiguous and repeated entries."""
    findings: list[Finding] = []
    familiar = {form_key(e.form) for e in entries if _familiar(e, lexicon)}
    for entry in dict.fromkeys(entries):
        found = _check_entry(entry, entries, lexicon, form_key(entry.form) in familiar)
        findings += [found] if found else []
    return (*findings, *_repeated(entries))


def legend_forms(entries: Sequence[LegendEntry], lexicon: Lexicon) -> dict[tuple[str, str], Concept]:
    """Return (scheme, folded form) → concept for each form that the legend defines otherwise.

    Only an expansion that the vocabulary knows and that the form can abbreviate counts; a form that the
    legend expands to two concepts of one scheme stays as the vocabulary has it.
    """
    found: dict[tuple[str, str], set[Concept]] = {}
    for entry in entries:
        if not letters_fit(entry.form, entry.expansion):
            continue
        for concept in _named(entry.expansion, lexicon):
            found.setdefault((concept.scheme, form_key(entry.form)), set()).add(concept)
    return {
        (scheme, form): next(iter(concepts))
        for (scheme, form), concepts in sorted(found.items())
        if len(concepts) == 1 and lexicon.find(scheme, form) not in concepts
    }


def letters_fit(form: str, expansion: str) -> bool:
    """Whether the letters and digits of `form` stand in `expansion` in this order."""
    rest = iter(_plain(expansion))
    return all(char in rest for char in _plain(form))


# ---------------------------------------------------------------- reading


def _chunks(text: str) -> Iterator[tuple[str, str]]:
    """Cut outside brackets at commas, semicolons and ends of sentences, or only at semicolons if these part.

    Each piece comes with the mark before it; ";" also stands for the end of a sentence.
    """
    marks = ";" if text.count(";") > 1 and _explained(text.split(";")) else ",;"
    depth, start, before = 0, 0, ";"
    for at, char in enumerate(text):
        depth = max(0, depth + (char in "([") - (char in ")]"))
        ends = char == "." and _ends_a_sentence(text, at)
        if not depth and (char in marks or ends):
            yield from _piece(before, text[start:at])
            start, before = at + 1, ";" if ends else char
    yield from _piece(before, text[start:])


def _piece(mark: str, text: str) -> Iterator[tuple[str, str]]:
    if text.strip():
        yield mark, text.strip()


def _ends_a_sentence(text: str, at: int) -> bool:
    """Whether the dot at `at` ends a sentence and no abbreviation such as "i.v." or "N.A."."""
    return (
        text[at + 1 : at + 2] == " "
        and text[at + 2 : at + 3].isupper()
        and "." not in text[:at].split(" ")[-1]
    )


def _explained(chunks: Sequence[str]) -> bool:
    """Whether most chunks are one entry each, so that the commas in them cut nothing."""
    return sum(_entry(chunk.strip()) is not None or "," in chunk for chunk in chunks) * 2 > len(chunks)


def _entry(chunk: str) -> LegendEntry | None:
    if explicit := _EXPLICIT.match(chunk):
        return LegendEntry(explicit.group(1).strip(), explicit.group(2).strip())
    form, comma, expansion = chunk.partition(",")
    if comma and _is_form(form.split()):
        return LegendEntry(form.strip(), expansion.strip())
    tokens = chunk.split()
    length = _abbreviation_length(tokens)
    if 0 < length < len(tokens):
        return LegendEntry(" ".join(tokens[:length]), " ".join(tokens[length:]))
    turned = _TURNED.match(chunk)
    return (
        LegendEntry(turned.group(2), turned.group(1))
        if turned and _is_form(turned.group(2).split())
        else None
    )


def _small_entry(mark: str, chunk: str) -> LegendEntry | None:
    """Read "h hours": small letters are a form only between semicolons and where they fit what follows."""
    form, _, expansion = chunk.partition(" ")
    fits = expansion[:1] == form[:1] and letters_fit(form, expansion)
    return LegendEntry(form, expansion) if mark == ";" and fits and len(form) < _LONGEST else None


def _is_form(tokens: Sequence[str]) -> bool:
    return bool(tokens) and _abbreviation_length(tokens) == len(tokens)


def _abbreviation_length(tokens: Sequence[str]) -> int:
    """Return how many words at the front are written as an abbreviation is."""
    length = 0
    while length < min(len(tokens), _LONGEST) and _is_abbreviation(tokens[length]):
        length += 1
    return length


def _is_abbreviation(token: str) -> bool:
    if _DOTTED.fullmatch(token):
        return True
    capitals = sum(char.isupper() for char in token)
    return capitals > 1 or (capitals == 1 and (len(token) == 1 or any(c.isdigit() for c in token)))


# ---------------------------------------------------------------- checking


def _named(text: str, lexicon: Lexicon) -> tuple[Concept, ...]:
    found = (lexicon.find(scheme, text) for scheme in lexicon.schemes() if scheme != "column")
    return tuple(concept for concept in found if concept)


def _familiar(entry: LegendEntry, lexicon: Lexicon) -> bool:
    known = _named(entry.form, lexicon)
    return _related(known, _named(entry.expansion, lexicon), lexicon) or _paraphrased(entry, known, lexicon)


def _paraphrased(entry: LegendEntry, known: Iterable[Concept], lexicon: Lexicon) -> bool:
    """Whether the expansion says a known concept in more words ("human cord blood")."""
    if _named(entry.expansion, lexicon):
        return False
    for concept in known:
        inside = [match.concept for match in lexicon.scan(concept.scheme, entry.expansion, free_text=True)]
        if _related([concept], inside, lexicon):
            return True
    return False


def _related(ones: Iterable[Concept], others: Sequence[Concept], lexicon: Lexicon) -> bool:
    for one in ones:
        for other in others:
            if one == other or one in lexicon.ancestors(other) or other in lexicon.ancestors(one):
                return True
    return False


def _check_entry(
    entry: LegendEntry, entries: Sequence[LegendEntry], lexicon: Lexicon, familiar_form: bool
) -> Finding | None:
    known, meant = _named(entry.form, lexicon), _named(entry.expansion, lexicon)
    if not known or _familiar(entry, lexicon):
        return None
    ambiguous = letters_fit(entry.form, entry.expansion) and _ambiguous(entry.form, known)
    if meant and not ambiguous:
        return _finding(Severity.WARNING, "legend-contradicts", entry, known, _evidence(entry, entries))
    if familiar_form:
        return None
    if meant:
        return _finding(Severity.INFO, "legend-overrides", entry, known, f"here it is {meant[0].label}")
    return _finding(Severity.WARNING, "legend-unfamiliar", entry, known, _evidence(entry, entries))


def _ambiguous(form: str, known: Iterable[Concept]) -> bool:
    key = form_key(form)
    return any(form_key(f) == key for concept in known for f in concept.notes.get(TKG.columnForm, ()))


def _evidence(entry: LegendEntry, entries: Sequence[LegendEntry]) -> str:
    same = sorted({e.form for e in entries if _same(e, entry) and form_key(e.form) != form_key(entry.form)})
    facts = [f"the legend gives the same words for {', '.join(same)}"] if same else []
    if not letters_fit(entry.form, entry.expansion):
        facts.append("its letters do not stand in these words")
    return "; ".join(facts)


def _same(one: LegendEntry, other: LegendEntry) -> bool:
    return form_key(one.expansion) == form_key(other.expansion)


def _finding(
    severity: Severity, code: str, entry: LegendEntry, known: Sequence[Concept], more: str
) -> Finding:
    labels = " or ".join(sorted({concept.label for concept in known}))
    message = f"the legend says {entry.form!r} is {shorten(entry.expansion)!r}; known is {labels}"
    hint = (
        "compare the legend with the article; the vocabulary's meaning is kept unless the legend overrides it"
    )
    raw = f"{entry.form} {entry.expansion}"
    return Finding(severity, code, COLUMN, f"{message}; {more}" if more else message, raw, hint)


def _repeated(entries: Sequence[LegendEntry]) -> list[Finding]:
    by_form: dict[str, list[LegendEntry]] = {}
    for entry in entries:
        by_form.setdefault(form_key(entry.form), []).append(entry)
    return [_repetition(same) for same in by_form.values() if len(same) > 1]


def _repetition(same: Sequence[LegendEntry]) -> Finding:
    form = same[0].form
    meanings = list({form_key(entry.expansion): entry.expansion for entry in reversed(same)}.values())[::-1]
    if len(meanings) == 1:
        return Finding(
            Severity.INFO, "legend-repeated", COLUMN, f"the legend explains {form!r} {len(same)} times", form
        )
    listed = " and ".join(repr(shorten(meaning)) for meaning in meanings)
    message = f"the legend gives {form!r} several meanings: {listed}; the column decides"
    return Finding(Severity.INFO, "legend-ambiguous", COLUMN, message, form)


def _plain(text: str) -> str:
    return "".join(_LETTERS.get(char, char) for char in fold(text) if char.isalnum())
