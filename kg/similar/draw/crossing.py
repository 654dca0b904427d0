"""Trials → the heat map of their diseases and cell sources: which rows, which columns, how many trials."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from kg.similar.draw.areas import areas_of_diseases, key_of
from kg.similar.draw.heatmap import HeatMap, Row
from kg.similar.draw.words import counted
from kg.similar.profile import Collection
from kg.similar.terms import Terms

MOST_ROWS, MOST_COLUMNS = 45, 16


def heatmap_of(trials: Collection) -> HeatMap:
    """Return the heat map of a collection of trials; those of the most frequent diseases and cell sources."""
    diseases, sources = _having(trials, "disease"), _having(trials, "cell_source")
    columns = _frequent(sources, MOST_COLUMNS, trials.terms)
    key = key_of(trials)
    label = trials.terms.label
    rows = [
        Row(
            key.area(areas_of_diseases([disease], trials.terms)),
            label(disease),
            len(diseases[disease]),
            [len(diseases[disease] & sources[one]) for one in columns],
        )
        for disease in _frequent(diseases, MOST_ROWS, trials.terms)
    ]
    return HeatMap(
        title="Which cell sources were tried in which diseases",
        note=_note(trials, diseases, sources),
        caption=_caption(len(diseases) - len(rows), len(sources) - len(columns)),
        rows=_ordered(rows),
        columns=[(label(one), len(sources[one])) for one in columns],
        signs={row.area: key.sign(row.area) for row in rows},
    )


def _having(trials: Collection, facet: str) -> dict[str, set[int]]:
    """Return for each concept that is stated under a facet the positions of the trials that state it."""
    found: dict[str, set[int]] = defaultdict(set)
    for position, trial in enumerate(trials.profiles):
        for concept, *_ in trial.values.get(facet, ()):
            found[str(concept)].add(position)
    return dict(found)


def _frequent(having: Mapping[str, set[int]], most: int, terms: Terms) -> list[str]:
    return sorted(having, key=lambda one: (-len(having[one]), terms.label(one), one))[:most]


def _ordered(rows: Iterable[Row]) -> list[Row]:
    """Order rows by area, that with most trials first, then by their trials."""
    every = tuple(rows)
    totals: Counter[str] = Counter()
    for row in every:
        totals[row.area] += row.total
    return sorted(every, key=lambda row: (-totals[row.area], row.area, -row.total, row.label))


def _note(trials: Collection, *facets: Mapping[str, set[int]]) -> str:
    size = len(trials.profiles)
    both = set.intersection(*(set().union(*having.values()) for having in facets))
    out = size - len(both)
    verbs = "does not state both and is" if out == 1 else "do not state both and are"
    without = f" {out:,} of them {verbs} not in any cell." if out else ""
    return f"{counted(size, 'trial')}. A cell has the number of trials; where it is empty, there is none.{without}"


def _caption(rows: int, columns: int) -> str:
    left = [
        counted(count, what)
        for count, what in ((rows, "rarer disease"), (columns, "rarer cell source"))
        if count
    ]
    return (
        "A trial counts in each of its diseases and cell sources, as the tables name them, so that a row may have more or "
        "fewer trials than its cells together. Diseases stand under their area, of several the one with the fewest trials; "
        "areas and diseases are ordered by their trials, cell sources too. The darker, the more trials."
        + (f" Left out: {' and '.join(left)}." if left else "")
    )
