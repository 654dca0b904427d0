"""Many texts → two arrays, of which a text is only made when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import overload

import numpy as np
from numpy.typing import NDArray


class Texts(Sequence[str]):
    """Texts as one run of UTF-8, `data`, and where each begins, `starts`, with the end as the last one."""

    def __init__(self, data: NDArray[np.uint8], starts: NDArray[np.int64]) -> None:
        self.data = data
        self.starts = starts

    @classmethod
    def of(cls, texts: Iterable[str]) -> Texts:
        """Return texts as arrays; what is no character, a lone surrogate, becomes a question mark."""
        encoded = [text.encode("utf-8", "replace") for text in texts]
        starts = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        return cls(np.frombuffer(b"".join(encoded), np.uint8), starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        place = range(len(self))[at]
        return self._text(int(self.starts[place]), int(self.starts[place + 1]))

    def __iter__(self) -> Iterator[str]:
        data, starts = self.data.tobytes(), self.starts.tolist()
        for start, end in pairwise(starts):
            yield data[start:end].decode("utf-8", "replace")

    def places(self, text: str) -> list[int]:
        """Return the places of the texts that are equal to `text`."""
        wanted = np.frombuffer(text.encode("utf-8", "replace"), np.uint8)
        found = np.flatnonzero(np.diff(self.starts) == len(wanted))
        begin = self.starts[found]
        # from the end: there numbers differ
        for at in range(len(wanted) - 1, -1, -1):
            equal = self.data[begin + at] == wanted[at]
            found, begin = found[equal], begin[equal]
        return [int(place) for place in found]

    def _text(self, start: int, end: int) -> str:
        return self.data[start:end].tobytes().decode("utf-8", "replace")


def places_of(text: str, texts: Sequence[str]) -> list[int]:
    """Return the places of the texts that are equal to `text`."""
    if isinstance(texts, Texts):
        return texts.places(text)
    return [place for place, one in enumerate(texts) if one == text]
