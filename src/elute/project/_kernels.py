"""Compiled loops of the layout. Import inside functions only: numba takes a second, and on a new machine these compile for some seconds.

The layout's cost is its power function, ``x ** b`` for each pair of points that meet: by ``pow`` 20 ns, here some 2 ns and less,
to within .1 %, which moves nothing that a person or a measure could see.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from elute.kernels import kernel

WIDTH = 32  # other points that push a row at once, in one SIMD loop
NEAR = np.float32(1e-3)  # keeps the push of a very close point finite, as in umap-learn
TINY = np.float32(1e-12)
LANES = 8  # powers taken in one SIMD step
MOST = np.float32(4.0)  # of a step along one axis, as in umap-learn
_I32, _F32 = np.int32, np.float32


@kernel(fast=True)
def power(x: Any, b: Any) -> Any:
    """``x ** b`` of a float32 from 1e-38 up: its exponent's bits are its logarithm, and what is left over are two small cubics."""
    bits = _F32(x).view(np.int32)
    t = _I32((bits & _I32(0x7FFFFF)) | _I32(0x3F800000)).view(np.float32) - _F32(1)
    log = _F32(_I32((bits >> _I32(23)) - _I32(127))) + t + t * (_F32(1) - t) * (_F32(0.4228652) - _F32(0.15921986) * t)
    y = _F32(_F32(b) * _F32(log))
    whole = np.floor(y)
    f = y - whole
    part = _F32(1) + f - f * (_F32(1) - f) * (_F32(0.30410988) + _F32(0.07924492) * f)
    return _I32(_F32(part).view(np.int32) + (_I32(whole) << _I32(23))).view(np.float32)


@kernel(fast=True)
def mixed(x: Any) -> Any:
    """A random 64-bit number made of a counter (splitmix64), so that each row has its own whatever the order."""
    x = np.uint64(x) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@kernel("void(float32[:, ::1], float32, float32, float32[:, ::1], int64, int64)")
def memberships(distances: Any, target: Any, overall: Any, weights: Any, start: Any, stop: Any) -> None:
    """How much each neighbour belongs to its row, 0 to 1: full for the nearest, and so that a row's sum is ``target``."""
    k = distances.shape[1]
    for i in range(start, stop):
        rho, mean = 0.0, 0.0
        for j in range(k):
            distance = distances[i, j]
            mean += distance
            if rho == 0.0 and distance > 0:
                rho = distance
        mean /= k + 1  # umap-learn counts the row itself
        low, high, sigma = 0.0, np.inf, 1.0
        for _ in range(64):
            total = 0.0
            for j in range(k):
                over = distances[i, j] - rho
                total += np.exp(-over / sigma) if over > 0 else 1.0
            if abs(total - target) < 1e-5:
                break
            if total > target:
                high = sigma
                sigma = (low + high) / 2
            else:
                low = sigma
                sigma = sigma * 2 if high == np.inf else (low + high) / 2
        sigma = max(sigma, 1e-3 * (mean if rho > 0 else overall))
        for j in range(k):
            over = distances[i, j] - rho
            weights[i, j] = np.exp(-over / sigma) if over > 0 and sigma > 0 else 1.0


@kernel("void(int32[:, ::1], float32[:, ::1], int64, int64)")
def ordered(indices: Any, weights: Any, start: Any, stop: Any) -> None:
    """Sort each row's neighbours by their position, in place."""
    for i in range(start, stop):
        for j in range(1, indices.shape[1]):
            index, weight, at = indices[i, j], weights[i, j], j
            while at > 0 and indices[i, at - 1] > index:
                indices[i, at], weights[i, at] = indices[i, at - 1], weights[i, at - 1]
                at -= 1
            indices[i, at], weights[i, at] = index, weight


@kernel("void(int32[:, ::1], float32[:, ::1], int64[::1], int32[::1], float32[::1], int64, int64)")
def reversed_edges(indices: Any, weights: Any, fill: Any, sources: Any, strengths: Any, start: Any, stop: Any) -> None:
    """Who names each row, by position; ``fill`` holds where each row's part begins, and ends at where the next begins."""
    for i in range(start, stop):
        for j in range(indices.shape[1]):
            at = fill[indices[i, j]]
            sources[at], strengths[at] = i, weights[i, j]
            fill[indices[i, j]] = at + 1


@kernel(
    "void(int32[:, ::1], float32[:, ::1], int64[::1], int32[::1], float32[::1], int64[::1], int32[::1], float32[::1], int64, int64)"
)
def union(
    indices: Any,
    weights: Any,
    begin: Any,
    sources: Any,
    strengths: Any,
    edges: Any,
    columns: Any,
    values: Any,
    start: Any,
    stop: Any,
) -> None:
    """Merge whom a row names with who names it: ``a + b - a b``. With no columns given it only counts, into ``edges[i + 1]``."""
    k = indices.shape[1]
    counting = len(columns) == 0
    for i in range(start, stop):
        j, r, last = 0, begin[i], begin[i + 1]
        at = 0 if counting else edges[i]
        while j < k or r < last:
            if r == last or (j < k and indices[i, j] < sources[r]):
                column, value = indices[i, j], weights[i, j]
                j += 1
            elif j == k or sources[r] < indices[i, j]:
                column, value = sources[r], strengths[r]
                r += 1
            else:
                column, value = indices[i, j], weights[i, j] + strengths[r] - weights[i, j] * strengths[r]
                j += 1
                r += 1
            if not counting:
                columns[at], values[at] = column, value
            at += 1
        if counting:
            edges[i + 1] = at


