"""The nearest row of another part, for parts that a neighbour graph leaves apart: exact, in either space."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.cluster.rows import Rows
from elute.kernels import shared
from elute.progress import Progress

SIDE = 2048  # rows and columns of a block of cosines
ASKED = 4096  # rows asked of a tree between two looks at whether to stop

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


def by_tree(coords: NDArray[np.float64], ask: NDArray[np.int32], part: NDArray[np.int32], progress: Progress) -> Found:
    """The same in a few dimensions.

    Parts are numbered in binary. Two that differ, differ in a bit; so for each bit the rows that have it look among those that
    don't, and the other way round: log2(parts) trees in place of one for each part.
    """
    from scipy.spatial import cKDTree

    number = np.unique(part, return_inverse=True)[1]
    near, far = np.zeros(len(ask), dtype=np.int32), np.full(len(ask), np.inf)
    for bit in range(int(number.max()).bit_length()):
        has = (number >> bit & 1).astype(bool)
        for side in (True, False):
            others = np.flatnonzero(has != side)
            mine = np.flatnonzero(has[ask] == side)
            if not len(mine):
                continue
            tree = cKDTree(coords[others])
            for start in range(0, len(mine), ASKED):
                progress.check()
                some = mine[start : start + ASKED]
                distance, at = tree.query(coords[ask[some]], workers=-1)
                nearer = distance < far[some]
                near[some[nearer]], far[some[nearer]] = others[at[nearer]], distance[nearer]
    return near, far


def tree_graph(coords: NDArray[np.float64], k: int, progress: Progress) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """The k nearest other rows of each in a few dimensions, and their Euclidean distances; (p, k) each."""
    from scipy.spatial import cKDTree

    p = len(coords)
    k = min(k, p - 1)
    tree = cKDTree(coords)
    indices, distances = np.empty((p, k), dtype=np.int32), np.empty((p, k))
    for start in range(0, p, ASKED):
        progress.check()
        some = np.arange(start, min(start + ASKED, p))
        far, near = tree.query(coords[some], k + 1, workers=-1)
        own = near == some[:, None]
        own[~own.any(axis=1), k] = True  # more than k copies of it came first
        indices[some] = near[~own].reshape(-1, k)
        distances[some] = far[~own].reshape(-1, k)
    return indices, distances


def complete_graph(points: NDArray[np.floating[Any]]) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """All other rows of each, nearest first, and their Euclidean distances; (p, p - 1) each."""
    from scipy.spatial.distance import cdist

    data = np.asarray(points, dtype=np.float64)
    if data.shape[1] <= 16:
        every = cdist(data, data)
    else:
        lengths = np.einsum("ij,ij->i", data, data)
        every = np.sqrt(np.maximum(lengths[:, None] + lengths - 2 * data @ data.T, 0))
        every = np.maximum(every, every.T)  # rounding differs between the two halves
    np.fill_diagonal(every, -1)
    order = np.argsort(every, axis=1)[:, 1:]
    return order.astype(np.int32), np.take_along_axis(every, order, axis=1)
