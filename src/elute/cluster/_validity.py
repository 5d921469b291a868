"""Compiled loops of the density-based validity of clusters (DBCV)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.kernels import kernel

Array = NDArray[Any]


@kernel("void(float64[:, ::1], float64[::1], float64, int64, int64, float64[::1])")
def all_points_core(distances: Array, copies: Array, dimensions: float, start: int, stop: int, core: Array) -> None:
    """``(sum of (1 / d)^dimensions / (n - 1))^(-1 / dimensions)`` of rows start to stop; rows at distance 0 add nothing.

    In logarithms from the nearest row on: in 384 dimensions 0.5^-384 is beyond float64, and what is 10 % further adds 1e-16.
    """
    total = copies.sum()
    reach = np.exp(37.0 / dimensions)
    for row in range(start, stop):
        nearest = np.inf
        for other in range(copies.shape[0]):
            if 0.0 < distances[row, other] < nearest:
                nearest = distances[row, other]
        core[row] = 0.0
        if nearest == np.inf:
            continue
        share, furthest = 0.0, nearest * reach
        for other in range(copies.shape[0]):
            if 0.0 < distances[row, other] < furthest:
                share += copies[other] * np.exp(dimensions * np.log(nearest / distances[row, other]))
        core[row] = nearest * np.exp((np.log(total - 1.0) - np.log(share)) / dimensions)


@kernel("void(float32[:, ::1], float64[:, ::1])", fast=True)
def all_distances(points: Array, distances: Array) -> None:
    """Euclidean distances of all pairs of a few rows: a matrix product has more to set up than to do there."""
    for row in range(points.shape[0]):
        distances[row, row] = 0.0
        for other in range(row):
            total = np.float32(0)
            for column in range(points.shape[1]):
                apart = points[row, column] - points[other, column]
                total += apart * apart
            distances[row, other] = distances[other, row] = np.sqrt(np.float64(total))


@kernel("float64(float64[:, ::1], float64[::1], int32[::1], int32[::1], float64[::1], boolean[::1])")
def sparseness(distances: Array, core: Array, source: Array, target: Array, height: Array, internal: Array) -> float:
    """The longest edge between rows of the tree that have two edges and more, which are written to ``internal``.

    Of rows equally near when an edge was added, the first by position counts as its source, as in the hdbscan package.
    """
    n = core.shape[0]
    degree = np.zeros(n, dtype=np.int64)
    joined = np.zeros(n, dtype=np.bool_)
    joined[source[0]] = True
    for edge in range(n - 1):
        new, slack = target[edge], 1e-8 + 1e-5 * height[edge]
        if edge:
            for row in range(n):
                if joined[row] and abs(max(distances[new, row], core[new], core[row]) - height[edge]) <= slack:
                    source[edge] = row
                    break
        joined[new] = True
        degree[new] += 1
        degree[source[edge]] += 1
    inside, longest = -1.0, 0.0
    for edge in range(n - 1):
        longest = max(longest, height[edge])
        if degree[source[edge]] > 1 and degree[target[edge]] > 1:
            inside = max(inside, height[edge])
    for row in range(n):
        internal[row] = degree[row] > 1
    if n == 2:
        internal[0] = True
    return inside if inside >= 0.0 else longest


@kernel(
    "void({0}[:, ::1], {0}[::1], {0}[::1], int32[::1], {0}[::1], {0}[::1], int32[::1], float64[::1])".format("float32"),
    "void({0}[:, ::1], {0}[::1], {0}[::1], int32[::1], {0}[::1], {0}[::1], int32[::1], float64[::1])".format("float64"),
)
def separate(
    products: Array, lengths: Array, core: Array, own: Array, lengths_b: Array, core_b: Array, own_b: Array, least: Array
) -> None:
    """Lower ``least`` (k,) to the smallest squared mutual reachability between rows of different clusters.

    ``products`` are those of rows with columns, ``lengths`` and ``core`` squared.
    """
    for row in range(own.shape[0]):
        for column in range(own_b.shape[0]):
            if own[row] != own_b[column]:
                apart = lengths[row] + lengths_b[column] - 2 * products[row, column]
                apart = max(apart, core[row], core_b[column])
                if apart < least[own[row]]:
                    least[own[row]] = apart
                if apart < least[own_b[column]]:
                    least[own_b[column]] = apart
