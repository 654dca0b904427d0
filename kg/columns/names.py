"""A header's words → which columns they name, how surely, and whether only the cells can bear it out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.columns.kinds import SCHEME, column_concept, core, own_kind, part_keys
from kg.vocabulary.lexicon import Concept, Lexicon, Match
from kg.vocabulary.namespaces import TKG
from kg.vocabulary.text import squeeze, words

SECTION = "section"
"""The header of the column that a table's section rows are made into."""

_WHOLE, _CORE, _PART, _SHARE = 1.0, 0.95, 0.5, 0.4
_DONORS = 0.9  # a header that lists donors: "Source (allogeneic, autologous)"
_OF_SOURCES = frozenset({"cell_source", "product", "donor"})
_CONTROL = "control"
_BESIDE_OWN = frozenset({"patients", "phase", "trial_number"})  # whose words stand apart in a mixed cell
_SAYS_PHASE = frozenset({"design", "status", "study-type"})
_COUNT = re.compile(r"\s*(?:n|no\.?|number)\s*", re.IGNORECASE)  # "Infants (n)"
_LEAST_FUSED, _MOST_FUSED = 7, 40  # letters
_JOINT = re.compile(r"[/,;&+|]|\b(?:and|or|with)\b", re.IGNORECASE)
_OF = re.compile(r"^[\s-]*(?:of|per|for|in|at|to|by|from|/)\b", re.IGNORECASE)
_BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_POWER = re.compile(
    r"[×x*]\s*10|\b10\s?[\^⁰¹²³⁴-⁹]|\bmillions?\b|/\s?kg", re.IGNORECASE
)  # of a number of cells
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")


@dataclass(frozen=True, slots=True)
class Named:
    """What a header names: `key` of the record or "", `parts` when it names several, the own `kind` or "".

    `strength` is 0 to 1, `loose` says that the words are so general that the cells must bear them out, `rule` how
    the words were found.
    """

    header: str
    key: str = ""
    strength: float = 0.0
    rule: str = "header.unknown"
    parts: tuple[str, ...] = ()
    kind: str = ""
    loose: bool = False


def name_header(text: str, lexicon: Lexicon) -> Named:
    """Return what the header `text` names, "" and no parts when the vocabulary knows none of its words.

    A whole header is surest, then all of it outside brackets, then a part of it: of several names that stand side by
    side the last one is meant ("Infusion frequency"), before "of" the first, and joined names are all meant.
    """
    header = squeeze(text)
    if header.lower() == SECTION:
        return Named(header, rule="header.section")
    readable = squeeze(header.replace("_", " "))
    if column_concept(readable, lexicon) is None:  # "ClinicalTrials.gov number" is a form of its own
        readable = squeeze(_CAMEL.sub(" ", readable))
    concept = column_concept(readable, lexicon) or _fused(readable, lexicon)
    if concept is None:
        return _by_parts(header, readable, lexicon)
    if not concept.notation and not part_keys(concept, lexicon):
        return Named(header, "", _WHOLE, "header.own", kind=own_kind(readable, lexicon))
    strength = _WHOLE if lexicon.find(SCHEME, readable) is not None else _CORE
    if strength < _WHOLE and (mixed := _with_bracket(header, readable, concept, lexicon)):
        return mixed
    rule, written = ("header.whole", readable) if strength == _WHOLE else ("header.core", core(readable))
    if concept.notation:
        return Named(header, concept.notation, strength, rule, loose=_is_loose(written, concept))
    return Named(header, "", strength, "header.several", part_keys(concept, lexicon))


def _fused(word: str, lexicon: Lexicon) -> Concept | None:
    """Return what a word names between two words of which the blank was lost: "Plannedparticipants"."""
    if not _LEAST_FUSED <= len(word) <= _MOST_FUSED or not word.isalpha() or lexicon.scan(SCHEME, word):
        return None
    ways = (f"{word[:at]} {word[at:]}" for at in range(2, len(word) - 1))
    return next(filter(None, (lexicon.find(SCHEME, way) for way in ways)), None)


def _with_bracket(header: str, readable: str, concept: Concept, lexicon: Lexicon) -> Named | None:
    """Return what "Phase [Ref]" or "Source (allogenic, autologous)" names, None when the brackets only explain."""
    inside = [lexicon.find(SCHEME, text) for text in _BRACKET.findall(readable)]
    keys = _apart(one.notation for one in (concept, *filter(None, inside)) if one.notation)
    if concept.notation and len(keys) > 1:
        return Named(header, "", _CORE, "header.several", keys)
    if concept.notation and keys != (concept.notation,):
        return Named(header, keys[0], _CORE, "header.core")
    if concept.notation == "cell_source" and _lists_donors(readable, lexicon):
        return Named(header, "donor", _DONORS, "header.donors", loose=True)
    return None


