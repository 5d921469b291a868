"""A round that stands still in the middle until a test lets it go on; it can be cancelled and interrupted meanwhile."""

from __future__ import annotations

import time
from typing import Any

from elute.cluster import kmeans

_fit = kmeans.fit
_shut = False


def shut() -> None:
    """From here on K-means waits."""
    global _shut
    _shut = True


def open() -> None:
    """It goes on."""
    global _shut
    _shut = False


def _waiting(X: Any, options: Any, weights: Any, previous: Any, seed: int, progress: Any) -> Any:
    while _shut:
        progress.report("cluster", 1, 4)
        time.sleep(0.005)
    return _fit(X, options, weights, previous, seed, progress)


kmeans.fit = _waiting
