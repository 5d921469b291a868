"""Which clusters a drop took whole: those are a rule, the other rows go by their content."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
LEAST = 3
"""Rows of a cluster below which its loss is no rule: one or two rows have no centroid to speak of."""


@dataclass(frozen=True, eq=False)
class Gone:
    """A cluster that went: its centroid (d,) of unit length, radius (cosine distance), rows, number of the rule, name or ""."""

    centroid: NDArray[np.float32]
    radius: float
    size: int
    rule: int
    name: str = ""


def whole_clusters(labels: NDArray[np.int32], rows: Mask, before: Mask, now: Mask, holds: float) -> list[int]:
    """Clusters, and noise (-1), of which a drop took every row that was left, ascending.

    Parameters
    ----------
    labels : ndarray of shape (n,), int32
        Of the round that was looked at.
    rows, before : ndarray of shape (n,), bool
        What the drop took; what was kept before it.
    now : ndarray of shape (n,), bool
        What is kept in the end: a cluster of which more than ``1 - holds`` is back is no rule.
    """
    inside = labels >= -1
    here, took, back = (
        np.bincount(labels[one & inside] + 1, minlength=int(labels.max(initial=-1)) + 2) for one in (before, rows, now)
    )
    members = np.bincount(labels[inside] + 1, minlength=len(here))
    left = np.bincount(labels[before & ~rows & inside] + 1, minlength=len(here))
    whole = (took >= LEAST) & (left == 0) & (back <= (1 - holds) * members)
    return [int(at) - 1 for at in np.flatnonzero(whole)]
