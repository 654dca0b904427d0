"""The cells of columns that the model has no key for → how well a text looks like one of them.

In a search such a column has the key "" and takes any text. What speaks for a text there is that the table repeats
it ("Not yet recruiting"), or that it looks as the cells of such a column do ("2015" as a year).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

Look = Callable[[str], bool]
"""Whether a text looks like a cell of one kind of column."""

_LEAST_SHARE = 0.8  # of a column's cells, for its look to be known
_LEAST_CELLS = 3
_REPEATED, _MOST = 1.2, 3.5
_LOOKS, _LOOKS_OTHERWISE = 2.5, -1.0


def is_own(key: str) -> bool:
    """Return whether a key of a search is that of a column that the record has no key for."""
    return not key


class Usual:
    """What is usual in one column: the texts that it repeats, and how its cells look, if they look alike."""

    def __init__(self, texts: Iterable[str] = (), look: Look | None = None) -> None:
        counts = Counter(text for text in texts if text)
        self._gains = {text: min(_MOST, _REPEATED * math.log2(n)) for text, n in counts.items() if n > 1}
        self._look = look

    def gain(self, text: str) -> float:
        """Return what speaks for `text` as a cell of this column, negative when something speaks against it."""
        gain = self._gains.get(text, 0.0)
        if self._look is not None:
            gain += _LOOKS if self._look(text) else _LOOKS_OTHERWISE
        return gain


def look_of(texts: Iterable[str], looks: Sequence[Look]) -> Look | None:
    """Return the first of `looks` that nearly all of a column's cells have, None when there is none."""
    cells = [text for text in texts if text]
    if len(cells) < _LEAST_CELLS:
        return None
    return next((look for look in looks if sum(map(look, cells)) >= _LEAST_SHARE * len(cells)), None)
