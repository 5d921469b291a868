"""What a neighbour graph is, and how a step that needs a wide enough one gets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from elute.errors import InputError
from elute.progress import SILENT, Progress


@dataclass(frozen=True, eq=False)
class Neighbors:
    """The nearest other rows of each row.

    Attributes
    ----------
    indices : ndarray of shape (n, k), int32
        Row positions, nearest first, equal distances by position. A row is never its own neighbour.
    distances : ndarray of shape (n, k), float32
        Cosine distances ``1 - x.y``, 0 to 2, ascending. A zero vector is at distance 1 from all.
    recall : float, default=1.0
        Share of the true nearest neighbours that are in the lists: 1 where they were built exactly, else as measured
        on a few hundred rows.
    """

    indices: NDArray[np.int32]
    distances: NDArray[np.float32]
    recall: float = 1.0

    @property
    def n(self) -> int:
        """How many rows."""
        return int(self.indices.shape[0])

    @property
    def k(self) -> int:
        """How many neighbours of each row are known."""
        return int(self.indices.shape[1])

    def first(self, k: int) -> Neighbors:
        """The ``k`` nearest of each row only (a view)."""
        return self if k >= self.k else Neighbors(self.indices[:, :k], self.distances[:, :k], self.recall)


Graph = Neighbors | Callable[[int], Neighbors]
"""A graph, or what makes one of at least ``k`` neighbours when it is first needed: some steps never do."""


def at_least(X: NDArray[np.float32], graph: Graph | None, k: int, progress: Progress = SILENT) -> Neighbors:
    """The graph over ``X`` that was given, if it knows ``k`` neighbours of each row (or all there are); else a new one.

    Parameters
    ----------
    X : ndarray of shape (n, d), float32
        Vectors of unit norm, or zero.
    graph : Neighbors, callable or None
        A callable is asked with ``k``.
    k : int
        Neighbours needed of each row.

    Raises
    ------
    InputError
        The graph is over another number of rows.
    """
    from elute.neighbors.exact import nearest

    given = graph(k) if callable(graph) else graph
    if given is not None and given.n != len(X):
        raise InputError(
            f"The neighbour graph is over {given.n} rows, and there are {len(X)} vectors. Build it again: nearest(X)."
        )
    return given if given is not None and given.k >= min(k, len(X) - 1) else nearest(X, k, progress)
