"""One k-nearest-neighbour graph by cosine distance, shared by every step above, and repaired after a removal."""

from elute.neighbors.exact import nearest
from elute.neighbors.graph import Graph, Neighbors, at_least
from elute.neighbors.repair import NeighborGraph

__all__ = ["Graph", "NeighborGraph", "Neighbors", "at_least", "nearest"]
