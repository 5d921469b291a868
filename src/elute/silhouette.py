"""The silhouette by cosine distance, exact and in linear time.

The mean cosine distance from a row to a cluster is linear in the cluster's sum of vectors, so no pair of rows is ever compared:
O(n k d) in place of O(n^2 d). Rousseeuw (1987), doi:10.1016/0377-0427(87)90125-7.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.errors import InputError
from elute.vectors import BLOCK, check_vectors, cluster_sums


def cosine_silhouette(
    X: NDArray[np.float32], labels: NDArray[np.integer[Any]], weights: NDArray[Any] | None = None
) -> NDArray[np.float32]:
    """How much nearer each row is to its own cluster than to the next one.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        Vectors of unit norm, or zero.
    labels : ndarray of shape (n,), int
        Cluster of each row; negative is noise, which takes no part.
    weights : ndarray of shape (n,), int, optional
        How many copies each row stands for, at least 1. The answer is that for the rows with their copies written out.

    Returns
    -------
    ndarray of shape (n,), float32
        -1 to 1, higher is better; 0 for the only row of a cluster; NaN for noise, and for all where there are fewer than two
        clusters.
        Equals scikit-learn's ``silhouette_samples(metric="cosine")`` where there is no noise.
    """
    X = check_vectors(X)
    labels = np.asarray(labels)
    if labels.shape != (len(X),):
        raise InputError(f"There are {len(X)} vectors and labels of shape {labels.shape}; one label a row is needed.")
    found = np.full(len(X), np.nan, dtype=np.float32)
    kept = np.flatnonzero(labels >= 0)
    names, cluster = np.unique(labels[kept], return_inverse=True)
    if len(names) < 2:
        return found
    copies = np.ones(len(kept)) if weights is None else np.asarray(weights, dtype=np.float64)[kept]
    sums = cluster_sums(X[kept], cluster, len(names), copies)
    sizes = np.bincount(cluster, weights=copies).astype(np.float64)
    for start in range(0, len(kept), BLOCK):
        part = slice(start, start + BLOCK)
        found[kept[part]] = _block(X[kept[part]].astype(np.float64), cluster[part], sums, sizes)
    return found


def _block(
    rows: NDArray[np.float64], own: NDArray[np.intp], sums: NDArray[np.float64], sizes: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Silhouettes of some rows. ``sums`` (k, d) and ``sizes`` (k,) are over all rows."""
    at = np.arange(len(rows))
    total = sizes - rows @ sums.T  # summed distance of each row to each cluster
    # A row is at distance 0 from itself, not at 1 - |x|^2, which is 1 for a zero vector.
    inside = total[at, own] - (1.0 - np.einsum("ij,ij->i", rows, rows))
    others = total / sizes
    others[at, own] = np.inf
    outside = others.min(axis=1)
    alone = sizes[own] <= 1
    inside = inside / np.where(alone, 1.0, sizes[own] - 1)
    widest = np.maximum(inside, outside)
    answer = np.divide(outside - inside, widest, out=np.zeros(len(rows)), where=(widest > 1e-12) & ~alone)
    return np.asarray(answer)
