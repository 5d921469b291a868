"""Which rows are equal, told by a fingerprint of each: no sort, no copy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.kernels import shared


def row_hashes(X: NDArray[np.float32]) -> NDArray[np.uint64]:
    """A fingerprint of each row, (n,): equal for equal rows (-0.0 equals 0.0), in every session and on every machine.

    Two rows that differ have the same one by chance in 1 of 2^64 pairs: among a million rows, once in 40 million tables.
    """
    from elute.vectors._kernels import fingerprints

    bits = np.ascontiguousarray(X, dtype=np.float32).view(np.uint32)
    found = np.empty(len(bits), np.uint64)
    shared(len(bits), lambda start, stop: fingerprints(bits, start, stop, found))
    return found


def distinct(X: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows that differ: ``first`` (m,), where each was met first, ascending; ``back`` (n,), with ``X[first][back]`` equal to ``X``."""
    from elute.vectors._kernels import first_of_equals

    X = np.ascontiguousarray(X, dtype=np.float32)
    first, back = np.empty(len(X), np.int64), np.empty(len(X), np.int64)
    slots = np.full(1 << (2 * max(len(X), 1) - 1).bit_length(), -1, np.int64)
    count = first_of_equals(X, row_hashes(X), slots, first, back)
    return first[:count].copy(), back
