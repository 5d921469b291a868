"""Nearest neighbours of so many rows that comparing all of them takes too long."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.kernels import shared
from elute.neighbors.cells import Cells, meet, settled_cells
from elute.neighbors.exact import fill, query
from elute.neighbors.graph import Neighbors
from elute.neighbors.lists import SPARE, Lists
from elute.progress import SILENT, Progress

REACH = 15  # entries of a list that are followed, forwards
BACK = 10  # and backwards
ENOUGH = 0.99  # recall at which no further round is made
ROUNDS = 2  # a third found .001 more
SAMPLED = 400  # rows whose true neighbours are looked up: the recall is then known to .002
STRIDE = 4_096  # rows refined between two ears for a cancel: 25 ms


def approximate(X: NDArray[np.float32], k: int = 30, seed: int = 0, progress: Progress = SILENT) -> tuple[Neighbors, Cells]:
    """Most of the ``k`` nearest neighbours of each row, and the share that was found.

    Parameters
    ----------
    X : ndarray of shape (m, d), float32
        Vectors of unit norm, or zero.
    k : int, default=30
        Less than m.
    seed : int, default=0

    Returns
    -------
    Neighbors
        Distances are those of :func:`~elute.neighbors.exact.nearest`, to the last bit. ``recall`` is that of the 15 nearest, on 400 rows.
    Cells
        In which other rows can be asked for later.

    Notes
    -----
    Rows meet in cells by matrix products (``cells.py``), O(m^1.5 d). Then each meets the neighbours of its neighbours, as in Dong,
    Moses and Li, "Efficient k-nearest neighbor graph construction for generic similarity measures" (2011), until the recall is
    .99 or three rounds are over. Peak memory above ``X``: some 32 k bytes a row.
    """
    m = len(X)
    every = np.arange(m, dtype=np.int32)
    lists = Lists(m, min(k + SPARE, m - 1))
    cells, near = settled_cells(X, seed, progress)
    meet(X, cells, near, lists, progress)
    del near
    truth = _Truth(X, min(k, 15), seed, progress)
    new = np.ones(lists.who.shape, dtype=bool)
    for _ in range(ROUNDS):
        new = _refined(X, cells.homes, lists, new, progress)
        if truth.recall(lists.of(truth.rows).settled(X, truth.rows, truth.k).distances) >= ENOUGH:
            break
    fill(X, every, np.ones(m, dtype=bool), k, lists, progress)  # a row in a far corner may have met too few
    graph = lists.settled(X, every, k, progress)
    progress.report("neighbours", m, m)
    return Neighbors(graph.indices, graph.distances, truth.recall(graph.distances[truth.rows])), cells


def _refined(
    X: NDArray[np.float32], order: NDArray[np.int32], lists: Lists, new: NDArray[np.bool_], progress: Progress
) -> NDArray[np.bool_]:
    """One round of neighbours of neighbours; tells which entries it brought."""
    from elute.neighbors._kernels import refine, reverse

    m = len(X)
    ids = lists.who.copy()
    reach = min(REACH, ids.shape[1])
    back = np.full((m, BACK), -1, dtype=np.int32)
    cosines = np.full((m, BACK), -9, dtype=np.float32)
    for start in range(0, m, 8 * STRIDE):
        progress.check()
        reverse(ids, lists.best, start, min(start + 8 * STRIDE, m), reach, back, cosines)
    del cosines
    newer = np.empty_like(new)
    for start in range(0, m, STRIDE):
        progress.check()
        shared(
            min(STRIDE, m - start),
            lambda a, b, s=start: refine(  # type: ignore[misc]
                X, s + a, s + b, order, ids, new, back, reach, lists.best, lists.who, newer
            ),
        )
    return newer


class _Truth:
    """The true neighbours of a sample of rows."""

    def __init__(self, X: NDArray[np.float32], k: int, seed: int, progress: Progress) -> None:
        m = len(X)
        self.k = k
        self.rows = np.sort(np.random.default_rng(seed).choice(m, min(m, SAMPLED), replace=False)).astype(np.int32)
        self.farthest = query(X, self.rows, np.ones(m, dtype=bool), k, progress).distances[:, -1:]

    def recall(self, distances: NDArray[np.float32]) -> float:
        """Share of the true ``k`` nearest that are among the first ``k`` of the sampled rows' lists; equals count."""
        return float((distances[:, : self.k] <= self.farthest).mean())
