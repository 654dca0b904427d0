"""Links between points → places on a plane: points that are linked strongly stand near each other.

The layout is ForceAtlas2 (Jacomy et al. 2014, doi:10.1371/journal.pone.0098679) as networkx has it: a link pulls by its
weight and length, and points push each other away by their total weights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Floats = NDArray[np.float64]

_ROUNDS = 400
_LEAST = 0.05  # weight of a point that nothing links, out of the mean one


def place(links: csr_array, seed: int = 0) -> Floats:
    """Return places of n points, float64[n, 2], with mean 0; they are scattered by `seed` at the start.

    `links` are weights ≥ 0, symmetric, n × n, with nothing on the diagonal.
    """
    import networkx as nx
    import numpy as np

    count = links.shape[0]
    if count < 2:
        return np.zeros((count, 2))
    total = links.sum(axis=1)
    mean = total.mean() or 1.0
    weights = dict(enumerate(np.maximum(total / mean, _LEAST).tolist()))
    found = nx.forceatlas2_layout(
        nx.from_scipy_sparse_array(links / mean),
        max_iter=_ROUNDS,
        scaling_ratio=1.0,
        node_mass=weights,
        weight="weight",
        seed=seed,
    )
    places = np.array([found[at] for at in range(count)], np.float64)
    return np.asarray(places - places.mean(axis=0))
