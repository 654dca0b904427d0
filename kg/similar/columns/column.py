"""The port of a facet's column: each distinct value once, and how alike a value is to all of them at a stroke."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kg.similar.profile import Value

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Codes = NDArray[np.int32]
Arrays = Mapping[str, NDArray[np.generic]]


class Column(Protocol):
    """The distinct values of one facet. A value's code is its place; `size` stands for "not stated"."""

    size: int

    def row(self, value: Value) -> Floats:
        """Return the likeness, from 0 to below 1, of `value` and each distinct value; one more, 0, for "not stated".

        It is symmetric to the last bit, and no other value is more like `value` than itself.
        """

    def own(self, value: Value) -> float:
        """Return the likeness of `value` and itself: 1 but for what is common."""

    def value(self, code: int) -> Value:
        """Return the distinct value of this code."""

    def arrays(self) -> Arrays:
        """Return all that the column is made of, for a file."""
