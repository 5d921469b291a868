"""Lloyd's iteration by matrix products, cold and warm: each pass looks only at rows whose centre may have changed.

Sums of clusters are kept in float64 and follow the rows that move, so an iteration that moves 1 % of the rows adds up 1 % of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from elute.kernels import shared
from elute.progress import Progress

BLOCK_BYTES = 1 << 20  # of scores held at a time by a thread
WAVE = 16  # blocks between two looks at whether to stop: 30 ms at 30 clusters
SLACK = 1e-6  # what float32 may get wrong in a score
COLUMNS = 48  # fewest columns worth a thread of their own


@dataclass(eq=False)
class Partition:
    """Rows and their clusters while they change.

    Attributes
    ----------
    X : ndarray of shape (n, d), float32
        Rows of length 1 at most.
    weights : ndarray of shape (n,), float64
        A row of weight 0 pulls no centre; its label is -1.
    labels : ndarray of shape (n,), int32
    sums, sizes : ndarray of shape (k, d) and (k,), float64
    best, gap : ndarray of shape (n,), float32
        ``x.c - |c|^2 / 2`` of the row's own centre, when last looked at, and its lead over the next one.
    """

    X: NDArray[np.float32]
    weights: NDArray[np.float64]
    labels: NDArray[np.int32]
    sums: NDArray[np.float64]
    sizes: NDArray[np.float64]
    best: NDArray[np.float32]
    gap: NDArray[np.float32]

    def inertia(self) -> float:
        """Sum of squared distances to the own centre, copies counted."""
        lengths = np.einsum("ij,ij->i", self.X, self.X)
        full = self.sizes > 0
        pulled = np.einsum("ij,ij->i", self.sums[full], self.sums[full]) / self.sizes[full]
        return float(lengths @ self.weights - pulled.sum())


def partition(X: NDArray[np.float32], weights: NDArray[np.float64], k: int, labels: NDArray[np.int32] | None = None) -> Partition:
    """A partition to start from: by ``labels`` (-1: none), or with no row anywhere."""
    n = len(X)
    made = Partition(
        np.ascontiguousarray(X),
        weights,
        np.full(n, -1, dtype=np.int32),
        np.zeros((k, X.shape[1])),
        np.zeros(k),
        np.zeros(n, dtype=np.float32),
        np.zeros(n, dtype=np.float32),
    )
    if labels is not None:
        rows = np.flatnonzero((labels >= 0) & (weights > 0)).astype(np.int32)
        _move(made, rows, labels[rows])
    return made


def lloyd(
    held: Partition, centres: NDArray[np.float32], progress: Progress, *, rounds: int = 100, settled: float = 1e-3
) -> NDArray[np.float32]:
    """Iterate until fewer than ``settled`` of the rows change their cluster, or ``rounds`` times.

    Parameters
    ----------
    held : Partition
        Changed in place.
    centres : ndarray of shape (k, d), float32
        A cluster that loses all its rows starts again at the row furthest from its own centre.

    Returns
    -------
    ndarray of shape (k, d), float32
        The centres: means of the final clusters.
    """
    n, rows = len(held.X), None
    for turn in range(rounds):
        progress.report("cluster", turn, rounds, f"K-means, k = {len(centres)}")
        changed = _assign(held, centres, rows, progress)
        before, centres = centres, _means(held, centres)
        if changed <= settled * n:
            break
        rows = _doubtful(held, before, centres)
    return centres


def _assign(held: Partition, centres: NDArray[np.float32], rows: NDArray[np.int32] | None, progress: Progress) -> int:
    """Give ``rows`` (None: all) to their nearest centre; how many changed."""
    from elute.cluster._lloyd import nearest_centre

    half = np.asarray(np.einsum("ij,ij->i", centres, centres) / 2, dtype=np.float32)
    turned = np.ascontiguousarray(centres.T)
    n = len(held.X) if rows is None else len(rows)
    step = int(np.clip(BLOCK_BYTES // (4 * len(centres)), 128, 2048))
    labels, best, gap = np.empty(n, np.int32), np.empty(n, np.float32), np.empty(n, np.float32)

    def blocks(first: int, last: int) -> None:
        for start in range(first * step, min(last * step, n), step):  # the same blocks, whoever takes them
            part = slice(start, min(start + step, n))
            scores = (held.X[part] if rows is None else held.X[rows[part]]) @ turned
            nearest_centre(scores, half, 0, len(scores), labels[part], best[part], gap[part])

    count = -(-n // step)
    for first in range(0, count, WAVE):
        progress.check()
        shared(min(WAVE, count - first), lambda a, b: blocks(first + a, first + b), least=1)  # noqa: B023
    where: slice | NDArray[np.int32] = slice(None) if rows is None else rows
    held.best[where], held.gap[where] = best, gap - SLACK
    moved = np.flatnonzero((labels != held.labels[where]) & (held.weights[where] > 0)).astype(np.int32)
    _move(held, moved if rows is None else rows[moved], labels[moved])
    return len(moved)


def _move(held: Partition, rows: NDArray[np.int32], labels: NDArray[np.int32]) -> None:
    from elute.cluster._lloyd import move_rows

    before, weights = held.labels[rows], held.weights[rows]
    after = np.ascontiguousarray(labels, dtype=np.int32)
    shared(held.X.shape[1], lambda a, b: move_rows(held.X, held.weights, rows, before, after, a, b, held.sums), least=COLUMNS)
    held.labels[rows] = after
    k = len(held.sizes)
    held.sizes += np.bincount(after, weights, minlength=k)
    had = before >= 0
    held.sizes -= np.bincount(before[had], weights[had], minlength=k)


def _means(held: Partition, centres: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of each cluster. One that is empty takes over the row furthest from its centre, if any lies apart from it."""
    empty = np.flatnonzero(held.sizes < 0.5)
    if len(empty):
        lengths = np.einsum("ij,ij->i", held.X, held.X)
        apart = np.where(held.weights > 0, lengths - 2 * held.best, 0.0)
        rows = np.argsort(-apart, kind="stable")[: len(empty)].astype(np.int32)
        rows = rows[apart[rows] > SLACK]
        _move(held, rows, empty[: len(rows)].astype(np.int32))
        held.gap[rows] = -np.inf
    full = held.sizes > 0.5
    means = centres.copy()
    means[full] = held.sums[full] / held.sizes[full, None]
    return means


def _doubtful(held: Partition, before: NDArray[np.float32], centres: NDArray[np.float32]) -> NDArray[np.int32] | None:
    """Rows to look at again; None for all of them."""
    from elute.cluster._lloyd import doubtful

    old, new = before.astype(np.float64), centres.astype(np.float64)
    moved = np.linalg.norm(new - old, axis=1) + np.abs((new**2).sum(axis=1) - (old**2).sum(axis=1)) / 2
    rows = np.empty(len(held.X), dtype=np.int32)
    found = doubtful(held.labels, held.weights, moved.astype(np.float32), held.gap, rows)
    return None if found > 0.7 * len(held.X) else rows[:found]
