"""The silhouette by Euclidean distance: no shortcut is known, so some rows are measured against all, and the error is told."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.errors import InputError
from elute.kernels import shared
from elute.progress import SILENT, Progress
from elute.vectors import Groups, as_vectors, group

ROWS, COLUMNS = 2048, 2048  # distances looked at in one go, 16 MB: some 40 ms of work at d = 384, after which a cancel is heard


def euclidean_silhouette(
    X: NDArray[np.float32],
    labels: NDArray[np.integer[Any]],
    weights: NDArray[Any] | None = None,
    sample: int = 2000,
    seed: int = 0,
    progress: Progress = SILENT,
) -> tuple[float, float]:
    """The mean silhouette of a clustering, and how far it may be off.

    For benches: no session asks for it.

    Parameters
    ----------
    X : ndarray of shape (m, d)
        Vectors of unit norm, or zero.
    labels : ndarray of shape (m,), int
        Clusters; negative takes no part.
    weights : ndarray of shape (m,), optional
        Copies each row stands for; 0: takes no part.
    sample : int
        Rows (copies counted) that are drawn, each measured against all rows: O(sample n d).

    Returns
    -------
    (float, float)
        The mean, -1 to 1, and its standard error: 0 where all rows were measured. NaN where there are fewer than two clusters.

    Raises
    ------
    InputError
        ``sample`` is below 2, or the vectors and labels don't fit.
    """
    if sample < 2:
        raise InputError(f"sample is {sample}; at least 2 rows are needed for a mean with its error.")
    X = as_vectors(X)
    groups = group(X, np.asarray(labels), weights, progress)
    if groups.k < 2:
        return float("nan"), float("nan")
    rows, times = _drawn(groups, sample, seed)
    found = np.empty(len(rows))
    for start in range(0, len(rows), ROWS):
        progress.report("silhouette", start, len(rows))
        found[start : start + ROWS] = _measured(X, groups, rows[start : start + ROWS], progress)
    drawn, total = int(times.sum()), groups.sizes[: groups.k].sum()
    mean = float(np.average(found, weights=times))
    variance = float((times * (found - mean) ** 2).sum()) / (drawn - 1)
    return mean, float(np.sqrt(variance / drawn * (1 - drawn / total)))


def _drawn(groups: Groups, sample: int, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows drawn without replacement from all copies, and how many copies of each were."""
    inside = np.where((groups.at >= 0) & (groups.at < groups.k), groups.weights, 0).astype(np.int64)
    last = np.cumsum(inside)
    total = int(last[-1])
    if sample >= total:
        rows = np.flatnonzero(inside)
        return rows, inside[rows]
    copies = np.random.default_rng(seed).choice(total, sample, replace=False)
    return np.unique(np.searchsorted(last, copies, side="right"), return_counts=True)


def _measured(X: NDArray[np.float32], groups: Groups, rows: NDArray[np.int64], progress: Progress) -> NDArray[np.float64]:
    """Silhouettes of some rows."""
    from elute.silhouette._kernels import add_distances

    sums, sizes, chosen = np.zeros((len(rows), groups.k)), groups.sizes[: groups.k], X[rows]
    for first in range(0, len(X), COLUMNS):
        progress.check()
        G = chosen @ X[first : first + COLUMNS].T

        def part(low: int, high: int, first: int = first, G: NDArray[np.float32] = G) -> None:
            add_distances(X, low, high, rows, first, G, groups.at, groups.weights, groups.squared, sums)

        shared(len(rows), part, 64)
    at, own = np.arange(len(rows)), groups.at[rows]
    inside = sums[at, own] / np.maximum(sizes[own] - 1, 1)
    others = sums / sizes
    others[at, own] = np.inf
    outside = others.min(axis=1)
    widest = np.maximum(inside, outside)
    return np.asarray(np.divide(outside - inside, widest, out=np.zeros(len(rows)), where=(widest > 0) & (sizes[own] > 1)))
