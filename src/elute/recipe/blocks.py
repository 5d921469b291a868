"""Products of vectors with a matrix that come out the same to the last bit however the rows are cut into shards."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ROWS = 512
"""Rows of each product: always so many, filled up with zeros, since a BLAS takes another path at the edge of a smaller one."""


def product(X: NDArray[np.float32], matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, c) of vectors (n, d) and a matrix (d, c)."""
    found = np.empty((len(X), matrix.shape[1]), np.float32)
    block = np.zeros((ROWS, matrix.shape[0]), np.float32)
    for start in range(0, len(X), ROWS):
        some = X[start : start + ROWS]
        block[: len(some)] = some
        block[len(some) :] = 0
        found[start : start + len(some)] = (block @ matrix)[: len(some)]
    return found
