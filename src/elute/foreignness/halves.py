"""The two kinds of texts in a cluster, by what they say and by how they are written.

Foreign rows that were drawn into a cluster by their topic are written otherwise; those that are written alike speak of something else.
Five texts of a mixed cluster say keep or drop, and either is wrong for a part of it; a few of each half are right for both
(``bench/evidence.py --part halves``).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Usual = tuple[NDArray[np.floating[Any]], NDArray[np.float64], NDArray[np.float64]]
"""Of shapes (d,), (t,), (t,): the mean direction of all rows of the round; mean and standard deviation of their traits."""
STYLE = 0.6
"""Weight of the traits beside vectors of length 1, when a text that is one standard deviation off in each of them is at that length."""
CLIP = 3.0
"""Standard deviations beyond which a trait is no more unusual."""
LEAST, FEW = 10, 3
"""Rows below which a cluster is read whole; rows of a half below which it is none."""


def halves(X: NDArray[np.floating[Any]], traits: NDArray[np.float64], usual: Usual, seed: int = 0) -> NDArray[np.bool_] | None:
    """Two-means over vectors and traits.

    Parameters
    ----------
    X : ndarray of shape (r, d)
        Vectors of a cluster's rows, of any length.
    traits : ndarray of shape (r, t)
        How they are written, see :mod:`elute.stylometry`.
    usual : Usual
    seed : int

    Returns
    -------
    ndarray of shape (r,), bool, or None
        The half that is farther from what is usual; None where there are too few rows for two.
    """
    if len(X) < LEAST:
        return None
    from sklearn.cluster import KMeans

    centre, mean, spread = usual
    directions = X / np.maximum(np.linalg.norm(X, axis=1, keepdims=True), 1e-12)
    manner = np.clip((traits - mean) / np.where(spread > 0, spread, np.inf), -CLIP, CLIP) / np.sqrt(traits.shape[1])
    joint = np.hstack([directions, STYLE * manner]).astype(np.float32)
    if not np.ptp(joint, axis=0).any():
        return None
    first = KMeans(2, n_init=4, random_state=seed).fit_predict(joint) == 0
    if min(first.sum(), (~first).sum()) < FEW:
        return None
    middle = np.concatenate([centre, np.zeros(traits.shape[1])])
    far, near = (np.linalg.norm(joint[rows].mean(axis=0) - middle) for rows in (first, ~first))
    return np.asarray(first if far >= near else ~first)
