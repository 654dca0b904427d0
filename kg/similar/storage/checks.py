"""An index from a file → nothing, or ValueError when its arrays do not fit together: no search then fails half-way."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.similar.columns.amounts import AmountColumn
from kg.similar.columns.column import Column
from kg.similar.columns.concepts import ConceptColumn
from kg.similar.facets import find_facet
from kg.similar.index import Index
from kg.similar.storage.texts import Texts

Array = NDArray[Any]


def check_index(index: Index) -> None:
    """Raise ValueError when texts, codes or columns of an index contradict each other, QueryError for an unknown facet."""
    for texts in (index.iris, index.names, index.labels, index.bare_names):
        _check_texts(texts)
        _same(len(texts), len(index))
    for facet, column in index.columns.items():
        _same(find_facet(facet).name, facet)
        _same(len(index.codes[facet]), len(index))
        _check_codes(index.codes[facet], column.size + 1)
        _check_column(column)


def _check_column(column: Column) -> None:
    stored = column.arrays()
    _same(len(stored["stating"]), 1)
    if isinstance(column, ConceptColumn):
        _check_texts(column.members)
        members = len(column.members)
        _check_runs(stored["starts"], column.size, stored["codes"], members)
        _check_runs(stored["posting_starts"], members, stored["posting_codes"], column.size)
        lengths = {"information": members, "part": members, "mass": column.size}
        lengths |= {"shares": len(stored["codes"]), "posting_shares": len(stored["posting_codes"])}
    elif isinstance(column, AmountColumn):
        # one more start than units, and one place for the end
        _check_runs(stored["starts"], len(column.units), stored["codes"], column.size)
        lengths = dict.fromkeys(("low", "high", "having"), len(stored["codes"]))
    for name, length in lengths.items():
        _same(len(stored[name]), length)


def _check_texts(texts: Any) -> None:
    if isinstance(texts, Texts):
        _same(texts.data.dtype, np.dtype(np.uint8))
        _check_starts(texts.starts, len(texts.starts) - 1, len(texts.data))


def _check_runs(starts: Array, runs: int, codes: Array, kinds: int) -> None:
    _check_starts(starts, runs, len(codes))
    _check_codes(codes, kinds)


def _check_starts(starts: Array, runs: int, end: int) -> None:
    if not (
        len(starts) == runs + 1 > 0
        and starts.dtype.kind == "i"
        and int(starts[0]) == 0
        and int(starts[-1]) == end
        and bool((starts[1:] >= starts[:-1]).all())
    ):
        raise ValueError("its runs do not fit together")


def _check_codes(codes: Array, kinds: int) -> None:
    if codes.dtype.kind != "i" or (len(codes) and not (codes.min() >= 0 and codes.max() < kinds)):
        raise ValueError("its codes do not fit together")


def _same(found: object, expected: object) -> None:
    if found != expected:
        raise ValueError(f"{found} where {expected} belongs")
