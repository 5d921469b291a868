"""Compiled loops over rows and clusters."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

from elute.kernels import VECTORS, kernel
from elute.vectors._kernels import VALUES

GONE = np.float32(-9)
NEAR = np.float32(0.01)


@kernel(
    f"void({VECTORS}, int64, int64, int64, float32[:, ::1], int32[::1], float64[:, ::1], float64[::1], float64[::1], float64,"
    "float32[::1], float64[::1])",
    fast=True,
)
def measure(
    X: Any,
    start: int,
    stop: int,
    first: int,
    G: Any,
    at: Any,
    centroids: Any,
    sizes: Any,
    squared: Any,
    margin: float,
    silhouettes: Any,
    distances: Any,
) -> None:
    """Silhouettes of rows ``start:stop``, and how far each is from its own centroid.

    ``G`` (rows from ``first`` on, k) holds products in float32. They only say which other clusters may be the nearest one: those within
    ``margin`` of it are measured again in float64, and so is the row's own.
    """
    k, d = centroids.shape
    for row in range(start, stop):
        own = at[row]
        if own < 0 or own >= k:
            continue
        x, c, products = X[row], centroids[own], G[row - first]
        # distances are between directions: each row is scaled to length 1 exactly; a zero vector is at distance 1 from all
        scale, itself = (1 / sqrt(squared[row]), 0.0) if squared[row] > 0 else (0.0, 1.0)
        inside, apart = 0.0, 0.0
        for i in range(d):
            value = np.float64(x[i]) * scale
            inside += value * c[i]
            apart += (value - c[i]) * (value - c[i])
        distances[row] = sqrt(apart)
        products[own] = GONE
        best = GONE
        for j in range(k):
            best = max(best, products[j])
        outside = -9.0
        for j in range(k):
            if products[j] >= best - margin and j != own:
                product = 0.0
                for i in range(d):
                    product += np.float64(x[i]) * centroids[j, i]
                outside = max(outside, product)
        size = sizes[own]
        if size <= 1:
            silhouettes[row] = 0
            continue
        within = (size * (1 - inside) - itself) / (size - 1)
        between = 1 - outside * scale
        widest = max(within, between)
        silhouettes[row] = (between - within) / widest if widest > 1e-12 else 0.0


@kernel(
    f"void({VECTORS}, int64, int64, int64[::1], int64, float32[:, ::1], int32[::1], {VALUES}, float64[::1], float64[:, ::1])",
    fast=True,
)
def add_distances(
    X: Any, start: int, stop: int, sample: Any, first: int, G: Any, at: Any, weights: Any, squared: Any, sums: Any
) -> None:
    """Add to ``sums`` (rows of the sample, k) the distances from rows ``start:stop`` of the sample to a block of all rows.

    ``G`` (rows of the sample, rows from ``first`` on) holds their products in float32, where the difference of two near rows is lost:
    these are measured again in float64.
    """
    k, d, width = sums.shape[1], X.shape[1], G.shape[1]
    for place in range(start, stop):
        row, line, totals = sample[place], G[place], sums[place]
        length, nearest = squared[row], np.float32(NEAR)
        for column in range(width):
            apart = np.float32(length + squared[first + column]) - np.float32(2) * line[column]
            line[column] = apart
            nearest = min(nearest, apart)
        if nearest < NEAR:
            for column in range(width):
                if line[column] < NEAR:
                    apart = 0.0
                    for i in range(d):
                        step = np.float64(X[row, i]) - X[first + column, i]
                        apart += step * step
                    line[column] = apart
        for column in range(width):
            line[column] = sqrt(line[column])
        for column in range(width):
            own = at[first + column]
            if own >= 0 and own < k:
                totals[own] += weights[first + column] * line[column]
