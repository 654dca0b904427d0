"""What a trial gives, as a registry or a cell describes it → sources, routes, donor, product, doses and schedule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from kg.cells.amounts import counting
from kg.cells.prose import Said, donor_in, product_in, routes_in, sources_in
from kg.cells.read import CellReader
from kg.cells.split import PartReading, split_cell
from kg.model import Dose, Mentions, Schedule, State
from kg.parse.arms import active_items
from kg.vocabulary.lexicon import Concept, Lexicon
from kg.vocabulary.namespaces import TKG

_COURSE = ("dose", "route", "frequency")
_JOINT = " ; "
_NUMERAL = re.compile(  # a number with its power or scale, not the one in "CD34+"
    r"(?<![^\W_xX×])\d[\d.,^]*(?:[eE]\d+)?[⁰¹²³⁴⁵⁶⁷⁸⁹]*|\b(?:millions?|billions?|thousand|MM?)\b|\)"
)
_NOUN = re.compile(r"(?:doses?|injections?|infusions?|administrations?|treatments?)", re.IGNORECASE)
_DERIVED = re.compile(r"[\s-]*derived\b", re.IGNORECASE)
_LEAST_COUNT = 10_000  # a smaller number without a unit may be anything


class Course(NamedTuple):
    """Doses, and the schedule that goes with them ("" and None when that is not said, or differs between arms)."""

    doses: tuple[Dose, ...]
    schedule: Schedule | None = None
    times: str = ""


def mentions_given(
    text: str, find: Callable[[str, Lexicon], Said[Mentions] | None], reader: CellReader
) -> Said[Mentions] | None:
    """Return what `find` sees in the items of a treatment, in their order; None when it sees nothing."""
    found = [said for item in active_items(text) if (said := find(item, reader.lexicon))]
    if len(found) < 2:
        return found[0] if found else None
    concepts = tuple(dict.fromkeys(concept for said in found for concept in said.value.concepts))
    operator = found[0].value.operator if len({said.value for said in found}) == 1 else ""
    return Said(Mentions(concepts, operator), _joined(said.words for said in found))


def sources_given(text: str, reader: CellReader) -> Said[Mentions] | None:
    """Return the sources of what is given."""
    return mentions_given(text, sources_in, reader)


def routes_given(text: str, reader: CellReader) -> Said[Mentions] | None:
    """Return the routes by which it is given."""
    return mentions_given(text, routes_in, reader)


def donor_given(text: str, reader: CellReader) -> Said[Concept] | None:
    """Return the donor of what is given, None where the arms differ."""
    return _one(donor_in(item, reader.lexicon) for item in active_items(text))


def product_given(text: str, reader: CellReader) -> Said[Concept] | None:
    """Return the product that is given, None where the arms differ."""
    return _one(product_in(item, reader.lexicon) for item in active_items(text))


def course_given(text: str, reader: CellReader) -> Said[Course] | None:
    """Return the doses that are given, arm by arm, and how often where all that is said of it is one thing.

    A volume is no dose beside an amount of cells, nor is a concentration.
    """
    parts = [(item, split_cell(item, _COURSE, reader)) for item in active_items(text)]
    dosed = [(part, doses) for item, part in parts if (doses := _amounts(item, part["dose"], reader.lexicon))]
    given = [(item, part) for item, part in parts if any(part is one for one, _ in dosed)]
    if not dosed:
        return None
    doses = tuple(dose for _, found in dosed for dose in found)
    counted = tuple(dose for dose in doses if not _is_volume(dose))
    times = [part["frequency"] for part, _ in dosed if part["frequency"].part.state is State.MAPPED]
    schedule, words = (times[0].reading.value, _times(times[0].part.text)) if len(times) == 1 else (None, "")
    kept = counted or doses
    whole = len(kept) == sum(len(part["dose"].reading.value) for part, _ in dosed)
    said = (
        [words for item, part in given for words in _dose_words(item, part["dose"], reader.lexicon)]
        if whole
        else [dose.verbatim for dose in kept]
    )
    return Said(Course(kept, schedule, words), _joined(said))


def _times(words: str) -> str:
    """Return the words for a schedule without a noun that has lost its number: "single intra-articular dose"."""
    return _JOINT.join(piece for piece in words.split(_JOINT) if not _NOUN.fullmatch(piece)) or words


def _dose_words(item: str, found: PartReading, lexicon: Lexicon) -> Iterator[str]:
    """Yield the words for the doses of an item, each without the name of what is counted."""
    for span in found.part.spans:
        inside = [dose for dose in found.reading.value if span.start <= dose.span.start < span.end]
        words = item[span.start : span.end]
        yield _without_product(words, inside[-1], lexicon) if inside else words


def _without_product(words: str, dose: Dose, lexicon: Lexicon) -> str:
    """Return "1 × 10⁷" of "1 × 10⁷ hUC-MSC"; cells as such, and cells for each kilogram, are a unit."""
    end = max((match.end() for match in _NUMERAL.finditer(words)), default=len(words))
    counted = words[end:].strip()
    total = "/" not in _code(dose)
    if total and not counted.lower().startswith("cell") and lexicon.scan("product", counted):
        return words[:end]
    return words


def _amounts(item: str, found: PartReading, lexicon: Lexicon) -> tuple[Dose, ...]:
    """Return the doses of one item whose unit is said, each once, without concentrations."""
    doses: Sequence[Dose] = found.reading.value if found.part.state is State.MAPPED else ()
    first: dict[tuple[object, ...], Dose] = {}
    for dose in (_counted(item, dose, lexicon) for dose in doses):
        if dose.unit is not None and not _code(dose).endswith(("/mL", "/ml")):
            first.setdefault((dose.low, dose.high, dose.unit), dose)
    return tuple(first.values())


def _counted(item: str, dose: Dose, lexicon: Lexicon) -> Dose:
    """Return a dose with its unit: a great number counts the product of its item, "10⁸ MPC-derived exosomes" these."""
    derived = _DERIVED.match(item, dose.span.end) is not None
    if dose.low < _LEAST_COUNT or not (derived or dose.unit is None):
        return dose
    product = product_in(item[dose.span.end :], lexicon) or product_in(item, lexicon)
    unit = counting(product.value, lexicon) if product else None
    return replace(dose, unit=unit)


def _code(dose: Dose) -> str:
    return dose.unit.note(TKG.ucumCode) if dose.unit else ""


def _is_volume(dose: Dose) -> bool:
    return _code(dose).lower() in ("ml", "ul", "l")


def _one(found: Iterable[Said[Any] | None]) -> Said[Any] | None:
    said = [one for one in found if one is not None]
    return said[0] if len({one.value for one in said}) == 1 else None


def _joined(words: Iterable[str]) -> str:
    return _JOINT.join(dict.fromkeys(words))
