"""Exact or approximate, by the number of rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.neighbors.exact import nearest
from elute.neighbors.graph import Neighbors
from elute.progress import SILENT, Progress


def built(X: NDArray[np.float32], k: int, seed: int = 0, progress: Progress = SILENT) -> Neighbors:
    """The ``k`` nearest neighbours of each row, exact up to ``EXACT_UP_TO`` rows."""
    return nearest(X, k, progress)
