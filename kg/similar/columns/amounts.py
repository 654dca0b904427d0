"""Amounts by unit → how alike they are: by their distance in powers of ten, each unit for itself.

Two ranges are as far apart as their lower and upper ends are on average, in decades (the city-block distance of
intervals), and alike by 1 - distance / span, or not at all. That counts by 1 - p, where p is the part of the profiles
whose amount lies in the interval that holds both: the information-theoretic reading of likeness on a scale (Lin 1998,
section 3.1). Of several units, those that only one side has count as not alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kg.similar.columns.column import Arrays, Floats
from kg.similar.profile import Amounts, Value


class AmountColumn:
    """The distinct amounts of one facet. It implements `kg.similar.columns.column.Column`.

    `units` are what is counted, ordered. The entries are in the order of the units, `starts` says where those of each
    begin: the code of the value, its range, and how many profiles have it.
    """

    def __init__(self, units: Sequence[str], spans: Mapping[str, float], arrays: Arrays) -> None:
        self.units = units
        self.spans = dict(spans)
        self._stored = dict(arrays)
        self.stating = int(arrays["stating"][0])
        self._units_of = arrays["units_of"].astype(np.int64)
        self.size = len(self._units_of)

    @classmethod
    def of(cls, values: Sequence[Amounts], counts: Sequence[int], spans: Mapping[str, float]) -> AmountColumn:
        """Return the column of distinct `values`, each of which `counts` profiles have."""
        units = sorted({what for value in values for what, _, _ in value})
        entries = sorted(
            (what, code, low, high) for code, value in enumerate(values) for what, low, high in value
        )
        arrays: dict[str, NDArray[np.generic]] = {
            "starts": np.searchsorted([one[0] for one in entries], [*units, "\uffff"]).astype(np.int64),
            "codes": np.array([one[1] for one in entries], np.int32),
            "low": np.array([one[2] for one in entries], np.float64),
            "high": np.array([one[3] for one in entries], np.float64),
            "having": np.array([counts[one[1]] for one in entries], np.int64),
            "units_of": np.array([len(value) for value in values], np.int32),
            "stating": np.array([sum(counts)], np.int64),
        }
        return cls(units, spans, arrays)

    def arrays(self) -> Arrays:
        """Return all that the column is made of but the names of its units."""
        return self._stored

    def value(self, code: int) -> Amounts:
        """Return the distinct value of this code."""
        at, starts = np.flatnonzero(self._stored["codes"] == code), self._stored["starts"]
        units = np.searchsorted(starts, at, side="right") - 1
        ends = zip(self._stored["low"][at].tolist(), self._stored["high"][at].tolist(), strict=True)
        return tuple((self.units[unit], low, high) for unit, (low, high) in zip(units, ends, strict=True))

    def row(self, value: Value) -> Floats:
        """Return how alike `value` is to each distinct value, and 0 for "not stated"."""
        total, shared = np.zeros(self.size + 1), np.zeros(self.size, np.int64)
        for what, low, high in value:  # type: ignore[misc]
            if what in self.units:
                run = slice(*self._stored["starts"][self.units.index(what) :][:2].tolist())
                codes = self._stored["codes"][run]
                total[codes] += self._near(what, low, high, run)
                shared[codes] += 1
        total[:-1] /= len(value) + self._units_of - shared
        return total

    def own(self, value: Value) -> float:
        """Return the likeness of `value` and itself: by how few amounts lie within its range."""
        parts = [self._part(what, low, high) for what, low, high in value]  # type: ignore[misc]
        return sum(1 - part for part in parts) / len(value)

    def _part(self, what: str, low: float, high: float) -> float:
        """Return the part of the profiles whose amount lies in a range; of one where none is, as if one were."""
        middles, before = self._scales.get(what, (np.zeros(0), np.zeros(1, np.int64)))
        first, last = np.searchsorted(middles, low, "left"), np.searchsorted(middles, high, "right")
        return max(int(before[last] - before[first]), 1) / (self.stating + 1)

    def _near(self, what: str, low: float, high: float, run: slice) -> Floats:
        lows: Floats = self._stored["low"][run]  # type: ignore[assignment]
        highs: Floats = self._stored["high"][run]  # type: ignore[assignment]
        distance = (np.abs(lows - low) + np.abs(highs - high)) / 2
        span = self.spans.get(what) or self.spans[""]
        middles, before = self._scales[what]
        first = np.searchsorted(middles, np.minimum(lows, low), side="left")
        last = np.searchsorted(middles, np.maximum(highs, high), side="right")
        # one that lies between two known amounts, but where no profile is, counts as the first of its kind
        inside = np.maximum(before[last] - before[first], 1)
        near: Floats = np.maximum(0, 1 - distance / span) * (1 - inside / (self.stating + 1))
        return near

    @cached_property
    def _scales(self) -> Mapping[str, tuple[Floats, NDArray[np.int64]]]:
        """For each unit the middles of all amounts in order, and how many profiles lie before each of them."""
        scales = {}
        for at, what in enumerate(self.units):
            run = slice(*self._stored["starts"][at : at + 2].tolist())
            middles = (self._stored["low"][run] + self._stored["high"][run]) / 2  # type: ignore[operator]
            order = np.argsort(middles, kind="stable")
            before = np.concatenate([[0], np.cumsum(self._stored["having"][run][order])])
            scales[what] = (middles[order], before.astype(np.int64))
        return scales
