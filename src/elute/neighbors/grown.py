"""Lists over more rows, from those over the first of them: what is added meets everyone, the others keep what they had."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.kernels import shared
from elute.neighbors.exact import BLOCK
from elute.neighbors.graph import Neighbors
from elute.neighbors.lists import SPARE, Lists
from elute.progress import SILENT, Progress


def grown(X: NDArray[np.float32], before: Neighbors, k: int, progress: Progress = SILENT) -> Neighbors:
    """The ``k`` nearest of each row, from the lists ``before`` over the first rows of ``X``.

    Parameters
    ----------
    X : ndarray of shape (m, d), float32
    before : Neighbors
        ``k`` wide, or as wide as there were others.
    k : int
        Less than m.

    Notes
    -----
    O(r m d) for r new rows; equal to a rebuild where ``before`` was exact.
    """
    from elute.neighbors._kernels import keep_columns, keep_rows

    m, old = len(X), before.n
    lists = Lists(m, min(k + SPARE, m - 1))
    lists.best[:old, : before.k] = np.float32(1) - before.distances
    lists.who[:old, : before.k] = before.indices
    every, allowed = np.arange(m, dtype=np.int32), np.ones(m, dtype=bool)
    for top in range(old, m, BLOCK):
        rows = every[top : top + BLOCK]
        for left in range(0, m, BLOCK):
            progress.report("neighbours", top - old, m - old)
            columns = every[left : left + BLOCK]
            S = X[top : top + BLOCK] @ X[left : left + BLOCK].T
            shared(
                len(rows),
                lambda a, b, S=S, r=rows, c=columns: keep_rows(S, a, b, r, r, c, allowed, lists.best, lists.who),  # type: ignore[misc]
                64,
            )
            shared(
                max(0, min(len(columns), old - left)),
                lambda a, b, S=S, r=rows, c=columns: keep_columns(S, a, b, r, c, lists.best, lists.who),  # type: ignore[misc]
                64,
            )
    graph = lists.settled(X, every, k, progress)
    return Neighbors(graph.indices, graph.distances, before.recall)
