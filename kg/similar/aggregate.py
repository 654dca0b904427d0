"""Trials → what is compared when diseases or cell sources are: each with what its trials do, and how often."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from kg.similar.columns.concepts import closure
from kg.similar.profile import ALL, Amounts, Collection, Concepts, Profile, Value
from kg.similar.terms import Terms

_DIGITS = 9  # as those of single trials


def collect(trials: Collection, facet: str) -> Collection:
    """Return one profile for each concept that trials state under `facet`, by its own name and without that facet.

    A concept of a profile has the share of the trials that state it or something narrower; an amount is the mean
    of the trials' amounts, on the scale of powers of ten.
    """
    having: dict[str, list[Profile]] = defaultdict(list)
    for trial in trials.profiles:
        for concept, *_ in trial.values.get(facet, ()):
            having[concept].append(trial)
    profiles = (
        _profile(concept, facet, members, trials.terms) for concept, members in sorted(having.items())
    )
    return Collection(tuple(profiles), trials.terms)


def _profile(concept: str, facet: str, members: Sequence[Profile], terms: Terms) -> Profile:
    values: dict[str, Value] = {}
    for name in dict.fromkeys(name for member in members for name in member.values if name != facet):
        stated = [member.values[name] for member in members if name in member.values]
        # amounts have two ends beside what they are of, concepts one share
        amounts = len(stated[0][0]) == 3
        values[name] = _mean(stated) if amounts else _shares(stated, terms)  # type: ignore[arg-type]
    count = f"{len(members)} trial{'s' if len(members) > 1 else ''}"
    return Profile(concept, terms.label(concept), count, values)


def _shares(values: Sequence[Concepts], terms: Terms) -> Concepts:
    """Return the share of the values that have each concept, closed over what is broader; at least 1 in ALL."""
    having = Counter(member for value in values for member in closure(value, terms))
    return tuple((one, max(1, round(ALL * count / len(values)))) for one, count in sorted(having.items()))


def _mean(values: Iterable[Amounts]) -> Amounts:
    ends: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for value in values:
        for what, low, high in value:
            ends[what].append((low, high))
    return tuple(
        (what, _middle([low for low, _ in some]), _middle([high for _, high in some]))
        for what, some in sorted(ends.items())
    )


def _middle(numbers: Sequence[float]) -> float:
    return round(math.fsum(numbers) / len(numbers), _DIGITS)
