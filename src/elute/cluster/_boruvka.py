"""Compiled rounds of Boruvka's algorithm by mutual reachability: the nearest link out of every part, exact."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.cluster._union import union
from elute.kernels import kernel

Array = NDArray[Any]


@kernel("void(int32[:, ::1], float64[:, ::1], float64[::1], int32[::1], int64, int64, float64[::1], int32[::1], int32[::1])")
def links_from_lists(
    indices: Array, distances: Array, core: Array, part: Array, start: int, stop: int, least: Array, source: Array, target: Array
) -> None:
    """Lower ``least`` of each part to its nearest link along neighbour lists of rows start to stop; ``source``, ``target``: which."""
    for row in range(start, stop):
        own = part[row]
        if core[row] >= least[own]:
            continue
        for at in range(indices.shape[1]):
            if distances[row, at] >= least[own]:
                break
            other = indices[row, at]
            if part[other] != own:
                reach = max(core[row], core[other], distances[row, at])
                if reach < least[own]:
                    least[own], source[own], target[own] = reach, row, other
                if reach < least[part[other]]:
                    least[part[other]], source[part[other]], target[part[other]] = reach, other, row


@kernel("void(int64[::1], int64[:, ::1], int32[::1], int32[::1])")
def uniform_nodes(order: Array, nodes: Array, part: Array, inside: Array) -> None:
    """The part that all rows below each node of a tree lie in, or -1."""
    for node in range(nodes.shape[0] - 1, -1, -1):
        if 2 * node + 1 < nodes.shape[0]:
            left, right = inside[2 * node + 1], inside[2 * node + 2]
            inside[node] = left if left == right else -1
        else:
            inside[node] = part[order[nodes[node, 0]]]
            for place in range(nodes[node, 0], nodes[node, 1]):
                if part[order[place]] != inside[node]:
                    inside[node] = -1
                    break


@kernel("float64(float64[:, ::1], float64[:, ::1], float64[:, ::1], int64, int64)")
def _gap(points: Array, low: Array, high: Array, row: int, node: int) -> float:
    """Squared distance from a row to the box of a node."""
    total = 0.0
    for column in range(points.shape[1]):
        apart = max(low[node, column] - points[row, column], points[row, column] - high[node, column], 0.0)
        total += apart * apart
    return total


@kernel(
    "void(float64[:, ::1], int64[::1], int64[:, ::1], float64[:, ::1], float64[:, ::1], int32[::1], float64[::1], float64[::1],"
    " int32[::1], int64, int64, float64[::1], int32[::1], int32[::1])"
)
def links_from_tree(
    points: Array,
    order: Array,
    nodes: Array,
    low: Array,
    high: Array,
    inside: Array,
    known: Array,
    core: Array,
    part: Array,
    start: int,
    stop: int,
    least: Array,
    source: Array,
    target: Array,
) -> None:
    """The same over all rows, by a search of the tree from each row whose list ends (``known``) before its part's nearest link."""
    stack = np.empty(128, dtype=np.int64)
    for place in range(start, stop):
        row = order[place]
        own = part[row]
        if known[row] >= least[own] or core[row] >= least[own]:
            continue
        stack[0], depth = 0, 1
        while depth:
            depth -= 1
            node = stack[depth]
            if inside[node] == own or _gap(points, low, high, row, node) >= least[own] ** 2:
                continue
            if 2 * node + 1 < nodes.shape[0]:
                one, other = 2 * node + 1, 2 * node + 2
                if _gap(points, low, high, row, one) < _gap(points, low, high, row, other):
                    one, other = other, one  # the nearer is looked at first
                stack[depth], stack[depth + 1] = one, other
                depth += 2
                continue
            for at in range(nodes[node, 0], nodes[node, 1]):
                candidate = order[at]
                if part[candidate] == own or core[candidate] >= least[own]:
                    continue
                total = 0.0
                for column in range(points.shape[1]):
                    total += (points[row, column] - points[candidate, column]) ** 2
                reach = max(np.sqrt(total), core[row], core[candidate])
                if reach < least[own]:
                    least[own], source[own], target[own] = reach, row, candidate


@kernel("int64(int32[::1], float64[::1], int32[::1], int32[::1], int32[::1], int32[::1], float64[::1], int64)")
def take_links(parent: Array, least: Array, source: Array, target: Array, a: Array, b: Array, height: Array, count: int) -> int:
    """Join each part along its link, written behind the first ``count`` of ``a``, ``b``, ``height``; how many there are then."""
    for part in range(parent.shape[0]):
        if least[part] < np.inf and union(parent, source[part], target[part]):
            a[count], b[count], height[count] = source[part], target[part], least[part]
            count += 1
    return count
