"""How an eps for DBSCAN is proposed: a scan off the neighbour graph."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from elute.kernels import shared
from elute.neighbors import Neighbors
from elute.progress import SILENT, Progress

VALUES = 40  # values of eps scanned


def core_distances(graph: Neighbors, weights: NDArray[np.float64], min_samples: int) -> NDArray[np.float64]:
    """The smallest eps at which each row is dense, (n,).

    Infinite where not even all known neighbours suffice; 0 where the row's own copies do.
    """
    from elute.cluster._union import dense_from

    reach = np.empty(graph.n)
    indices, distances, least = graph.indices, graph.distances, float(min_samples)
    shared(graph.n, lambda start, stop: dense_from(indices, distances, weights, least, reach, start, stop))
    return reach


def propose_eps(graph: Neighbors, reach: NDArray[np.float64], weights: NDArray[np.float64], progress: Progress = SILENT) -> float:
    """The eps with most clusters before the largest takes half of all rows.

    The knee of the k-distance curve, the usual advice, was measured to lie where everything has already merged into one cluster.
    One pass: edges are put into the order of the eps at which they count, and joined in it.
    """
    values = spread(reach, VALUES)
    if not len(values):
        return 0.5  # nothing is dense at any eps
    best, most = float(np.median(values)), 0
    for eps, clusters, sizes in merging(graph, reach, weights, values, progress):
        if sizes[reach <= eps].max(initial=0) >= weights.sum() / 2:
            break
        if clusters >= most:  # among equals the larger eps, which leaves less noise
            best, most = eps, clusters
    return best


def spread(reach: NDArray[np.float64], count: int, top: float = 0.98) -> NDArray[np.float64]:
    """At most ``count`` values of eps, up to that at which a share of ``top`` is dense: as many rows become so from each to the next.

    None where no row is ever dense.
    """
    known = reach[np.isfinite(reach)]
    if not len(known):
        return np.empty(0)
    return np.maximum(np.unique(np.quantile(known, np.linspace(0.02, top, count))), 1e-6)


def merging(
    graph: Neighbors, reach: NDArray[np.float64], weights: NDArray[np.float64], values: NDArray[np.float64], progress: Progress
) -> Iterator[tuple[float, int, NDArray[np.float64]]]:
    """Each of the values with the clusters there are at it, and the rows in the set of each root."""
    from elute.cluster._union import join_edges

    edges, ends = _in_order(graph, reach, values)
    born = np.sort(reach)
    parent, sizes = np.arange(graph.n, dtype=np.int32), weights.copy()
    joined = 0
    for eps, start, stop in zip(values, [0, *ends[:-1]], ends, strict=True):
        progress.check()
        joined += join_edges(graph.indices, edges[start:stop], parent, sizes)
        yield float(eps), int(np.searchsorted(born, eps, side="right")) - joined, sizes


def _in_order(
    graph: Neighbors, reach: NDArray[np.float64], values: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Edges by the first value at which they join dense rows, and where those of each value end."""
    from elute.cluster._union import edge_bins

    bins = np.empty(graph.indices.shape, dtype=np.uint8)
    indices, distances = graph.indices, graph.distances
    shared(graph.n, lambda start, stop: edge_bins(indices, distances, reach, values, bins, start, stop))
    order = np.argsort(bins.ravel(), kind="stable")  # a radix sort
    return order.astype(np.int64, copy=False), np.cumsum(np.bincount(bins.ravel(), minlength=len(values) + 1))[: len(values)]
