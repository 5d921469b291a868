"""The figures of a clustering, over all and by cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.cluster.result import tiny
from elute.metrics.indices import calinski_harabasz, davies_bouldin
from elute.metrics.target import Target
from elute.progress import SILENT, Progress
from elute.silhouette import Sweep, sweep
from elute.vectors import Groups, as_vectors, group

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Scores:
    """Figures of a clustering. Copies count as often as there are copies; noise is left out of the three indices.

    Attributes
    ----------
    silhouette : float or None
        Mean silhouette by cosine distance, -1 to 1, higher is better. None, as below, where there are fewer than two clusters.
    davies_bouldin : float or None
        0 and up, lower is better. Davies and Bouldin (1979), Euclidean; equals scikit-learn's.
    calinski_harabasz : float or None
        0 and up, higher is better. Caliński and Harabasz (1974), Euclidean; equals scikit-learn's.
    n_clusters : int
    noise_share : float
        0 to 1.
    balance : float
        Entropy of the cluster sizes over that of equal sizes: 1 where all clusters are the same size, or there is one, or none.
    largest_to_smallest : float
        Size of the largest cluster over that of the smallest; 1 where there is none.
    effective : float
        How many clusters of one size would be as uneven: exp of the entropy of the sizes, 1 to ``n_clusters``; 0 where there is none.
    row_silhouette : ndarray of shape (m,), float32
        NaN for noise, for what takes no part, and for all where there are fewer than two clusters.
    clusters : pandas.DataFrame
        One row a cluster, noise (-1) last: cluster, size, share (of all rows), tiny (as :func:`elute.cluster.tiny` says), silhouette,
        davies_bouldin (its own, lower is better; the index is the mean), density (mean cosine to the centroid), duplicates (share of rows
        that are copies of another row), radius (mean Euclidean distance to the centroid, as Davies-Bouldin counts it), label (the most
        frequent one), label_share (its share of the rows that have one), label_entropy (of its labels over that of as many equally
        frequent: 0 is pure, 1 is any).
    dbcv : float or None
        Validity of density-based clusters, -1 to 1, higher is better; filled in where a density method made them.
    """

    silhouette: float | None
    davies_bouldin: float | None
    calinski_harabasz: float | None
    n_clusters: int
    noise_share: float
    balance: float
    largest_to_smallest: float
    row_silhouette: NDArray[np.float32]
    clusters: pd.DataFrame
    dbcv: float | None = None
    effective: float = 0.0

    def __repr__(self) -> str:
        return f"<Scores: {figures(self)}>"


def figures(scores: Scores) -> str:
    """Clusters, silhouette and noise, in one line."""
    said = "no silhouette" if scores.silhouette is None else f"silhouette {scores.silhouette:.3f}"
    noise = f", {scores.noise_share:.1%} noise" if scores.noise_share else ""
    return f"{scores.n_clusters:,} cluster{'' if scores.n_clusters == 1 else 's'}, {said}{noise}"


def score(
    X: NDArray[np.float32],
    labels: NDArray[np.integer[Any]],
    *,
    weights: NDArray[Any] | None = None,
    target: Target | None = None,
    groups: Groups | None = None,
    progress: Progress = SILENT,
) -> Scores:
    """Score a clustering.

    Parameters
    ----------
    X : ndarray of shape (m, d)
        Vectors of unit norm, or zero.
    labels : ndarray of shape (m,), int
        Cluster of each row; -1 is noise, which counts in ``noise_share`` only; anything below takes no part at all.
    weights : ndarray of shape (m,), optional
        Copies each row stands for; 0: takes no part.
    target : Target, optional
        The person's own labels.
    groups : Groups, optional
        ``group(X, labels, weights)``, where the caller has it already.

    Raises
    ------
    InputError
        Vectors with NaN or infinity, or something that is not one value a row.
    """
    X, labels = as_vectors(X), np.asarray(labels)
    progress.report("score", 0, 3, "clusters")
    groups = group(X, labels, weights, progress) if groups is None else groups
    progress.report("score", 1, 3, "silhouette")
    rows = sweep(X, groups, progress)
    progress.report("score", 2, 3, "Davies-Bouldin, Calinski-Harabasz")
    own, calinski = _indices(groups, rows)
    silhouettes = _means(groups, rows)
    sizes, total = groups.sizes[: groups.k], groups.total
    return Scores(
        silhouette=None if np.isnan(silhouettes).all() else float(np.average(silhouettes, weights=sizes)),
        davies_bouldin=None if own is None else float(own.mean()),
        calinski_harabasz=calinski,
        n_clusters=groups.k,
        noise_share=float(groups.sizes[groups.k :].sum() / total) if total else 0.0,
        balance=balance(sizes),
        largest_to_smallest=float(sizes.max() / sizes.min()) if len(sizes) else 1.0,
        row_silhouette=rows.silhouette,
        clusters=_table(groups, silhouettes, own, target, rows),
        effective=effective(sizes),
    )


def balance(sizes: NDArray[Any]) -> float:
    """Shannon entropy of cluster sizes (k,), all above 0, over its largest value log k: 0 to 1.

    >>> round(balance(np.array([10, 30])), 3)
    0.811
    """
    if len(sizes) < 2:
        return 1.0
    shares = np.asarray(sizes, dtype=np.float64) / np.sum(sizes)
    return float(min(1.0, -(shares * np.log(shares)).sum() / np.log(len(shares))))


def effective(sizes: NDArray[Any]) -> float:
    """How many clusters of one size would be as uneven: exp of the Shannon entropy of sizes (k,), all above 0; 1 to k.

    Hill (1973), doi:10.2307/1934352, of order 1.

    >>> round(effective(np.array([30, 30, 30])), 6), round(effective(np.array([98, 1, 1])), 2)
    (3.0, 1.12)
    """
    if not len(sizes):
        return 0.0
    shares = np.asarray(sizes, dtype=np.float64) / np.sum(sizes)
    return float(np.exp(-(shares * np.log(shares)).sum()))


def _indices(groups: Groups, rows: Sweep) -> tuple[NDArray[np.float64] | None, float | None]:
    """Davies-Bouldin by cluster and Calinski-Harabasz; None each where they are not defined."""
    k = groups.k
    if not 2 <= k < groups.sizes[:k].sum():
        return None, None
    centroids = groups.sums[:k] / groups.sizes[:k, None]
    spread = _summed(groups, groups.weights * rows.distances) / groups.sizes[:k]
    within = float(_summed(groups, groups.weights * rows.distances**2).sum())
    return davies_bouldin(centroids, spread), calinski_harabasz(groups, centroids, within)


def _summed(groups: Groups, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums (k,) of values (m,) by cluster."""
    return np.asarray(np.bincount(groups.at + 1, weights=values, minlength=groups.k + 1)[1 : groups.k + 1], dtype=np.float64)


