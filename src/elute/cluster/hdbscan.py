"""HDBSCAN, by default on a few dimensions: in the full space of sentence vectors it calls 85 % of the rows noise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from elute import memory, offload
from elute.cluster.boruvka import exact_tree
from elute.cluster.hierarchy import Edges, Hierarchy, Linked, linked
from elute.cluster.noise import NOISE_OPTION, Noise, given_away
from elute.cluster.outside import by_cosine
from elute.cluster.points import complete_graph, tree_graph
from elute.cluster.result import Clustering
from elute.cluster.rows import Rows
from elute.cluster.spanning import spanning_tree
from elute.offload.wire import Arrays
from elute.options import Options, option
from elute.progress import Progress

ALL_PAIRS = 1000  # rows up to which every pair is looked at, so that the partition is the package's
NEIGHBORS = 30  # of each row that the tree may follow: the partition is within ARI .98 of the complete graph's
REDUCED_NEIGHBORS = 15  # there the tree is exact anyway


@dataclass(frozen=True)
class HDBSCAN(Options):
    """HDBSCAN: dense regions at every scale; the rest is noise. Campello, Moulavi, Sander (2013).

    "fast" reads it off 30 neighbours of each row in the full space, and off an exact tree in the reduced one; "exact" runs the
    hdbscan package.
    """

    title: ClassVar[str] = "HDBSCAN"
    when: ClassVar[str] = "Clusters of any shape and density, with noise and outlier scores; no number to choose."

    min_cluster_size: int | None = option(
        None, low=2, high=100_000, help="The smallest cluster. Empty: one row in 200, between 5 and 100."
    )
    min_samples: int = option(5, low=1, high=1000, help="Higher calls more rows noise.")
    space: Literal["reduced", "full"] = option(
        "reduced", choices=("reduced", "full"), help="Cluster a UMAP of 5 dimensions, or all dimensions (much noise)."
    )
    algorithm: Literal["fast", "exact"] = option(
        "fast", choices=("fast", "exact"), help="Off the neighbour graph, or by the hdbscan package, which is far slower."
    )
    noise: Noise = NOISE_OPTION


def fit(rows: Rows, options: HDBSCAN) -> Clustering:
    """HDBSCAN in the space asked for, or in the full one, which is said, where there is no other; compact."""
    notes = []
    coords = rows.reduced() if options.space == "reduced" else None
    space = "full" if coords is None else "reduced"
    if space != options.space:
        notes.append("There is no reduced space here, so HDBSCAN ran on all dimensions, where it calls most rows noise.")
    copies = rows.copies
    fast = options.algorithm == "fast"
    size = options.min_cluster_size or default_size(copies.sum() if fast else rows.p)
    rows.progress.report("cluster", message=f"HDBSCAN, clusters of {size} and more")
    params = {"min_cluster_size": size, "min_samples": options.min_samples}
    if fast:
        found = link(rows, coords, options.min_samples, notes).cut(size, rows.progress)
    else:
        if (copies > 1).any():
            notes.append("HDBSCAN counts a text once, however many copies of it there are.")
        found = _by_the_package(rows.vectors() if coords is None else coords, params, rows.progress)
    labels = found.labels
    if options.noise == "nearest":
        labels, said = given_away(rows, labels)
        notes += said
    return Clustering(labels, found.probabilities, found.outlier_scores, {**params, "space": space}, tuple(notes))


def default_size(total: float) -> int:
    """The smallest cluster where nobody said: one row in 200, between 5 and 100."""
    return int(np.clip(total // 200, 5, 100))


def link(rows: Rows, coords: NDArray[np.float64] | None, min_samples: int, notes: list[str]) -> Linked:
    """The tree of the rows in the reduced space, or in the full one where there are no coordinates."""
    return _full(rows, min_samples, notes) if coords is None else _reduced(rows, coords, min_samples)


def _full(rows: Rows, min_samples: int, notes: list[str]) -> Linked:
    if rows.p <= ALL_PAIRS:
        return _all_pairs(rows, rows.vectors(), min_samples)
    graph = rows.neighbors(max(NEIGHBORS, min_samples))
    if graph.recall < 1:
        notes.append(f"HDBSCAN was read off a graph that knows {graph.recall:.1%} of the nearest neighbours.")
    # for unit vectors |x - y|^2 = 2 (1 - x.y)
    indices, distances = graph.indices, np.sqrt(graph.distances * 2.0, dtype=np.float64)

    def tree(core: NDArray[np.float64]) -> Edges:
        return spanning_tree(indices, distances, core, lambda ask, part: by_cosine(rows, ask, part), rows.progress)

    return linked(indices, distances, rows.copies, tree, min_samples=min_samples, progress=rows.progress)


def _reduced(rows: Rows, coords: NDArray[np.float64], min_samples: int) -> Linked:
    if rows.p <= ALL_PAIRS:
        return _all_pairs(rows, coords, min_samples)
    indices, distances = tree_graph(coords, max(REDUCED_NEIGHBORS, min_samples), rows.progress)

    def tree(core: NDArray[np.float64]) -> Edges:
        return exact_tree(coords, indices, distances, core, rows.progress)

    return linked(indices, distances, rows.copies, tree, min_samples=min_samples, progress=rows.progress)


def _all_pairs(rows: Rows, points: NDArray[Any], min_samples: int) -> Linked:
    indices, distances = complete_graph(points)

    def tree(core: NDArray[np.float64]) -> Edges:
        raise AssertionError("the graph is complete")

    return linked(indices, distances, rows.copies, tree, min_samples=min_samples, progress=rows.progress)


def _by_the_package(data: NDArray[Any], params: dict[str, int], progress: Progress) -> Hierarchy:
    X = np.asarray(data, dtype=np.float32)
    what = f"The hdbscan package on {X.shape[1]} dimensions of {len(X):,} texts"
    memory.need(memory.hdbscan(*X.shape), what, 'Choose algorithm="fast", or space="reduced".')
    arrays, _ = offload.call("elute.cluster.hdbscan:run", {"X": X}, params, progress)
    return Hierarchy(np.asarray(arrays["labels"], dtype=np.int32), arrays["probabilities"], arrays["outlier_scores"])


def run(arrays: Mapping[str, NDArray[Any]], params: Mapping[str, Any], progress: Progress) -> tuple[Arrays, dict[str, Any]]:
    """The package's fit, in the helper process. One job, or joblib would start more processes from here."""
    from hdbscan import HDBSCAN as Model

    model = Model(
        min_cluster_size=params["min_cluster_size"],
        min_samples=params["min_samples"],
        approx_min_span_tree=False,  # the default's partition of a UMAP was within ARI .82 of the exact tree's
        core_dist_n_jobs=1,
    )
    model.fit(np.asarray(arrays["X"], dtype=np.float64))
    return {
        "labels": model.labels_,
        "probabilities": model.probabilities_.astype(np.float32),
        # copies at distance 0 make 0/0: they are as inside as can be
        "outlier_scores": np.nan_to_num(model.outlier_scores_, nan=0.0, posinf=1.0).astype(np.float32),
    }, {}
