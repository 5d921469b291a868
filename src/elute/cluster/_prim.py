"""A compiled minimum spanning tree over all pairs, for sets small enough to write their distances down."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.kernels import kernel

Array = NDArray[Any]


@kernel("void(float64[:, ::1], float64[::1], int32[::1], int32[::1], float64[::1])")
def prim(distances: Array, core: Array, source: Array, target: Array, height: Array) -> None:
    """The tree by mutual reachability ``max(core_i, core_j, d_ij)``, grown from row 0, edges in the order they were added.

    Equal heights are very common (a row is as far from many as its core distance), and which of them comes first decides to which
    side a row on the border falls. Here as in the hdbscan package: the lower position.
    """
    p = core.shape[0]
    joined = np.zeros(p, dtype=np.bool_)
    least = np.full(p, np.inf)
    origin = np.zeros(p, dtype=np.int32)
    current = 0
    for edge in range(p - 1):
        joined[current] = True
        nearest, lowest = -1, np.inf
        for row in range(p):
            if joined[row]:
                continue
            reach = max(distances[current, row], core[current], core[row])
            if reach < least[row]:
                least[row] = reach
                origin[row] = current
            if nearest < 0 or least[row] < lowest:
                lowest = least[row]
                nearest = row
        source[edge], target[edge], height[edge] = origin[nearest], nearest, lowest
        current = nearest
