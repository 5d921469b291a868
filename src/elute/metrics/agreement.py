"""How far two labellings of the same rows agree, whatever their clusters are called."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def adjusted_rand(a: NDArray[np.integer[Any]], b: NDArray[np.integer[Any]], weights: NDArray[Any] | None = None) -> float:
    """Adjusted Rand index: 1 for the same partition, about 0 for two that have nothing to do with each other; it may be negative.

    Parameters
    ----------
    a, b : ndarray of shape (m,), int
        Any numbers; noise is a cluster like another.
    weights : ndarray of shape (m,), optional
        Copies each row stands for.

    Notes
    -----
    Hubert and Arabie (1985), doi:10.1007/BF01908075; equals scikit-learn's on the copies written out.

    >>> adjusted_rand(np.array([0, 0, 1, 1]), np.array([5, 5, 3, 3]))
    1.0
    """
    w = np.ones(len(a)) if weights is None else np.asarray(weights, np.float64)
    _, left = np.unique(a, return_inverse=True)
    names, right = np.unique(b, return_inverse=True)
    together = left.astype(np.int64) * max(len(names), 1) + right
    _, cell = np.unique(together, return_inverse=True)
    both, rows, columns, total = (_pairs(np.bincount(at, weights=w)) for at in (cell, left, right, np.zeros(len(w), np.int64)))
    by_chance = rows * columns / total if total else 0.0
    most = (rows + columns) / 2
    return 1.0 if most == by_chance else float((both - by_chance) / (most - by_chance))


def _pairs(sizes: NDArray[Any]) -> float:
    return float((sizes * (sizes - 1) / 2).sum())
