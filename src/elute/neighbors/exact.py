"""Exact nearest neighbours by matrix products, each block of cosines used for its rows and for its columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.errors import SettingsError
from elute.kernels import shared
from elute.neighbors.graph import Neighbors
from elute.neighbors.lists import SPARE, Lists
from elute.progress import SILENT, Progress
from elute.vectors import check_vectors

BLOCK = 2048  # rows; a square block of cosines (16 MB) stays in the cache between the product and the loops: 16 ms each


def nearest(X: NDArray[np.float32], k: int = 15, progress: Progress = SILENT) -> Neighbors:
    """The exact ``k`` nearest neighbours of each row.

    Parameters
    ----------
    X : ndarray of shape (n, d), float32
        Vectors of unit norm, or zero.
    k : int, default=15
        At least 1; clipped to n - 1.
    progress : Progress
        Asked to stop between blocks of rows.

    Returns
    -------
    Neighbors
        A distance depends on its two vectors only, to the last bit, not on what other rows there are.

    Raises
    ------
    SettingsError
        k is below 1.
    InputError
        Vectors that are not finite numbers, with their rows.

    Notes
    -----
    O(n^2 d). Peak memory above ``X``: 16 (k + 3) bytes a row and 16 MB.
    """
    if k < 1:
        raise SettingsError(f"k is {k}; at least 1 neighbour is needed.")
    X = np.ascontiguousarray(check_vectors(X))
    n = len(X)
    k = max(min(k, n - 1), 0)
    lists = Lists(n, min(k + SPARE, n - 1) if k else 0)
    if k:
        pairs(X, np.arange(n, dtype=np.int32), lists, progress)
    return lists.settled(X, np.arange(n, dtype=np.int32), k, progress)


def query(
    X: NDArray[np.float32], rows: NDArray[np.int32], alive: NDArray[np.bool_], k: int, progress: Progress = SILENT
) -> Neighbors:
    """The exact ``k`` nearest living rows of some rows of ``X``, which may be dead themselves; positions count all of ``X``.

    Parameters
    ----------
    X : ndarray of shape (m, d), float32
    rows : ndarray of shape (r,), int32
    alive : ndarray of shape (m,), bool
    k : int
        At most the living rows other than the row itself.

    Notes
    -----
    O(r m d). Peak memory: 16 (k + 3) bytes for each of ``rows``, and 110 MB at d = 384.
    """
    from elute.neighbors._kernels import keep_rows

    lists = Lists(len(rows), k + SPARE)
    slots = np.arange(len(rows), dtype=np.int32)
    for top in range(0, len(rows), BLOCK):
        part = slice(top, top + BLOCK)
        Q, mine, names = X[rows[part]], slots[part], rows[part]
        for left in range(0, len(X), BLOCK):
            progress.report("neighbours", top, len(rows))
            columns, block = _living(X, left, alive)
            S = Q @ block.T
            shared(
                len(names),
                lambda a, b, S=S, m=mine, n=names, c=columns: keep_rows(S, a, b, m, n, c, alive, lists.best, lists.who),  # type: ignore[misc]
                64,
            )
    return lists.settled(X, rows, k, progress)


def fill(
    X: NDArray[np.float32],
    rows: NDArray[np.int32],
    alive: NDArray[np.bool_],
    k: int,
    lists: Lists,
    progress: Progress = SILENT,
) -> None:
    """Ask exactly for those of ``rows`` whose lists hold fewer than ``k``."""
    short = np.flatnonzero(lists.who[:, k - 1] < 0)
    if len(short):
        lists.who[short, :k] = query(X, rows[short], alive, k, progress).indices


def _living(X: NDArray[np.float32], left: int, alive: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The positions and vectors of a block: as it lies where most rows live (dead ones are passed over later), else gathered."""
    right = min(left + BLOCK, len(X))
    living = np.flatnonzero(alive[left:right]).astype(np.int32) + np.int32(left)
    if 2 * len(living) > right - left:
        return np.arange(left, right, dtype=np.int32), X[left:right]
    return living, X[living]


def pairs(X: NDArray[np.float32], names: NDArray[np.int32], lists: Lists, progress: Progress = SILENT) -> None:
    """Meet every row of ``X`` (n, d) with every other; ``names`` are the rows' positions in ``lists``."""
    from elute.neighbors._kernels import keep_columns, keep_rows

    n, best, who = len(X), lists.best, lists.who
    allowed = np.ones(len(best), dtype=bool)
    room = np.empty(min(n, BLOCK) ** 2, dtype=np.float32)
    for top in range(0, n, BLOCK):
        rows = names[top : top + BLOCK]
        for left in range(top, n, BLOCK):
            progress.report("neighbours", _done(n, top, left), n)
            columns = names[left : left + BLOCK]
            S = room[: len(rows) * len(columns)].reshape(len(rows), len(columns))
            np.matmul(X[top : top + BLOCK], X[left : left + BLOCK].T, out=S)
            shared(len(rows), lambda a, b, S=S, r=rows, c=columns: keep_rows(S, a, b, r, r, c, allowed, best, who), 64)  # type: ignore[misc]
            if left > top:
                shared(len(columns), lambda a, b, S=S, r=rows, c=columns: keep_columns(S, a, b, r, c, best, who), 64)  # type: ignore[misc]
    progress.report("neighbours", n, n)


def _done(n: int, top: int, left: int) -> int:
    """Rows' worth of the work that is behind, of the triangle of blocks."""
    return int(n * (1 - (1 - top / n) ** 2) + 2 * BLOCK * (left - top) / n)
