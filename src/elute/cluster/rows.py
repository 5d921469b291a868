"""Which rows take part in a fit, and what is known of them: their copies, their graph, their reduced coordinates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.errors import InputError
from elute.kernels import shared
from elute.neighbors import Graph, Neighbors, at_least
from elute.progress import Progress
from elute.vectors import check_vectors


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows that take part: weight above 0, and a direction.

    Attributes
    ----------
    X : ndarray of shape (m, d)
        All vectors, in place.
    weights : ndarray of shape (m,), float64
        Copies; 0 where a row takes no part.
    at : ndarray of shape (p,), int
        Positions of those that do, ascending. Everything called compact counts only these.
    progress : Progress
        Told by whoever walks over them, and asked whether to stop.
    """

    X: NDArray[np.float32]
    weights: NDArray[np.float64]
    at: NDArray[np.intp]
    progress: Progress
    _graph: Graph | None = None
    _reduced: Callable[[], NDArray[np.floating[Any]]] | None = None
    _within: NDArray[np.bool_] | None = None  # which rows of graph and reduced take part, where not all do

    @property
    def p(self) -> int:
        """How many take part."""
        return len(self.at)

    @property
    def copies(self) -> NDArray[np.float64]:
        """Their weights, (p,)."""
        return self.weights[self.at]

    def vectors(self) -> NDArray[np.float32]:
        """Their vectors, (p, d): a copy unless all rows take part."""
        return self.X if self.p == len(self.X) else self.X[self.at]

    def neighbors(self, k: int) -> Neighbors:
        """The compact graph with at least k neighbours of each, fewer only where there are no more."""
        given = self._graph(k) if callable(self._graph) else self._graph
        whole = self.p if self._within is None else len(self._within)
        if given is not None and given.n != whole:
            raise InputError(f"The neighbour graph is over {given.n} rows, and {whole} take part. Build it over these.")
        if given is not None and self._within is not None:
            given = _without(given, self._within)
        if given is None or given.k < min(k, self.p - 1):
            given = at_least(self.vectors(), None, k, self.progress)
        # views of a wider graph are made contiguous, as kernels want them: 4 ms at 50,000 rows
        return Neighbors(np.ascontiguousarray(given.indices), np.ascontiguousarray(given.distances), given.recall)

    def reduced(self) -> NDArray[np.float64] | None:
        """Their coordinates in few dimensions, (p, few); None where there is no such space."""
        if self._reduced is None:
            return None
        coords = np.ascontiguousarray(self._reduced(), dtype=np.float64)
        return coords if self._within is None else coords[self._within]


def taking_part(
    X: NDArray[np.float32],
    weights: NDArray[np.float64],
    neighbors: Graph | None,
    reduced: Callable[[], NDArray[np.floating[Any]]] | None,
    progress: Progress,
) -> Rows:
    """Rows of weight above 0 whose vector is not zero.

    Raises
    ------
    InputError
        A vector holds NaN or infinity.
    """
    directed = squared_lengths(X) > 0
    alive = weights > 0
    if directed.all():
        return Rows(X, weights, np.flatnonzero(alive), progress, neighbors, reduced)
    at = np.flatnonzero(alive & directed)
    within = directed[alive]
    return Rows(X, np.where(directed, weights, 0.0), at, progress, neighbors, reduced, None if within.all() else within)


def squared_lengths(X: NDArray[np.float32]) -> NDArray[np.float32]:
    """|x|^2 of each row, (m,). Rows that are not finite are refused, as :func:`elute.vectors.check_vectors` says it."""
    from elute.cluster._lloyd import lengths

    found = np.empty(len(X), dtype=np.float32)
    shared(len(X), lambda start, stop: lengths(X, start, stop, found))
    if not np.isfinite(found).all():
        check_vectors(X)
    return found


def all_same(rows: Rows) -> bool:
    """True where all vectors are equal; most sets are told by their first rows."""
    first = rows.X[rows.at[:1]]
    return all((rows.X[rows.at[start : start + 512]] == first).all() for start in range(0, rows.p, 512))


def _without(graph: Neighbors, kept: NDArray[np.bool_]) -> Neighbors:
    """The graph over ``kept`` rows only; as wide as the row that lost most neighbours."""
    place = np.cumsum(kept, dtype=np.int32) - np.int32(1)
    indices, distances = graph.indices[kept], graph.distances[kept]
    known = kept[indices]
    k = int(known.sum(axis=1).min(initial=graph.k))
    order = np.argsort(~known, axis=1, kind="stable")[:, :k]
    return Neighbors(
        place[np.take_along_axis(indices, order, axis=1)], np.take_along_axis(distances, order, axis=1), graph.recall
    )
