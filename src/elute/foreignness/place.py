"""Where clusters lie: how far from the rest of the set, and whether their rows keep among themselves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.neighbors import Neighbors
from elute.vectors import Groups

MOST = 1500
"""Clusters above which no tree of them is made: it would take longer than a look at the first of them."""
CLOSE = 10


def directions(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows (k, d) scaled to length 1; zero stays zero."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))


def apart(sums: NDArray[np.float64], real: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(k,) cosine distance of each cluster's centroid to that of all rows outside it."""
    rest = directions(sums[real].sum(axis=0) - np.where(real[:, None], sums, 0))
    return np.asarray(1 - (directions(sums) * rest).sum(axis=1))


def joined(centroids: NDArray[np.float64], sizes: NDArray[np.float64], real: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(k,) how far apart clusters and the bulk are where they meet.

    The height at which a cluster joins the branch that holds most rows, in a tree of the centroids by average linkage of cosine
    distances: clusters near one another and far from everything else join late, all of them. The median for what is not ``real``.
    """
    from scipy.cluster.hierarchy import linkage

    at = np.flatnonzero(real)
    if not 2 <= len(at) <= MOST:
        return np.zeros(len(real))
    unit = directions(centroids[at])
    distances = np.maximum(1 - unit @ unit.T, 0)[np.triu_indices(len(at), 1)]
    heights = np.zeros(len(at))
    branches = {place: ([place], float(sizes[row])) for place, row in enumerate(at)}
    most = sizes[at].sum() / 2
    for step, (one, two, height, _) in enumerate(linkage(distances, "average")):
        small, large = sorted((branches.pop(int(one)), branches.pop(int(two))), key=lambda branch: branch[1])
        members, size = large[0] + small[0], large[1] + small[1]
        if size > most:
            heights[small[0] if large[1] > most else members] = height
        branches[len(at) + step] = members, size
    found = np.full(len(real), np.median(heights))
    found[at] = heights
    return found


def among(groups: Groups, neighbors: Neighbors) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of each group (c,): mean distance of its rows to their ten nearest, and the share of their neighbours that are in it.

    ``neighbors`` is over the rows that take part, in their order.
    """
    own = groups.at[groups.weights > 0]
    there, c = own >= 0, len(groups.names)
    lists = neighbors.indices[there]
    near = neighbors.distances[there, :CLOSE].mean(axis=1) if neighbors.k else np.zeros(int(there.sum()))
    inside = (own[lists] == own[there][:, None]).mean(axis=1) if neighbors.k else np.zeros(int(there.sum()))
    counts = np.maximum(np.bincount(own[there], minlength=c), 1)
    return np.bincount(own[there], near, c) / counts, np.bincount(own[there], inside, c) / counts