def _means(groups: Groups, rows: Sweep) -> NDArray[np.float64]:
    """Mean silhouette of each cluster (k,); NaN where there are fewer than two."""
    if groups.k < 2:
        return np.full(groups.k, np.nan)
    known = np.nan_to_num(rows.silhouette, nan=0.0)
    return _summed(groups, groups.weights * known) / groups.sizes[: groups.k]


def _table(
    groups: Groups, silhouettes: NDArray[np.float64], own: NDArray[np.float64] | None, target: Target | None,
    rows: Sweep,
) -> pd.DataFrame:  # fmt: skip
    import pandas as pd

    c, sizes = len(groups.names), groups.sizes
    copies = np.bincount(groups.at + 1, weights=np.maximum(groups.weights - 1, 0), minlength=c + 1)[1:]
    label, label_share = ([None] * c, np.full(c, np.nan)) if target is None else target.majority(groups)
    noise = np.full(c - groups.k, np.nan)
    radius = _summed(groups, groups.weights * np.nan_to_num(rows.distances)) / sizes[: groups.k]
    return pd.DataFrame(
        {
            "cluster": groups.names,
            "size": sizes.round().astype(np.int64),
            "share": sizes / max(groups.total, 1),
            "tiny": np.r_[tiny(sizes[: groups.k]), np.zeros(c - groups.k, bool)],
            "silhouette": np.r_[silhouettes, noise],
            "davies_bouldin": np.r_[np.full(groups.k, np.nan) if own is None else own, noise],
            # the mean of x.c over the unit centroid c is the length of the mean vector
            "density": np.linalg.norm(groups.sums, axis=1) / sizes,
            "duplicates": copies / sizes,
            "radius": np.r_[radius, noise],
            "label": pd.Series(label, dtype=object),
            "label_share": label_share,
            "label_entropy": np.full(c, np.nan) if target is None else target.entropy(groups),
        }
    )
