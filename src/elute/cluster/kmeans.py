"""K-means in the embedding's own space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from elute.cluster.lloyd import Partition, lloyd, partition
from elute.cluster.result import Clustering
from elute.cluster.seeding import seeds
from elute.cluster.sweep import sweep
from elute.kernels import one_blas_thread
from elute.options import Options, option
from elute.progress import Progress

TRIES = 3  # beginnings compared on a sample; one is up to 2 % worse in inertia
SAMPLE = 5_000  # rows a beginning is tried on, or 40 for each cluster
MANY = 200_000  # rows beyond which centres are fitted on half as many
PASSES = 4  # over all rows once centres are fitted on a part of that many


@dataclass(frozen=True)
class KMeans(Options):
    """K-means: every row goes to the nearest of k centres. Lloyd (1982); k-means++ by Arthur, Vassilvitskii (2007)."""

    title: ClassVar[str] = "K-means"
    when: ClassVar[str] = "Round clusters of like size, as many as you say; fast, and every row belongs somewhere."

    k: int | None = option(
        None, low=1, high=10_000, help="How many clusters. Empty: the k with the highest silhouette of a short sweep."
    )


@one_blas_thread()
def fit(
    X: NDArray[np.float32],
    options: KMeans,
    weights: NDArray[np.float64],
    previous: NDArray[np.integer[Any]] | None,
    seed: int,
    progress: Progress,
) -> Clustering:
    """K-means on all rows, from the previous labels where there are any.

    Parameters
    ----------
    X : ndarray of shape (m, d)
        Vectors of unit norm; read in place, never copied.
    weights : ndarray of shape (m,)
        A row of weight 0 counts nothing, and its label is -1.
    previous : ndarray of shape (m,), int, or None
        Labels to start from. Their number is kept where k is not given; a warm start keeps clusters recognisable from round
        to round.
    """
    begun = None if previous is None else _continued(X, weights, np.asarray(previous), options.k)
    notes: tuple[str, ...] = ()
    curve = None
    if begun is not None:
        held, centres = begun
        k = len(centres)
        lloyd(held, centres, progress)
    else:
        rows = np.flatnonzero(weights > 0)
        if options.k is None:
            curve = sweep(X, weights, rows, seed, progress)
            k = 1 if curve is None else int(curve.chosen)
        else:
            k = min(options.k, len(rows))
        held = _cold(X, weights, rows, k, np.random.default_rng(seed), progress)
        found = int((held.sizes > 0.5).sum())
        if options.k is not None and found < options.k:
            notes = (f"k is {options.k}, but only {found} groups of vectors differ, so there are {found} clusters.",)
    return Clustering(held.labels, params={"k": k}, notes=notes, curve=curve)


def _cold(
    X: NDArray[np.float32],
    weights: NDArray[np.float64],
    rows: NDArray[np.intp],
    k: int,
    random: np.random.Generator,
    progress: Progress,
) -> Partition:
    """The best of a few beginnings on a sample, then on more of the rows, then on all."""
    centres = _begin(X, weights, _some(rows, max(SAMPLE, 40 * k), random), k, random, progress)
    rounds = 100
    if len(rows) > MANY:
        part = _some(rows, MANY // 2, random)
        centres = lloyd(partition(X[part], weights[part], len(centres)), centres, progress, rounds=20)
        rounds = PASSES
    held = partition(X, weights, len(centres))
    lloyd(held, centres, progress, rounds=rounds)
    return held


def _some(rows: NDArray[np.intp], most: int, random: np.random.Generator) -> NDArray[np.intp]:
    """At most that many of the rows, in their order."""
    return rows if len(rows) <= most else np.sort(random.choice(rows, most, replace=False))


def _begin(
    X: NDArray[np.float32],
    weights: NDArray[np.float64],
    rows: NDArray[np.intp],
    k: int,
    random: np.random.Generator,
    progress: Progress,
) -> NDArray[np.float32]:
    """Centres of the best of a few short fits on these rows."""
    sample, copies = np.ascontiguousarray(X[rows]), weights[rows]
    found = []
    for _ in range(TRIES):
        start = sample[seeds(sample, copies, k, random, progress)]
        held = partition(sample, copies, len(start))
        centres = lloyd(held, start, progress, rounds=20, settled=5e-3)
        found.append((held.inertia(), centres))
    return min(found, key=lambda one: one[0])[1]


def _continued(
    X: NDArray[np.float32], weights: NDArray[np.float64], previous: NDArray[np.integer[Any]], k: int | None
) -> tuple[Partition, NDArray[np.float32]] | None:
    """The previous clusters that still have rows, and their centres; None where they can't serve.

    A cluster that was dropped whole is not replaced, or the others would be cut up to make the number. Where rows came that had no
    cluster, those of them furthest from all centres are added, up to k.
    """
    labels = np.where((weights > 0) & (previous >= 0), previous, -1).astype(np.int64)  # outside is -2, noise -1
    sizes = np.bincount(labels[labels >= 0])
    names = np.flatnonzero(sizes)
    inside = int((weights > 0).sum())
    if len(names) == 0 or (k is not None and not len(names) <= k <= inside):
        return None
    number = np.full(len(sizes) + 1, -1, dtype=np.int32)  # the last place is for -1
    number[names] = np.arange(len(names), dtype=np.int32)
    fresh = np.flatnonzero((labels < 0) & (weights > 0))
    added = min(0 if k is None else k - len(names), len(fresh))
    held = partition(X, weights, len(names) + added, number[labels])
    centres = np.zeros(held.sums.shape, dtype=np.float32)
    centres[: len(names)] = held.sums[: len(names)] / held.sizes[: len(names), None]
    if added:
        near = (X[fresh] @ centres[: len(names)].T).max(axis=1)
        centres[len(names) :] = X[fresh[np.argsort(near, kind="stable")[:added]]]
    return held, centres
