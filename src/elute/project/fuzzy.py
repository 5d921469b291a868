"""The fuzzy graph of UMAP: who belongs together how much, read off the nearest neighbours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.kernels import shared
from elute.neighbors import Neighbors
from elute.progress import SILENT, Progress

SLICE = 1 << 16  # rows worked on at a time, at most some 100 ms on one core


@dataclass(frozen=True, eq=False)
class Fuzzy:
    """Edges of each row, one row after the other; each edge stands with both its rows.

    Attributes
    ----------
    edges : ndarray of shape (n + 1,), int64
        Where the edges of each row begin.
    columns : ndarray of shape (edges,), int32
        The other row.
    strengths : ndarray of shape (edges,), float32
        Above 0, to 1.
    """

    edges: NDArray[np.int64]
    columns: NDArray[np.int32]
    strengths: NDArray[np.float32]

    @property
    def n(self) -> int:
        """How many rows."""
        return len(self.edges) - 1


def memberships(distances: NDArray[np.float32], progress: Progress = SILENT) -> NDArray[np.float32]:
    """How much each neighbour belongs to its row, (n, k): 1 for the nearest, falling so that a row's sum is log2(k + 1).

    McInnes, Healy, Melville (2018), algorithm 3; the row itself counts as a neighbour, as in umap-learn.
    """
    from elute.project import _kernels

    near = np.ascontiguousarray(distances, dtype=np.float32)
    n, k = near.shape
    weights = np.empty((n, k), dtype=np.float32)
    overall = float(near.mean(dtype=np.float64)) * k / (k + 1) if near.size else 0.0
    _sliced(n, progress, lambda start, stop: _kernels.memberships(near, np.log2(k + 1), overall, weights, start, stop))
    return weights


def fuzzy(neighbors: Neighbors, progress: Progress = SILENT) -> Fuzzy:
    """The fuzzy graph over all neighbours given: ``a + b - a b`` of what two rows say of each other.

    Parameters
    ----------
    neighbors : Neighbors
        Narrowed by the caller to as many neighbours as are to count.
    progress : Progress
        Asked to stop between slices of rows.
    """
    from elute.project import _kernels

    n, k = neighbors.indices.shape
    indices, weights = neighbors.indices.astype(np.int32, order="C"), memberships(neighbors.distances, progress)
    _sliced(n, progress, lambda start, stop: _kernels.ordered(indices, weights, start, stop))
    named = np.zeros(n, dtype=np.int64)
    for start in range(0, n, SLICE):
        named += np.bincount(indices[start : start + SLICE].ravel(), minlength=n)
    begin = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(named)])
    fill, sources, strengths = begin.copy(), np.empty(n * k, dtype=np.int32), np.empty(n * k, dtype=np.float32)
    for start in range(0, n, SLICE):
        progress.check()
        _kernels.reversed_edges(indices, weights, fill, sources, strengths, start, min(start + SLICE, n))
    edges = np.zeros(n + 1, dtype=np.int64)

    def union(columns: NDArray[np.int32], values: NDArray[np.float32]) -> None:
        given = (indices, weights, begin, sources, strengths, edges, columns, values)
        _sliced(n, progress, lambda start, stop: _kernels.union(*given, start, stop))

    union(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32))  # counts
    np.cumsum(edges, out=edges)
    columns, values = np.empty(edges[-1], dtype=np.int32), np.empty(edges[-1], dtype=np.float32)
    union(columns, values)
    return Fuzzy(edges, columns, values)


def _sliced(n: int, progress: Progress, work: Callable[[int, int], Any]) -> None:
    """``work(start, stop)`` on all rows, by every core, with a question whether to stop between slices."""
    for first in range(0, n, SLICE):
        progress.check()
        shared(min(SLICE, n - first), lambda start, stop, first=first: work(first + start, first + stop))  # type: ignore[misc]
