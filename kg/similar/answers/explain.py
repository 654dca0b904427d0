"""Two profiles → in words, facet by facet: what each states, what both share, and what only one of them has.

Of concepts the narrowest shared ones are named, also those that are broader than what the profiles state. Of amounts
that are near enough to count as alike, the range that holds both is named: the score rests on these very things.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal

from kg.records.figures import figures
from kg.similar.facets import FACETS, Facet
from kg.similar.profile import ALL, Amounts, Concepts, Profile, Value
from kg.similar.terms import Terms
from kg.similar.values import ADMINISTRATIONS, INTERVAL, MONTH

Words = tuple[str, ...]
BROADER = "(broader)"
RANGE = "(range of both)"
_FIGURES = Context(prec=8)  # a logarithm of nine digits gives no more back
_EXACT = 6  # digits of a number that somebody wrote down; one with more of them is a mean
_ABOUT = Context(prec=3)  # for the mean of several trials, which has no last digit


@dataclass(frozen=True, slots=True)
class FacetWords:
    """One facet of two profiles. `this` and `other` are all that each states, nothing where it states nothing;
    `only_this` and `only_other` are what the other side does not state in the same way.
    """

    this: Words = ()
    other: Words = ()
    shared: Words = ()
    only_this: Words = ()
    only_other: Words = ()


def explain(
    this: Profile, other: Profile, terms: Terms, facets: Sequence[Facet] = FACETS
) -> Mapping[str, FacetWords]:
    """Return by name each of `facets` that one of the two profiles states, in words."""
    return {
        facet.name: _facet_words(
            facet, this.values.get(facet.name, ()), other.values.get(facet.name, ()), terms
        )
        for facet in facets
        if facet.name in this.values or facet.name in other.values
    }


def say(profile: Profile, terms: Terms, facets: Sequence[Facet] = FACETS) -> Mapping[str, Words]:
    """Return by name what a profile states of `facets`, in words; a facet that it does not state is absent."""
    return {
        facet.name: _said(facet, profile.values[facet.name], terms)
        for facet in facets
        if facet.name in profile.values
    }


def _facet_words(facet: Facet, this: Value, other: Value, terms: Terms) -> FacetWords:
    shared: Callable[..., Words] = _shared_amounts if facet.kind == "amounts" else _shared_concepts
    return FacetWords(
        _said(facet, this, terms),
        _said(facet, other, terms),
        shared(facet, this, other, terms),
        _said(facet, _without(facet, this, other), terms),
        _said(facet, _without(facet, other, this), terms),
    )


def _without(facet: Facet, value: Value, other: Value) -> Value:
    """Return what of `value` the other does not have: concepts whatever their share, amounts with the same ends."""
    if facet.kind == "amounts":
        return tuple(one for one in value if one not in other)  # type: ignore[return-value]
    stated = {one[0] for one in other}
    return tuple(one for one in value if one[0] not in stated)  # type: ignore[return-value]


def _said(facet: Facet, value: Value, terms: Terms) -> Words:
    if facet.kind == "amounts":
        return tuple(amount_words(*one, terms) for one in value)  # type: ignore[call-arg]
    shares = {iri: (share,) for iri, share in value}  # type: ignore[misc]
    return _telling(shares, terms)


def _telling(shares: Mapping[str, tuple[int, ...]], terms: Terms) -> Words:
    """Return the labels of concepts with their shares, the greatest first, but those that a narrower one implies.

    A broader concept is implied when as many have a narrower one: then it says nothing that the narrower does not say.
    """
    implied = {
        broad
        for iri, own in shares.items()
        for broad in terms.closure(iri)
        if shares.get(broad) == own and iri not in terms.closure(broad)
    }
    kept = [(-min(own), terms.label(iri).lower(), iri) for iri, own in shares.items() if iri not in implied]
    return tuple(_with_share(terms.label(iri), *shares[iri]) for _, _, iri in sorted(kept))


def _with_share(label: str, *shares: int) -> str:
    """Return a label with the part of the trials that have it, where these are not all."""
    if set(shares) == {ALL}:
        return label
    return f"{label} ({' ↔ '.join(dict.fromkeys(percent(share, ALL) for share in shares))})"


def percent(part: int, whole: int) -> str:
    """Return the part in per cent: "38 %", "<1 %"."""
    hundred = round(100 * part / whole) if whole else 0
    return "<1 %" if part and not hundred else f"{hundred} %"


def _shared_concepts(_facet: Facet, this: Concepts, other: Concepts, terms: Terms) -> Words:
    """Return what both state, that of most trials first, then what else is broader than things that they state."""
    one, two = dict(this), dict(other)
    both = {iri: (share, two[iri]) for iri, share in one.items() if iri in two}
    broader = [iri for iri in terms.narrowest(_closed(one, terms) & _closed(two, terms)) if iri not in both]
    labels = sorted({terms.label(iri) for iri in broader}, key=str.lower)
    return _telling(both, terms) + tuple(f"{label} {BROADER}" for label in labels)


def _closed(value: Mapping[str, int], terms: Terms) -> set[str]:
    return {broad for iri in value for broad in terms.closure(iri)}


def _shared_amounts(facet: Facet, this: Amounts, other: Amounts, terms: Terms) -> Words:
    """Return what both have, and the range that holds both amounts where they are less than the facet's span apart."""
    two = {what: (low, high) for what, low, high in other}
    words = []
    for what, low, high in this:
        if what not in two:
            continue
        ends = two[what]
        distance = (abs(low - ends[0]) + abs(high - ends[1])) / 2
        if distance < (facet.spans.get(what) or facet.spans[""]):
            said = amount_words(what, min(low, ends[0]), max(high, ends[1]), terms)
            words.append(f"{said} {RANGE}" if distance else said)
    return tuple(words)


def amount_words(what: str, low: float, high: float, terms: Terms) -> str:
    """Return an amount, given by the logarithms of its ends, as people write it: "2×10⁶ cells/kg", "every 14 days"."""
    if what == INTERVAL:
        return f"every {_time(low, high)}"
    least, most = _number(low), _number(high)
    if what == ADMINISTRATIONS:
        return figures(least, most, "administration" if most == 1 else "administrations")
    return figures(least, most, terms.label(what))


def _time(low: float, high: float) -> str:
    """Return a time in months where these are whole, else in days: "14 days", "month", "1–2 months"."""
    ends = (10**low, 10**high)
    months = [round(days / MONTH) for days in ends]
    whole = all(
        month and math.isclose(days, month * MONTH, rel_tol=1e-6)
        for days, month in zip(ends, months, strict=True)
    )
    least, most = map(Decimal, months) if whole else (_ABOUT.create_decimal_from_float(days) for days in ends)
    word = "month" if whole else "day"
    return word if least == most == 1 else figures(least, most, f"{word}s")


def _number(logarithm: float) -> Decimal:
    number = _FIGURES.create_decimal_from_float(10**logarithm).normalize()
    return _ABOUT.plus(number) if len(number.as_tuple().digits) > _EXACT else number
