"""The model: a ridge regression of "was dropped", both sides weighing the same; smoothed over the graph where examples are few."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.neighbors import Neighbors
from elute.progress import SILENT, Progress

SCARCE = 50
"""Dropped rows below which scores are smoothed over the graph."""
NEAR, ROUNDS, TOP = 10, 3, 0.1
"""Neighbours that smooth a score, how often, and the share of the highest that is then taken for dropped too."""
BLOCK = 8192


def taught(
    X: NDArray[np.float32], drop: NDArray[np.bool_], rest: NDArray[np.bool_], copies: NDArray[np.float64],
    neighbors: Neighbors | None, progress: Progress = SILENT, *, smooth: bool = False,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # fmt: skip
    """Direction (d,) and what is said of every row (n,): along it, smoothed where examples are few, or ``smooth``."""
    alpha = float(np.clip(0.5 / drop.sum(), 0.007, 0.07))
    direction = _ridge(X, [(drop, 0.5, 1.0), (rest, 0.5, 0.0)], copies, alpha, progress)
    said = X @ direction
    if (drop.sum() >= SCARCE and not smooth) or neighbors is None or not neighbors.k:
        return direction, said
    said = _smooth(said, neighbors)
    for _ in range(2):
        top = rest & (said >= np.quantile(said[rest], 1 - TOP))
        direction = _ridge(X, [(drop, 0.25, 1.0), (top, 0.25, 1.0), (rest & ~top, 0.5, 0.0)], copies, 0.02, progress)
        said = _smooth(X @ direction, neighbors)
    return direction, said


def _ridge(
    X: NDArray[np.float32], sides: list[tuple[NDArray[np.bool_], float, float]], copies: NDArray[np.float64], alpha: float,
    progress: Progress,
) -> NDArray[np.float64]:  # fmt: skip
    """Direction of the ridge regression in which each side weighs its share and has its value."""
    d = X.shape[1]
    progress.check()
    weight, value = np.zeros(len(X)), np.zeros(len(X))
    for rows, share, y in sides:
        if rows.any():
            weight[rows] = share * copies[rows] / copies[rows].sum()
            value[rows] = y
    weight /= weight.sum()
    gram: NDArray[Any] = np.zeros((d, d))
    first: NDArray[Any] = np.zeros(d)
    for start in range(0, len(X), BLOCK):
        progress.check()
        block = X[start : start + BLOCK]
        some = weight[start : start + BLOCK]
        gram += block.T @ (block * some.astype(np.float32)[:, None])
        first += (some * value[start : start + BLOCK]) @ block
    mean = _mean(X, weight)
    gram -= np.outer(mean, mean)
    gram[np.diag_indices(d)] += alpha
    return np.asarray(np.linalg.solve(gram, first - mean * float(weight @ value)))


def _mean(X: NDArray[np.float32], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(weight.astype(np.float32) @ X, np.float64)


def _smooth(said: NDArray[np.float64], neighbors: Neighbors) -> NDArray[np.float64]:
    """Each row's word, and by half that of its nearest."""
    smooth = said
    for _ in range(ROUNDS):
        smooth = (said + smooth[neighbors.indices[:, :NEAR]].mean(axis=1)) / 2
    return smooth


def spread(said: NDArray[np.float64]) -> tuple[float, float]:
    """Median, and the robust standard deviation of what lies below it."""
    middle = float(np.median(said))
    below = said[said <= middle]
    return middle, max(1.4826 * float(np.median(middle - below)), 1e-6)
