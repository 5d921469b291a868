"""Step 2: labels, probabilities and outlier scores, by communities, K-means, DBSCAN, HDBSCAN or a person's own estimator."""

from __future__ import annotations

from elute.cluster.communities import Communities
from elute.cluster.dbscan import DBSCAN
from elute.cluster.hdbscan import HDBSCAN
from elute.cluster.kmeans import KMeans
from elute.cluster.modularity import LEVELS, communities, levels
from elute.cluster.preview import Sweep, main_parameter, preview, unswept
from elute.cluster.result import NOISE, OUTSIDE, Clustering, Curve, tiny
from elute.cluster.run import CLUSTERERS, as_clusterer, cluster

__all__ = [
    "CLUSTERERS", "Communities", "DBSCAN", "HDBSCAN", "LEVELS", "NOISE", "OUTSIDE", "Clustering", "Curve", "KMeans", "Sweep",
    "as_clusterer", "cluster", "communities", "levels", "main_parameter", "preview", "tiny", "unswept",
]  # fmt: skip
