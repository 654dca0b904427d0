"""Links between points → places on a plane: points that are linked strongly stand near each other.

The forces are those of the LinLog model, whose best layouts set dense groups apart (Noack 2007, 2009): a link pulls
by its weight whatever its length, and points push each other away by the product of their total weights over their
distance. The start is the plane of the two leading eigenvectors, never chance, so that the same links give the same
places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Floats = NDArray[np.float64]

_BLOCK = 4_000_000  # pairs of points looked at together: 16 MB a table of float32
_PAIRS = 2_500_000_000  # pairs looked at in all, of which the number of rounds follows
_ROUNDS = (60, 400)
_GRAVITY = 0.35  # times the distance from the middle: it holds parts that nothing links, spread evenly


def place(links: csr_array) -> Floats:
    """Return places of n points, float64[n, 2], with mean 0.

    `links` are weights ≥ 0, symmetric, n × n, with nothing on the diagonal. Points without any link stand around the rest.
    """
    import numpy as np

    places = _start(links)
    if len(places) > 2:
        places = _settle(links, places)
    return np.asarray(places - places.mean(axis=0)) if len(places) else places


def _start(links: csr_array) -> Floats:
    """The plane of the eigenvectors of I + D^-½ W D^-½ that follow the first; where they are equal, a spiral parts."""
    import numpy as np

    count = links.shape[0]
    turn = np.arange(count) * 2.399963229728653  # the golden angle
    spiral = np.sqrt((np.arange(count) + 0.5) / max(count, 1))
    places = np.column_stack([np.cos(turn), np.sin(turn)]) * spiral[:, None]
    if count < 4:
        return np.asarray(places)
    vectors = _leading(links)
    size = np.abs(vectors).max(axis=0)
    return np.asarray(vectors / np.where(size > 0, size, 1) + 0.05 * places)


def _leading(links: csr_array) -> Floats:
    import numpy as np

    total = links.sum(axis=1)
    scale = (1 / np.sqrt(np.where(total > 0, total, 1)))[:, None]
    block = np.column_stack([np.sqrt(total), *_waves(links.shape[0])])
    for _ in range(200):
        block, _ = np.linalg.qr(block + scale * (links @ (scale * block)))
    vectors = block[:, 1:3] * scale
    signs = np.sign(vectors[np.abs(vectors).argmax(axis=0), [0, 1]])
    return np.asarray(vectors * np.where(signs < 0, -1, 1))


def _waves(count: int) -> list[Floats]:
    import numpy as np

    steps = np.arange(count)
    return [np.cos(steps * 0.7548776662466927 * 6.28), np.cos(steps * 0.5698402909980532 * 6.28)]


def _settle(links: csr_array, places: Floats) -> Floats:
    """Let the forces work, each point as fast as its force is steady (the speeds of ForceAtlas2)."""
    import numpy as np

    count = len(places)
    mass = links.sum(axis=1)
    mean = mass.mean() or 1.0
    pull, mass = links / mean, np.maximum(mass / mean, 0.05)
    before = np.zeros_like(places)
    speed = 0.1
    for turn in range(int(np.clip(_PAIRS / count**2, *_ROUNDS))):
        force = _pulled(pull, places) + _pushed(mass, places) - _GRAVITY * mass[:, None] * places
        swing = np.hypot(*(force - before).T) * mass
        steady = np.hypot(*(force + before).T) * mass / 2
        if turn:
            speed = min(steady.sum() / max(swing.sum(), 1e-9), 1.5 * speed)
        places = places + force * (speed / (1 + speed * np.sqrt(swing)))[:, None]
        before = force
    return places


def _pulled(pull: csr_array, places: Floats) -> Floats:
    """The force of the links: of each its weight, towards the other end."""
    import numpy as np

    ends = np.repeat(np.arange(len(places)), np.diff(pull.indptr))
    way = places[pull.indices] - places[ends]
    way *= (pull.data / np.sqrt(np.square(way).sum(axis=1) + 1e-4))[:, None]
    return np.column_stack([np.bincount(ends, one, len(places)) for one in way.T])


def _pushed(mass: Floats, places: Floats) -> Floats:
    """The force of all others: mass × mass / distance, away from them."""
    import numpy as np

    count = len(places)
    force = np.empty_like(places)
    near, light = places.astype(np.float32), (mass / count).astype(np.float32)
    rows = max(1, _BLOCK // count)
    for first in range(0, count, rows):
        part = slice(first, first + rows)
        factor = np.square(near[part, :1] - near[:, 0])
        factor += np.square(near[part, 1:] - near[:, 1])
        factor += np.float32(1e-4)
        np.divide(light, factor, out=factor)
        drawn = np.einsum("ij,jk->ik", factor, near)
        force[part] = near[part] * factor.sum(axis=1)[:, None] - drawn
    return np.asarray(force * mass[:, None])
