"""The map cut in two: which clusters lie on the smaller side of a 2-means over all centroids."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TRIES = 4  # starts, of which the one with the least inertia counts: on a few dozen centroids one costs 0.1 ms
STEPS = 50


def smaller_side(centroids: NDArray[np.float64], real: NDArray[np.bool_], seed: int) -> NDArray[np.float64]:
    """1 where a centroid (k, d) is on the smaller side, else 0. Only those that are ``real`` (k,) decide where the cut goes."""
    own = centroids[real]
    if len(own) < 2 or (own == own[0]).all():
        return np.zeros(len(centroids))
    random = np.random.default_rng(seed)
    centres = min((_settled(own, _started(own, random)) for _ in range(TRIES)), key=lambda found: _inertia(own, found))
    smaller = int(np.bincount(_sides(own, centres), minlength=2).argmin())
    return np.asarray(_sides(centroids, centres) == smaller, dtype=np.float64)


def _started(points: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """Two of the points, the second one the likelier the farther it is: k-means++, Arthur and Vassilvitskii (2007)."""
    first = points[random.integers(len(points))]
    apart = ((points - first) ** 2).sum(axis=1)
    second = points[random.choice(len(points), p=apart / apart.sum())] if apart.any() else first
    return np.stack([first, second])


def _settled(points: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.float64]:
    before = None
    for _ in range(STEPS):
        side = _sides(points, centres)
        if before is not None and (side == before).all():
            break
        if side.all() or not side.any():
            break
        before, centres = side, np.stack([points[side == 0].mean(axis=0), points[side == 1].mean(axis=0)])
    return centres


def _sides(points: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.int64]:
    # the nearer of two centres by one product: |x - a|^2 - |x - b|^2 is linear in x
    step = centres[1] - centres[0]
    return np.asarray(points @ step > (centres.sum(axis=0) / 2) @ step, dtype=np.int64)


def _inertia(points: NDArray[np.float64], centres: NDArray[np.float64]) -> float:
    return float(((points - centres[_sides(points, centres)]) ** 2).sum())
