"""What every step asks of vectors first: that they are finite, which rows are equal, and the sum of each group."""

from elute.vectors.check import Floats, all_same, as_vectors, check_vectors, listed
from elute.vectors.equal import distinct, row_hashes
from elute.vectors.groups import Groups, cluster_sums, group

__all__ = [
    "Floats",
    "Groups",
    "all_same",
    "as_vectors",
    "check_vectors",
    "cluster_sums",
    "distinct",
    "group",
    "listed",
    "row_hashes",
]
