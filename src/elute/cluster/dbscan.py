"""DBSCAN by cosine distance, and how eps is proposed from the neighbour graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from elute import offload
from elute.cluster.result import Clustering, Curve
from elute.errors import SettingsError
from elute.neighbors import Neighbors
from elute.offload.wire import Arrays
from elute.options import Options, option
from elute.progress import Progress

VALUES = 40  # values of eps scanned; each costs about 10 ms at 50,000 rows
MOST_PAIRS = 250_000_000  # of rows within eps of each other: 2 GB in scikit-learn
POINTS = 200  # drawn of the k-distance curve


@dataclass(frozen=True)
class DBSCAN(Options):
    """DBSCAN: rows in dense regions, joined where they touch; the rest is noise. Ester et al. (1996), by scikit-learn."""

    title: ClassVar[str] = "DBSCAN"
    when: ClassVar[str] = "Finding noise and tight groups of near-copies, when one density fits the whole set."

    eps: float | None = option(
        None, low=1e-6, high=2.0, help="Cosine distance within which rows are neighbours. Empty: proposed by a scan."
    )
    min_samples: int = option(
        5, low=1, high=1000, help="Rows, itself and copies counted, within eps that make a row's place dense."
    )


def fit(
    X: NDArray[np.float32],
    options: DBSCAN,
    weights: NDArray[np.float64],
    neighbors: Callable[[int], Neighbors],
    progress: Progress,
) -> Clustering:
    """DBSCAN on unit vectors.

    ``neighbors(k)`` gives a graph with at least k neighbours of each row, fewer only where there are no more rows.
    """
    graph = neighbors(max(15, options.min_samples - 1))
    reach = core_distances(graph, weights, options.min_samples)
    progress.report("cluster", message="scanning eps")
    eps = options.eps if options.eps is not None else propose_eps(graph, reach, weights)
    _refuse_if_huge(X, eps)
    progress.report("cluster", message=f"DBSCAN, eps = {eps:.3g}")
    arrays, _ = offload.call(
        "elute.cluster.dbscan:run", {"X": X, "weights": weights}, {"eps": eps, "min_samples": options.min_samples}, progress
    )
    return Clustering(
        arrays["labels"], params={"eps": eps, "min_samples": options.min_samples}, curve=_curve(reach, eps, options.min_samples)
    )


def run(arrays: Mapping[str, NDArray[Any]], params: Mapping[str, Any], progress: Progress) -> tuple[Arrays, dict[str, Any]]:
    """The fit itself, in the helper process.

    For unit vectors |x - y|^2 = 2 (1 - x.y), and scikit-learn is far faster with Euclidean distances than with cosine.
    """
    from sklearn.cluster import DBSCAN as Model

    model = Model(eps=float(np.sqrt(2 * params["eps"])), min_samples=params["min_samples"], algorithm="brute")
    return {"labels": model.fit(arrays["X"], sample_weight=arrays["weights"]).labels_}, {}


def core_distances(graph: Neighbors, weights: NDArray[np.float64], min_samples: int) -> NDArray[np.float64]:
    """The smallest eps at which each row is dense, (n,).

    Infinite where not even all known neighbours suffice; 0 where the row's own copies do.
    """
    counts = np.cumsum(np.column_stack([weights, weights[graph.indices]]), axis=1)
    distances = np.column_stack([np.zeros(graph.n), graph.distances, np.full(graph.n, np.inf)])
    return np.asarray(distances[np.arange(graph.n), (counts < min_samples).sum(axis=1)])


def propose_eps(graph: Neighbors, reach: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """The eps with most clusters before the largest takes half of all rows.

    The knee of the k-distance curve, the usual advice, was measured to lie where everything has already merged into one cluster.
    """
    known = reach[np.isfinite(reach)]
    if not len(known):
        return 0.5  # nothing is dense at any eps
    values = np.maximum(np.unique(np.quantile(known, np.linspace(0.02, 0.98, VALUES))), 1e-6)
    best, most = float(np.median(values)), 0
    for eps in values:
        sizes = _sizes(graph, reach, weights, eps)
        if sizes.max(initial=0) >= weights.sum() / 2:
            break
        if len(sizes) >= most:  # among equals the larger eps, which leaves less noise
            best, most = float(eps), len(sizes)
    return best


def _sizes(graph: Neighbors, reach: NDArray[np.float64], weights: NDArray[np.float64], eps: float) -> NDArray[np.float64]:
    """Rows, copies counted, of each cluster of dense rows at this eps, by the edges of the graph."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    dense = reach <= eps
    source, column = np.nonzero((graph.distances <= eps) & dense[:, None] & dense[graph.indices])
    target = graph.indices[source, column]
    edges = csr_array((np.ones(len(source), dtype=bool), (source, target)), shape=(graph.n, graph.n))
    _, part = connected_components(edges, directed=False)
    sizes = np.bincount(part, weights=np.where(dense, weights, 0.0))
    return np.asarray(sizes[sizes > 0])


def _refuse_if_huge(X: NDArray[np.float32], eps: float) -> None:
    """Estimate scikit-learn's list of neighbours from 200 rows before it fills the memory."""
    sample = X[np.linspace(0, len(X) - 1, min(len(X), 200)).astype(int)]
    share = float(np.mean(sample @ X.T >= 1.0 - eps))
    if share * len(X) ** 2 > MOST_PAIRS:
        raise SettingsError(
            f"At eps = {eps:.3g} each row has about {share * len(X):,.0f} of {len(X):,} rows within reach, "
            f"which takes some {8e-9 * share * len(X) ** 2:.0f} GB. Choose a smaller eps."
        )


def _curve(reach: NDArray[np.float64], eps: float, min_samples: int) -> Curve:
    """The sorted k-distance curve: how many rows are dense at each eps."""
    heights = np.sort(reach[np.isfinite(reach)])
    at = np.unique(np.linspace(0, max(len(heights) - 1, 0), min(len(heights), POINTS)).astype(int))
    x = tuple(map(float, at + 1)) if len(heights) else ()
    title = f"Distance to the {min_samples}th nearest, itself counted"
    return Curve(title, "rows", "cosine distance", x, tuple(map(float, heights[at])) if x else (), float(eps))
