"""What a clusterer would find over a range of its main parameter, read off the graph at once rather than fitted value by value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.cluster.communities import Communities
from elute.cluster.dbscan import DBSCAN
from elute.cluster.eps import core_distances, merging, propose_eps, spread
from elute.cluster.hdbscan import HDBSCAN, default_size, link
from elute.cluster.modularity import LEVELS, counted, network, width
from elute.cluster.rows import Rows, all_same, taking_part
from elute.errors import InputError
from elute.neighbors import Graph, Neighbors
from elute.options import name_of
from elute.progress import SILENT, Progress

EPS = 24
"""Values of eps."""
SIZES = 12
"""Values of the smallest cluster, from a quarter of the usual one to eight times it."""
STEPS = 12, 8
"""Resolutions from the coarse level to the default one, and from there to the fine one."""
BLOCK = 65_536
"""Rows looked at together."""


@dataclass(frozen=True)
class Sweep:
    """Clusters and noise by one parameter.

    Attributes
    ----------
    clusterer, parameter : str
        Whose, and which: ``communities`` and ``resolution``, ``dbscan`` and ``eps``, or ``hdbscan`` and ``min_cluster_size``.
    values : tuple of float
        Ascending.
    clusters : tuple of int
        How many there are at each value.
    noise : tuple of float
        Share of the rows that are in none, copies counted: with ``noise="nearest"`` none, wherever there is a cluster to give it to.
    chosen : float or None
        What is taken where nobody says.
    """

    clusterer: str
    parameter: str
    values: tuple[float, ...]
    clusters: tuple[int, ...]
    noise: tuple[float, ...]
    chosen: float | None


def main_parameter(clusterer: Any) -> str:
    """The parameter that a preview goes over.

    Raises
    ------
    InputError
        There is none: the clusterer would have to be fitted anew for each value.
    """
    if isinstance(clusterer, Communities):
        return "resolution"
    if isinstance(clusterer, DBSCAN):
        return "eps"
    if isinstance(clusterer, HDBSCAN):
        return "min_cluster_size"
    raise InputError(
        "There is a preview for communities, DBSCAN and HDBSCAN only: others cluster anew for each value, in a round."
    )


def unswept(clusterer: Any) -> Any:
    """The same clusterer without what a preview goes over: of all that differ in nothing else the preview is the same.

    Raises
    ------
    InputError
        It has no preview.
    """
    bare = replace(clusterer, **{main_parameter(clusterer): None})
    return replace(bare, level="default") if isinstance(bare, Communities) else bare


def preview(
    X: NDArray[np.float32],
    clusterer: Communities | DBSCAN | HDBSCAN,
    *,
    weights: NDArray[np.float64],
    neighbors: Graph | None = None,
    reduced: Callable[[], NDArray[np.float32]] | None = None,
    previous: NDArray[np.integer[Any]] | None = None,
    made_by: Any = None,
    seed: int = 0,
    progress: Progress = SILENT,
) -> Sweep:
    """Clusters and noise over a range of :func:`main_parameter`; the other parameters are taken as they are.

    Noise is exact. Clusters of DBSCAN are joined along the graph only, so where eps is beyond the lists there may be fewer.

    Parameters are those of :func:`elute.cluster.cluster`.

    Raises
    ------
    InputError
        There are too few different texts.
    """
    parameter = main_parameter(clusterer)
    rows = taking_part(X, weights, neighbors, reduced, progress)
    if rows.p <= 2 or all_same(rows):
        raise InputError("There are too few different texts for a preview.")
    swept: tuple[Sequence[float] | NDArray[np.float64], list[int], NDArray[np.float64], float]
    if isinstance(clusterer, Communities):
        swept = _over_resolutions(rows, clusterer, previous, made_by, seed)
    else:
        swept = _over_eps(rows, clusterer) if isinstance(clusterer, DBSCAN) else _over_sizes(rows, clusterer)
    values, clusters, noise, chosen = swept
    if not isinstance(clusterer, Communities) and clusterer.noise == "nearest":
        noise = np.where(np.array(clusters) > 0, 0.0, noise)
    return Sweep(
        name_of(type(clusterer)), parameter, tuple(map(float, values)), tuple(clusters), tuple(map(float, noise)), float(chosen)
    )


def _over_resolutions(
    rows: Rows, options: Communities, previous: NDArray[np.integer[Any]] | None, made_by: Any, seed: int
) -> tuple[list[float], list[int], NDArray[np.float64], float]:
    """From the coarse level to the fine one, all of one hierarchy."""
    rows.progress.report("cluster", message="clusters by granularity")
    coarse, default, fine = LEVELS.values()
    steps = np.concatenate([np.geomspace(coarse, default, STEPS[0] + 1)[:-1], np.geomspace(default, fine, STEPS[1] + 1)])
    values = sorted({*LEVELS.values(), *(float(f"{value:.4g}") for value in steps)})
    start = None if previous is None or not isinstance(made_by, Communities) else np.asarray(previous)[rows.at]
    if start is not None and not (start >= 0).any():
        start = None
    since = None if start is None else made_by.granularity
    net = network(rows.neighbors(width(rows.p)))
    found = counted(net, values, since=since, previous=start, seed=seed, progress=rows.progress)
    return values, [found[value] for value in values], np.zeros(len(values)), LEVELS[options.level]


def _over_eps(rows: Rows, options: DBSCAN) -> tuple[NDArray[np.float64], list[int], NDArray[np.float64], float]:
    graph, copies, progress = rows.neighbors(max(15, options.min_samples - 1)), rows.copies, rows.progress
    progress.report("cluster", message="clusters and noise by eps")
    reach = core_distances(graph, copies, options.min_samples)
    chosen = propose_eps(graph, reach, copies, progress)
    alone = np.maximum(reach, graph.distances[:, 0])  # copies are dense at any eps; from here on they meet others
    values = np.unique(np.append(spread(alone, EPS - 1, 1.0), chosen))
    clusters = [count for _, count, _ in merging(graph, reach, copies, values, progress)]
    reached = np.minimum(reach, _border(graph, reach, progress))
    order = np.argsort(reached)
    inside = np.concatenate([[0.0], np.cumsum(copies[order])])
    noise = (inside[-1] - inside[np.searchsorted(reached[order], values, side="right")]) / inside[-1]
    return values, clusters, noise, chosen


def _border(graph: Neighbors, reach: NDArray[np.float64], progress: Progress) -> NDArray[np.float64]:
    """The smallest eps at which each row lies within it of a dense one."""
    found = np.full(graph.n, np.inf)
    for start in range(0, graph.n, BLOCK):
        progress.check()
        some = slice(start, start + BLOCK)
        np.maximum(graph.distances[some], reach[graph.indices[some]]).min(axis=1, initial=np.inf, out=found[some])
    return found


def _over_sizes(rows: Rows, options: HDBSCAN) -> tuple[list[int], list[int], NDArray[np.float64], float]:
    copies, progress = rows.copies, rows.progress
    coords = rows.reduced() if options.space == "reduced" else None
    progress.report("cluster", message="clusters and noise by the smallest cluster")
    tree = link(rows, coords, options.min_samples, [])
    chosen = default_size(copies.sum())
    values = sorted({int(round(size)) for size in np.geomspace(max(2, chosen / 4), 8 * chosen, SIZES)} | {chosen})
    clusters, noise = [], []
    for done, size in enumerate(values):
        progress.report("cluster", done, len(values), "clusters and noise by the smallest cluster")
        labels = tree.cut(size, progress).labels
        clusters.append(len(np.unique(labels[labels >= 0])))
        noise.append(copies[labels < 0].sum() / copies.sum())
    return values, clusters, np.array(noise), chosen
