"""Trials and diseases → the disease areas that they belong to, as labels."""

from __future__ import annotations

from collections.abc import Iterable

from kg.similar.draw.signs import Areas, Key
from kg.similar.profile import Collection, Profile
from kg.similar.terms import Terms


def stated(trial: Profile) -> list[str]:
    """Return the diseases that a trial states."""
    return [str(disease) for disease, *_ in trial.values.get("disease", ())]


def key_of(trials: Collection) -> Key:
    """Return the signs of the areas of trials, the same in all their pictures."""
    return Key.of(areas_of_diseases(stated(trial), trials.terms) for trial in trials.profiles)


def areas_of_diseases(diseases: Iterable[str], terms: Terms) -> Areas:
    """Return the labels of the broadest concepts above some diseases, ordered."""
    return tuple(sorted(set(map(terms.label, terms.tops(diseases)))))
