"""Trials and diseases → the disease areas that they belong to, as labels."""

from __future__ import annotations

from collections.abc import Iterable

from kg.similar.draw.signs import Areas
from kg.similar.profile import Profile
from kg.similar.terms import Terms


def stated(trial: Profile) -> list[str]:
    """Return the diseases that a trial states."""
    return [str(disease) for disease, *_ in trial.values.get("disease", ())]


def areas_of_diseases(diseases: Iterable[str], terms: Terms) -> Areas:
    """Return the labels of the broadest concepts above some diseases, ordered."""
    return tuple(sorted({terms.label(area) for disease in diseases for area in terms.top(disease)}))
