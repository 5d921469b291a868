"""HDBSCAN, by default on a few dimensions: in the full space of sentence vectors it calls 85 % of the rows noise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from elute import offload
from elute.cluster.result import Clustering
from elute.offload.wire import Arrays
from elute.options import Options, option
from elute.progress import Progress


@dataclass(frozen=True)
class HDBSCAN(Options):
    """HDBSCAN: dense regions at every scale; the rest is noise. Campello, Moulavi, Sander (2013), by the hdbscan package."""

    title: ClassVar[str] = "HDBSCAN"
    when: ClassVar[str] = "Clusters of any shape and density, with noise and outlier scores; no number to choose."

    min_cluster_size: int | None = option(
        None, low=2, high=100_000, help="The smallest cluster. Empty: one row in 200, between 5 and 100."
    )
    min_samples: int = option(5, low=1, high=1000, help="Higher calls more rows noise.")
    space: Literal["reduced", "full"] = option(
        "reduced", choices=("reduced", "full"), help="Cluster a UMAP of 5 dimensions, or all dimensions (slow, much noise)."
    )


def fit(
    X: NDArray[np.float32], options: HDBSCAN, reduced: Callable[[], NDArray[np.float32]] | None, copies: bool, progress: Progress
) -> Clustering:
    """HDBSCAN in the helper process.

    ``reduced()`` gives (n, few) coordinates; without it the full space is used, and that is said.
    """
    notes = []
    space = options.space
    if space == "reduced" and reduced is None:
        space = "full"
        notes.append("There is no reduced space here, so HDBSCAN ran on all dimensions, where it calls most rows noise.")
    if copies:
        notes.append("HDBSCAN counts a text once, however many copies of it there are.")
    size = options.min_cluster_size or int(np.clip(len(X) // 200, 5, 100))
    data = X if space == "full" or reduced is None else np.asarray(reduced(), dtype=np.float32)
    progress.report("cluster", message=f"HDBSCAN, clusters of {size} and more")
    params = {"min_cluster_size": size, "min_samples": options.min_samples}
    arrays, _ = offload.call("elute.cluster.hdbscan:run", {"X": data}, params, progress)
    return Clustering(
        arrays["labels"], arrays["probabilities"], arrays["outlier_scores"], {**params, "space": space}, tuple(notes)
    )


def run(arrays: Mapping[str, NDArray[Any]], params: Mapping[str, Any], progress: Progress) -> tuple[Arrays, dict[str, Any]]:
    """The fit itself, in the helper process. One job, or joblib would start more processes from here."""
    from hdbscan import HDBSCAN as Model

    model = Model(min_cluster_size=params["min_cluster_size"], min_samples=params["min_samples"], core_dist_n_jobs=1)
    model.fit(np.asarray(arrays["X"], dtype=np.float64))
    return {
        "labels": model.labels_,
        "probabilities": model.probabilities_.astype(np.float32),
        # copies at distance 0 make 0/0: they are as inside as can be
        "outlier_scores": np.nan_to_num(model.outlier_scores_, nan=0.0, posinf=1.0).astype(np.float32),
    }, {}
