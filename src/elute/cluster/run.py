"""Step 2: cluster the vectors, whichever way was chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.cluster import dbscan, hdbscan, kmeans, own
from elute.cluster.dbscan import DBSCAN
from elute.cluster.hdbscan import HDBSCAN
from elute.cluster.kmeans import KMeans
from elute.cluster.result import NOISE, Clustering, by_size
from elute.errors import InputError, SettingsError
from elute.neighbors import Graph, at_least
from elute.options import Options, name_of, to_dict
from elute.progress import SILENT, Progress
from elute.vectors import all_same, check_vectors, listed, zero_rows

CLUSTERERS: dict[str, type[Options]] = {name_of(cls): cls for cls in (KMeans, DBSCAN, HDBSCAN)}
"""elute's clusterers by name, in the order of the menu."""


def as_clusterer(spec: Any) -> Any:
    """A clusterer from what a person typed.

    Parameters
    ----------
    spec : None, str, parameter object, or estimator with ``fit_predict``
        None is ``KMeans()``; a str is a name in ``CLUSTERERS``.

    Raises
    ------
    SettingsError
        None of these.
    """
    if spec is None:
        return KMeans()
    if isinstance(spec, str) and spec.lower() in CLUSTERERS:
        return CLUSTERERS[spec.lower()]()
    if isinstance(spec, type) and (spec in CLUSTERERS.values() or hasattr(spec, "fit_predict")):
        raise SettingsError(f"{spec.__name__} is a class; give an object of it: {spec.__name__}(...).")
    if isinstance(spec, tuple(CLUSTERERS.values())) or hasattr(spec, "fit_predict"):
        return spec
    raise SettingsError(
        f"{spec!r} is no clusterer. Give one of {', '.join(map(repr, CLUSTERERS))}, or an object with fit_predict(X)."
    )


def cluster(
    X: NDArray[np.float32],
    clusterer: Any = None,
    *,
    weights: NDArray[Any] | None = None,
    neighbors: Graph | None = None,
    reduced: Callable[[], NDArray[np.float32]] | None = None,
    previous: NDArray[np.integer[Any]] | None = None,
    seed: int = 0,
    progress: Progress = SILENT,
) -> Clustering:
    """Cluster distinct texts.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        Vectors of unit norm. Zero vectors have no cosine: they are called noise, and listed.
    clusterer : see :func:`as_clusterer`
    weights : ndarray of shape (n,), optional
        Copies of each text, at least 1; all 1 if not given.
    neighbors : Neighbors, or callable that returns it, optional
        The graph over X, taken where one is needed; a callable is asked only then.
    reduced : callable, optional
        Returns (n, few) coordinates, for HDBSCAN's default space.
    previous : ndarray of shape (n,), int, optional
        Labels of the last round by the same clusterer, negative where there was none: K-means starts from them and keeps their
        number.
    seed : int
    progress : Progress

    Raises
    ------
    SettingsError
        More clusters than texts, before any work; or the estimator failed.
    InputError
        Vectors with NaN or infinity, or weights of another length.
    """
    chosen = as_clusterer(clusterer)
    X = check_vectors(X)
    n = len(X)
    copies = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
    if copies.shape != (n,):
        raise InputError(f"There are {n} vectors and weights of shape {copies.shape}; one weight a vector is needed.")
    if isinstance(chosen, KMeans) and chosen.k is not None and n and chosen.k > n:
        raise SettingsError(f"k is {chosen.k}, but there are only {n} distinct texts. Choose k of at most {n}.")
    if type(chosen) not in CLUSTERERS.values():
        found = own.fit(X, chosen) if n else Clustering(np.empty(0, dtype=np.int32))
        return replace(found, labels=by_size(found.labels, copies))

    zero = zero_rows(X)
    if not zero.any():
        found = _fit(X, chosen, copies, neighbors, reduced, previous, seed, progress)
    else:
        rows = np.flatnonzero(~zero)
        part = _fit(
            X[rows],
            chosen,
            copies[rows],
            None,  # the graph given counts rows that are left out here
            None if reduced is None else lambda: reduced()[rows],
            None if previous is None else previous[rows],
            seed,
            progress,
        )
        left_out = f"{zero.sum()} texts have a zero vector and are left out: rows {listed(np.flatnonzero(zero))}."
        found = replace(_spread(part, rows, n), notes=(*part.notes, left_out))
    return replace(found, labels=by_size(found.labels, copies), params={**to_dict(chosen), **found.params})


def _fit(
    X: NDArray[np.float32],
    chosen: Any,
    copies: NDArray[np.float64],
    neighbors: Graph | None,
    reduced: Callable[[], NDArray[np.float32]] | None,
    previous: NDArray[np.integer[Any]] | None,
    seed: int,
    progress: Progress,
) -> Clustering:
    n = len(X)
    if n <= 2 or all_same(X):
        if n <= 1:
            notes = ("There is only one text, so there is one cluster.",) * n
        elif all_same(X):
            notes = (f"All {n} vectors are identical, so there is one cluster. Drop duplicates first.",)
        else:
            notes = ("There are only two distinct texts, so there is one cluster.",)
        return Clustering(np.zeros(n, dtype=np.int32), notes=notes)
    if isinstance(chosen, KMeans):
        return kmeans.fit(X, chosen, copies, previous, seed, progress)
    if isinstance(chosen, DBSCAN):
        return dbscan.fit(X, chosen, copies, lambda k: at_least(X, neighbors, k, progress), progress)
    return hdbscan.fit(X, chosen, reduced, bool((copies > 1).any()), progress)


def _spread(part: Clustering, rows: NDArray[np.intp], n: int) -> Clustering:
    """A clustering of some rows as one of all ``n``; the others are noise, of probability 0 and unknown outlier score 1."""
    labels = np.full(n, NOISE, dtype=np.int32)
    labels[rows] = part.labels
    probabilities, outlier_scores = part.probabilities, part.outlier_scores
    if probabilities is not None:
        probabilities = np.zeros(n, dtype=np.float32)
        probabilities[rows] = part.probabilities
    if outlier_scores is not None:
        outlier_scores = np.ones(n, dtype=np.float32)
        outlier_scores[rows] = part.outlier_scores
    return replace(part, labels=labels, probabilities=probabilities, outlier_scores=outlier_scores)
