"""How well density tells clusters apart: DBCV. Moulavi, Jaskowiak, Campello, Zimek, Sander (2014), doi:10.1137/1.9781611973440.96."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.errors import InputError
from elute.kernels import shared
from elute.progress import SILENT, Progress
from elute.vectors import check_vectors

MOST = 6000  # rows in clusters up to which all are looked at
WIDEST = 1000  # rows of one cluster looked at: its tree takes n^2
FEWEST = 16  # rows of a cluster that a sample keeps, if it has as many
FEW = 128  # rows of a cluster whose distances are taken pair by pair
SIDE = 1024  # rows and columns of a block of products
LOW = 32  # dimensions up to which products are float64: there, and only there, rows lie so close that float32 would tell


@dataclass(frozen=True, eq=False)
class _Inside:
    """A cluster by itself: its longest inner edge, and the rows of its tree with two edges and more."""

    sparse: float
    rows: NDArray[np.intp]
    core: NDArray[np.float64]


def dbcv(
    X: NDArray[np.float32],
    labels: NDArray[np.integer[Any]],
    weights: NDArray[Any] | None = None,
    seed: int = 0,
    most: int = MOST,
    progress: Progress = SILENT,
) -> tuple[float, dict[int, float]] | None:
    """Density-based validity by Euclidean distance in the embedding's own space.

    Parameters
    ----------
    X : ndarray of shape (m, d)
    labels : ndarray of shape (m,), int
        -1 is noise, which only counts as rows that are in no cluster; -2 takes no part, and nor does a row of weight 0.
    weights : ndarray of shape (m,), optional
        Copies of each row. A copy has no distance to measure, so it counts in sizes and densities, and once in the tree.
    seed : int
        Of the sample.
    most : int, default=6000
        Where more rows are in clusters, that many are looked at: a random part of each cluster, at least 16 rows of it. Of a
        single cluster at most 1,000 are. The tree of a sample has longer edges, inside clusters and between them. Where the
        clusters of which 16 rows and fewer are looked at have more rows together (from 376 on, if they are of 16 each), as many of
        them as fit are valued, chosen at random, each against all others, and stand for the rest.
    progress : Progress

    Returns
    -------
    (float, dict) or None
        -1 to 1, higher is better, for the whole and by label of those valued. None with fewer than two clusters of two distinct
        rows and more; a cluster of one row counts as noise.

    Notes
    -----
    Equals ``hdbscan.validity.validity_index`` where that can be computed: in 384 dimensions it overflows.
    """
    X = check_vectors(X)
    labels = np.asarray(labels)
    copies = np.ones(len(X)) if weights is None else np.asarray(weights, dtype=np.float64)
    if labels.shape != (len(X),) or copies.shape != (len(X),):
        raise InputError(
            f"There are {len(X)} vectors, labels of shape {labels.shape} and weights of shape {copies.shape}; one a row is needed."
        )
    total = copies[labels >= -1].sum()
    random = np.random.default_rng(seed)
    clusters = _clusters(labels, copies, random, most)
    if len(clusters) < 2:
        return None
    inside = labels >= 0
    sizes = np.bincount(labels[inside], weights=copies[inside]).astype(np.float64)
    valued = _valued(clusters, sizes, random, most)
    clusters = {name: clusters[name] for name in [*valued, *(name for name in clusters if name not in valued)]}
    found = []
    for done, rows in enumerate(clusters.values()):
        progress.report("score", done, len(clusters), "density of clusters")
        found.append(_inside(X, rows, copies[rows]))
    apart = _separations(X, found, len(valued), progress)
    values = {}
    for name, cluster, separation in zip(valued, found, apart, strict=False):
        widest = max(separation, cluster.sparse)
        values[name] = float((separation - cluster.sparse) / widest) if widest > 0 else 0.0
    return float(sum(value * valued[name] for name, value in values.items()) / total), values


def _clusters(
    labels: NDArray[np.integer[Any]], copies: NDArray[np.float64], random: np.random.Generator, most: int
) -> dict[int, NDArray[np.intp]]:
    """The rows looked at of each cluster with two and more, by label."""
    rows = np.flatnonzero((labels >= 0) & (copies > 0))
    rows = rows[np.argsort(labels[rows], kind="stable")]
    names, starts = np.unique(labels[rows], return_index=True)
    share = min(1.0, most / max(len(rows), 1))
    found = {}
    for name, part in zip(names.tolist(), np.split(rows, starts[1:]) if len(names) else [], strict=True):
        kept = min(len(part), max(FEWEST, min(WIDEST, int(share * len(part)))))
        if kept >= 2:
            found[name] = part if kept == len(part) else np.sort(random.choice(part, kept, replace=False))
    return found


def _valued(
    clusters: dict[int, NDArray[np.intp]], sizes: NDArray[np.float64], random: np.random.Generator, most: int
) -> dict[int, float]:
    """The clusters that are valued, and how many rows each speaks for: its own, and those of small ones that are not valued."""
    small = [name for name, rows in clusters.items() if len(rows) <= FEWEST]
    fit = max(1, len(small) * most // max(sum(len(clusters[name]) for name in small), 1))
    if len(small) <= fit:
        return {name: sizes[name] for name in clusters}
    chosen = random.choice(small, fit, replace=False)
    each, left_out = sizes[small].sum() / sizes[chosen].sum(), set(small) - set(chosen.tolist())
    return {name: sizes[name] * (each if len(rows) <= FEWEST else 1) for name, rows in clusters.items() if name not in left_out}


def _inside(X: NDArray[np.float32], rows: NDArray[np.intp], copies: NDArray[np.float64]) -> _Inside:
    from elute.cluster._prim import prim
    from elute.cluster._validity import all_points_core, sparseness

    n, dimensions = len(rows), float(X.shape[1])
    distances = _distances(X[rows])
    core = np.empty(n)
    shared(n, lambda start, stop: all_points_core(distances, copies, dimensions, start, stop, core), least=256)
    source, target, height = np.empty(n - 1, dtype=np.int32), np.empty(n - 1, dtype=np.int32), np.empty(n - 1)
    prim(distances, core, source, target, height)
    internal = np.empty(n, dtype=np.bool_)
    sparse = sparseness(distances, core, source, target, height, internal)
    return _Inside(sparse, rows[internal], core[internal])


def _distances(points: NDArray[np.float32]) -> NDArray[np.float64]:
    """Euclidean distances of all pairs, symmetric, 0 on the diagonal."""
    if points.shape[1] > LOW and len(points) <= FEW:
        from elute.cluster._validity import all_distances

        found = np.empty((len(points), len(points)))
        all_distances(points, found)
        return found
    data = _exact_enough(points)
    lengths = np.einsum("ij,ij->i", data, data)
    squared = (lengths[:, None] + lengths - 2 * (data @ data.T)).astype(np.float64)
    every = np.sqrt(np.maximum(squared, 0))
    np.fill_diagonal(every, 0)
    return np.asarray(np.maximum(every, every.T))


def _exact_enough(points: NDArray[np.float32]) -> NDArray[Any]:
    return points.astype(np.float64) if points.shape[1] <= LOW else points


def _separations(X: NDArray[np.float32], found: list[_Inside], valued: int, progress: Progress) -> NDArray[np.float64]:
    """The smallest mutual reachability from each cluster's inner rows to those of any other, (k,): true of the first ``valued``."""
    from elute.cluster._validity import separate

    rows = np.concatenate([cluster.rows for cluster in found])
    own = np.repeat(np.arange(len(found), dtype=np.int32), [len(cluster.rows) for cluster in found])
    data = _exact_enough(X[rows])
    lengths = np.einsum("ij,ij->i", data, data)
    core = (np.concatenate([cluster.core for cluster in found]) ** 2).astype(data.dtype)
    least = np.full(len(found), np.inf)
    parts = [slice(start, start + SIDE) for start in range(0, len(rows), SIDE)]
    first = sum(len(cluster.rows) for cluster in found[:valued])
    for number, a in enumerate(parts[: -(-first // SIDE)]):
        for b in parts[number:]:
            progress.check()
            separate(data[a] @ data[b].T, lengths[a], core[a], own[a], lengths[b], core[b], own[b], least)
    return np.asarray(np.sqrt(np.maximum(least, 0)))
