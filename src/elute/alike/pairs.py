"""Pairs of rows that share a key, and the groups that pairs make. Pure; what comes out never depends on the order of what goes in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.uint64]


def components(a: Rows, b: Rows) -> tuple[Rows, Rows]:
    """Rows that edges join, directly or by way of others, and the lowest row of each one's group.

    Parameters
    ----------
    a, b : ndarray of shape (e,), uint64
        The two ends of each edge, in any order, as often as they come.

    Returns
    -------
    rows, lowest : ndarray of shape (m,), uint64
        Rows ascend; the lowest row of a group is its own.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rows = np.unique(np.concatenate([a, b]))
    if not len(rows):
        return rows, rows
    x, y = np.searchsorted(rows, a), np.searchsorted(rows, b)
    of = connected_components(coo_array((np.ones(len(x), bool), (x, y)), (len(rows),) * 2), directed=False)[1]
    first = np.full(int(of.max()) + 1, len(rows))
    np.minimum.at(first, of, np.arange(len(rows)))
    return rows, rows[first[of]]


def pairs_within(keys: Rows, rows: Rows, most: int) -> tuple[Rows, Rows]:
    """Pairs of rows that share a key, each once, the lower row first.

    Of a key that many rows share, each is paired with the ``most`` that follow it by row id: all that are alike are still joined, one
    by way of the other, and a key of a million rows costs no more than their number.
    """
    order = np.lexsort([rows, keys])
    keys, rows = keys[order], rows[order]
    low, high = [np.empty(0, np.uint64)], [np.empty(0, np.uint64)]
    for step in range(1, most + 1):
        equal = keys[step:] == keys[:-step]
        if not equal.any():
            break
        low.append(rows[:-step][equal])
        high.append(rows[step:][equal])
    return once(np.concatenate(low), np.concatenate(high))


def once(low: Rows, high: Rows) -> tuple[Rows, Rows]:
    """Each pair of two rows once, ascending; a row is no pair with itself."""
    order = np.lexsort([high, low])
    low, high = low[order], high[order]
    new = np.ones(len(low), bool)
    new[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    new &= low != high
    return low[new], high[new]
