"""The exact minimum spanning tree of mutual reachability in a few dimensions.

Off neighbour lists alone it is not: two dense groups can touch at rows whose lists end inside their own group, and a longer link is
taken (with 60 neighbours of a UMAP the partition was within ARI .92 of the true one). March, Ram, Gray (2010), "Fast Euclidean
minimum spanning tree"; here lists give nearly all links, and the tree is searched only from rows whose list ends too early.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.cluster.hierarchy import Edges, roots
from elute.progress import Progress

LEAF = 16  # rows of a leaf
SLICE = 20_000  # rows looked at between two looks at whether to stop


def exact_tree(
    points: NDArray[np.float64],
    indices: NDArray[np.int32],
    distances: NDArray[np.float64],
    core: NDArray[np.float64],
    progress: Progress,
) -> Edges:
    """Edges of the tree, ascending.

    Parameters
    ----------
    points : ndarray of shape (p, few)
    indices, distances : ndarray of shape (p, k)
        The true k nearest of each row.
    core : ndarray of shape (p,)
    """
    from elute.cluster._boruvka import take_links

    p = len(core)
    search = _Search(points, indices, distances, core)
    a, b, height, count = np.empty(p - 1, np.int32), np.empty(p - 1, np.int32), np.empty(p - 1), 0
    parent = np.arange(p, dtype=np.int32)
    while count < p - 1:
        least, source, target = search.links(roots(parent), progress)
        count = take_links(parent, least, source, target, a, b, height, count)
    tree = Edges(a, b, height)
    return tree.take(np.argsort(height, kind="stable"))


class _Search:
    def __init__(
        self,
        points: NDArray[np.float64],
        indices: NDArray[np.int32],
        distances: NDArray[np.float64],
        core: NDArray[np.float64],
    ) -> None:
        from sklearn.neighbors import KDTree

        data, order, nodes, bounds = KDTree(points, leaf_size=LEAF).get_arrays()
        self.points, self.order = np.ascontiguousarray(data), np.asarray(order, dtype=np.int64)
        self.nodes = np.column_stack([nodes["idx_start"], nodes["idx_end"]]).astype(np.int64)
        self.low, self.high = np.ascontiguousarray(bounds[0]), np.ascontiguousarray(bounds[1])
        self.indices, self.distances, self.core = indices, distances, core
        self.known = np.ascontiguousarray(distances[:, -1])

    def links(self, part: NDArray[np.int32], progress: Progress) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """The nearest link out of each part: its height (p,), infinite where no part has that root, and its two ends."""
        from elute.cluster._boruvka import links_from_lists, links_from_tree, uniform_nodes

        p = len(part)
        least, source, target = np.full(p, np.inf), np.zeros(p, dtype=np.int32), np.zeros(p, dtype=np.int32)
        for start in range(0, p, SLICE):
            progress.check()
            stop = min(start + SLICE, p)
            links_from_lists(self.indices, self.distances, self.core, part, start, stop, least, source, target)
        inside = np.empty(len(self.nodes), dtype=np.int32)
        uniform_nodes(self.order, self.nodes, part, inside)
        for start in range(0, p, SLICE):
            progress.check()
            stop, tree = min(start + SLICE, p), (self.points, self.order, self.nodes, self.low, self.high, inside)
            links_from_tree(*tree, self.known, self.core, part, start, stop, least, source, target)
        return least, source, target
