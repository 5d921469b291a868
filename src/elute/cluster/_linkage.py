"""Compiled loops from a neighbour graph to a single-linkage tree."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from elute.cluster._union import find, union
from elute.kernels import kernel

Array = NDArray[Any]

INDICES = "Array(int32, 2, 'C', readonly=True)"


@kernel(f"void({INDICES}, float64[:, ::1], float64[::1], float64, float64[::1], int64, int64)")
def core_distance(indices: Array, distances: Array, weights: Array, samples: float, core: Array, start: int, stop: int) -> None:
    """Distance to the neighbour that is the ``samples``-th, own copies and copies of neighbours counted; or to the last known."""
    for row in range(start, stop):
        count, core[row] = weights[row] - 1.0, 0.0
        at = 0
        while count < samples and at < indices.shape[1]:
            count += weights[indices[row, at]]
            core[row] = distances[row, at]
            at += 1


@kernel(f"int64({INDICES}, float64[:, ::1], float64[::1], int32[::1], int32[::1], float64[::1], int64, int64)")
def reach_edges(
    indices: Array, distances: Array, core: Array, source: Array, target: Array, height: Array, start: int, stop: int
) -> int:
    """Edges from rows start to stop with their mutual reachability, each pair once; how many."""
    k, found = indices.shape[1], 0
    for row in range(start, stop):
        for at in range(k):
            other = indices[row, at]
            if other < row and distances[row, at] <= distances[other, k - 1]:
                known = False
                for entry in range(k):
                    if indices[other, entry] == row:
                        known = True
                        break
                if known:
                    continue  # taken from the other's list
            source[found], target[found] = row, other
            height[found] = max(core[row], core[other], distances[row, at])
            found += 1
    return found


@kernel("int64(int64[::1], int32[::1], int32[::1], int32[::1], int64[::1], int64)")
def forest(order: Array, source: Array, target: Array, parent: Array, kept: Array, count: int) -> int:
    """Kruskal: of edges in ascending order, those that join two trees, written behind the first ``count`` of ``kept``."""
    for place in range(order.shape[0]):
        if union(parent, source[order[place]], target[order[place]]):
            kept[count] = order[place]
            count += 1
    return count


@kernel("void(float32[:, ::1], int32[::1], int32[::1], int32[::1], int64, int64, float32[::1], int32[::1])")
def nearest_other(
    cosines: Array, own: Array, columns: Array, part: Array, start: int, stop: int, best: Array, who: Array
) -> None:
    """For rows start to stop of a block of cosines: the nearest column of another part, if nearer than the best so far.

    ``columns`` are compact positions, negative for rows outside; ``part`` is the part of each compact row.
    """
    for row in range(start, stop):
        for column in range(columns.shape[0]):
            if cosines[row, column] > best[row]:
                other = columns[column]
                if other >= 0 and part[other] != own[row]:
                    best[row] = cosines[row, column]
                    who[row] = other


@kernel("void(int32[::1], int32[::1], int32[::1], int32[::1], int32[:, ::1], float64[::1])")
def single_linkage(source: Array, target: Array, parent: Array, top: Array, children: Array, size: Array) -> None:
    """The tree that edges in ascending order build: node p + i joins ``children[i]``, and ``size`` counts copies.

    ``parent`` and ``top`` (p,) start as 0 to p - 1: sets of rows, and the node at the top of each; ``size`` (2p - 1,) with weights.
    """
    p = parent.shape[0]
    for edge in range(source.shape[0]):
        a, b = find(parent, source[edge]), find(parent, target[edge])
        children[edge, 0], children[edge, 1] = top[a], top[b]
        size[p + edge] = size[top[a]] + size[top[b]]
        union(parent, a, b)
        top[min(a, b)] = p + edge
