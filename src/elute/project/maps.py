"""UMAP whichever way was chosen, and at whatever size: beyond what a person would wait for, a sample is laid out and the rest placed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from elute import memory
from elute.neighbors import Graph, Neighbors, at_least
from elute.progress import SILENT, Progress
from elute.project import umap
from elute.project.drive import Coords, Stream
from elute.project.fuzzy import fuzzy
from elute.project.layout import lay_out
from elute.project.stay import place
from elute.project.umap import UMAP

LARGE = 1_000_000  # rows up to which all are laid out
SAMPLE = 100_000  # rows laid out where there are more


def fit(
    X: NDArray[np.float32],
    options: UMAP,
    dims: Sequence[int],
    neighbors: Graph | None,
    start: NDArray[np.float32],
    seed: int,
    progress: Progress = SILENT,
    stream: Stream | None = None,
) -> tuple[Coords, tuple[str, ...]]:
    """Layouts of each of ``dims`` dimensions, and what a person should know about them."""
    k = options.n_neighbors - 1
    graph = at_least(X, neighbors, k, progress).first(k)
    if options.algorithm == "exact":
        return umap.exact(graph, options, dims, start, seed, progress), ()
    if graph.n > LARGE or not memory.fits(memory.layout_edges(graph.n, k)):
        return sampled(X, graph, start, options, dims, size=SAMPLE, seed=seed, progress=progress)
    progress.report("project", message="UMAP: fuzzy graph")
    made = fuzzy(graph, progress)
    return lay_out(made, start, dims, min_dist=options.min_dist, seed=seed, progress=progress, stream=stream), ()


def sampled(
    X: NDArray[np.float32],
    graph: Neighbors,
    start: NDArray[np.float32],
    options: UMAP,
    dims: Sequence[int],
    *,
    size: int = SAMPLE,
    seed: int = 0,
    progress: Progress = SILENT,
) -> tuple[Coords, tuple[str, ...]]:
    """A random sample laid out by a graph of its own, the other rows placed beside their neighbours, with a note that says so.

    Parameters
    ----------
    X : ndarray of shape (n, d), float32
    graph : Neighbors
        Over all n rows; it may be approximate.
    start : ndarray of shape (n, >= max(dims))
        PCA coords.
    size : int, default=100,000
        Rows that are laid out.
    """
    rows = np.sort(np.random.default_rng(seed).permutation(len(X))[:size])
    few = at_least(X[rows], None, options.n_neighbors - 1, progress).first(options.n_neighbors - 1)
    laid = lay_out(fuzzy(few, progress), start[rows], dims, min_dist=options.min_dist, seed=seed, progress=progress)
    missing = np.ones(len(X), dtype=bool)
    missing[rows] = False
    coords = {dim: np.zeros((len(X), dim), dtype=np.float32) for dim in dims}
    for dim in dims:
        coords[dim][rows] = laid[dim]
    note = f"The map was laid out on {len(rows):,} of {len(X):,} texts; the others were placed beside their neighbours."
    return place(coords, missing, graph, options=options, seed=seed, progress=progress), (note,)
