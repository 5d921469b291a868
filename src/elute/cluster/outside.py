"""The nearest row of another part, for parts that a neighbour graph leaves apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.cluster.rows import Rows
from elute.kernels import shared

SIDE = 2048  # rows and columns of a block of cosines

Found = tuple[NDArray[np.int32], NDArray[np.float64]]


def by_cosine(rows: Rows, ask: NDArray[np.int32], part: NDArray[np.int32]) -> Found:
    """The nearest row outside its own part for each of ``ask``, by matrix products; distances are Euclidean."""
    from elute.cluster._linkage import nearest_other

    place = np.full(len(rows.X), -1, dtype=np.int32)
    place[rows.at] = np.arange(rows.p, dtype=np.int32)
    best, who = np.full(len(ask), -2, dtype=np.float32), np.zeros(len(ask), dtype=np.int32)
    for top in range(0, len(ask), SIDE):
        mine = slice(top, top + SIDE)
        X, own, high, name = rows.X[rows.at[ask[mine]]], part[ask[mine]], best[mine], who[mine]
        for left in range(0, len(rows.X), SIDE):
            rows.progress.report("cluster", top, len(ask), "joining parts of the graph")
            columns = place[left : left + SIDE]
            S = X @ rows.X[left : left + SIDE].T
            shared(len(X), lambda a, b: nearest_other(S, own, columns, part, a, b, high, name), least=64)  # noqa: B023
    return who, np.sqrt(np.maximum(2 - 2 * best.astype(np.float64), 0))
