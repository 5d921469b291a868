"""How much of what was dropped lies around each row, where no neighbour graph can say it: asked of a sample."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.progress import SILENT, Progress

ASKED, NEAREST, AMONG = 20, 15, 10_000
"""Rows of a cluster that are asked for their nearest neighbours; how many of these; among how many rows of the whole, evenly spaced."""


def near_dropped(
    X: NDArray[np.float32],
    labels: NDArray[np.integer[Any]],
    dropped: NDArray[np.bool_],
    weights: NDArray[Any] | None = None,
    progress: Progress = SILENT,
) -> NDArray[np.float32]:
    """Share of a row's nearest neighbours that were dropped, of some rows of each cluster.

    Parameters
    ----------
    X : ndarray of shape (m, d), float32
        Distinct unit vectors, of what stays and of what was dropped.
    labels : ndarray of shape (m,), int
        Clusters; -1 is noise, anything below is not asked.
    dropped : ndarray of shape (m,), bool
    weights : ndarray of shape (m,), optional
        0: not asked either.

    Returns
    -------
    ndarray of shape (m,), float32
        0 to 1; NaN for rows that were not asked. Rows at a cosine above 1 - 1e-5 are copies, not neighbours.
    """
    asked = (labels >= -1) & ~dropped & (True if weights is None else np.asarray(weights) > 0)
    rows = np.flatnonzero(asked)
    order = rows[np.argsort(labels[rows], kind="stable")]
    edges = np.flatnonzero(np.diff(labels[order])) + 1
    step = max(1, -(-len(X) // AMONG))
    among, gone = X[::step], dropped[::step]
    found = np.full(len(X), np.nan, np.float32)
    for members in np.split(order, edges) if len(order) else ():
        progress.check()
        some = _spaced(members, ASKED)
        cosines = X[some] @ among.T
        cosines[cosines > 1 - 1e-5] = -1
        nearest = np.argpartition(-cosines, min(NEAREST, cosines.shape[1] - 1), axis=1)[:, :NEAREST]
        found[some] = gone[nearest].mean(axis=1)
    return found


def _spaced(rows: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    """At most so many of the rows, evenly spaced."""
    return np.asarray(rows[np.unique(np.linspace(0, len(rows) - 1, most).astype(int))])
