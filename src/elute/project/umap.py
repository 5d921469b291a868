"""UMAP from the neighbour graph that is already there, both maps from one fuzzy graph: by elute's own kernel, or by umap-learn.

The kernel is in ``layout.py``; here is what a person chooses, and umap-learn as it is, in the helper process. What makes a first
UMAP of umap-learn slow is compilation: 15 s while pynndescent is imported and 5 s in umap-learn. numba can keep all of it on disk,
in the package's folder or the person's cache, but umap-learn asks for that in few of its functions; so :func:`_umap` asks for the
three that run here. Measured: 20 s once in an environment, then 2 s in each new process.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from elute import memory, offload
from elute.neighbors import Neighbors, at_least
from elute.offload.wire import Arrays
from elute.options import Options, option
from elute.progress import SILENT, Progress
from elute.project.sink import Sink


@dataclass(frozen=True)
class UMAP(Options):
    """UMAP: neighbours stay neighbours. McInnes, Healy, Melville (2018), arXiv:1802.03426."""

    title: ClassVar[str] = "UMAP"
    when: ClassVar[str] = "The map to work on: clusters come apart; distances between them mean little."

    n_neighbors: int = option(
        15, low=2, high=200, help="Neighbours of each row, itself counted. Fewer show detail, more show the whole."
    )
    min_dist: float = option(0.1, low=0.0, high=0.99, help="How close points may lie. Low packs clusters tightly.")
    algorithm: str = option(
        "fast", choices=("fast", "exact"), help="fast: elute's own layout, streamed while it is made. exact: umap-learn, slower."
    )


def exact(
    graph: Neighbors, options: UMAP, dims: Sequence[int], start: NDArray[np.float32], seed: int, progress: Progress
) -> dict[int, NDArray[np.float32]]:
    """Layouts of each of ``dims`` dimensions by umap-learn, in the helper process. They start from PCA, so one run is like another."""
    arrays = {"indices": graph.indices, "distances": graph.distances, "start": np.ascontiguousarray(start[:, : max(dims)])}
    params = {"dims": list(dims), "min_dist": options.min_dist, "seed": seed}
    memory.need(memory.umap(graph.n, graph.k), f"umap-learn's map of {graph.n:,} texts", 'Choose algorithm="fast".')
    progress.report("project", message="UMAP")
    found, _ = offload.call("elute.project.umap:run", arrays, params, progress)
    return {dim: found[str(dim)] for dim in dims}


def run(arrays: Mapping[str, NDArray[Any]], params: Mapping[str, Any], progress: Progress) -> tuple[Arrays, dict[str, Any]]:
    """Fuzzy graph and layouts, in the helper process."""
    if "umap" not in sys.modules:
        progress.report("project", message="UMAP: loading; the first time it compiles for some 20 s")
    umap = _umap()
    n, k = arrays["indices"].shape
    progress.report("project", message="UMAP: fuzzy graph")
    # umap-learn counts a row as its own first neighbour, at distance 0
    indices = np.column_stack([np.arange(n, dtype=np.int32), arrays["indices"]])
    distances = np.column_stack([np.zeros(n, dtype=np.float32), arrays["distances"]])
    random = np.random.RandomState(params["seed"])
    fuzzy, _, _ = umap.fuzzy_simplicial_set(indices, k + 1, random, "cosine", knn_indices=indices, knn_dists=distances)
    a, b = umap.find_ab_params(1.0, params["min_dist"])
    layouts = {}
    for dim in params["dims"]:
        random = np.random.RandomState(params["seed"])
        watch = Sink(progress, f"UMAP {dim}D")
        layout, _ = umap.simplicial_set_embedding(
            data=None,
            graph=fuzzy.copy(),  # it is pruned in place
            n_components=dim,
            initial_alpha=1.0,
            a=a,
            b=b,
            gamma=1.0,
            negative_sample_rate=5,
            n_epochs=epochs(n),
            init=_start(arrays["start"][:, :dim], random),
            random_state=random,
            metric="cosine",
            metric_kwds={},
            densmap=False,
            densmap_kwds={},
            output_dens=False,
            tqdm_kwds={"disable": False, "file": watch, "bar_format": "{n_fmt}/{total_fmt}", "mininterval": 0.1},
        )
        layouts[str(dim)] = layout
    return layouts, {}


def epochs(n: int) -> int:
    """Passes over the graph: 500 for small sets; 200 for others, where they take half the time and are as trustworthy (9,000)."""
    return 500 if n <= 2000 else 200


def warm(arrays: Mapping[str, NDArray[Any]], params: Mapping[str, Any], progress: Progress) -> tuple[Arrays, dict[str, Any]]:
    """Import umap-learn and compile what :func:`exact` runs, on a few random points."""
    X = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    graph = at_least(X / np.linalg.norm(X, axis=1, keepdims=True), None, 14, SILENT)
    given = {"indices": graph.indices, "distances": graph.distances, "start": X}
    run(given, {"dims": [2, 3], "min_dist": 0.1, "seed": 0}, SILENT)
    return {}, {}


def _start(positions: NDArray[np.float32], random: np.random.RandomState) -> NDArray[np.float32]:
    """PCA positions as umap-learn's own ``init="pca"`` scales them. The noise parts equal rows, and fills axes of zeros."""
    widest = np.abs(positions).max() or 1.0
    return (positions * (10.0 / widest) + random.normal(scale=1e-4, size=positions.shape)).astype(np.float32)


@cache
def _umap() -> Any:
    """The module ``umap.umap_``, with its compiled functions kept on disk."""
    try:
        return _kept_on_disk()
    except RuntimeError:  # neither the package's folder nor the home can be written, and numba gives up
        import numba

        numba.config.CACHE_DIR = tempfile.mkdtemp(prefix="elute-numba-")
        return _kept_on_disk()


def _kept_on_disk() -> Any:
    import umap.layouts
    import umap.umap_

    epoch = umap.layouts._get_optimize_layout_euclidean_single_epoch_fn(False)
    for compiled in (umap.umap_.smooth_knn_dist, umap.umap_.compute_membership_strengths, epoch):
        compiled.enable_caching()
    return umap.umap_
