"""Compiled loops over the edges within a cluster."""

from __future__ import annotations

from typing import Any

from elute.kernels import kernel


@kernel("int64(int64[::1], Array(int32, 2, 'C', readonly=True), float32[::1], bool_[::1], int64[::1])")
def thinned(edges: Any, indices: Any, loneliness: Any, alive: Any, gone: Any) -> Any:
    """Of each edge whose ends are both there, take out the less lonely end; returns how many went.

    ``edges`` (e,) are places in ``indices`` (n, k) read row by row, the shortest first; ``alive`` (n,) is all true before, and ``gone``
    (n,) is filled in the order in which they went. Of ends that are as lonely, the first goes.
    """
    k = indices.shape[1]
    count = 0
    for at in range(edges.size):
        a = edges[at] // k
        b = indices[a, edges[at] % k]
        if alive[a] and alive[b]:
            out = a if loneliness[a] < loneliness[b] or (loneliness[a] == loneliness[b] and a < b) else b
            alive[out] = False
            gone[count] = out
            count += 1
    return count
