"""On which scale a map is in balance: coords are shown with radius 1, and UMAP's forces have a length of their own."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.project.fuzzy import Fuzzy
from elute.project.motion import RATE, curve

SAMPLE = 2000  # rows looked at; the balance is a mean over their edges and OTHERS others of each
OTHERS = 10


def natural(
    positions: NDArray[np.float32], graph: Fuzzy, min_dist: float, rows: NDArray[np.int32] | None = None, seed: int = 0
) -> float:
    """The factor by which the map as a whole would neither grow nor shrink: inward and outward virial are equal.

    Parameters
    ----------
    positions : ndarray of shape (n, dim), float32
    graph : Fuzzy
        Edges of at least ``rows``.
    rows : ndarray, optional
        The rows that have edges; all, where it is absent.
    """
    random = np.random.default_rng(seed)
    rows = np.arange(graph.n, dtype=np.int32) if rows is None else rows
    rows = rows if len(rows) <= SAMPLE else np.sort(random.choice(rows, SAMPLE, replace=False))
    counts = graph.edges[rows + 1] - graph.edges[rows]
    heads = np.repeat(rows, counts)
    which = np.arange(counts.sum()) + np.repeat(graph.edges[rows] - np.cumsum(counts) + counts, counts)
    weights = graph.strengths[which].astype(np.float64)
    near = _squares(positions, heads, graph.columns[which])
    others = np.repeat(rows, OTHERS)
    far = _squares(positions, others, random.integers(0, len(positions), len(others)))
    pushes = np.repeat(np.bincount(heads, weights, minlength=len(positions))[rows], OTHERS) * RATE / OTHERS
    a, b = curve(min_dist)

    def outward(log: float) -> float:
        """Push less pull along the radius, at a factor; falls as the map grows."""
        x, y = near * np.exp(2 * log), far * np.exp(2 * log)
        bent = a * x**b
        pull = 2 * 2 * b * bent / (1 + bent)  # an edge moves both its ends
        push = 2 * b * y / ((1e-3 + y) * (1 + a * y**b))
        return float(pushes @ push - weights @ pull)

    if not near.any() or not far.any():
        return 1.0
    low, high = -10.0, 10.0
    for _ in range(24):
        middle = (low + high) / 2
        low, high = (middle, high) if outward(middle) > 0 else (low, middle)
    return float(np.exp((low + high) / 2))


def _squares(positions: NDArray[np.float32], one: NDArray[Any], other: NDArray[Any]) -> NDArray[np.float64]:
    gaps = positions[one].astype(np.float64) - positions[other]
    return np.asarray(np.square(gaps).sum(axis=1))
