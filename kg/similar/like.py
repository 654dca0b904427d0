"""What the user says of a trial that does not exist → its profile, to ask what was tried that is nearest to it."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from kg.cells.concept import SourceCell
from kg.cells.read import CellReader
from kg.errors import QueryError
from kg.model import Mentions, Outcome, Phase, Reading, State
from kg.similar.columns.concepts import ConceptColumn
from kg.similar.facets import Facet, find_facet
from kg.similar.index import Index
from kg.similar.profile import Profile, Value
from kg.similar.values import ADMINISTRATIONS, INTERVAL, Amount, amounts_of, concepts_of, days, title
from kg.vocabulary.lexicon import Lexicon

NAME = "what you describe"
_EXAMPLES = {
    "dose": '"2e6 cells/kg" or "1-5 × 10^7 cells": a number and a unit',
    "schedule": '"3" or "twice, 1 month apart": how often and how far apart',
}


def hypothetical(said: Sequence[tuple[str, str]], index: Index, lexicon: Callable[[], Lexicon]) -> Profile:
    """Return the profile that `said` describes: pairs of a facet and its value in words, or the IRI of a concept.

    A facet that is said twice has both values. Words are those of the graph's own concepts, else of `lexicon`, which is
    loaded only then, or whatever a cell of that column may hold. Raises QueryError for what cannot be understood.
    """
    concepts: dict[str, list[str]] = defaultdict(list)
    amounts: dict[str, list[Amount]] = defaultdict(list)
    for name, text in said:
        facet = find_facet(name)
        if facet.kind == "concepts":
            concepts[facet.name].extend(_concepts(facet, text, index, lexicon))
        else:
            amounts[facet.name].extend(_amounts(facet, text, lexicon))
    values: dict[str, Value] = {name: concepts_of(found) for name, found in concepts.items()}
    values |= {name: amounts_of(found) for name, found in amounts.items()}
    return Profile("", NAME, title(values, index.terms), values)


def _concepts(facet: Facet, text: str, index: Index, lexicon: Callable[[], Lexicon]) -> Sequence[str]:
    wanted = text.strip().removeprefix("<").removesuffix(">")
    column = index.columns[facet.name]
    assert isinstance(column, ConceptColumn)  # noqa: S101 - tells the type checker, costs nothing
    own = [one for one in column.members if wanted.lower() in (one.lower(), index.terms.label(one).lower())]
    if own and wanted:
        return own[:1]
    words = lexicon()
    for scheme in facet.schemes:
        named = (one for one in words.concepts(scheme) if wanted in (one.iri, one.name, one.notation))
        if wanted and (found := words.find(scheme, wanted) or next(named, None)):
            return [found.iri]
    if facet.column and (iris := _named(_reading(facet, text, words), facet.schemes)):
        return iris
    labels = {index.terms.label(one) for one in column.members}
    labels.update(one.label for scheme in facet.schemes for one in words.concepts(scheme))
    raise _unknown(facet, text, labels)


def _named(reading: Reading[object] | None, schemes: Sequence[str]) -> list[str]:
    """Return the concepts of a cell that was understood to its end; of one that says more, those of `schemes`."""
    value = reading.value if reading else None
    if isinstance(value, Outcome):
        return [code.concept.iri for code in (value.efficacy, value.safety) if code.spans]
    if isinstance(value, Phase):
        return [phase.iri for phase in value.phases]
    if isinstance(value, SourceCell):
        found = [*value.sources.concepts, *(one for one in (value.product, value.donor) if one)]
    else:
        found = [*value.concepts] if isinstance(value, Mentions) else []
    return [concept.iri for concept in found if concept.scheme in schemes]


def _amounts(facet: Facet, text: str, lexicon: Callable[[], Lexicon]) -> list[Amount]:
    reading = _reading(facet, text, lexicon())
    value = reading.value if reading else None
    if facet.column == "dose":
        doses = value if isinstance(value, tuple) else ()
        found = [(dose.unit.iri, str(dose.low), str(dose.high)) for dose in doses if dose.unit]
    else:
        least, most = (str(getattr(value, end, None) or "") for end in ("minimum", "maximum"))
        every = days(str(getattr(value, "interval", "")))
        found = [(ADMINISTRATIONS, least, most), (INTERVAL, every, every)]
    if not amounts_of(found):
        raise QueryError(
            f"this is no {facet.title} that can be read",
            raw=text,
            where="--like",
            allowed=_EXAMPLES[facet.name],
        )
    return found


def _reading(facet: Facet, text: str, lexicon: Lexicon) -> Reading[object] | None:
    """Return the reading of `text` as a cell of the facet's column, or None when a part of it was not understood."""
    reading = CellReader(lexicon).read(facet.column, text)
    understood = reading.state is State.MAPPED and (not reading.unread or facet.column == "outcome")
    return reading if understood else None


def _unknown(facet: Facet, text: str, labels: Iterable[str]) -> QueryError:
    known = {label.lower(): label for label in sorted(labels)}
    near = difflib.get_close_matches(text.strip().lower(), known, n=3, cutoff=0.6)
    return QueryError(
        f"this is no {facet.title} that is known",
        raw=text,
        where="--like",
        allowed=", ".join([*known.values()][:8]) + (" …" if len(known) > 8 else ""),
        hint=f"did you mean {' or '.join(known[one] for one in near)}?" if near else "",
    )
