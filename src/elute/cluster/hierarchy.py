"""HDBSCAN off a neighbour graph: a spanning tree of mutual reachability, condensed. Campello, Moulavi, Sander (2013).

With the complete graph it is the hdbscan package's partition; with 30 neighbours some edges of the tree are a little longer than
the true ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from elute.kernels import shared
from elute.progress import SILENT, Progress

SLICE = 50_000  # rows or edges worked on between two looks at whether to stop
CLOSEST = 1e-12  # distances below count as this one: the density of copies is 1 / 0

Outside = Callable[[NDArray[np.int32], NDArray[np.int32]], tuple[NDArray[np.int32], NDArray[np.float64]]]
"""``(rows, part)`` -> for each of ``rows`` the nearest row of another part, and its distance; ``part`` (p,) is that of every row."""


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


def hierarchy(
    indices: NDArray[np.int32],
    distances: NDArray[np.float64],
    weights: NDArray[np.float64],
    outside: Outside,
    *,
    min_cluster_size: int,
    min_samples: int,
    progress: Progress = SILENT,
) -> Hierarchy:
    """Clusters, memberships and outlier scores.

    Parameters
    ----------
    indices, distances : ndarray of shape (p, k)
        The neighbours of each row, nearest first, without itself; p is at least 2.
    weights : ndarray of shape (p,)
        Copies. The answer is that for the rows with their copies written out.
    outside : Outside
        Finds what joins parts that the graph leaves apart.
    """
    from elute.cluster._linkage import core_distance

    core = np.empty(len(weights))
    samples = float(min(min_samples, weights.sum() - 1))
    shared(len(core), lambda start, stop: core_distance(indices, distances, weights, samples, core, start, stop))
    tree = spanning_tree(indices, distances, core, outside, progress)
    return _condensed(tree, core, weights, float(min_cluster_size), progress)


def spanning_tree(
    indices: NDArray[np.int32],
    distances: NDArray[np.float64],
    core: NDArray[np.float64],
    outside: Outside,
    progress: Progress,
) -> Edges:
    """The minimum spanning tree of the graph by mutual reachability, its parts joined by their nearest links; ascending."""
    from elute.cluster._linkage import forest

    if indices.shape[1] == len(core) - 1:
        return _complete_tree(indices, distances, core)
    edges = _edges(indices, distances, core, progress)
    order = np.argsort(edges.height)
    parent, kept, count = np.arange(len(core), dtype=np.int32), np.empty(len(core), dtype=np.int64), 0
    for start in range(0, len(order), 10 * SLICE):
        progress.check()
        count = forest(order[start : start + 10 * SLICE], edges.source, edges.target, parent, kept, count)
    found = [edges.take(kept[:count])]
    if count < len(core) - 1:
        found.append(_links(parent, core, outside, progress))
    joined = Edges(*(np.concatenate([getattr(e, name) for e in found]) for name in ("source", "target", "height")))
    return joined.take(np.argsort(joined.height, kind="stable"))


def _complete_tree(indices: NDArray[np.int32], distances: NDArray[np.float64], core: NDArray[np.float64]) -> Edges:
    from elute.cluster._prim import prim

    p = len(core)
    every = np.zeros((p, p))
    np.put_along_axis(every, indices, distances, axis=1)
    tree = Edges(np.empty(p - 1, dtype=np.int32), np.empty(p - 1, dtype=np.int32), np.empty(p - 1))
    prim(every, core, tree.source, tree.target, tree.height)
    return tree.take(np.argsort(tree.height))  # not stable, which is how the package orders equal heights


def _edges(indices: NDArray[np.int32], distances: NDArray[np.float64], core: NDArray[np.float64], progress: Progress) -> Edges:
    from elute.cluster._linkage import reach_edges

    found = []
    for start in range(0, len(core), SLICE):
        progress.check()
        stop = min(start + SLICE, len(core))
        room = (stop - start) * indices.shape[1]
        source, target, height = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room)
        count = reach_edges(indices, distances, core, source, target, height, start, stop)
        found.append(Edges(source[:count], target[:count], height[:count]))
    if len(found) == 1:
        return found[0]
    return Edges(*(np.concatenate([getattr(e, name) for e in found]) for name in ("source", "target", "height")))


def _links(parent: NDArray[np.int32], core: NDArray[np.float64], outside: Outside, progress: Progress) -> Edges:
    """Boruvka: the nearest link out of every part but the largest, until there is one part."""
    from elute.cluster._union import find, union

    p = len(parent)
    near, far = np.full(p, -1, dtype=np.int32), np.empty(p)
    links: list[tuple[int, int, float]] = []
    while True:
        progress.check()
        part = roots(parent)
        sizes = np.bincount(part, minlength=p)
        if np.count_nonzero(sizes) == 1:
            break
        small = np.flatnonzero(part != sizes.argmax())
        # what was nearest stays so until it is joined: the rows outside only become fewer
        ask = small[(near[small] < 0) | (part[near[small]] == part[small])].astype(np.int32)
        if len(ask):
            near[ask], distance = outside(ask, part)
            far[ask] = np.maximum(distance, np.maximum(core[ask], core[near[ask]]))
        order = small[np.lexsort((small, far[small]))]
        _, first = np.unique(part[order], return_index=True)
        for row in np.sort(first):
            one = int(order[row])
            if find(parent, one) != find(parent, int(near[one])):
                union(parent, one, int(near[one]))
                links.append((one, int(near[one]), float(far[one])))
    source, target, height = zip(*links, strict=True)
    return Edges(np.array(source, dtype=np.int32), np.array(target, dtype=np.int32), np.array(height))


def roots(parent: NDArray[np.int32]) -> NDArray[np.int32]:
    """The root of every row."""
    root = parent.copy()
    while True:
        deeper = root[root]
        if np.array_equal(deeper, root):
            return root
        root = deeper


def _condensed(
    tree: Edges, core: NDArray[np.float64], weights: NDArray[np.float64], least: float, progress: Progress
) -> Hierarchy:
    from elute.cluster._condense import condense, describe, select
    from elute.cluster._linkage import single_linkage

    p = len(core)
    children, size = np.empty((p - 1, 2), dtype=np.int32), np.concatenate([weights, np.empty(p - 1)])
    single_linkage(tree.source, tree.target, np.arange(p, dtype=np.int32), np.arange(p, dtype=np.int32), children, size)
    progress.check()
    home, left_at = np.empty(2 * p - 1, dtype=np.int32), np.empty(2 * p - 1)
    most = 2 * p + 1
    parent, birth, stability, densest = np.empty(most, dtype=np.int32), np.empty(most), np.empty(most), np.empty(most)
    density, parted = 1 / np.maximum(tree.height, CLOSEST), 1 / np.maximum(core, CLOSEST)
    count = condense(children, density, size, parted, least, home, left_at, parent, birth, stability, densest)
    progress.check()
    chosen = np.empty(count, dtype=np.int32)
    select(parent, stability, chosen, count)
    labels, probabilities, outlier_scores = np.empty(p, np.int32), np.empty(p, np.float32), np.empty(p, np.float32)
    describe(home, left_at, parent, densest, chosen, densest.copy(), count, labels, probabilities, outlier_scores)
    return Hierarchy(labels, probabilities, outlier_scores)
