"""Figures of a graph → its title and what it is, in a sentence or two."""

from __future__ import annotations

from kg.describe.statistics import Figures
from kg.vocabulary.namespaces import TKG

_NAMED = 3  # tables that a title names; more are counted


def title_of(figures: Figures) -> str:
    """Return the title: what the graph is about, and the tables that it comes from."""
    labels = [table.label for table in figures.tables]
    if not labels:
        return "Clinical trials"
    if len(labels) > _NAMED or not all(labels):
        return f"Clinical trials in {_many(len(labels), 'table')}"
    return f"Clinical trials in {_listed(labels)}"


def description_of(figures: Figures) -> str:
    """Return what the graph holds, with numbers."""
    trials, reports = (figures.classes.get(name, 0) for name in (TKG.ClinicalTrial, TKG.TrialReport))
    if not trials and not reports:
        return f"A graph of {_many(figures.triples, 'triple')}."
    tables = f" in {_many(len(figures.tables), 'table')}" if figures.tables else ""
    return (
        f"{_many(reports, 'report')} of {_many(trials, 'clinical trial')}{tables}: conditions, cells, doses, "
        "routes, schedules, phases and outcomes as the tables state them, the cell that each statement comes from, "
        "and the vocabularies that explain the codes."
    )


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
