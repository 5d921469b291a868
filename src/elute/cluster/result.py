"""What a clusterer gives back, and how labels are numbered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

NOISE = -1
OUTSIDE = -2
"""The label of a row that takes no part in this round."""


@dataclass(frozen=True)
class Curve:
    """How a parameter was chosen, or how it may be.

    Attributes
    ----------
    title, x_name, y_name : str
        For the chart.
    x, y : tuple of float
        The points, x ascending.
    chosen : float
        The value taken: on x for K-means (k), on y for DBSCAN (eps).
    """

    title: str
    x_name: str
    y_name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    chosen: float


@dataclass(frozen=True, eq=False)
class Clustering:
    """The cluster of each row.

    Attributes
    ----------
    labels : ndarray of shape (n,), int32
        0 is the largest cluster, copies counted; noise is -1, a row that took no part -2.
    probabilities : ndarray of shape (n,), float32, or None
        Strength of membership, 0 to 1; None where the clusterer knows none.
    outlier_scores : ndarray of shape (n,), float32, or None
        0 to 1, higher is further out.
    params : dict
        The values used, those chosen for the person among them.
    notes : tuple of str
        What a person should know about this clustering.
    curve : Curve or None
    """

    labels: NDArray[np.int32]
    probabilities: NDArray[np.float32] | None = None
    outlier_scores: NDArray[np.float32] | None = None
    params: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    curve: Curve | None = None


def by_size(labels: NDArray[Any], weights: NDArray[Any] | None = None) -> NDArray[np.int32]:
    """Labels numbered anew: 0 for the largest cluster, equal sizes by their first row; every negative label is noise.

    Parameters
    ----------
    labels : ndarray of shape (n,), int
    weights : ndarray of shape (n,), optional
        Copies of each row. A row of weight 0 is outside: its label becomes -2, whatever it was.

    Returns
    -------
    ndarray of shape (n,), int32
    """
    labels = np.asarray(labels)
    copies = np.ones(len(labels)) if weights is None else np.asarray(weights, dtype=np.float64)
    inside = np.flatnonzero((labels >= 0) & (copies > 0))
    own = labels[inside]
    if own.max(initial=0) >= 2 * len(labels) + 1000:  # an estimator of one's own may number as it likes
        own = np.unique(own, return_inverse=True)[1]
    sizes = np.bincount(own, weights=copies[inside])
    first = np.full(len(sizes), len(labels))
    first[own[::-1]] = inside[::-1]  # of several written to one place the last stays
    order = np.lexsort((first, -sizes))
    rank = np.empty(len(sizes), dtype=np.int32)
    rank[order] = np.arange(len(sizes), dtype=np.int32)
    numbered = np.where(copies > 0, NOISE, OUTSIDE).astype(np.int32)
    numbered[inside] = rank[own]
    return numbered


def tiny(sizes: NDArray[Any]) -> NDArray[np.bool_]:
    """Which clusters are extremely small: of fewer than 3 rows, or under a fiftieth of the median cluster's.

    Parameters
    ----------
    sizes : ndarray of shape (c,)
        Rows of each cluster, copies counted.
    """
    sizes = np.asarray(sizes)
    return np.asarray(sizes < max(3.0, 0.02 * float(np.median(sizes)))) if len(sizes) > 1 else np.zeros(len(sizes), np.bool_)
