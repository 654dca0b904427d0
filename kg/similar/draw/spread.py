"""Places in any unit → places on paper: all within a rectangle, no two signs on top of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.similar.draw.room import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_ROUNDS = 150


def spread(places: Floats, within: Box, apart: float) -> Floats:
    """Return `places` turned and scaled, alike in both directions, to fill `within`, and no nearer than `apart` inches.

    Where the rectangle is too full for that, they are as far from each other as the rounds allow.
    """
    import numpy as np

    fitted = _fitted(_turned(np.asarray(places, dtype=np.float64), within), within)
    for _ in range(_ROUNDS):
        moved = _pushed(fitted, apart)
        if moved is None:
            break
        fitted = _fitted(moved, within, shrink_only=True)
    return fitted


def _turned(places: Floats, within: Box) -> Floats:
    """Turn places so that they can be drawn largest."""
    import numpy as np

    def factor(turned: Floats) -> float:
        size = np.maximum(turned.max(axis=0) - turned.min(axis=0), 1e-9)
        return float(round(min(within.width / size[0], within.height / size[1]), 9))

    angles = np.deg2rad(np.arange(0, 180, 5))
    turns = [np.array([[np.cos(one), np.sin(one)], [-np.sin(one), np.cos(one)]]) for one in angles]
    return (
        max((np.einsum("ni,ij->nj", places, turn) for turn in turns), key=factor) if len(places) else places
    )


def _fitted(places: Floats, within: Box, *, shrink_only: bool = False) -> Floats:
    import numpy as np

    if not len(places):
        return places
    low, high = places.min(axis=0), places.max(axis=0)
    size = np.maximum(high - low, 1e-9)
    middle = np.array([within.x, within.y])
    room = np.array([within.width, within.height])
    scale = room / size
    # each direction by itself when shrinking: what stands out a little must not make all else smaller
    scale = np.minimum(scale, 1) if shrink_only else np.full(2, scale.min() if size.max() > 1e-6 else 1)
    kept = np.clip((low + high) / 2, middle - (room - size * scale) / 2, middle + (room - size * scale) / 2)
    return np.asarray((places - (low + high) / 2) * scale + (kept if shrink_only else middle))


def _pushed(places: Floats, apart: float) -> Floats | None:
    """Return places of which each pair that is too near has moved half of what is missing; None when there is none."""
    import numpy as np
    from scipy.spatial import cKDTree

    pairs = cKDTree(places).query_pairs(apart * 0.995, output_type="ndarray")
    if not len(pairs):
        return None
    first, second = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))].T
    way = places[first] - places[second]
    length = np.hypot(*way.T)
    turn = (first * 2.399963 + second * 1.618034) % 6.283185  # where they coincide, any way apart will do
    way = np.where(length[:, None] > 1e-9, way, 1e-9 * np.column_stack([np.cos(turn), np.sin(turn)]))
    length = np.maximum(length, 1e-9)
    push = way * ((apart - length) / length / 2)[:, None]
    moved, met = np.zeros_like(places), np.zeros(len(places))
    for ends, sign in ((first, 1), (second, -1)):
        np.add.at(moved, ends, sign * push)
        np.add.at(met, ends, 1)
    return np.asarray(
        places + moved / np.maximum(met, 1)[:, None] * np.minimum(np.maximum(met, 1), 2)[:, None] * 0.7
    )
