"""A cluster for a look as its two halves, so that five texts of each decide about it, and not five of both."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.foreignness.halves import Usual, halves
from elute.stylometry import table
from elute.suggest.ground import Ground, Mask

MOST = 20_000
"""Rows above which a cluster is shown whole: to read how all of them are written would take longer than a look may wait."""
SAMPLE = 2_000
"""Rows of the round that say what is usual."""


def halves_of(ground: Ground, cluster: int) -> tuple[Mask, Mask] | None:
    """The two kinds of texts in a cluster, the one more unlike the rest first.

    Returns
    -------
    (ndarray of shape (n,), bool, ndarray of shape (n,), bool) or None
        Rows that stay; together they are all of the cluster that do. None where it has too few rows, or too many.
    """
    rows = np.flatnonzero(ground.rows_of(cluster) & (ground.space.of >= 0))
    if len(rows) > MOST:
        return None
    first = halves(_vectors(ground, rows), _traits(ground, rows), _usual(ground), ground.made.settings.seed)
    if first is None:
        return None
    one = np.zeros(len(ground.corpus), bool)
    one[rows[first]] = True
    return one, ground.rows_of(cluster) & ~one


def _vectors(ground: Ground, rows: NDArray[np.int64]) -> NDArray[np.floating[Any]]:
    return np.asarray(ground.space.X[ground.space.of[rows]], np.float32)


def _traits(ground: Ground, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    return table([ground.texts[row] for row in rows])


def _usual(ground: Ground) -> Usual:
    """The mean direction of the rows that are here, and mean and spread of how they are written; of a sample of them."""
    rows = np.flatnonzero(ground.here & (ground.space.of >= 0))
    if len(rows) > SAMPLE:
        rows = np.sort(np.random.default_rng(ground.made.settings.seed).choice(rows, SAMPLE, replace=False))
    X, traits = _vectors(ground, rows), _traits(ground, rows)
    directions = X / np.maximum(np.linalg.norm(X, axis=1, keepdims=True), 1e-12)
    return directions.mean(axis=0), traits.mean(axis=0), traits.std(axis=0)
