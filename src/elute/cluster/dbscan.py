"""DBSCAN by cosine distance off the neighbour graph, or by scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from elute import memory, offload
from elute.cluster.density import dense_regions
from elute.cluster.eps import core_distances, propose_eps
from elute.cluster.noise import NOISE_OPTION, Noise, given_away
from elute.cluster.result import Clustering, Curve
from elute.cluster.rows import Rows
from elute.offload.wire import Arrays
from elute.options import Options, option
from elute.progress import Progress

POINTS = 200  # drawn of the k-distance curve


@dataclass(frozen=True)
class DBSCAN(Options):
    """DBSCAN: rows in dense regions, joined where they touch; the rest is noise. Ester et al. (1996).

    "fast" reads it off the neighbour graph, with the same clusters as scikit-learn's, which "exact" runs.
    """

    title: ClassVar[str] = "DBSCAN"
    when: ClassVar[str] = "Finding noise and tight groups of near-copies, when one density fits the whole set."

    eps: float | None = option(
        None, low=1e-6, high=2.0, help="Cosine distance within which rows are neighbours. Empty: proposed by a scan."
    )
    min_samples: int = option(
        5, low=1, high=1000, help="Rows, itself and copies counted, within eps that make a row's place dense."
    )
    algorithm: Literal["fast", "exact"] = option(
        "fast", choices=("fast", "exact"), help="Off the neighbour graph, or by scikit-learn: the same clusters, slower."
    )
    noise: Noise = NOISE_OPTION


def fit(rows: Rows, options: DBSCAN) -> Clustering:
    """DBSCAN on unit vectors; labels are compact."""
    graph = rows.neighbors(max(15, options.min_samples - 1))
    copies, progress = rows.copies, rows.progress
    reach = core_distances(graph, copies, options.min_samples)
    progress.report("cluster", message="scanning eps")
    eps = options.eps if options.eps is not None else propose_eps(graph, reach, copies, progress)
    progress.report("cluster", message=f"DBSCAN, eps = {eps:.3g}")
    params = {"eps": eps, "min_samples": options.min_samples}
    notes: tuple[str, ...] = ()
    if options.algorithm == "exact":
        labels = _by_the_package(rows, params)
    else:
        labels = dense_regions(rows, graph, reach, eps)
        if graph.recall < 1:
            notes = (f"DBSCAN was read off a graph that knows {graph.recall:.1%} of the nearest neighbours.",)
    if options.noise == "nearest":
        labels, said = given_away(rows, labels)
        notes = (*notes, *said)
    return Clustering(labels, params=params, notes=notes, curve=_curve(reach, eps, options.min_samples))


def _by_the_package(rows: Rows, params: dict[str, Any]) -> NDArray[np.int32]:
    X = rows.vectors()
    eps = params["eps"]
    pairs = memory.pairs_within(X, eps, progress=rows.progress)
    what = f"scikit-learn's DBSCAN at eps = {eps:.3g}, with about {pairs / len(X):,.0f} of {len(X):,} rows within reach of each,"
    memory.need(memory.dbscan(len(X), X.shape[1], pairs), what, 'Choose a smaller eps, or algorithm="fast".')
    arrays, _ = offload.call("elute.cluster.dbscan:run", {"X": X, "weights": rows.copies}, params, rows.progress)
    return np.asarray(arrays["labels"], dtype=np.int32)


def run(arrays: Mapping[str, NDArray[Any]], params: Mapping[str, Any], progress: Progress) -> tuple[Arrays, dict[str, Any]]:
    """scikit-learn's fit, in the helper process.

    For unit vectors |x - y|^2 = 2 (1 - x.y), and scikit-learn is far faster with Euclidean distances than with cosine.
    """
    from sklearn.cluster import DBSCAN as Model

    model = Model(eps=float(np.sqrt(2 * params["eps"])), min_samples=params["min_samples"], algorithm="brute")
    return {"labels": model.fit(arrays["X"], sample_weight=arrays["weights"]).labels_}, {}


def _curve(reach: NDArray[np.float64], eps: float, min_samples: int) -> Curve:
    """The sorted k-distance curve: how many rows are dense at each eps."""
    heights = np.sort(reach[np.isfinite(reach)])
    at = np.unique(np.linspace(0, max(len(heights) - 1, 0), min(len(heights), POINTS)).astype(int))
    x = tuple(map(float, at + 1)) if len(heights) else ()
    title = f"Distance to the {min_samples}th nearest, itself counted"
    return Curve(title, "rows", "cosine distance", x, tuple(map(float, heights[at])) if x else (), float(eps))
