"""Neighbours by Euclidean distance: of all pairs of a small set, or in a few dimensions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.progress import Progress

ASKED = 4096  # rows asked of a tree between two looks at whether to stop


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
