"""The columns of a table → what a search for their cells has to know of them: keys, and how their cells look."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from kg.columns.kinds import fits_kind, has_cells, own_kind
from kg.model import Column
from kg.segment.habits import Habits
from kg.vocabulary.lexicon import Lexicon

ROW_NUMBERS = "cells.row-numbers"
"""The rule by which a column is one that numbers the rows from 1."""
_KINDS = ("running-number", "year", "follow-up", "start-date", "age")
"""The kinds of columns that are known by the shape of their cells alone."""


def search_keys(columns: Sequence[Column]) -> list[str]:
    """Return for each column the key under which a search looks for its cells, "" for any text."""
    return [column.key for column in columns]


def habits_of(columns: Sequence[Column], lexicon: Lexicon) -> Habits:
    """Return what the headers tell of the cells of the columns that have no key."""
    kinds = {
        at: "running-number" if column.rule == ROW_NUMBERS else own_kind(column.header, lexicon)
        for at, column in enumerate(columns)
        if not column.keys
    }
    looks = {
        at: partial(fits_kind, kind, lexicon=lexicon)
        for at, kind in kinds.items()
        if kind and has_cells(kind, lexicon)
    }
    return Habits(looks, tuple(partial(fits_kind, kind, lexicon=lexicon) for kind in _KINDS))
