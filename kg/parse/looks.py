"""The columns of a table → what a search for their cells has to know of them: keys, and how their cells look."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from kg.columns.kinds import fits_kind, has_cells, own_kind
from kg.columns.names import name_header
from kg.model import Column
from kg.segment.habits import Habits
from kg.segment.own import Look
from kg.vocabulary.lexicon import Lexicon

ROW_NUMBERS = "cells.row-numbers"
"""The rule by which a column is one that numbers the rows from 1."""
_SECOND = "header.second-of-its-kind"
_CITED = re.compile(r"\[\d{1,4}(?:\s?[,–-]\s?\d{1,4})*\]|\d{1,4}(?:\s?[,–-]\s?\d{1,4})*")
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
    looks: dict[int, Look] = {
        at: partial(fits_kind, kind, lexicon=lexicon)
        for at, kind in kinds.items()
        if kind and has_cells(kind, lexicon)
    }
    looks |= {at: _is_cited for at, column in enumerate(columns) if _cites_again(column, lexicon)}
    return Habits(looks, tuple(partial(fits_kind, kind, lexicon=lexicon) for kind in _KINDS))


def _cites_again(column: Column, lexicon: Lexicon) -> bool:
    """Whether a column has the numbers of the works whose authors another column names."""
    return column.rule == _SECOND and name_header(column.header, lexicon).key == "reference"


def _is_cited(text: str) -> bool:
    return _CITED.fullmatch(text) is not None
