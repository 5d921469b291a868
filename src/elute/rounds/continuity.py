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
    A best one-to-one assignment on the overlap counts, so colours and names follow. Only pairs that share a row are counted and
    matched: of 30,000 clusters on both sides all pairs would take 7 GB.

    >>> continue_labels(np.array([0, 0, 1, 1, -1]), np.array([7, 7, 3, 3, 3])).tolist()
    [7, 7, 3, 3, -1]
    """
    now, then = _numbered(labels), _numbered(before)
    if not len(now.names) or not len(then.names):
        return labels
    both = (labels >= 0) & (before >= 0)
    pairs, shared = np.unique(now.at[both] * len(then.names) + then.at[both], return_counts=True)
    old = _matched(*np.divmod(pairs, len(then.names)), shared, len(now.names), len(then.names))
    numbers = np.full(len(now.names) + 1, -1, np.int64)
    numbers[:-1][old >= 0] = then.names[old[old >= 0]]
    fresh = np.flatnonzero(numbers[:-1] < 0)
    numbers[fresh] = then.names[-1] + 1 + np.arange(len(fresh))
    return np.where(labels >= 0, numbers[now.at], labels).astype(labels.dtype)


def _matched(
    rows: NDArray[np.int64], columns: NDArray[np.int64], shared: NDArray[np.int64], n: int, m: int
) -> NDArray[np.int64]:  # fmt: skip
    """(n,) the column of each row by the one-to-one assignment of pairs that shares most, -1 where it has none.

    Each row may also take a column of its own, m and above, that shares nothing: so all rows find one, as the solver demands.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    dear = shared.max(initial=0) + 1
    costs = np.append(dear - shared, np.full(n, dear)).astype(np.float64)
    at = np.append(rows, np.arange(n)).astype(np.int32), np.append(columns, m + np.arange(n)).astype(np.int32)
    found = min_weight_full_bipartite_matching(csr_array((costs, at), shape=(n, m + n)))[1].astype(np.int64)
    return np.where(found < m, found, -1)


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
