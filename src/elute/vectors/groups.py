"""Rows by cluster: their numbers, sizes and sums. What the scores and the ranking of clusters both start from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.errors import InputError
from elute.kernels import shared
from elute.progress import SILENT, Progress
from elute.vectors.check import Floats, refuse

BLOCK = 1 << 18  # rows added up between two looks at whether to stop: some 40 ms at d = 384
PARTS = 4  # of a block, each with sums of its own
LEAST = 32  # rows a group, on average, below which a sum for each part costs more than a second thread saves


@dataclass(frozen=True, eq=False)
class Groups:
    """The clusters of a labelling, noise among them.

    Attributes
    ----------
    names : ndarray of shape (c,), int64
        Cluster numbers, ascending; noise (-1) comes last where there is some.
    at : ndarray of shape (m,), int32
        Position in ``names`` of each row; -1 where it takes no part.
    weights : ndarray of shape (m,), float64
        Copies each row stands for.
    sizes : ndarray of shape (c,), float64
        Weight of each group.
    sums : ndarray of shape (c, d), float64
        Weighted sum of its rows, each scaled to length 1 exactly (a zero vector stays zero).
    squared : ndarray of shape (m,), float64
        ``|x|^2`` of each row.
    """

    names: NDArray[np.int64]
    at: NDArray[np.int32]
    weights: NDArray[np.float64]
    sizes: NDArray[np.float64]
    sums: NDArray[np.float64]
    squared: NDArray[np.float64]

    @property
    def k(self) -> int:
        """How many clusters, noise left out."""
        return len(self.names) - int(len(self.names) > 0 and self.names[-1] < 0)

    @property
    def total(self) -> float:
        """Rows that take part, copies and noise counted."""
        return float(self.sizes.sum())


def group(
    X: NDArray[np.float32],
    labels: NDArray[np.integer[Any]],
    weights: NDArray[Any] | None = None,
    progress: Progress = SILENT,
) -> Groups:
    """Add up the rows of each cluster, and of noise.

    Parameters
    ----------
    X : ndarray of shape (m, d), float32, C-ordered
        Vectors of unit norm, or zero.
    labels : ndarray of shape (m,), int
        Clusters; -1 is noise, anything below takes no part.
    weights : ndarray of shape (m,), optional
        Copies each row stands for; 0: takes no part.

    Raises
    ------
    InputError
        Vectors with NaN or infinity, or something that is not one value a row.
    """
    copies = np.ones(len(X)) if weights is None else np.ascontiguousarray(weights, dtype=np.float64)
    for name, values in (("labels", labels), ("weights", copies)):
        if values.shape != (len(X),):
            raise InputError(f"There are {len(X)} vectors and {name} of shape {values.shape}; one value a row is needed.")
    names, at = _numbered(labels, copies)
    sizes: NDArray[np.float64] = np.bincount(at + 1, weights=copies, minlength=len(names) + 1)[1:].astype(np.float64)
    squared = np.empty(len(X))
    sums = _sums(X, at, copies, len(names), squared, progress)
    refuse(np.flatnonzero(~np.isfinite(squared)), len(X))
    return Groups(names, at, copies, sizes, sums, squared)


def cluster_sums(X: Floats, own: NDArray[np.integer[Any]], k: int, weights: NDArray[Any]) -> NDArray[np.float64]:
    """The weighted sum of the rows of each cluster, (k, d); ``own`` (n,) is 0 to k - 1, or -1 for rows that take no part.

    ``X`` is taken as float32, the sums are added up in float64.
    """
    rows, at = np.ascontiguousarray(X, dtype=np.float32), np.ascontiguousarray(own, dtype=np.int32)
    return _sums(rows, at, np.ascontiguousarray(weights, dtype=np.float64), k, None)


def _numbered(labels: NDArray[Any], copies: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Names of the groups, and which one each row is in."""
    noise = int(labels.max(initial=-1)) + 1  # so that it comes last
    places = np.where(labels < 0, noise, labels).astype(np.int64)
    places[(labels < -1) | (copies <= 0)] = noise + 1
    if noise < 4 * len(labels) + 1024:
        there = np.bincount(places, minlength=noise + 2)[: noise + 1] > 0
        names = np.flatnonzero(there)
        at = np.append(np.where(there, np.cumsum(there) - 1, -1), -1).astype(np.int32)[places]
    else:  # numbers with wide gaps
        names, found = np.unique(places, return_inverse=True)
        names = names[names <= noise]
        at = np.where(found < len(names), found, -1).astype(np.int32)
    return np.where(names == noise, -1, names), at


def _sums(
    X: NDArray[np.float32],
    at: NDArray[np.int32],
    weights: NDArray[np.float64],
    c: int,
    squared: NDArray[np.float64] | None,
    progress: Progress = SILENT,
) -> NDArray[np.float64]:
    """Sums (c, d), of rows scaled to length 1 where ``squared`` is there to be filled.

    Rows are cut into the same parts whatever the number of threads, and the parts' sums are added up in order, so that they come out
    the same to the last bit.
    """
    from elute.vectors._kernels import add_rows

    parts = PARTS if c * LEAST <= len(X) else 1
    made = np.zeros((parts, c, X.shape[1]))
    scale, into = squared is not None, np.empty(0) if squared is None else squared
    for start in range(0, len(X), BLOCK):
        progress.check()
        edges = np.linspace(start, min(start + BLOCK, len(X)), parts + 1).astype(int).tolist()

        def some(low: int, high: int, edges: list[int] = edges) -> None:
            for part in range(low, high):
                add_rows(X, edges[part], edges[part + 1], at, weights, scale, into, made[part])

        shared(parts, some, 1)
    return np.asarray(made.sum(axis=0))
