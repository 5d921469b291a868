"""Where K-means begins: k-means++ on a sample, greedy. Arthur, Vassilvitskii (2007), "k-means++: the advantages of careful seeding"."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.progress import Progress

SAME = 1e-6  # squared distance below which rows of length 1 are one: float32 can't tell them apart


def seeds(
    X: NDArray[np.float32], weights: NDArray[np.float64], k: int, random: np.random.Generator, progress: Progress
) -> NDArray[np.intp]:
    """Positions of at most ``k`` rows far from each other; fewer where fewer differ.

    Each is drawn by its squared distance to those before it, the best of a few draws. The first j of them are such a choice for j,
    so one call serves a sweep over k.
    """
    half = np.asarray(np.einsum("ij,ij->i", X, X), dtype=np.float32)
    draws = 2 + int(np.log(max(k, 1)))
    chosen = [int(random.choice(len(X), p=weights / weights.sum()))]
    near = _squared(X, half, np.array(chosen))[0]
    while len(chosen) < k:
        if len(chosen) % 16 == 0:
            progress.check()
        pull = np.cumsum(near * weights)
        if not pull[-1] > 0:
            break
        drawn = np.minimum(np.searchsorted(pull, random.random(draws) * pull[-1], side="right"), len(X) - 1)
        closer = np.minimum(_squared(X, half, drawn), near)
        best = int(np.argmin(closer @ weights))
        near = closer[best]
        chosen.append(int(drawn[best]))
    return np.array(chosen)


def _squared(X: NDArray[np.float32], lengths: NDArray[np.float32], rows: NDArray[np.intp]) -> NDArray[np.float32]:
    """Squared distances from some rows to all, (len(rows), n); those too small to be told from 0 are 0."""
    apart = X[rows] @ X.T
    apart *= -2
    apart += lengths
    apart += lengths[rows, None]
    apart[apart < SAME] = 0
    return np.asarray(apart)
