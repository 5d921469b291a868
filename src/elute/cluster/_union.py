"""Compiled union-find: rows joined where they touch. A root is the lowest position of its set."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from elute.kernels import kernel

Array = NDArray[Any]

INDICES = "Array(int32, 2, 'C', readonly=True)"  # a graph may come from a file that is mapped
DISTANCES = "Array(float32, 2, 'C', readonly=True)"


@kernel("int64(int32[::1], int64)")
def find(parent: Array, row: int) -> int:
    """The root of a row; the way to it is halved for the next who asks."""
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = parent[row]
    return row


@kernel("boolean(int32[::1], int64, int64)")
def union(parent: Array, one: int, other: int) -> bool:
    """Join two sets; False where they were one already."""
    a, b = find(parent, one), find(parent, other)
    if a == b:
        return False
    if a < b:
        parent[b] = a
    else:
        parent[a] = b
    return True


@kernel(f"void({INDICES}, {DISTANCES}, float32, boolean[::1], int32[::1], int64, int64)")
def join_near(indices: Array, distances: Array, eps: float, dense: Array, parent: Array, start: int, stop: int) -> None:
    """Join dense rows start to stop with dense neighbours within eps."""
    for row in range(start, stop):
        if dense[row]:
            for at in range(indices.shape[1]):
                if distances[row, at] > eps:
                    break
                if dense[indices[row, at]]:
                    union(parent, row, indices[row, at])


@kernel("boolean(int32[::1], int32[::1], int32[::1])")
def one_set(parent: Array, rows: Array, others: Array) -> bool:
    """Whether all these rows are in one set: as many look-ups as there are rows here, however many there are in all."""
    root = find(parent, rows[0])
    for part in (rows, others):
        for row in part:
            if find(parent, row) != root:
                return False
    return True


@kernel("void(float32[:, ::1], float32, int32[::1], int32[::1], int32[::1])")
def join_block(cosines: Array, least: float, rows: Array, columns: Array, parent: Array) -> None:
    """Join each row of a block of cosines with each column that is at least so near."""
    for row in range(cosines.shape[0]):
        for column in range(cosines.shape[1]):
            if cosines[row, column] >= least and parent[columns[column]] != parent[rows[row]]:
                union(parent, rows[row], columns[column])


@kernel(f"void({INDICES}, {DISTANCES}, float32, boolean[::1], int32[::1], int32[::1], int64, int64)")
def reached(
    indices: Array, distances: Array, eps: float, dense: Array, root: Array, labels: Array, start: int, stop: int
) -> None:
    """The label of each row: of dense rows their root; of others the lowest root among dense rows within eps, or -1."""
    for row in range(start, stop):
        labels[row] = root[row] if dense[row] else -1
        if not dense[row]:
            for at in range(indices.shape[1]):
                if distances[row, at] > eps:
                    break
                other = indices[row, at]
                if dense[other] and (labels[row] < 0 or root[other] < labels[row]):
                    labels[row] = root[other]


@kernel(f"void({INDICES}, {DISTANCES}, float64[::1], float64, float64[::1], int64, int64)")
def dense_from(indices: Array, distances: Array, weights: Array, least: float, reach: Array, start: int, stop: int) -> None:
    """The smallest eps at which ``least`` rows lie within it, the row itself and copies counted; infinite where not known."""
    for row in range(start, stop):
        count, reach[row] = weights[row], 0.0
        at = 0
        while count < least:
            if at == indices.shape[1]:
                reach[row] = float("inf")
                break
            count += weights[indices[row, at]]
            reach[row] = distances[row, at]
            at += 1


@kernel(f"void({INDICES}, {DISTANCES}, float64[::1], float64[::1], uint8[:, ::1], int64, int64)")
def edge_bins(indices: Array, distances: Array, reach: Array, values: Array, bins: Array, start: int, stop: int) -> None:
    """The first of ``values`` (ascending) at which an edge joins two dense rows; len(values) where none does."""
    for row in range(start, stop):
        for at in range(indices.shape[1]):
            needed = max(reach[row], reach[indices[row, at]], float(distances[row, at]))
            low, high = 0, values.shape[0]
            while low < high:
                middle = (low + high) // 2
                if values[middle] < needed:
                    low = middle + 1
                else:
                    high = middle
            bins[row, at] = low


@kernel(f"int64({INDICES}, int64[::1], int32[::1], float64[::1])")
def join_edges(indices: Array, edges: Array, parent: Array, sizes: Array) -> int:
    """Join along edges, given as places in the flat graph; ``sizes`` follow, of roots. How many joined two sets."""
    k, joined = indices.shape[1], 0
    for place in range(edges.shape[0]):
        one = edges[place] // k
        a, b = find(parent, one), find(parent, indices[one, edges[place] - one * k])
        if a != b:
            low, high = min(a, b), max(a, b)
            parent[high] = low
            sizes[low] += sizes[high]
            sizes[high] = 0.0
            joined += 1
    return joined
