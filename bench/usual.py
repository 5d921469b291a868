"""What a notebook without elute runs each time: scikit-learn, hdbscan and umap-learn, on the vectors, from scratch."""

from __future__ import annotations

from typing import Any

import numpy as np

K = 30


def kmeans_round(X: Any) -> None:
    """K-means, the three indices (silhouette by cosine, as elute's), a map in 3D."""
    from sklearn.cluster import KMeans

    labels = KMeans(K, n_init=1, random_state=0).fit_predict(X)
    indices(X, labels)
    layout(X)


def hdbscan_round(X: Any, size: int = 50) -> Any:
    """The hdbscan package on all dimensions. Returns the labels."""
    import hdbscan

    return hdbscan.HDBSCAN(min_cluster_size=size, min_samples=5).fit(X.astype(np.float64)).labels_


def indices(X: Any, labels: Any) -> tuple[float, float, float]:
    """Silhouette, Davies-Bouldin, Calinski-Harabasz."""
    from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score

    return silhouette_score(X, labels, metric="cosine"), davies_bouldin_score(X, labels), calinski_harabasz_score(X, labels)


def layout(X: Any, dim: int = 3) -> Any:
    """umap-learn with its defaults, on all cores."""
    import umap

    return umap.UMAP(n_components=dim, metric="cosine").fit_transform(X)


def heat() -> None:
    """Let umap-learn compile, so that only its work is timed."""
    X = np.random.default_rng(0).normal(size=(5000, 20)).astype(np.float32)
    layout(X)
