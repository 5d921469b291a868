"""Step 4: how good a clustering is, as plain functions of vectors and labels."""

from elute.metrics.agreement import adjusted_rand
from elute.metrics.pairs import Pair, mixing, pairs
from elute.metrics.scores import Scores, balance, effective, score
from elute.metrics.target import Target
from elute.silhouette import cosine_silhouette, euclidean_silhouette

__all__ = [
    "Pair", "Scores", "Target", "adjusted_rand", "balance", "cosine_silhouette", "effective", "euclidean_silhouette", "mixing", "pairs",
    "score",
]  # fmt: skip
