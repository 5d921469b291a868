"""PCA: the map that is there at once, and the one the others start from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from elute.options import Options
from elute.project.result import padded
from elute.vectors import all_same

WIDE = 1024  # dimensions up to which the covariance's eigenvectors are quicker than a randomised SVD
BLOCK = 1 << 16  # rows multiplied at a time: the vectors are not copied, and a cell hears the GIL between blocks
RANK = 1e-6  # of the largest variance: what is below is rounding


@dataclass(frozen=True)
class PCA(Options):
    """Principal components: a linear view. Pearson (1901), off the covariance."""

    title: ClassVar[str] = "PCA"
    when: ClassVar[str] = "At once; distances along the axes are true, but clusters lie over each other."


def principal(X: NDArray[np.float32], dim: int, seed: int) -> NDArray[np.float32]:
    """The first ``dim`` principal components of each row, (n, dim); zeros where rank or rows do not suffice.

    Signs are stable: the largest loading of each component is positive, as in scikit-learn, so a removal does not mirror the map.
    """
    if len(X) < 2 or all_same(X):
        return np.zeros((len(X), dim), dtype=np.float32)
    few = min(dim, *X.shape)
    if X.shape[1] > WIDE:
        from sklearn.decomposition import PCA as Model

        return np.asarray(padded(Model(few, random_state=seed).fit_transform(X), dim), dtype=np.float32)
    mean, axes = _axes(X, few)
    found = np.zeros((len(X), dim), dtype=np.float32)
    for start in range(0, len(X), BLOCK):
        part = slice(start, start + BLOCK)
        found[part, : axes.shape[1]] = X[part] @ axes - mean @ axes
    return found


def _axes(X: NDArray[np.float32], few: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The mean (d,) and the components (d, <= few), widest first, off the covariance; float64 sums of float32 products."""
    mean = X.mean(axis=0, dtype=np.float64)
    covariance = np.zeros((X.shape[1], X.shape[1]))
    for start in range(0, len(X), BLOCK):
        part = X[start : start + BLOCK]
        covariance += part.T @ part
    variances, axes = np.linalg.eigh(covariance / len(X) - np.outer(mean, mean))
    wide = np.flatnonzero(variances > RANK * variances[-1])[::-1][:few]
    axes = axes[:, wide]
    largest = axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]
    return mean.astype(np.float32), (axes * np.where(largest < 0, -1.0, 1.0)).astype(np.float32)
