"""Compiled loops from a single-linkage tree to clusters: condensed by size, selected by excess of mass."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from elute.kernels import kernel

Array = NDArray[Any]


@kernel(
    "int64(int32[:, ::1], float64[::1], float64[::1], float64[::1], float64, int32[::1], float64[::1],"
    " int32[::1], float64[::1], float64[::1], float64[::1])"
)
def condense(
    children: Array,
    density: Array,
    size: Array,
    core: Array,
    least: float,
    home: Array,
    left_at: Array,
    parent: Array,
    birth: Array,
    stability: Array,
    densest: Array,
) -> int:
    """Walk down from the root: a split is one only where both sides have ``least`` rows; smaller sides fall out. How many clusters.

    Parameters
    ----------
    children, density : (p - 1, 2) and (p - 1,)
        The two sides of each node, and 1 / its height.
    size : (2p - 1,)
        Rows below each node, copies counted.
    core : (p,)
        Density at which the copies of one row part.
    home, left_at : (2p - 1,)
        Written: the cluster each node (a row, for the first p) lies in or fell out of, and the density there.
    parent, birth, stability, densest : (most,)
        Written, of each cluster: 0 is the root. ``densest`` is the highest density at which something left it.
    """
    p = core.shape[0]
    top = 2 * p - 2
    count = 1
    parent[0], birth[0], stability[0], densest[0] = -1, 0.0, 0.0, 0.0
    home[top], left_at[top] = 0, -1.0  # negative: has not fallen
    for node in range(top, p - 1, -1):
        own, fell = home[node], left_at[node]
        one, other = children[node - p, 0], children[node - p, 1]
        home[one], home[other] = own, own
        left_at[one], left_at[other] = fell, fell
        if fell >= 0.0:
            continue
        here = density[node - p]
        big_one, big_other = size[one] >= least, size[other] >= least
        if big_one and big_other:
            densest[own] = max(densest[own], here)
            stability[own] += (here - birth[own]) * size[node]
            for child in (one, other):
                parent[count], birth[count], stability[count], densest[count] = own, here, 0.0, 0.0
                home[child] = count
                count += 1
            continue
        for child, big in ((one, big_one), (other, big_other)):
            if not big:
                left_at[child] = here
                stability[own] += (here - birth[own]) * size[child]
                densest[own] = max(densest[own], here)
    for row in range(p):
        if left_at[row] < 0.0:  # its copies alone are a cluster
            own = home[row]
            left_at[row] = max(core[row], birth[own])
            stability[own] += (left_at[row] - birth[own]) * size[row]
            densest[own] = max(densest[own], left_at[row])
    return count


@kernel("void(int32[::1], float64[::1], int32[::1], int64)")
def select(parent: Array, stability: Array, chosen: Array, count: int) -> None:
    """Excess of mass: a cluster stays whole unless those inside it are more stable together. The root is never one.

    ``chosen`` (count,) is written: the selected cluster that holds each, or -1. ``stability`` becomes that of the best choice below.
    """
    below = stability.copy()
    below[:] = 0.0
    for cluster in range(count - 1, 0, -1):
        chosen[cluster] = 0 if below[cluster] > stability[cluster] else 1
        stability[cluster] = max(below[cluster], stability[cluster])
        below[parent[cluster]] += stability[cluster]
    chosen[0] = -1
    for cluster in range(1, count):
        above = chosen[parent[cluster]]
        chosen[cluster] = above if above >= 0 else (cluster if chosen[cluster] == 1 else -1)


@kernel(
    "void(int32[::1], float64[::1], int32[::1], float64[::1], int32[::1], float64[::1], int64,"
    " int32[::1], float32[::1], float32[::1])"
)
def describe(
    home: Array,
    left_at: Array,
    parent: Array,
    densest: Array,
    chosen: Array,
    deepest: Array,
    count: int,
    labels: Array,
    probabilities: Array,
    outlier_scores: Array,
) -> None:
    """Label, strength of membership and GLOSH outlier score of each row. ``deepest`` starts as a copy of ``densest``."""
    for cluster in range(count - 1, 0, -1):
        deepest[parent[cluster]] = max(deepest[parent[cluster]], deepest[cluster])
    for row in range(labels.shape[0]):
        cluster, density = chosen[home[row]], left_at[row]
        labels[row] = cluster
        probabilities[row] = 0.0
        if cluster >= 0:
            most = densest[cluster]
            probabilities[row] = min(density, most) / most if most > 0.0 else 1.0
        most = deepest[home[row]]
        outlier_scores[row] = (most - density) / most if most > 0.0 else 0.0
