"""The clusters of DBSCAN off a neighbour graph: exact, with range queries only where the graph does not reach."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.cluster.hierarchy import roots
from elute.cluster.rows import Rows
from elute.kernels import shared
from elute.neighbors import Neighbors

SLICE = 100_000  # rows joined between two looks at whether to stop
SIDE = 2048  # rows and columns of a block of cosines


def dense_regions(rows: Rows, graph: Neighbors, reach: NDArray[np.float64], eps: float) -> NDArray[np.int32]:
    """The dense row with the lowest position in each row's cluster, or -1 for noise; (p,) int32.

    A row whose list ends beyond eps has all its neighbours there. Of the others, all of which are dense, pairs not in any list are
    joined by matrix products, never written down. A row on the border of several clusters goes to the one whose first dense row
    comes first, which is scikit-learn's order.
    """
    from elute.cluster._union import join_near, reached

    indices, distances = graph.indices, graph.distances
    dense, bound = reach <= eps, float(np.float32(eps))
    parent = np.arange(rows.p, dtype=np.int32)
    for start in range(0, rows.p, SLICE):
        rows.progress.check()
        join_near(indices, distances, bound, dense, parent, start, min(start + SLICE, rows.p))
    if graph.k < rows.p - 1:
        _join_beyond(rows, np.flatnonzero((distances[:, -1] <= bound) & dense), parent, 1.0 - eps)
    root, labels = roots(parent), np.empty(rows.p, dtype=np.int32)
    shared(rows.p, lambda start, stop: reached(indices, distances, bound, dense, root, labels, start, stop))
    return labels


def _join_beyond(rows: Rows, open_: NDArray[np.intp], parent: NDArray[np.int32], least: float) -> None:
    """Join those of the rows with more neighbours than the graph knows that lie in different sets so far, yet within eps."""
    from elute.cluster._union import join_block, one_set

    root = roots(parent)[open_]
    if len(open_) == 0 or (root == root[0]).all():
        return
    order = np.argsort(root, kind="stable")  # rows of one set side by side, so that blocks within one set are passed over
    open_ = open_[order].astype(np.int32)
    starts = range(0, len(open_), SIDE)
    for number, top in enumerate(starts):
        mine = open_[top : top + SIDE]
        X = None
        rows.progress.check()
        for left in starts[number:]:
            theirs = open_[left : left + SIDE]
            if one_set(parent, mine, theirs):
                continue
            rows.progress.report("cluster", top, len(open_), "neighbours beyond the graph")
            X = rows.X[rows.at[mine]] if X is None else X
            join_block(X @ rows.X[rows.at[theirs]].T, float(np.float32(least)), mine, theirs, parent)