def _lists_donors(readable: str, lexicon: Lexicon) -> bool:
    return len({match.concept for match in lexicon.scan("donor", readable)}) > 1


def _by_parts(header: str, readable: str, lexicon: Lexicon) -> Named:
    bare = core(readable)
    matches = lexicon.scan(SCHEME, bare)
    if any(match.concept.name == _CONTROL for match in matches):
        return Named(header, "", _PART, "header.own", kind=_CONTROL)
    if _lists_donors(readable, lexicon):
        return Named(header, "donor", _DONORS, "header.donors", loose=True)
    heads = list(dict.fromkeys(_heads(bare, matches)))
    heads += [m for m in _bracketed(readable, lexicon) if m.concept.notation and heads]
    keys = _apart(key for match in heads for key in _keys(match.concept, lexicon))
    mixed = _beside_own(keys, heads, lexicon)
    if mixed:
        return Named(header, "", _PART + _SHARE / 2, "header.several", mixed)
    if len(keys) > 1:
        return Named(header, "", _PART + _SHARE / 2, "header.several", keys)
    if not keys and lexicon.scan("product", readable):
        key = "dose" if _POWER.search(readable) else "cell_source"
        return Named(header, key, _PART, "header.product", loose=True)
    if not heads:
        counted = any(_COUNT.fullmatch(inside) for inside in _BRACKET.findall(readable))
        return Named(header, "patients", _PART, "header.count", loose=True) if counted else Named(header)
    strength = round(_PART + _SHARE * _share(bare, matches), 2)
    chosen = next((m for m in heads if m.concept.notation), heads[-1])
    loose = _is_loose(bare[chosen.start : chosen.end], chosen.concept)
    kind = "" if keys else chosen.concept.name
    return Named(header, "".join(keys), strength, "header.part", kind=kind, loose=loose)


def _beside_own(keys: Sequence[str], heads: Sequence[Match], lexicon: Lexicon) -> tuple[str, ...]:
    """Return the parts of "Patients (n)/design": one key, and the phase where the other thing may say it; else none."""
    own = [match.concept.name for match in heads if not _keys(match.concept, lexicon)]
    if len(keys) != 1 or keys[0] not in _BESIDE_OWN or not own:
        return ()
    return tuple(dict.fromkeys((*keys, *(["phase"] if _SAYS_PHASE & set(own) else []))))


def _apart(keys: Iterable[str]) -> tuple[str, ...]:
    """Return different keys; what the cells are, where they come from and from whom is one thing: the cell source."""
    found = dict.fromkeys(keys)
    if len(_OF_SOURCES & found.keys()) < 2:
        return tuple(found)
    return tuple(dict.fromkeys("cell_source" if key in _OF_SOURCES else key for key in found))


def _keys(concept: Concept, lexicon: Lexicon) -> tuple[str, ...]:
    return (concept.notation,) if concept.notation else part_keys(concept, lexicon)


def _heads(text: str, matches: Sequence[Match]) -> Iterator[Match]:
    """Yield what is meant in each stretch of names that nothing joins: "injection DOSE", "DOSE of cells"."""
    run: list[Match] = []
    for match in matches:
        if run and _JOINT.search(text[run[-1].end : match.start]):
            yield _head(text, run)
            run = []
        run.append(match)
    if run:
        yield _head(text, run)


def _head(text: str, run: Sequence[Match]) -> Match:
    first_before_of = (match for match in run[:-1] if _OF.match(text[match.end :]))
    return next(first_before_of, run[-1])


def _bracketed(readable: str, lexicon: Lexicon) -> Iterator[Match]:
    for found in _BRACKET.finditer(readable):
        concept = lexicon.find(SCHEME, found[1])
        if concept is not None:
            yield Match(concept, found.start(1), found.end(1))


def _share(text: str, matches: Sequence[Match]) -> float:
    known = sum(len(words(text[match.start : match.end])) for match in matches)
    return min(1.0, known / max(1, len(words(text))))


def _is_loose(written: str, concept: Concept) -> bool:
    forms = {_form(form) for form in concept.notes.get(TKG.columnForm, ())}
    form = _form(written)
    return form in forms or form.removesuffix("s") in forms or form + "s" in forms


def _form(text: str) -> str:
    return " ".join(word.form for word in words(text))
