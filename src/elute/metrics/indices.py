"""Davies-Bouldin and Calinski-Harabasz from what one sweep over the rows left behind: no row is read again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.vectors import Groups

SAME = 1e-15  # mean squared distance below which rows are the same up to the rounding of float32
NEAR = 1e-3
"""Distance of two centroids, over the largest one's from the mean, below which a product would cost digits: these are subtracted."""
ROWS = 256  # clusters compared with all at a time


def davies_bouldin(centroids: NDArray[np.float64], spread: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """How like its most alike other one each cluster is: 0 and up, lower is better; the index is their mean.

    Parameters
    ----------
    centroids : ndarray of shape (k, d), k >= 2
    spread : ndarray of shape (k,)
        Mean Euclidean distance of a cluster's rows to its centroid.

    Returns
    -------
    ndarray of shape (k,)
        The largest (spread + other spread) / distance of the centroids; 0 for all where no cluster is spread, or all centroids are
        the same, as scikit-learn has it. None where it is not finite.

    Notes
    -----
    Davies and Bouldin (1979), doi:10.1109/TPAMI.1979.4766909.
    """
    moved = centroids - centroids.mean(axis=0)  # nearer to 0, so that less is lost when they are subtracted
    lengths = np.einsum("ij,ij->i", moved, moved)
    worst, farthest = np.zeros(len(moved)), 0.0
    for start in range(0, len(moved), ROWS):
        rows = slice(start, start + ROWS)
        apart = _apart(moved, lengths, rows)
        farthest = max(farthest, float(apart.max()))
        apart[apart == 0] = np.inf
        worst[rows] = ((spread[rows, None] + spread) / apart).max(axis=1)
    if farthest <= 1e-8 or spread.max() <= 1e-8:
        return np.zeros(len(moved))
    return worst if np.isfinite(worst).all() else None


def _apart(moved: NDArray[np.float64], lengths: NDArray[np.float64], rows: slice) -> NDArray[np.float64]:
    """Distances of some centroids to all."""
    squares = lengths[rows, None] + lengths - 2 * (moved[rows] @ moved.T)
    for at, other in np.argwhere(squares <= NEAR**2 * lengths.max()):
        squares[at, other] = ((moved[rows.start + at] - moved[other]) ** 2).sum()
    return np.asarray(np.sqrt(squares))


def calinski_harabasz(groups: Groups, centroids: NDArray[np.float64], within: float) -> float | None:
    """Variance between clusters over variance inside: 0 and up, higher is better; None where it is not finite.

    Parameters
    ----------
    centroids : ndarray of shape (k, d), k >= 2
    within : float
        Summed squared distances of rows to their centroids.

    Notes
    -----
    Caliński and Harabasz (1974), doi:10.1080/03610927408827101. 1 where no row is away from its centroid, as scikit-learn has it.
    """
    sizes, k = groups.sizes[: groups.k], groups.k
    total = float(sizes.sum())
    middle = np.average(centroids, axis=0, weights=sizes)
    between = float((sizes * ((centroids - middle) ** 2).sum(axis=1)).sum())
    value = between * (total - k) / (within * (k - 1)) if within > SAME * total else 1.0
    return value if np.isfinite(value) else None
