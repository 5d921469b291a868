"""What every step that takes vectors asks of them first: a table of finite float32 numbers, and which rows are zero."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.errors import InputError

BLOCK = 8192  # rows worked on at a time

Floats = NDArray[np.floating[Any]]


def check_vectors(X: Any) -> NDArray[np.float32]:
    """Vectors as a C-ordered float32 array, checked.

    One NaN row makes hdbscan call every row noise, in silence; so it is refused here, and named.

    Parameters
    ----------
    X : array-like of shape (n, d)
        Real numbers. n may be 0; d is at least 1 where there are rows.

    Returns
    -------
    ndarray of shape (n, d), float32
        The same array where it already is one.

    Raises
    ------
    InputError
        Not two-dimensional, not numbers, or rows with NaN or infinity; the first ten of them are listed.
    """
    try:
        vectors = np.ascontiguousarray(X, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise InputError(f"Vectors must be an (n, d) array of numbers; got {type(X).__name__}.") from error
    if vectors.ndim != 2 or (len(vectors) and not vectors.shape[1]):
        raise InputError(f"Vectors must be an (n, d) array; got shape {vectors.shape}.")
    # The sum is finite only if every part is, up to overflow of float32: so sum in float64, and look closer only where it fails.
    bad = np.flatnonzero(~np.isfinite(vectors.sum(axis=1, dtype=np.float64)))
    if len(bad):
        raise InputError(
            f"{len(bad)} of {len(vectors)} vectors hold NaN or infinity: rows {listed(bad)}. Leave them out, or embed them again."
        )
    return vectors


def zero_rows(X: Floats) -> NDArray[np.bool_]:
    """Which rows have no direction, so that their cosine to anything is not defined: (n,) bool."""
    return np.asarray(~X.any(axis=1))


def all_same(X: Floats) -> bool:
    """True where every row equals the first one; also true of none and of one."""
    return bool((X[:1] == X).all())


def distinct(X: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows that differ: ``first`` (m,), where each was met first, and ``back`` (n,), with ``X[first][back]`` equal to ``X``."""
    whole = np.ascontiguousarray(X + np.float32(0))  # makes -0.0 and 0.0 the same bytes
    rows = whole.view(np.dtype((np.void, whole.itemsize * whole.shape[1]))).ravel()
    _, first, back = np.unique(rows, return_index=True, return_inverse=True)
    return first, back


def cluster_sums(X: Floats, own: NDArray[np.integer[Any]], k: int, weights: NDArray[Any]) -> NDArray[np.float64]:
    """The weighted sum of the rows of each cluster, (k, d); ``own`` (n,) is 0 to k - 1.

    In blocks, so that the float64 copies stay small.
    """
    from scipy.sparse import csr_array

    sums = np.zeros((k, X.shape[1]))
    for start in range(0, len(X), BLOCK):
        part = slice(start, start + BLOCK)
        rows = X[part].astype(np.float64)
        sums += csr_array((weights[part], (own[part], np.arange(len(rows)))), shape=(k, len(rows))) @ rows
    return sums


def listed(rows: Iterable[Any], most: int = 10) -> str:
    """Row positions as text, the first ``most`` of them: ``"3, 8, 12, ..."``."""
    shown = [str(int(row)) for row, _ in zip(rows, range(most + 1), strict=False)]
    return ", ".join(shown[:most] + ["..."] * (len(shown) > most))
