"""The cells of columns that the model has no key for → what they look like, and how well a text looks like them.

Such a column has a name of its own among the keys of a search: "" takes any text, "=year" one with the shape of
a year. What a table repeats in such a column ("Not yet recruiting") is known to be a cell of it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

_TIME = r"(?:h|hours?|d|days?|wks?|weeks?|mo|months?|mos|yrs?|years?|min|minutes?)"
_NUMBER = r"\d+(?:\.\d+)?"
_MORE_NUMBERS = rf"(?:\s?(?:-|–|to|or|,|and)\s?{_NUMBER})*"
_MONTH = r"(?:\d{1,2}|[A-Z][a-z]{2,8})"
_SHAPES = {
    "number": re.compile(r"\(?\d{1,4}[.):]?"),
    "year": re.compile(r"(?:19|20)\d\d(?:\s?[-–/]\s?(?:(?:19|20)?\d\d|present|ongoing))?"),
    "duration": re.compile(rf"(?:up to |at least |[<>≤≥~] ?)?{_NUMBER}{_MORE_NUMBERS}\s?-?{_TIME}\.?", re.I),
    "age": re.compile(rf"[<>≤≥]?\s?{_NUMBER}\s?(?:(?:-|–|to|±)\s?{_NUMBER})?(?:\s?{_TIME}(?: old)?)?", re.I),
    "date": re.compile(
        rf"(?:\d{{1,2}}[-/. ])?{_MONTH}[-/., ]{{1,2}}(?:\d{{1,2}},? )?(?:19|20)\d\d"
        r"|(?:19|20)\d\d-\d\d(?:-\d\d)?"
    ),
}
_LEAST_SHARE = 0.8  # of a column's cells, for its shape to be known
_LEAST_CELLS = 3
_REPEATED = 1.2
_MOST = 3.5
OWN = "="


def own_key(shape: str) -> str:
    """Return the key of a column of its own whose cells have this shape; "" for any text."""
    return f"{OWN}{shape}" if shape in _SHAPES else ""


def is_own(key: str) -> bool:
    """Return whether a key of a search names a column that the record has no key for."""
    return not key or key.startswith(OWN)


def has_shape(key: str, text: str) -> bool:
    """Return whether the whole of `text` has the shape that the key of a column of its own names."""
    return _SHAPES[key.removeprefix(OWN)].fullmatch(text) is not None


def shape_of(texts: Iterable[str]) -> str:
    """Return the shape that nearly all of a column's cells have, the first of several; "" when there is none."""
    cells = [text for text in texts if text]
    if len(cells) < _LEAST_CELLS:
        return ""
    for shape, pattern in _SHAPES.items():
        if sum(pattern.fullmatch(cell) is not None for cell in cells) >= _LEAST_SHARE * len(cells):
            return shape
    return ""


def repeated(texts: Iterable[str]) -> Mapping[str, float]:
    """Return what speaks for each text that stands in a column more than once, the more the oftener it does."""
    counts = Counter(text for text in texts if text)
    return {text: min(_MOST, _REPEATED * math.log2(n)) for text, n in counts.items() if n > 1}
