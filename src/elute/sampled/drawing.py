"""Which rows a sample has: distinct contents, by hash, and of each kind of row some."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.recipe.rows import ranks

SIGNS = 8
"""Planes that cut the vectors into cells: 256 of them."""


def draw(content: NDArray[np.uint64], stratum: NDArray[np.uint64], rows: int, seed: int) -> NDArray[np.int64]:
    """Rows of a sample, ascending: the first of each content, of each stratum a share by the square root of its size.

    By the root, so that a kind of one row in a thousand is there to be seen; which rows of a stratum depends on what they hold and on the
    seed, not on where they stand.

    Parameters
    ----------
    content : ndarray of shape (n,)
        Hash of what each row holds.
    stratum : ndarray of shape (n,)
        Hash of its label, or number of its cell; equal everywhere where nothing is known.
    rows : int
        How many, at most.

    Examples
    --------
    >>> draw(np.array([7, 7, 5, 3], np.uint64), np.zeros(4, np.uint64), 9, seed=0).tolist()
    [0, 2, 3]
    """
    first = np.unique(content, return_index=True)[1]
    if len(first) <= rows:
        return np.sort(first)
    _, of, size = np.unique(stratum[first], return_inverse=True, return_counts=True)
    order = np.lexsort((ranks(content[first], seed), of))
    start = np.concatenate([[0], np.cumsum(size)[:-1]])
    place = np.arange(len(order)) - start[of[order]]
    return np.sort(first[order[place < shares(size, rows)[of[order]]]])


def shares(size: NDArray[np.int64], rows: int) -> NDArray[np.int64]:
    """How many of each stratum, in all at most ``rows``: as the roots of their sizes, and never more than there are.

    >>> shares(np.array([10000, 100, 4]), 60).tolist()
    [52, 6, 2]
    """
    root, low, high = np.sqrt(size), 0.0, float(rows)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if np.minimum(size, np.ceil(middle * root)).sum() <= rows else (low, middle)
    found = np.minimum(size, np.ceil(low * root)).astype(np.int64)
    return found if found.any() else (np.arange(len(size)) < rows).astype(np.int64)


def cells(X: NDArray[np.float32], middle: NDArray[np.float32], seed: int) -> NDArray[np.uint64]:
    """Which cell each vector lies in: on which side of some random planes through ``middle``."""
    planes = np.random.default_rng(seed).normal(size=(X.shape[1], SIGNS)).astype(np.float32)
    return np.asarray(((X - middle) @ planes > 0) @ (1 << np.arange(SIGNS)) + 1, np.uint64)
