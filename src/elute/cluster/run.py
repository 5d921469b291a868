"""Step 2: cluster the vectors, whichever way was chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.cluster import dbscan, hdbscan, kmeans, own
from elute.cluster.communities import Communities
from elute.cluster.communities import fit as fit_communities
from elute.cluster.dbscan import DBSCAN
from elute.cluster.hdbscan import HDBSCAN
from elute.cluster.kmeans import KMeans
from elute.cluster.result import NOISE, Clustering, by_size
from elute.cluster.rows import Rows, all_same, taking_part
from elute.errors import InputError, SettingsError
from elute.neighbors import Graph
from elute.options import Options, name_of, to_dict
from elute.progress import SILENT, Progress
from elute.vectors import check_vectors, listed

CLUSTERERS: dict[str, type[Options]] = {name_of(cls): cls for cls in (Communities, KMeans, DBSCAN, HDBSCAN)}
"""elute's clusterers by name, in the order of the menu."""


def as_clusterer(spec: Any) -> Any:
    """A clusterer from what a person typed.

    Parameters
    ----------
    spec : None, str, parameter object, or estimator with ``fit_predict``
        None is ``Communities()``; a str is a name in ``CLUSTERERS``.

    Raises
    ------
    SettingsError
        None of these.
    """
    if spec is None:
        return Communities()
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
    made_by: Any = None,
    seed: int = 0,
    progress: Progress = SILENT,
) -> Clustering:
    """Cluster distinct texts.

    Parameters
    ----------
    X : ndarray of shape (m, d)
        Vectors of unit norm. Zero vectors have no cosine: they are called noise, and listed.
    clusterer : see :func:`as_clusterer`
    weights : ndarray of shape (m,), optional
        Copies of each text; all 1 if not given. A row of weight 0 takes no part: its label is -2.
    neighbors : Neighbors, or callable from k to Neighbors, optional
        The graph over the rows with weight above 0, in their order and counting only them; taken where one is needed.
        A callable is asked only then.
    reduced : callable, optional
        Returns (p, few) coordinates of the rows with weight above 0, for HDBSCAN's default space.
    previous : ndarray of shape (m,), int, optional
        Labels of the last round by the same clusterer, negative where there was none: Communities and K-means start from them; K-means
        keeps their number.
    made_by : clusterer, optional
        What made ``previous``, where that was communities of another granularity.
    seed : int
    progress : Progress

    Raises
    ------
    SettingsError
        More clusters than texts, before any work; or the estimator failed.
    InputError
        Vectors with NaN or infinity, or weights or previous labels of another length.
    """
    chosen = as_clusterer(clusterer)
    X = _as_vectors(X)
    m = len(X)
    copies = _per_row("weights", np.ones(m) if weights is None else weights, m).astype(np.float64)
    before = None if previous is None else _per_row("previous labels", previous, m)
    inside = int((copies > 0).sum())
    # one or two texts are one cluster, whatever k is
    if isinstance(chosen, KMeans) and chosen.k is not None and 2 < inside < chosen.k:
        raise SettingsError(f"k is {chosen.k}, but there are only {inside} distinct texts. Choose k of at most {inside}.")
    if type(chosen) not in CLUSTERERS.values():
        at = np.flatnonzero(copies > 0)
        found = own.fit(check_vectors(X[at]), chosen) if inside else Clustering(np.empty(0, dtype=np.int32))
        return _spread(found, at, copies)
    rows = taking_part(X, copies, neighbors, reduced, progress)
    found = _fit(rows, chosen, before, made_by, seed)
    if rows.p < inside:
        zero = np.setdiff1d(np.flatnonzero(copies > 0), rows.at)
        left_out = f"{len(zero)} texts have a zero vector and are left out: rows {listed(zero)}."
        found = replace(found, notes=(*found.notes, left_out))
    return replace(_spread(found, rows.at, copies), params={**to_dict(chosen), **found.params})


def _fit(rows: Rows, chosen: Any, previous: NDArray[np.integer[Any]] | None, made_by: Any, seed: int) -> Clustering:
    """Labels of all rows, or of those that take part only."""
    if rows.p <= 2 or all_same(rows):
        if rows.p == 1 and (many := int(rows.copies.sum())) > 1:
            notes: tuple[str, ...] = (f"All {many:,} texts are identical, so there is one cluster. Drop duplicates first.",)
        elif rows.p <= 1:
            notes = ("There is only one text, so there is one cluster.",) * rows.p
        elif all_same(rows):
            notes = (f"All {rows.p} vectors are identical, so there is one cluster. Drop duplicates first.",)
        else:
            notes = ("There are only two distinct texts, so there is one cluster.",)
        return Clustering(np.zeros(rows.p, dtype=np.int32), notes=notes)
    if isinstance(chosen, KMeans):
        return kmeans.fit(rows.X, chosen, rows.weights, previous, seed, rows.progress)
    if isinstance(chosen, Communities):
        return fit_communities(rows, chosen, previous, seed, made_by)
    return dbscan.fit(rows, chosen) if isinstance(chosen, DBSCAN) else hdbscan.fit(rows, chosen)


def _as_vectors(X: Any) -> NDArray[np.float32]:
    """float32 and C-ordered; whether all are finite is seen later, in the pass that looks for zero vectors."""
    plain = isinstance(X, np.ndarray) and X.ndim == 2 and X.shape[1] > 0 and X.dtype == np.float32 and X.flags.c_contiguous
    return X if plain else check_vectors(X)


def _per_row(name: str, values: Any, m: int) -> NDArray[Any]:
    array = np.asarray(values)
    if array.shape != (m,):
        raise InputError(f"There are {m} vectors and {name} of shape {array.shape}; one a vector is needed.")
    return array


def _spread(found: Clustering, at: NDArray[np.intp], weights: NDArray[np.float64]) -> Clustering:
    """A clustering of all rows, numbered by size. What is not ``at`` is noise of probability 0 and outlier score 1, or outside."""
    m = len(weights)

    def wide(values: NDArray[Any] | None, fill: float) -> NDArray[np.float32] | None:
        if values is None or len(values) == m:
            return values
        whole = np.full(m, fill, dtype=np.float32)
        whole[at] = values
        return whole

    labels = found.labels
    if len(labels) != m:
        labels = np.full(m, NOISE, dtype=np.int32)
        labels[at] = found.labels
    return replace(
        found,
        labels=by_size(labels, weights),
        probabilities=wide(found.probabilities, 0.0),
        outlier_scores=wide(found.outlier_scores, 1.0),
    )
