"""Which clusters mix: in the full space, on the 3D map and on the 2D map, and what it means where these differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.neighbors import Neighbors
from elute.progress import SILENT, Progress

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SAMPLE = 20_000
"""Points of a map whose neighbours are looked up: a share of .1 is then known to .01 for a pair of 1,000 points."""
NEAREST = 15
MIXED, APART = 0.2, 0.1
"""Mixing from which two clusters overlap, and below which they are apart."""
LEAST = 0.05
"""Pairs below this everywhere are left out."""
MOST = 100
ALL = 1_000_000
"""Pairs listed at most where all are counted."""
DENSE = 1 << 22
"""Pairs of clusters up to which all are counted in full, which is faster than to sort; of 30,000 clusters they would take 7 GB."""


@dataclass(frozen=True)
class Pair:
    """Two clusters, and how far they mix.

    Attributes
    ----------
    a, b : int
    full, in3, in2 : float or None
        0: no row has a neighbour in the other cluster; 1: as if the rows of both had been shuffled. None where there is no such map.
    """

    a: int
    b: int
    full: float
    in3: float | None
    in2: float | None

    def why(self, name: Callable[[int], str] = "cluster {}".format) -> str:
        """What that means, in a sentence."""
        a, b = name(self.a), name(self.b)
        if self.in2 is not None and self.in3 is not None and self.in2 >= MIXED and self.in3 < APART:
            return f"{a} and {b} look apart in 3D: the 2D map lays them over each other."
        shown = max((at for at in (self.in2, self.in3) if at is not None), default=self.full)
        if shown >= MIXED and self.full < APART:
            return f"{a} and {b} overlap on the map, and are apart in the full space: believe the colours."
        if shown < APART and self.full >= MIXED:
            return f"{a} and {b} look apart on the map, and mix in the full space: the border between them is thin."
        if self.full >= 2 * MIXED:
            return f"{a} and {b} mix everywhere: they may be one topic."
        return f"{a} and {b} touch: some rows of each have neighbours in the other."


def pairs(
    labels: NDArray[np.integer[Any]],
    neighbors: Neighbors,
    coords: Mapping[int, NDArray[np.floating[Any]]],
    *,
    most: int = MOST,
    seed: int = 0,
    progress: Progress = SILENT,
) -> list[Pair]:
    """Pairs of clusters that mix somewhere, most in the full space first; at most a hundred, and as many that 2D alone lays together.

    Parameters
    ----------
    labels : ndarray of shape (p,), int
        Clusters; negative takes no part.
    neighbors : Neighbors
        Over the same p vectors, in the full space; the first 15 count.
    coords : dict of int to ndarray
        ``coords[2]`` (p, 2) and ``coords[3]`` (p, 3), or one of them.
    most : int
        In place of a hundred: :data:`ALL` for whoever counts them, or takes what is not listed for apart.

    Notes
    -----
    Of the neighbours of a's rows that are in a or b, the share in b, over what it would be if both were shuffled; the mean of both
    directions, at most 1. So it does not depend on how large the two are.
    """
    from scipy.sparse import find, triu

    names, at = np.unique(labels, return_inverse=True)
    low = int((names < 0).sum())
    at, names = at.astype(np.int64) - low, names[low:]
    if len(names) < 2:
        return []
    full = mixing(at, np.arange(len(at)), neighbors.first(NEAREST).indices, len(names))
    maps = {dim: _on_map(at, np.asarray(points, float), len(names), seed, progress) for dim, points in coords.items()}
    a, b, mix = find(triu(reduce(lambda one, other: one.maximum(other), maps.values(), full), 1))
    order = np.lexsort((b, a, -mix, -_at(full, a, b)))
    order = order[mix[order] >= LEAST]
    a, b = a[order], b[order]
    in3, in2 = (_at(maps[dim], a, b) if dim in maps else np.full(len(a), None) for dim in (3, 2))
    chosen = np.arange(min(most, len(a)))
    if 2 in maps and 3 in maps:
        # what lies over each other in 2D only is what a person must be told: it is never cut off
        flat = np.flatnonzero((in2 >= MIXED) & (in3 < APART))
        chosen = np.append(chosen, flat[flat >= most][:most])
    columns = (names[a], names[b], _at(full, a, b), in3, in2)
    return [Pair(*pair) for pair in zip(*(column[chosen].tolist() for column in columns), strict=True)]


def _at(found: csr_array, a: NDArray[np.integer[Any]], b: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
    # asked for no pair at all, scipy answers with a sparse array
    return np.asarray(found[a, b], np.float64) if len(a) else np.zeros(0)


def mixing(at: NDArray[np.integer[Any]], rows: NDArray[np.integer[Any]], lists: NDArray[np.integer[Any]], k: int) -> csr_array:
    """(k, k) how far each two of k clusters mix, 0 to 1, symmetric; sparse, as few of all pairs meet.

    Parameters
    ----------
    at : ndarray of shape (p,), int
        Cluster of each point, 0 to k - 1; negative takes no part.
    rows : ndarray of shape (r,), int
        Points whose neighbours these are.
    lists : ndarray of shape (r, few), int
        Their neighbours.
    """
    from scipy.sparse import csr_array

    sizes = np.bincount(at[at >= 0], minlength=k).astype(np.float64)
    mine, theirs = np.repeat(at[rows], lists.shape[1]), at[lists].ravel()
    both = (mine >= 0) & (theirs >= 0)
    links, counts = _counted(mine[both].astype(np.int64) * k + theirs[both], k * k)
    a, b = np.divmod(links, k)
    inside, own = np.zeros(k), a == b
    inside[a[own]] = counts[own]
    a, b, counts = a[~own], b[~own], counts[~own]
    to, by_chance = counts / (inside[a] + counts), sizes[b] / (sizes[a] + sizes[b])
    there = csr_array((to / by_chance, (a, b)), shape=(k, k))
    both_ways = csr_array((there + there.T) / 2)
    both_ways.data = np.minimum(both_ways.data, 1.0)
    return both_ways


def _counted(keys: NDArray[np.int64], cells: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The keys that occur, of 0 to ``cells - 1``, ascending, and how often each does."""
    if cells > DENSE:
        return np.unique(keys, return_counts=True)
    counts = np.bincount(keys, minlength=cells)
    there = np.flatnonzero(counts)
    return there, counts[there]


def _on_map(
    at: NDArray[np.int64], points: NDArray[np.float64], k: int, seed: int, progress: Progress
) -> csr_array:  # fmt: skip
    """The same by the neighbours on a map, of a sample of its points."""
    from scipy.sparse import csr_array
    from scipy.spatial import cKDTree

    progress.check()
    there = np.flatnonzero((at >= 0) & np.isfinite(points).all(axis=1))
    few = min(NEAREST, len(there) - 1)
    if few < 1:
        return csr_array((k, k))
    rows = there
    if len(there) > SAMPLE:
        rows = np.sort(np.random.default_rng(seed).choice(there, SAMPLE, replace=False))
    lists = cKDTree(points[there]).query(points[rows], few + 1)[1]
    own = there[lists] == rows[:, None]
    # a point is its own neighbour first, except where others lie exactly on it
    own[~own.any(axis=1), -1] = True
    return mixing(at, rows, there[lists][~own].reshape(len(rows), few), k)
