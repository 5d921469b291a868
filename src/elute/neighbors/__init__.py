"""One k-nearest-neighbour graph by cosine distance, shared by every step above, and repaired after a removal."""

from elute.neighbors.exact import nearest
from elute.neighbors.graph import Graph, Neighbors, at_least

__all__ = ["Graph", "Neighbors", "at_least", "nearest"]