@kernel("void(float32[:, ::1], int32[::1], float32[:, ::1], int64, int64)")
def gather(points: Any, order: Any, crowd: Any, start: Any, stop: Any) -> None:
    """Copy the points into ``crowd`` (dim, n + WIDTH), one axis after the other, in random order."""
    for q in range(start, stop):
        for d in range(points.shape[1]):
            crowd[d, q] = points[order[q], d]


@kernel(
    "void(float32[:, ::1], int64[::1], int32[::1], float32[::1], float32[::1], int32[::1], boolean[::1], float32[:, ::1], "
    "int32[::1], float32[:, ::1], float32, float32, float32, float32, float32, int64, int64, int64, int64)",
    fast=True,
)
def epoch(
    points: Any,
    edges: Any,
    columns: Any,
    every: Any,
    due: Any,
    heads: Any,
    free: Any,
    crowd: Any,
    place: Any,
    home: Any,
    a: Any,
    b: Any,
    alpha: Any,
    pull: Any,
    rate: Any,
    now: Any,
    seed: Any,
    start: Any,
    stop: Any,
) -> None:
    """Move the rows ``heads[start:stop]`` once: towards the neighbours whose edge is due, away from a random part of the crowd.

    ``crowd`` (dim, n + WIDTH) are all points as they were when the epoch began, in random order, so that any run of WIDTH of them is a
    random sample that one SIMD loop can read. What is not ``free`` stays. ``pull`` draws a row to its ``home``.

    How hard each neighbour attracts is taken for all of a row at once, from where the row began, so that eight powers take the time of
    one; each then pulls from where the row is by now. Measured at 50,000: half the time, the same quality.
    """
    n, dim = points.shape
    width = min(WIDTH, n)
    most = 0
    for q in range(start, stop):
        most = max(most, edges[heads[q] + 1] - edges[heads[q]])
    chosen = np.empty(most + 1, dtype=np.int32)
    near = np.empty(most + LANES, dtype=np.float32)
    here = np.empty(dim, dtype=np.float32)
    far = np.empty(WIDTH, dtype=np.float32)
    half, largest = _F32(0.5), MOST * alpha  # two rows meet half way at most: min_dist=0 would fling them past each other
    inward, outward = _F32(2) * a * b, _F32(2) * b
    for q in range(start, stop):
        i = heads[q]
        count = np.int64(0)
        for e in range(edges[i], edges[i + 1]):
            chosen[count] = columns[e]
            hit = due[e] <= now
            due[e] += every[e] * _F32(hit)
            count += np.int64(hit)  # without a branch, which would be guessed wrong a third of the time
        for d in range(dim):
            here[d] = points[i, d]
        for c in range(count):
            j = chosen[c]
            square = _F32(0)
            for d in range(dim):
                gap = here[d] - points[j, d]
                square += gap * gap
            near[c] = square
        for part in range(0, count, LANES):
            for c in range(part, part + LANES):
                square = near[c] + TINY
                bent = power(square, b)
                near[c] = min(half, alpha * inward * bent / (square * (_F32(1) + a * bent)))
        for c in range(count):
            j = chosen[c]
            moves = free[j]
            for d in range(dim):
                gap = here[d] - points[j, d]
                step = min(largest, max(-largest, near[c] * gap))
                here[d] -= step
                if moves:
                    points[j, d] += step
        if count:
            first = np.int64(((mixed(seed + now * n + i) >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32))
            for j in range(width):
                far[j] = _F32(0)
            for d in range(dim):
                x = here[d]
                for j in range(width):
                    gap = x - crowd[d, first + j]
                    far[j] += gap * gap
            for j in range(width):
                far[j] = outward / ((NEAR + far[j]) * (_F32(1) + a * power(far[j], b)))
            own = place[i] - first
            if 0 <= own < width:
                far[own] = _F32(0)
            if 0 <= own + n < width:  # the end of the crowd is its beginning again
                far[own + n] = _F32(0)
            strength = alpha * rate * count / width
            for d in range(dim):
                x = here[d]
                total = _F32(0)
                for j in range(width):
                    total += min(MOST, max(-MOST, far[j] * (x - crowd[d, first + j])))
                here[d] = x + min(MOST, max(-MOST, strength * total))  # pushed by all at once, a clump would burst
        for d in range(dim):
            points[i, d] = here[d]
        if pull > 0:
            for d in range(dim):
                points[i, d] += pull * (home[i, d] - points[i, d])
