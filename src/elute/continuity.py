"""Clusters that stay recognisable from round to round: a new cluster takes the number of the old one it overlaps most."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def continue_labels(labels: NDArray[np.int32], before: NDArray[np.int32]) -> NDArray[np.int32]:
    """Renumber ``labels`` so that as many rows as possible keep the number they had.

    Parameters
    ----------
    labels, before : ndarray of shape (n,), int32
        Clusters now and in the last round, row by row; negative numbers (noise, not in the round) are left alone.

    Returns
    -------
    ndarray of shape (n,), int32
        The same clusters under other numbers. A cluster that shares no row with an old one gets a number not used before.

    Notes
    -----
    A best one-to-one assignment on the overlap counts (``scipy.optimize.linear_sum_assignment``), so colours and names follow.

    >>> continue_labels(np.array([0, 0, 1, 1, -1]), np.array([7, 7, 3, 3, 3])).tolist()
    [7, 7, 3, 3, -1]
    """
    from scipy.optimize import linear_sum_assignment

    both = (labels >= 0) & (before >= 0)
    new, new_at = np.unique(labels[labels >= 0], return_inverse=True)
    old = np.unique(before[before >= 0])
    if not len(new) or not len(old):
        return labels
    index = np.full(len(labels), -1)
    index[labels >= 0] = new_at
    overlap = np.zeros((len(new), len(old)), np.int64)
    np.add.at(overlap, (index[both], np.searchsorted(old, before[both])), 1)
    rows, columns = linear_sum_assignment(overlap, maximize=True)
    numbers = np.full(len(new), -1, np.int64)
    taken = overlap[rows, columns] > 0
    numbers[rows[taken]] = old[columns[taken]]
    fresh = numbers < 0
    numbers[fresh] = old.max() + 1 + np.arange(fresh.sum())
    out = labels.copy()
    out[labels >= 0] = numbers[new_at]
    return out
