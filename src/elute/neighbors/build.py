"""Exact or approximate, by how much work it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from elute import memory
from elute.neighbors.approximate import approximate
from elute.neighbors.cells import Cells, visit
from elute.neighbors.exact import fill, nearest, query
from elute.neighbors.graph import Neighbors
from elute.neighbors.grown import grown
from elute.neighbors.lists import SPARE
from elute.progress import SILENT, Progress
from elute.vectors import check_vectors

EXACT_UP_TO = 55_000  # rows: 8 s on two cores at d = 384
EXACT_WORK = 1e12  # multiplications and additions, 6 s, up to which rows that lost too many neighbours meet all the living


@dataclass(frozen=True, eq=False)
class Base:
    """The lists over all rows, and the cells they were found by where they are approximate."""

    lists: Neighbors
    cells: Cells | None = None


def built(X: NDArray[np.float32], k: int, seed: int = 0, progress: Progress = SILENT) -> Base:
    """The ``k`` nearest neighbours of each row, exact up to ``EXACT_UP_TO`` rows."""
    what = f"The neighbour graph of {len(X):,} texts"
    memory.need(memory.neighbor_lists(len(X), k), what, "Choose K-means and PCA, which need none, or fewer rows.")
    if len(X) <= EXACT_UP_TO:
        return Base(nearest(X, k, progress))
    return Base(*approximate(check_vectors(X), min(k, len(X) - 1), seed, progress))


def added(X: NDArray[np.float32], base: Base, k: int, progress: Progress = SILENT) -> Base:
    """The lists over all of ``X``, from those over its first rows."""
    check_vectors(X[base.lists.n :])
    cells = base.cells.grown(X, progress) if base.cells is not None else None
    return Base(grown(X, base.lists, min(k, len(X) - 1), progress), cells)


def asked(
    X: NDArray[np.float32],
    base: Base,
    rows: NDArray[np.int32],
    alive: NDArray[np.bool_],
    k: int,
    progress: Progress = SILENT,
) -> Neighbors:
    """The ``k`` nearest living rows of some rows: exact, unless the base is not and it would take long."""
    if base.cells is None or 2.0 * len(rows) * X.size <= EXACT_WORK:
        return query(X, rows, alive, k, progress)
    lists = visit(X, base.cells, rows, alive, k + SPARE, progress)
    fill(X, rows, alive, k, lists, progress)  # they may have found too few in the cells around
    return lists.settled(X, rows, k, progress)
