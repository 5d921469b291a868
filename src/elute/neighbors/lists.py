"""Neighbour lists while they are being filled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.kernels import shared
from elute.neighbors.graph import Neighbors
from elute.progress import SILENT, Progress

SPARE = 4  # entries kept beyond k: a product's rounding (1e-7) can swap the k-th with the next, and the last step decides anew
SETTLED = 8_192  # rows measured between two ears for a cancel: 20 ms


class Lists:
    """The best so far of each row: cosines in falling order, and whose they are (-1: nobody yet)."""

    def __init__(self, n: int, width: int) -> None:
        self.best = np.full((n, width), -9, dtype=np.float32)
        self.who = np.full((n, width), -1, dtype=np.int32)

    def of(self, rows: NDArray[np.int32]) -> Lists:
        """Copies of the lists of some rows."""
        some = Lists(0, 0)
        some.best, some.who = self.best[rows], self.who[rows]
        return some

    def settled(self, X: NDArray[np.float32], names: NDArray[np.int32], k: int, progress: Progress = SILENT) -> Neighbors:
        """The ``k`` nearest of what each list holds, measured once more, pair by pair."""
        from elute.neighbors._kernels import settle

        n = len(names)
        indices = np.empty((n, k), dtype=np.int32)
        distances = np.empty((n, k), dtype=np.float32)
        for start in range(0, n if k else 0, SETTLED):
            progress.check()
            part = slice(start, start + SETTLED)
            mine, who, to, far = names[part], self.who[part], indices[part], distances[part]
            shared(len(mine), lambda a, b, m=mine, w=who, t=to, f=far: settle(X, a, b, m, w, t, f))  # type: ignore[misc]
        return Neighbors(indices, distances)
