"""Silhouettes: by cosine distance exact and in linear time, by Euclidean distance of a sample."""

from elute.silhouette.cosine import Sweep, cosine_silhouette, sweep
from elute.silhouette.euclidean import euclidean_silhouette

__all__ = ["Sweep", "cosine_silhouette", "euclidean_silhouette", "sweep"]
