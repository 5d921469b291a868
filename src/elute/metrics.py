"""Step 4: how good a clustering is, as plain functions of vectors and labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.errors import InputError
from elute.progress import SILENT, Progress
from elute.silhouette import cosine_silhouette
from elute.vectors import check_vectors

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Scores", "cosine_silhouette", "score"]


@dataclass(frozen=True, eq=False)
class Scores:
    """Figures of a clustering. Copies count as often as there are copies; noise is left out of the three indices.

    Attributes
    ----------
    silhouette : float or None
        Mean silhouette by cosine distance, -1 to 1, higher is better. None, as below, where there are fewer than two clusters.
    davies_bouldin : float or None
        0 and up, lower is better. Davies and Bouldin (1979), by scikit-learn, Euclidean.
    calinski_harabasz : float or None
        0 and up, higher is better. Caliński and Harabasz (1974), by scikit-learn, Euclidean.
    n_clusters : int
    noise_share : float
        0 to 1.
    balance : float
        Entropy of the cluster sizes over that of equal sizes: 1 where all clusters are the same size, or there is one, or none.
    largest_to_smallest : float
        Size of the largest cluster over that of the smallest; 1 where there is none.
    row_silhouette : ndarray of shape (n,), float32
        NaN for noise, and for all where there are fewer than two clusters.
    clusters : pandas.DataFrame
        One row a cluster, noise (-1) last: cluster, size, share (of all rows), silhouette, density (mean cosine to the centroid),
        duplicates (share of rows that are copies), label (the most frequent one), label_share (its share of the rows that
        have one).
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


def score(
    X: NDArray[np.float32],
    labels: NDArray[np.integer[Any]],
    *,
    weights: NDArray[Any] | None = None,
    duplicates: NDArray[np.bool_] | None = None,
    target: Any = None,
    progress: Progress = SILENT,
) -> Scores:
    """Score a clustering.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        Vectors of unit norm, or zero.
    labels : ndarray of shape (n,), int
        Cluster of each row; negative is noise.
    weights : ndarray of shape (n,), int, optional
        Copies each row stands for, at least 1.
    duplicates : ndarray of shape (n,), bool, optional
        Rows that are copies of another row.
    target : array-like of shape (n,), optional
        The person's own labels, missing where None or NaN.

    Raises
    ------
    InputError
        Vectors with NaN or infinity, or something that is not one value a row.
    """
    X, labels = check_vectors(X), np.asarray(labels)
    n = len(X)
    copies = np.ones(n, dtype=np.int64) if weights is None else np.asarray(weights).astype(np.int64)
    copied = np.zeros(n, dtype=bool) if duplicates is None else np.asarray(duplicates, dtype=bool)
    truth = None if target is None else np.asarray(target, dtype=object)
    for name, values in (("labels", labels), ("weights", copies), ("duplicates", copied), ("target", truth)):
        if values is not None and values.shape != (n,):
            raise InputError(f"There are {n} vectors and {name} of shape {values.shape}; one value a row is needed.")

    progress.report("score", 0, 3, "silhouette")
    rows = cosine_silhouette(X, labels, copies)
    progress.report("score", 1, 3, "Davies-Bouldin, Calinski-Harabasz")
    davies_bouldin, calinski_harabasz = _indices(X, labels, copies)
    progress.report("score", 2, 3, "clusters")
    clusters = _table(X, labels, copies, copied, rows, truth)
    sizes = clusters.loc[clusters["cluster"] >= 0, "size"].to_numpy(dtype=np.float64)
    total = int(copies.sum())
    return Scores(
        silhouette=_mean(rows, copies),
        davies_bouldin=davies_bouldin,
        calinski_harabasz=calinski_harabasz,
        n_clusters=len(sizes),
        noise_share=float(copies[labels < 0].sum() / total) if total else 0.0,
        balance=balance(sizes),
        largest_to_smallest=float(sizes.max() / sizes.min()) if len(sizes) else 1.0,
        row_silhouette=rows,
        clusters=clusters,
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


def _indices(X: NDArray[np.float32], labels: NDArray[Any], copies: NDArray[np.int64]) -> tuple[float | None, float | None]:
    """Davies-Bouldin and Calinski-Harabasz, with the copies written out; None each where they are not defined."""
    inside = labels >= 0
    rows, own = np.repeat(X[inside], copies[inside], axis=0), np.repeat(labels[inside], copies[inside])
    if not 2 <= len(np.unique(own)) < len(own):
        return None, None
    from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score

    values = (float(davies_bouldin_score(rows, own)), float(calinski_harabasz_score(rows, own)))
    return values[0] if np.isfinite(values[0]) else None, values[1] if np.isfinite(values[1]) else None


def _table(
    X: NDArray[np.float32],
    labels: NDArray[Any],
    copies: NDArray[np.int64],
    copied: NDArray[np.bool_],
    silhouettes: NDArray[np.float32],
    truth: NDArray[Any] | None,
) -> pd.DataFrame:
    import pandas as pd

    merged = np.maximum(labels, -1)
    total = max(int(copies.sum()), 1)
    lines = []
    for cluster in [*np.unique(merged[merged >= 0]), *([-1] if (merged < 0).any() else [])]:
        rows = np.flatnonzero(merged == cluster)
        weight = copies[rows]
        size = int(weight.sum())
        label, label_share = _majority(truth[rows], weight) if truth is not None else (None, None)
        lines.append(
            {
                "cluster": int(cluster),
                "size": size,
                "share": size / total,
                "silhouette": _mean(silhouettes[rows], weight),
                # the mean of x.c over the unit centroid c is the length of the mean vector
                "density": float(np.linalg.norm(weight @ X[rows].astype(np.float64)) / size),
                "duplicates": float((weight - 1 + copied[rows]).sum() / size),
                "label": label,
                "label_share": label_share,
            }
        )
    kinds = {"cluster": "int64", "size": "int64", "label": "object"}
    names = ("cluster", "size", "share", "silhouette", "density", "duplicates", "label", "label_share")
    return pd.DataFrame({name: pd.Series([line[name] for line in lines], dtype=kinds.get(name, "float64")) for name in names})


def _majority(truth: NDArray[Any], weight: NDArray[np.int64]) -> tuple[Any, float | None]:
    """The most frequent label and its share of the rows that have one; the first met among equals."""
    import pandas as pd

    counts: dict[Any, int] = {}
    for value, copies in zip(truth, weight, strict=True):
        if not pd.isna(value):
            counts[value] = counts.get(value, 0) + int(copies)
    if not counts:
        return None, None
    label = max(counts, key=counts.__getitem__)
    return label, counts[label] / sum(counts.values())


def _mean(values: NDArray[np.float32], weight: NDArray[np.int64]) -> float | None:
    known = ~np.isnan(values)
    return float(np.average(values[known].astype(np.float64), weights=weight[known])) if known.any() else None
