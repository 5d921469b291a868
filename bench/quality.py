"""How true a map is, and how alike two clusterings are, on a sample of rows where all pairs would be too many."""

from __future__ import annotations

from typing import Any

import numpy as np

SAMPLED, K = 2000, 15


def map_quality(X: Any, coords: Any) -> tuple[float, float]:
    """Trustworthiness (Venna and Kaski 2001, as scikit-learn has it) and the share of the 15 nearest neighbours kept.

    Each of 2,000 sampled rows is compared with all others.
    """
    from scipy.spatial import cKDTree

    n = len(X)
    rows = np.sort(np.random.default_rng(0).permutation(n)[:SAMPLED])
    near = cKDTree(coords).query(coords[rows], K + 1)[1]
    penalty, kept = 0.0, 0
    for row, shown in zip(rows, near, strict=True):
        shown = shown[shown != row][:K]
        cosines = X @ X[row]
        cosines[row] = np.inf
        ranks = np.array([(cosines > cosines[other]).sum() for other in shown])  # 1 for the nearest, itself counted before it
        penalty += float(np.maximum(ranks - K, 0).sum())
        kept += int((ranks <= K).sum())
    worst = len(rows) * K * (2 * n - 3 * K - 1) / 2
    return 1 - penalty / worst, kept / (len(rows) * K)


def agreement(a: Any, b: Any) -> float:
    """Adjusted Rand index of two clusterings; noise is a cluster like the others."""
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(a, b))


def inertia(X: Any, labels: Any) -> float:
    """Sum of squared distances to the centroids, in float64."""
    total = 0.0
    for cluster in np.unique(labels):
        rows = X[labels == cluster].astype(np.float64)
        total += float(((rows - rows.mean(axis=0)) ** 2).sum())
    return total
