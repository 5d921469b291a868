"""t-SNE from the neighbour graph, both maps from one graph."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from elute import memory, offload
from elute.neighbors import Graph, at_least
from elute.offload.wire import Arrays
from elute.options import Options, option
from elute.progress import Progress
from elute.project.sink import Sink

# scikit-learn's defaults are 1000 and 0.5. On 3,000 texts these are four times as fast in 2D, at the same trustworthiness
# (.994 in 2D, .996 in 3D).
ITERATIONS = 500
ANGLE = 0.8
_ITERATION = re.compile(r"Iteration (\d+): error")


@dataclass(frozen=True)
class TSNE(Options):
    """t-SNE: local groups as islands. van der Maaten and Hinton (2008), by scikit-learn (Barnes-Hut)."""

    title: ClassVar[str] = "t-SNE"
    when: ClassVar[str] = "Small sets: fine local detail; slow above some thousand texts, above all in 3D."

    perplexity: float = option(30.0, low=1.0, high=200.0, help="About how many neighbours count for each row.")


def fit(
    X: NDArray[np.float32], options: TSNE, neighbors: Graph | None, start: NDArray[np.float32], seed: int, progress: Progress
) -> tuple[dict[int, NDArray[np.float32]], dict[str, Any], tuple[str, ...]]:
    """Layouts in 2D and 3D, the values used, and a note where the perplexity had to be less than asked for."""
    perplexity = min(options.perplexity, (len(X) - 1) / 3)
    notes: tuple[str, ...] = ()
    if perplexity < options.perplexity:
        notes = (f"A perplexity of {options.perplexity:g} is too high for {len(X)} texts; {perplexity:.3g} was used.",)
    graph = at_least(X, neighbors, int(3 * perplexity + 1), progress)
    memory.need(memory.tsne(len(X), perplexity), f"A t-SNE of {len(X):,} texts", "Choose UMAP, or a smaller perplexity.")
    arrays = {"indices": graph.indices, "distances": graph.distances, "start": np.ascontiguousarray(start[:, :3])}
    found, _ = offload.call("elute.project.tsne:run", arrays, {"perplexity": perplexity, "seed": seed}, progress)
    return {dim: found[str(dim)] for dim in (2, 3)}, {"perplexity": perplexity}, notes


def run(arrays: Mapping[str, NDArray[Any]], params: Mapping[str, Any], progress: Progress) -> tuple[Arrays, dict[str, Any]]:
    """Both layouts, in the helper process."""
    from scipy.sparse import csr_matrix
    from sklearn.manifold import TSNE as Model

    n, k = arrays["indices"].shape
    # scikit-learn squares what it is given; for unit vectors the squared Euclidean distance is twice the cosine distance
    lengths = np.column_stack([np.zeros(n), np.sqrt(2 * arrays["distances"].astype(np.float64))])
    columns = np.column_stack([np.arange(n), arrays["indices"]])  # it wants each row among its own neighbours, first
    graph = csr_matrix((lengths.ravel(), columns.ravel(), np.arange(n + 1) * (k + 1)), shape=(n, n))
    layouts = {}
    for dim in (2, 3):
        progress.report("project", 0, ITERATIONS, f"t-SNE {dim}D")
        positions = arrays["start"][:, :dim].astype(np.float32)
        start = positions / (positions[:, 0].std() or 1.0) * 1e-4  # scikit-learn's own scale for a start by PCA
        model = Model(
            dim,
            perplexity=params["perplexity"],
            metric="precomputed",
            init=start,
            random_state=params["seed"],
            max_iter=ITERATIONS,
            angle=ANGLE,
            verbose=2,
        )
        with contextlib.redirect_stdout(Sink(progress, f"t-SNE {dim}D", _ITERATION, ITERATIONS)):
            layouts[str(dim)] = model.fit_transform(graph)
    return layouts, {}
