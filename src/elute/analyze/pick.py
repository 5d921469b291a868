"""Which rows of a cluster to show: its middle, its breadth, its border."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

POOL = 256
"""Members among which rows for breadth are sought; more would not be seen in twelve texts."""
CLEARLY = -0.05
"""Silhouette below which a row lies clearly nearer to another cluster; just below 0 is chance."""
MOST = 200


def centroids(X: NDArray[Any], members: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
    """Unit mean vectors of groups of rows: ``(len(members), d)``; zeros where a group has none or they cancel out."""
    C = np.zeros((len(members), X.shape[1]), dtype=np.float32)
    for i, own in enumerate(members):
        mean = X[own].mean(axis=0) if len(own) else C[i]
        C[i] = mean / max(float(np.linalg.norm(mean)), 1e-12)
    return C


def pick_rows(
    X: NDArray[Any], own: NDArray[Any], centroid: NDArray[Any] | None, silhouette: NDArray[Any] | None, limit: int
) -> tuple[list[int], int]:
    """Up to ``limit`` rows: a third medoids, a third that cover the rest, a third at the border.

    Parameters
    ----------
    X : ndarray of shape (n, d)
    own : ndarray of shape (m,), int
        Rows of the cluster.
    centroid : ndarray of shape (d,) or None
        None where a middle means nothing (noise): then all rows are picked for breadth.
    silhouette : ndarray of shape (n,) or None
        Its lowest values are the border; without it the rows farthest from the centroid are.

    Returns
    -------
    rows : list of int
        Without repeats.
    border : int
        How many of the last ones are border rows.
    """
    if len(own) <= 2 or centroid is None:
        return _cover(X, own, [int(own[0])], limit), 0
    nearness = X[own] @ centroid
    third = max(1, min(limit, len(own)) // 3)
    medoids = own[np.argsort(-nearness, kind="stable")[:third]].tolist()
    edge = nearness if silhouette is None or not np.isfinite(silhouette[own]).all() else silhouette[own]
    taken = set(medoids)
    border = [int(r) for r in own[np.argsort(edge, kind="stable")[: 2 * third]] if int(r) not in taken][:third]
    covered = _cover(X, np.setdiff1d(own, border), medoids, limit - len(border))
    return covered + border, len(border)


def _cover(X: NDArray[Any], own: NDArray[Any], chosen: list[int], limit: int) -> list[int]:
    """Add rows, each the farthest from all chosen so far (greedy k-center: T. Gonzalez, 1985)."""
    pool = own if len(own) <= POOL else own[np.linspace(0, len(own) - 1, POOL).astype(int)]
    nearest = (X[pool] @ X[chosen].T).max(axis=1)
    nearest[np.isin(pool, chosen)] = np.inf
    rows = list(chosen)
    while len(rows) < limit:
        i = int(np.argmin(nearest))
        if not np.isfinite(nearest[i]):
            break
        rows.append(int(pool[i]))
        np.maximum(nearest, X[pool] @ X[pool[i]], out=nearest)
        nearest[i] = np.inf
    return rows


def doubtful(own: NDArray[Any], silhouette: NDArray[Any] | None) -> NDArray[Any]:
    """Rows of a cluster whose silhouette is clearly negative, worst first, at most ``MOST``."""
    if silhouette is None:
        return own[:0]
    values = silhouette[own]
    order = np.argsort(values, kind="stable")
    found: NDArray[Any] = own[order[values[order] < CLEARLY]][:MOST]
    return found
