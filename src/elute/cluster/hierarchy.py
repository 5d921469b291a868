"""HDBSCAN off a neighbour graph: a spanning tree of mutual reachability, condensed. Campello, Moulavi, Sander (2013).

With the complete graph, or an exact tree, it is the hdbscan package's partition, up to the order of equal heights.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from elute.kernels import shared
from elute.progress import SILENT, Progress

CLOSEST = 1e-12  # distances below count as this one: the density of copies is 1 / 0

Tree = Callable[[NDArray[np.float64]], "Edges"]
"""From core distances (p,) to a spanning tree of mutual reachability, edges ascending."""


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """What HDBSCAN says of each row: ``labels`` (p,) int32, ``probabilities`` and ``outlier_scores`` (p,) float32."""

    labels: NDArray[np.int32]
    probabilities: NDArray[np.float32]
    outlier_scores: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Edges:
    """Pairs of rows and the height at which they join, each (e,)."""

    source: NDArray[np.int32]
    target: NDArray[np.int32]
    height: NDArray[np.float64]

    def take(self, rows: NDArray[np.intp]) -> Edges:
        """Some of them, in that order."""
        return Edges(self.source[rows], self.target[rows], self.height[rows])


@dataclass(frozen=True, eq=False)
class Linked:
    """A single-linkage tree of mutual reachability, to be cut at one smallest cluster after another.

    Of each node its ``children`` (p - 1, 2) and ``density`` (p - 1,); ``size`` (2p - 1,) the rows below; of each row ``parted`` (p,),
    the density at which its copies part.
    """

    children: NDArray[np.int32]
    density: NDArray[np.float64]
    size: NDArray[np.float64]
    parted: NDArray[np.float64]

    def cut(self, min_cluster_size: int, progress: Progress = SILENT) -> Hierarchy:
        """Condensed, and the clusters with most excess of mass."""
        from elute.cluster._condense import condense, describe, select

        p = len(self.parted)
        home, left_at = np.empty(2 * p - 1, dtype=np.int32), np.empty(2 * p - 1)
        most = 2 * p + 1
        parent, birth, stability, densest = np.empty(most, dtype=np.int32), np.empty(most), np.empty(most), np.empty(most)
        count = condense(
            self.children, self.density, self.size, self.parted, float(min_cluster_size),
            home, left_at, parent, birth, stability, densest,
        )  # fmt: skip
        progress.check()
        chosen = np.empty(count, dtype=np.int32)
        select(parent, stability, chosen, count)
        labels, probabilities, outlier_scores = np.empty(p, np.int32), np.empty(p, np.float32), np.empty(p, np.float32)
        describe(home, left_at, parent, densest, chosen, densest.copy(), count, labels, probabilities, outlier_scores)
        return Hierarchy(labels, probabilities, outlier_scores)


def linked(
    indices: NDArray[np.int32],
    distances: NDArray[np.float64],
    weights: NDArray[np.float64],
    tree: Tree,
    *,
    min_samples: int,
    progress: Progress = SILENT,
) -> Linked:
    """The tree that HDBSCAN cuts.

    Parameters
    ----------
    indices, distances : ndarray of shape (p, k)
        The neighbours of each row, nearest first, without itself; p is at least 2.
    weights : ndarray of shape (p,)
        Copies. The clusters are those of the rows with their copies written out.
    tree : Tree
        Makes the spanning tree; not asked where the graph is complete.
    """
    from elute.cluster._linkage import core_distance

    core = np.empty(len(weights))
    samples = float(min(min_samples, weights.sum() - 1))
    shared(len(core), lambda start, stop: core_distance(indices, distances, weights, samples, core, start, stop))
    progress.check()
    complete = indices.shape[1] == len(core) - 1
    edges = _complete_tree(indices, distances, core) if complete else tree(core)
    return _linkage(edges, core, weights, progress)


def roots(parent: NDArray[np.int32]) -> NDArray[np.int32]:
    """The root of every row."""
    root = parent.copy()
    while True:
        deeper = root[root]
        if np.array_equal(deeper, root):
            return root
        root = deeper


def _complete_tree(indices: NDArray[np.int32], distances: NDArray[np.float64], core: NDArray[np.float64]) -> Edges:
    from elute.cluster._prim import prim

    p = len(core)
    every = np.zeros((p, p))
    np.put_along_axis(every, indices, distances, axis=1)
    tree = Edges(np.empty(p - 1, dtype=np.int32), np.empty(p - 1, dtype=np.int32), np.empty(p - 1))
    prim(every, core, tree.source, tree.target, tree.height)
    return tree.take(np.argsort(tree.height))  # not stable, which is how the package orders equal heights


def _linkage(tree: Edges, core: NDArray[np.float64], weights: NDArray[np.float64], progress: Progress) -> Linked:
    from elute.cluster._linkage import single_linkage

    p = len(core)
    children, size = np.empty((p - 1, 2), dtype=np.int32), np.concatenate([weights, np.empty(p - 1)])
    single_linkage(tree.source, tree.target, np.arange(p, dtype=np.int32), np.arange(p, dtype=np.int32), children, size)
    progress.check()
    return Linked(children, 1 / np.maximum(tree.height, CLOSEST), size, 1 / np.maximum(core, CLOSEST))
