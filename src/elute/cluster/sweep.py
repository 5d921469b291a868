"""How many clusters K-means makes where nobody said: the silhouette by k, on a sample of rows in 50 dimensions."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from elute.cluster.lloyd import lloyd, partition
from elute.cluster.result import Curve
from elute.cluster.seeding import seeds
from elute.progress import Progress
from elute.silhouette import cosine_silhouette

DIM = 50
SAMPLE = 5000  # rows that the sweep looks at
MOST = 256  # clusters tried
VALUES = 8  # values of k tried


def sweep(
    X: NDArray[np.float32], weights: NDArray[np.float64], rows: NDArray[np.intp], seed: int, progress: Progress
) -> Curve | None:
    """The silhouette of K-means by k, over at most 5,000 of ``rows``; None where there are too few to compare.

    On row-normalised PCA-50: the silhouette peaks near the number of topics there, and hardly at all in the full space.
    """
    random = np.random.default_rng(seed)
    sample = rows[np.sort(random.permutation(len(rows))[:SAMPLE])]
    values = sweep_values(len(sample))
    if not values:
        return None
    progress.report("cluster", 0, len(values), "silhouette by k")
    Z, copies = _compact(X[sample], seed), weights[sample]
    start = seeds(Z, copies, values[-1], random, progress)  # the first k of them begin the fit for k
    heights = []
    for done, k in enumerate(values):
        progress.report("cluster", done, len(values), f"silhouette at k = {k}")
        held = partition(Z, copies, min(k, len(start)))
        lloyd(held, Z[start[:k]], progress, rounds=20, settled=5e-3)
        silhouettes = cosine_silhouette(Z, held.labels, copies)
        known = ~np.isnan(silhouettes)
        heights.append(float(np.average(silhouettes[known], weights=copies[known])) if known.any() else -1.0)
    best = float(values[int(np.argmax(heights))])
    return Curve("Silhouette by number of clusters", "k", "silhouette", tuple(map(float, values)), tuple(heights), best)


def sweep_values(n: int) -> list[int]:
    """The values of k tried on n rows: at most eight, evenly spaced on a log scale, each below n."""
    low, high = int(np.clip(n // 100, 2, 8)), int(np.clip(max(n // 20, math.isqrt(n)), 2, MOST))
    return sorted({int(k) for k in np.geomspace(low, high, VALUES).round() if k < n})


def _compact(X: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    """PCA to at most 50 dimensions, each row scaled to length 1 (a row at the very mean stays zero)."""
    from sklearn.decomposition import PCA

    Z = PCA(min(DIM, *X.shape), random_state=seed).fit_transform(X)
    lengths = np.linalg.norm(Z, axis=1, keepdims=True)
    return np.asarray(np.divide(Z, lengths, out=np.zeros_like(Z), where=lengths > 1e-6), dtype=np.float32)
