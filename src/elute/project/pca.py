"""PCA: the map that is there at once, and the one the others start from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from elute.options import Options
from elute.project.result import padded
from elute.vectors import all_same


@dataclass(frozen=True)
class PCA(Options):
    """Principal components: a linear view. Pearson (1901), by scikit-learn."""

    title: ClassVar[str] = "PCA"
    when: ClassVar[str] = "At once; distances along the axes are true, but clusters lie over each other."


def principal(X: NDArray[np.float32], dim: int, seed: int) -> NDArray[np.float32]:
    """The first ``dim`` principal components of each row, (n, dim); zeros where rank or rows do not suffice.

    Signs are stable: scikit-learn makes the largest loading of each component positive, so a removal does not mirror the map.
    """
    if len(X) < 2 or all_same(X):
        return np.zeros((len(X), dim), dtype=np.float32)
    from sklearn.decomposition import PCA as Model

    return np.asarray(padded(Model(min(dim, *X.shape), random_state=seed).fit_transform(X), dim), dtype=np.float32)
