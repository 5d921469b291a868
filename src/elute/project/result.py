"""Where the points are, in 2D and 3D, and on which scale."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Projection:
    """Positions of all rows, in both dimensions.

    Attributes
    ----------
    coords : dict of int to ndarray
        2 -> (n, 2), 3 -> (n, 3), float32: centred at the mean, and scaled so that 99 % of the points lie within radius 1.
    params : dict
        The values used.
    notes : tuple of str
        What a person should know about this map.
    """

    coords: dict[int, NDArray[np.float32]]
    params: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def scaled(positions: NDArray[Any]) -> NDArray[np.float32]:
    """Positions (n, d) centred, with the 99th percentile of their radius at 1: a far outlier does not squeeze all others."""
    if not len(positions):
        return positions.astype(np.float32)
    centred = positions.astype(np.float64) - positions.mean(axis=0, dtype=np.float64)
    radii = np.linalg.norm(centred, axis=1)
    unit = float(np.quantile(radii, 0.99)) or float(radii.max())
    return np.asarray(centred / unit if unit > 0 else centred, dtype=np.float32)


def upright(positions: NDArray[np.float32]) -> NDArray[np.float32]:
    """Positions turned so that the first axis is the longest and the last the shortest: a map fills a wide view, each time the same way.

    Signs are set so that the farthest point along each axis lies on its positive side.
    """
    if len(positions) < 2:
        return positions
    turned = positions @ np.linalg.eigh(np.cov(positions.astype(np.float64), rowvar=False))[1][:, ::-1]
    farthest = turned[np.abs(turned).argmax(axis=0), np.arange(turned.shape[1])]
    return np.asarray(turned * np.where(farthest < 0, -1.0, 1.0), dtype=np.float32)


def padded(positions: NDArray[Any], dim: int) -> NDArray[Any]:
    """The first ``dim`` axes, with axes of zeros where there are fewer."""
    missing = max(dim - positions.shape[1], 0)
    return np.pad(positions[:, :dim], ((0, 0), (0, missing)))
