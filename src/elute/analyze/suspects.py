"""Which rows are like those of clusters that are probably foreign, wherever they lie.

A cluster is foreign with a confidence (:mod:`elute.foreignness`), and yet some of its rows are good, and some foreign rows lie in good
clusters. A ridge regression of "is in such a cluster" on vectors and style tells rows apart, and is made again on what it said: twice,
so that good rows of foreign clusters stop teaching that they are foreign. It names rows to look at; it removes nothing.

Settings were chosen on BANKING77, CLINC150 and SGD with 15 % foreign rows (bench/analyst.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.stylometry import table

SUSPECT = 0.5
"""Probability that a cluster is foreign from which its rows are examples."""
STYLE = 0.2
"""What a standard deviation of a trait counts for, beside vectors of length 1."""
ALPHA, FITS = 0.001, 3
CUT = 0.5
"""Of what is said of a clearly foreign row, the share from which a row is called like it."""
SAMPLE = 6000
"""Rows that teach."""
FEW = 5


def suspects(
    texts: Sequence[str | None], labels: NDArray[Any], X: NDArray[Any], confidence: Mapping[int, float]
) -> NDArray[np.bool_]:
    """(n,) rows like those of suspect clusters; none where no cluster is suspect, or all are.

    Parameters
    ----------
    texts : sequence of str or None, length n
    labels : ndarray of shape (n,), int
        Rows below -1 take no part.
    X : ndarray of shape (n, d)
        Unit vectors.
    confidence : mapping of int to float
        Cluster -> probability that it is foreign; NaN where unknown.
    """
    found = np.zeros(len(labels), dtype=bool)
    foreign = [number for number, sure in confidence.items() if number >= 0 and sure >= SUSPECT]
    here = np.flatnonzero(labels >= -1)
    some = np.arange(len(here)) if len(here) <= SAMPLE else np.linspace(0, len(here) - 1, SAMPLE).astype(int)
    seed = np.isin(labels[here[some]], foreign)
    if seed.sum() < FEW or (~seed).sum() < FEW:
        return found
    traits = table([texts[int(row)] for row in here])
    others = traits[some[~seed]]
    style = STYLE * np.clip((traits - others.mean(axis=0)) / (others.std(axis=0) + 0.05), -4, 4)
    weights, offset, cut = _taught(np.hstack([X[here[some]], style[some]]), seed)
    d = X.shape[1]
    said = (X @ weights[:d].astype(np.float32))[here] + style @ weights[d:] + offset
    found[here] = said > cut
    return found


def _taught(B: NDArray[Any], seed: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float, float]:
    """Direction, offset and cut of the last fit; each but the first is taught by what the one before called foreign."""
    B = B.astype(np.float32)
    mean = B.mean(axis=0).astype(np.float64)
    gram = (B.T @ B).astype(np.float64) / len(B) - np.outer(mean, mean)
    inverse = np.linalg.inv(gram + ALPHA * np.eye(len(mean)))
    called = seed
    weights, offset, cut = np.zeros(len(mean)), 0.0, np.inf
    for _ in range(FITS):
        share = float(called.mean())
        weights = inverse @ (called.astype(np.float32) @ B / len(B) - mean * share)
        offset = share - float(mean @ weights)
        said = B @ weights.astype(np.float32) + offset
        if not called.any():
            break
        cut = CUT * float(np.quantile(said[called], 0.75))
        called = said > cut
    return weights, offset, cut
