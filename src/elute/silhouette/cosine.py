"""One sweep over the rows: the silhouette by cosine distance, and the distances that two other indices are made of.

The mean cosine distance from a row to a cluster is linear in the cluster's sum of vectors, so no pair of rows is ever compared:
O(n k d) in place of O(n^2 d), and exact. Rousseeuw (1987), doi:10.1016/0377-0427(87)90125-7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.errors import InputError
from elute.kernels import shared
from elute.progress import SILENT, Progress
from elute.vectors import Groups, as_vectors, group

PRODUCTS = 1 << 21
"""Products held at a time, 8 MB: 20 ms of work at d = 384. Threads of BLAS wait for one another at the end of each product, up to
12 ms where the cores are busy, so a few large ones are better than many that stay in the processor's cache."""
MARGIN = 1e-7
"""How far a float32 product of two vectors of d numbers may be off, over the square root of d; 4e-7 was the most seen at d = 384."""


@dataclass(frozen=True, eq=False)
class Sweep:
    """What is known of each row.

    Attributes
    ----------
    silhouette : ndarray of shape (m,), float32
        NaN for rows in no cluster, and for all where there are fewer than two clusters.
    distances : ndarray of shape (m,), float64
        Euclidean, to the own cluster's centroid; 0 where the silhouette is NaN.
    """

    silhouette: NDArray[np.float32]
    distances: NDArray[np.float64]


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
    weights : ndarray of shape (n,), optional
        How many copies each row stands for; 0: takes no part. The answer is that for the rows with their copies written out.

    Returns
    -------
    ndarray of shape (n,), float32
        -1 to 1, higher is better; 0 for the only row of a cluster; NaN for noise, and for all where there are fewer than two
        clusters.
        Equals scikit-learn's ``silhouette_samples(metric="cosine")`` where there is no noise.
    """
    X, labels = as_vectors(X), np.asarray(labels)
    if labels.shape != (len(X),):
        raise InputError(f"There are {len(X)} vectors and labels of shape {labels.shape}; one label a row is needed.")
    return sweep(X, group(X, labels, weights)).silhouette


def sweep(X: NDArray[np.float32], groups: Groups, progress: Progress = SILENT) -> Sweep:
    """Measure each row of a labelling.

    Parameters
    ----------
    X : ndarray of shape (m, d), float32, C-ordered
        Vectors of unit norm, or zero.
    groups : Groups
        Of these vectors.
    """
    from elute.silhouette._kernels import measure

    k, (m, d) = groups.k, X.shape
    found = Sweep(np.full(m, np.nan, np.float32), np.zeros(m))
    if k < 2:
        return found
    centroids = groups.sums[:k] / groups.sizes[:k, None]
    narrow = centroids.astype(np.float32).T
    block = min(m, max(64, PRODUCTS // k))
    products = np.empty((block, k), np.float32)
    for start in range(0, m, block):
        progress.check()
        stop = min(start + block, m)
        G = products[: stop - start]
        np.matmul(X[start:stop], narrow, out=G)

        def part(low: int, high: int, start: int = start, G: NDArray[np.float32] = G) -> None:
            measure(
                X, start + low, start + high, start, G, groups.at, centroids, groups.sizes, groups.squared, MARGIN * d**0.5,
                found.silhouette, found.distances,
            )  # fmt: skip

        shared(stop - start, part)
    return found
