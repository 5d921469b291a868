"""How well the set would do without a row: most redundant first, what stays is diverse."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.neighbors import Neighbors


def redundancy(
    neighbors: Neighbors, weights: NDArray[np.float64], labels: NDArray[np.int32] | None = None
) -> NDArray[np.float32]:
    """How well each vector (p,) is covered by vectors of its own cluster that are more central: their best cosine, 0 to 1.

    A vector is more central than another where its nearest (10) are nearer; so of two near ones only one is redundant, and the densest of
    all never is. Dropping from the top thins a cluster evenly: what is left is far from each other (the density peaks of Rodriguez and
    Laio 2014, read backwards). Copies of one text add nothing: they are ``copy`` already.

    Parameters
    ----------
    neighbors : Neighbors over p
    weights : ndarray of shape (p,)
        Rows that each vector stands for: of two as central, the heavier one stays.
    labels : ndarray of shape (p,), optional
        Clusters.
    """
    n, k = neighbors.indices.shape
    if not k:
        return np.zeros(n, np.float32)
    density = -neighbors.distances[:, :10].mean(axis=1, dtype=np.float64)
    order = np.lexsort((np.arange(n)[::-1], weights, density))
    rank = np.empty(n, np.int32)
    rank[order] = np.arange(n, dtype=np.int32)
    covers = rank[neighbors.indices] > rank[:, None]
    if labels is not None:
        covers &= labels[neighbors.indices] == labels[:, None]
    first = covers.argmax(axis=1)
    nearest = np.take_along_axis(neighbors.distances, first[:, None], axis=1)[:, 0]
    return np.where(covers.any(axis=1), np.clip(1 - nearest, 0, 1), 0).astype(np.float32)
